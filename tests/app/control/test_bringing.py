"""A bundle over HTTP when something fails on the way: nothing is half kept, and the words say what to do."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from sab_visualiser.app.store.blobs import Upload
from sab_visualiser.app.web.messages.bodies import MAX_RAW_BYTES
from sab_visualiser.app.wire.errors import UserError
from tests.app.bundle.zips import bring, brought, bundle_of
from tests.fakes.server import Live, eventually

PAGE = Path(__file__).resolve().parents[3] / "static" / "js" / "wire" / "api.js"


def kept(live: Live) -> tuple[list[str], set[Path]]:
    folder = live.app.state.store.checkpoints.folder
    return [run["id"] for run in live.http.get("/api/runs?limit=500").json()], set(folder.iterdir())


@pytest.fixture
def good(server: Live) -> bytes:
    run = server.start(name="good", training={"updates": 6})
    server.reach(run, "finished")
    bundle = bundle_of(server, run)
    server.http.delete(f"/api/runs/{run}")
    return bundle


def test_a_store_that_cannot_commit_keeps_no_checkpoint_either(
    server: Live, good: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: Any) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise OperationalError("insert", {}, error)

    before = kept(server)
    monkeypatch.setattr(server.app.state.store, "commit_whole", full)
    answer = bring(server, good)
    assert answer.status_code == 507
    assert "disk is full" in answer.json()["detail"]
    assert kept(server) == before
    monkeypatch.undo()
    brought(server, good)


def test_a_disk_that_is_full_is_told_and_what_was_written_goes_away(
    server: Live, good: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Upload) -> tuple[str, int]:
        raise OSError(28, "No space left on device")

    before = kept(server)
    monkeypatch.setattr(Upload, "keep", full)
    answer = bring(server, good)
    assert answer.status_code == 507
    assert "No space left on device); free some space" in answer.json()["detail"]
    assert kept(server) == before


def test_a_worker_that_is_gone_while_it_looks_leaves_nothing(
    server: Live, good: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(_: Any) -> dict[str, Any]:
        raise UserError(503, "The worker is gone", "the worker lost its connection; try again in a moment")

    before = kept(server)
    monkeypatch.setattr(type(server.app.state.probes), "inspect", lambda _, blob, *__: gone(blob))
    answer = bring(server, good)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert kept(server) == before


def test_a_copy_beside_the_run_keeps_the_checkpoint_when_the_run_is_deleted(server: Live) -> None:
    run = server.start(name="twice", training={"updates": 6})
    view = server.reach(run, "finished")
    copy = brought(server, bundle_of(server, run))
    assert copy["checkpoint"] == view["checkpoint"]
    server.http.delete(f"/api/runs/{run}")
    assert server.app.state.store.checkpoints.path(view["checkpoint"]).is_file()
    assert server.http.post("/api/probe", json={"run": copy["id"]}).status_code == 200
    assert bring(server, bundle_of(server, copy["id"])).status_code == 201


@pytest.mark.parametrize("name", ["diverge", "fail"])
def test_how_a_run_ended_is_told_where_it_is_brought_in(server: Live, name: str) -> None:
    run = server.start(name=name, training={"updates": 50})
    view = eventually(lambda: (v := server.run(run))["status"] in ("diverged", "failed") and v)
    copy = brought(server, bundle_of(server, run))
    for word in ("status", "reason", "verdict", "metrics", "skipped", "update", "updates_per_s", "health", "best"):
        assert copy[word] == view[word], word
    assert server.command(copy["id"], "reset").status_code == 202
    server.reach(copy["id"], "diverged", "failed")


def test_the_page_knows_the_largest_file_that_may_be_sent() -> None:
    said = re.search(r"MOST_BYTES = (\d+) \* 2 \*\* (\d+)", PAGE.read_text())
    assert said is not None
    assert int(said[1]) * 2 ** int(said[2]) == MAX_RAW_BYTES
