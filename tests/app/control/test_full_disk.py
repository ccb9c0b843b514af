"""A disk that is full while runs train (C6): they pause with the reason, go on when there is room, and lose nothing."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from sqlalchemy import Connection

from sab_visualiser.app.store.blobs import Upload
from tests.fakes.server import Live, eventually

LONG = {"training": {"updates": 100_000}}


def limit(live: Live, pages: int | None) -> None:
    """Let the file of the store have so many pages more, and no more (SQLite says then that the disk is full)."""

    def job(connection: Connection) -> None:
        ((now,),) = connection.exec_driver_sql("PRAGMA page_count").fetchall()
        most = 2**30 if pages is None else now + pages
        connection.exec_driver_sql(f"PRAGMA max_page_count = {most}")

    live.app.state.store.database.submit(job).result(30)


def trained(live: Live) -> str:
    """A run that trains."""
    run = live.start(name="long", **LONG)
    live.reach(run, "running", update=5)
    return run


def full(_: Upload) -> tuple[str, int]:
    """What a disk without room says to a file that is to be kept."""
    raise OSError(28, "No space left on device")


def whole(live: Live, run: str) -> bool:
    """Whether the curve of the run has every update up to its last, once each."""
    updates = live.http.get(f"/api/runs/{run}/metrics").json()["update"]
    return bool(updates) and updates == list(range(1, updates[-1] + 1))


def test_C6_a_run_pauses_says_so_and_goes_on_by_itself_without_a_hole(server: Live) -> None:
    run = trained(server)
    limit(server, 2)
    try:
        paused = server.reach(run, "paused")
        assert paused["reason"].startswith("disk full (")
        assert "goes on by itself" in paused["reason"]
        assert paused["updates_per_s"] is None
        rows = server.http.get("/api/runs").json()
        assert next(row["reason"] for row in rows if row["id"] == run) == paused["reason"]
    finally:
        limit(server, None)
    gone_on = server.reach(run, "running", update=paused["update"] + 20)
    assert gone_on["reason"] is None
    assert whole(server, run)
    seqs = [seq for seq, _ in server.app.state.store.database.read_now(lambda c: _events(c, run))]
    assert seqs == list(range(1, len(seqs) + 1))
    server.command(run, "stop")
    server.reach(run, "stopped")


def _events(connection: Connection, run: str) -> list[tuple[int, str]]:
    rows = connection.exec_driver_sql("SELECT seq, kind FROM events WHERE run = ? ORDER BY seq", (run,))
    return [(seq, kind) for seq, kind in rows]


def test_C6_what_needs_room_is_refused_with_507_and_what_does_not_goes_on(server: Live) -> None:
    finished = server.start(name="before", training={"updates": 6})
    before = server.reach(finished, "finished")
    run = trained(server)
    limit(server, 2)
    try:
        server.reach(run, "paused")
        for kind in ("resume", "reset", "checkpoint"):
            answer = server.command(run, kind)
            assert (answer.status_code, "disk full" in answer.json()["detail"]) == (507, True), kind
        # A small row may still find a place in a page that is there: sooner or later none does.
        found = next(a for a in (server.http.post("/api/runs", json=LONG) for _ in range(50)) if a.status_code != 201)
        assert (found.status_code, "free some space" in found.json()["detail"]) == (507, True)
        assert server.run(finished) == before
        for wanted in ("csv", "png"):
            query = {"panel": "curves", "format": wanted}
            assert server.http.get(f"/api/runs/{run}/export", params=query).status_code == 200, wanted
        assert server.http.get(f"/api/runs/{run}/bundle").status_code == 200
    finally:
        limit(server, None)
    server.reach(run, "running", update=before["update"])
    for view in server.http.get("/api/runs", params={"limit": 200}).json():
        if view["status"] in ("running", "queued", "paused"):
            server.command(view["id"], "stop")
            server.reach(view["id"], "stopped")


def test_C6_a_press_resumes_once_there_is_room(server: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sab_visualiser.app.control.held.news._roomy", lambda folder: False)
    run = trained(server)
    limit(server, 2)
    try:
        paused = server.reach(run, "paused")
    finally:
        limit(server, None)
    assert server.command(run, "resume").status_code == 202
    server.reach(run, "running", update=paused["update"] + 20)
    assert whole(server, run)
    server.command(run, "stop")
    server.reach(run, "stopped")


def test_C6_a_run_that_a_person_paused_stays_paused(server: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    run = trained(server)
    server.command(run, "pause")
    server.reach(run, "paused")
    monkeypatch.setattr(Upload, "keep", full)
    server.command(run, "checkpoint")
    eventually(lambda: (server.run(run)["reason"] or "").startswith("disk full"))
    assert "then press Resume" in server.run(run)["reason"]
    monkeypatch.undo()
    eventually(lambda: server.run(run)["reason"] is None)
    assert server.run(run)["status"] == "paused"
    server.command(run, "stop")
    server.reach(run, "stopped")


def test_C6_a_run_that_is_stopped_on_a_full_disk_gives_its_place_back_and_keeps_its_end(server: Live) -> None:
    run = trained(server)
    workers: dict[str, Any] = server.app.state.conductor.worker_of
    limit(server, 2)
    try:
        server.reach(run, "paused")
        assert server.command(run, "stop").status_code == 202
        eventually(lambda: run not in workers)
        assert "last news" in server.run(run)["reason"]
        assert not server.app.state.conductor.runs[run].assigned
    finally:
        limit(server, None)
    stopped = server.reach(run, "stopped")
    assert stopped["checkpoint_update"] == stopped["update"]
    assert whole(server, run)
    assert server.command(run, "resume").status_code == 202
    server.reach(run, "running", update=stopped["update"] + 1)
    server.command(run, "stop")
    server.reach(run, "stopped")


def test_C6_a_run_whose_worker_dies_on_a_full_disk_has_failed_once_there_is_room(server: Live) -> None:
    run = trained(server)
    limit(server, 2)
    try:
        server.reach(run, "paused")
        worker = server.app.state.conductor.worker_of[run]
        assert server.loop is not None
        server.loop.call_soon_threadsafe(server.launcher.started[worker.id].kill)
        eventually(lambda: not server.app.state.conductor.runs[run].assigned)
        assert server.command(run, "stop").status_code == 507
    finally:
        limit(server, None)
    failed = server.reach(run, "failed")
    assert "SIGKILL" in failed["reason"]
    assert whole(server, run)


def test_C6_weights_that_cannot_be_kept_leave_the_checkpoint_before_as_it_is(
    server: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = trained(server)
    server.command(run, "checkpoint")
    before = eventually(lambda: server.run(run)["checkpoint"])
    file = server.app.state.store.checkpoints.path(before)
    content = file.read_bytes()
    monkeypatch.setattr(Upload, "keep", full)
    server.command(run, "checkpoint")
    paused = server.reach(run, "paused")
    assert paused["reason"].startswith("disk full (No space left on device)")
    assert (paused["checkpoint"], file.read_bytes()) == (before, content)
    assert list(file.parent.glob("*.part")) == []
    monkeypatch.undo()
    server.reach(run, "running")
    eventually(lambda: server.run(run)["checkpoint"] != before)
    server.command(run, "stop")
    server.reach(run, "stopped")


def test_C6_news_that_do_not_fit_into_memory_end_the_run(server: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sab_visualiser.app.control.held.news.MOST_BYTES", 1)
    run = trained(server)
    limit(server, 2)
    try:
        failed = server.reach(run, "failed")
        assert "disk full" in failed["reason"]
        eventually(lambda: run not in server.app.state.conductor.worker_of)
    finally:
        limit(server, None)
    assert server.command(run, "resume").status_code == 202
    server.reach(run, "running")
    server.command(run, "stop")
    server.reach(run, "stopped")


def test_C6_a_deleted_run_leaves_nothing_that_waits(server: Live) -> None:
    run = trained(server)
    limit(server, 2)
    try:
        server.reach(run, "paused")
    finally:
        limit(server, None)
    assert server.http.delete(f"/api/runs/{run}").status_code == 204
    assert server.http.get(f"/api/runs/{run}").status_code == 404
    later = itertools.islice((server.start(training={"updates": 3}) for _ in itertools.count()), 2)
    for each in list(later):
        server.reach(each, "finished")
