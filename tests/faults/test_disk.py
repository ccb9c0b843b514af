"""A disk that is really full (C6): the server as a process on a small disk of its own, or held to a size of file."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.server import Live, eventually, in_process

pytestmark = pytest.mark.server
LONG = {"training": {"updates": 100_000}}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 6 MB."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "none", str(place)], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"no small disk here: {mounted.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def fill(disk: Path) -> Path:
    """A file that takes all the room there is."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue
    return filler


def goes_on(live: Live, run: str, update: int) -> None:
    """The run trains again, its curve has no hole, and its checkpoint of the end is kept."""
    live.reach(run, "running", update=update + 20)
    live.command(run, "stop")
    stopped = live.reach(run, "stopped")
    updates = live.http.get(f"/api/runs/{run}/metrics").json()["update"]
    assert updates == list(range(1, updates[-1] + 1))
    assert stopped["checkpoint_update"] == stopped["update"]


def sound(folder: Path) -> None:
    connection = sqlite3.connect(folder / "runs.sqlite")
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


def test_C6_on_a_full_disk_a_run_waits_for_room_and_everything_else_goes_on(small_disk: Path) -> None:
    with in_process(small_disk / "data") as live:
        run = live.start(**LONG)
        live.reach(run, "running", update=10)
        live.command(run, "checkpoint")
        kept = eventually(lambda: live.run(run)["checkpoint"])
        filler = fill(small_disk)
        paused = live.reach(run, "paused")
        assert paused["reason"].startswith("disk full")
        assert live.command(run, "resume").status_code == 507
        body = b"good" + bytes(10_000)
        kinds = {"content-type": "application/octet-stream"}
        refused = live.http.post("/api/checkpoints", content=body, headers=kinds)
        assert (refused.status_code, "disk full" in refused.json()["detail"]) == (507, True)
        assert live.http.post("/api/texts", content=b"a text " * 2000, headers=kinds).status_code == 507
        for path in ("/api/health", f"/api/runs/{run}/metrics", f"/api/runs/{run}/bundle", "/"):
            assert live.http.get(path).status_code == 200, path
        drawn = live.http.get(f"/api/runs/{run}/export", params={"panel": "curves", "format": "pdf"})
        assert drawn.content.startswith(b"%PDF")
        assert live.run(run)["checkpoint"] == kept
        assert list((small_disk / "data" / "checkpoints").glob("*.part")) == []
        filler.unlink()
        goes_on(live, run, paused["update"])
    sound(small_disk / "data")


def test_C6_a_server_that_ends_and_begins_on_a_full_disk_shows_what_was_kept(small_disk: Path) -> None:
    folder = small_disk / "data"
    with in_process(folder) as live:
        run = live.start(**LONG)
        live.reach(run, "running", update=10)
        live.command(run, "checkpoint")
        kept = eventually(lambda: live.run(run)["checkpoint"])
        filler = fill(small_disk)
        live.reach(run, "paused")
    with in_process(folder) as live:
        view = live.run(run)
        assert (view["status"], view["checkpoint"]) == ("interrupted", kept)
        drawn = live.http.get(f"/api/runs/{run}/export", params={"panel": "curves", "format": "csv"})
        assert drawn.status_code == 200
    filler.unlink()
    with in_process(folder) as live:
        assert live.command(run, "resume").status_code == 202
        goes_on(live, run, view["checkpoint_update"])
    sound(folder)


def test_C6_files_that_may_not_grow_hold_a_run_up_until_they_may(tmp_path: Path) -> None:
    with in_process(tmp_path / "data") as live:
        assert live.process is not None
        run = live.start(**LONG)
        live.reach(run, "running", update=10)
        soft, hard = resource.prlimit(live.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(live.process.pid, resource.RLIMIT_FSIZE, (4096, hard))
        paused = live.reach(run, "paused")
        assert "goes on by itself" in paused["reason"]
        assert live.http.get("/api/health").status_code == 200
        resource.prlimit(live.process.pid, resource.RLIMIT_FSIZE, (soft, hard))
        goes_on(live, run, paused["update"])
    sound(tmp_path / "data")
