"""What a bundle holds when there is not room for all of it, and what its manifest then says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sab_visualiser.app.bundle.make import GONE, ROOM_BYTES, TOO_LARGE, make_bundle
from sab_visualiser.app.bundle.manifest import EVENTS, MANIFEST, NEEDED, SNAPSHOTS
from sab_visualiser.app.runs.run import new_run
from sab_visualiser.app.runs.shapes import Stored
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.store.store import Entry, Store
from sab_visualiser.app.web.messages.bodies import MAX_RAW_BYTES
from sab_visualiser.app.wire.codec import encode
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.wire.packing import as_array, to_bytes
from sab_visualiser.app.wire.requests import RunSpec
from tests.app.bundle.zips import facts, unzipped
from tests.fakes.traces import trace

UPDATES = (10, 20, 30)
WEIGHTS_BYTES = 100_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with one run that has three checkpoints, three snapshots and a status."""
    opened = Store(Settings(data_dir=tmp_path / "data"))
    opened.open()

    async def fill() -> None:
        run = replace(new_run("r1", RunSpec(name="full"), "2026"), status="stopped", seq=1)
        head = {"run": "r1", "attempt": 1, "seq": 1}
        status = encode({"kind": "status", **head, "update": 0, "data": run.news()})
        await opened.commit(run, [Entry(1, "status", 0, 1, status)])
        for at in UPDATES:
            sha256, size = opened.checkpoints.write([at.to_bytes(2, "big") * (WEIGHTS_BYTES // 2)])
            run = replace(run, update=at, checkpoint=sha256, checkpoint_update=at)
            picture = encode({"kind": "snapshot", **head, "update": at, "trace": as_array(to_bytes(trace(at)))})
            await opened.commit(run, snapshot=(at, picture), checkpoint=Stored(sha256, size, at))

    asyncio.run(fill())
    yield opened
    opened.close()


def left_out(bundle: bytes) -> dict[str, str]:
    return {each["file"]: each["reason"] for each in json.loads(unzipped(bundle)[MANIFEST])["left_out"]}


def checkpoints(bundle: bytes) -> set[str]:
    return {name for name in unzipped(bundle) if name.startswith("checkpoint-")}


def test_all_checkpoints_come_along_and_the_manifest_knows_every_file(store: Store) -> None:
    bundle = asyncio.run(make_bundle(store, "r1"))
    files = unzipped(bundle)
    assert checkpoints(bundle) == {f"checkpoint-{at}.safetensors" for at in UPDATES}
    assert left_out(bundle) == {}
    said = json.loads(files.pop(MANIFEST))
    assert said["files"] == {name: facts(content) for name, content in files.items()}
    assert (said["format"], said["version"], said["run"]) == ("sab-visualiser bundle", 1, "r1")


def test_older_checkpoints_stay_behind_first_when_there_is_no_room(store: Store) -> None:
    bundle = asyncio.run(make_bundle(store, "r1", room_bytes=2 * WEIGHTS_BYTES + 20_000))
    assert checkpoints(bundle) == {"checkpoint-20.safetensors", "checkpoint-30.safetensors"}
    assert left_out(bundle)["checkpoint-10.safetensors"] == TOO_LARGE
    assert len(bundle) <= 2 * WEIGHTS_BYTES + 20_000


def test_what_a_run_needs_is_there_without_any_room(store: Store) -> None:
    bundle = asyncio.run(make_bundle(store, "r1", room_bytes=0))
    assert {*NEEDED, "checkpoint-30.safetensors"} <= unzipped(bundle).keys()
    assert left_out(bundle) == {
        "checkpoint-20.safetensors": TOO_LARGE,
        "checkpoint-10.safetensors": TOO_LARGE,
        "snapshots/*.json": f"3 of 3, up to update 30: {TOO_LARGE}",
    }
    assert len(unzipped(bundle)[SNAPSHOTS]) > len(unzipped(bundle)[EVENTS]) > 0


def test_the_newest_pictures_come_along_as_far_as_there_is_room(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sab_visualiser.app.bundle.make.MOST_TRACES", 2)
    bundle = asyncio.run(make_bundle(store, "r1"))
    pictures = {name for name in unzipped(bundle) if name.startswith("snapshots/")}
    assert pictures == {"snapshots/00000020.json", "snapshots/00000030.json"}
    assert left_out(bundle) == {"snapshots/*.json": f"1 of 3, up to update 10: {TOO_LARGE}"}


def test_a_checkpoint_whose_file_is_gone_is_said_to_be_missing(store: Store) -> None:
    stored = asyncio.run(store.run_checkpoints(store.load_runs()[0]))
    store.checkpoints.remove(stored[1].sha256)
    bundle = asyncio.run(make_bundle(store, "r1"))
    assert checkpoints(bundle) == {"checkpoint-10.safetensors", "checkpoint-30.safetensors"}
    assert left_out(bundle) == {"checkpoint-20.safetensors": GONE}


def test_a_run_that_is_gone_is_named(store: Store) -> None:
    with pytest.raises(UserError, match="rgone"):
        asyncio.run(make_bundle(store, "rgone"))


def test_a_bundle_is_made_to_fit_into_an_upload() -> None:
    assert ROOM_BYTES < MAX_RAW_BYTES
