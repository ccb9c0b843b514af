"""When the server is killed, a worker leaves its checkpoint, and the next server gives it to the run."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from sab_visualiser.app.runs.shapes import RECENT
from tests.fakes.server import eventually, in_process

SMALL = {
    "task": {"T": 5, "items": 2},
    "model": {"hidden_size": 8, "attention_size": 4, "k_att": 1},
    "training": {"batch_size": 2, "updates": 1_000_000},
}


@pytest.mark.server
def test_C5_a_killed_server_costs_a_run_no_update(tmp_path: Path) -> None:
    with in_process(tmp_path, "--real") as live:
        assert live.process is not None
        run = live.start(**SMALL)
        seen = live.reach(run, "running", update=20, seconds=60)["update"]
        live.process.send_signal(signal.SIGKILL)
        live.process.wait(timeout=5)
        (left,) = eventually(lambda: list((tmp_path / "spool").glob("*.safetensors")), seconds=10)
    with in_process(tmp_path, "--real") as live:
        view = live.run(run)
        assert view["status"] == "interrupted"
        assert left.name.startswith(f"{run}-1-1-{view['checkpoint_update']}-{view['checkpoint']}")
        assert view["checkpoint_update"] >= seen
        assert not left.exists()
        live.command(run, "resume")
        live.reach(run, "running", update=view["checkpoint_update"] + 1, seconds=60)
        live.command(run, "stop")
        live.reach(run, "stopped", seconds=60)
        curves = live.http.get(f"/api/runs/{run}/metrics").json()["update"]
        assert curves == list(range(1, len(curves) + 1)), "the curve has no hole either"


@pytest.mark.server
def test_C5_files_that_belong_to_no_run_are_swept(tmp_path: Path) -> None:
    """What a worker left of a run that is gone; what somebody else put there is nobody's to delete."""
    with in_process(tmp_path):
        pass
    spool = tmp_path / "spool"
    for name in (f"r1-1-1-5-{'0' * 64}.safetensors", f"r1-1-1-5-{'0' * 64}{RECENT}", ".._evil", "x", "y.metrics"):
        (spool / name).write_bytes(b"junk")
    (spool / "folder").mkdir()
    with in_process(tmp_path) as live:
        assert live.http.get("/api/runs").json() == []
        assert sorted(path.name for path in spool.iterdir()) == [".._evil", "folder", "x", "y.metrics"]
