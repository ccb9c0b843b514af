"""C2, C3: a worker that stands still is called so and can be stopped; workers end soon after a killed server."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from sab_visualiser.app.workers.local import WORKER_COMMAND, LocalLauncher
from tests.fakes.serve import FAKE_WORKER
from tests.fakes.server import Live, eventually, in_process, in_thread
from tests.faults.test_kept import LONG, killed, pid_of

pytestmark = pytest.mark.server


@pytest.fixture(params=["fake", "real"])
def live(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Live]:
    command = WORKER_COMMAND if request.param == "real" else FAKE_WORKER
    with in_thread(tmp_path, LocalLauncher(command)) as live:
        yield live


def test_C2_a_worker_that_stands_still_is_called_so_until_it_goes_on(live: Live) -> None:
    run = live.start(**LONG)
    live.reach(run, "running", update=3, seconds=120)
    assert live.run(run)["stalled"] is None
    os.kill(pid := pid_of(live, run), signal.SIGSTOP)
    with live.viewer() as viewer:
        told = viewer.until(lambda frame: frame["kind"] == "row" and frame["view"]["stalled"])["view"]["stalled"]
        assert told.startswith("its worker has said nothing for 4 s; Stop ends it")
        os.kill(pid, signal.SIGCONT)
        viewer.until(lambda frame: frame["kind"] == "row" and frame["view"]["stalled"] is None)
    live.reach(run, "running", update=live.run(run)["update"] + 1)
    live.command(run, "stop")
    live.reach(run, "stopped", seconds=60)


def test_C2_a_run_whose_worker_stands_still_can_be_stopped_and_goes_on(live: Live) -> None:
    run = live.start(**LONG)
    live.reach(run, "running", update=3, seconds=120)
    os.kill(pid := pid_of(live, run), signal.SIGSTOP)
    assert live.command(run, "stop").status_code == 202
    view = live.reach(run, "stopped")
    assert view["reason"] == "its worker stood still and was ended"
    assert view["stalled"] is None
    assert not psutil.pid_exists(pid)
    assert live.command(run, "resume").status_code == 202
    live.reach(run, "running", update=3, seconds=120)
    live.command(run, "stop")
    live.reach(run, "stopped", seconds=60)


@pytest.mark.parametrize("moment", ["starting", "training", "in a long update"])
def test_C3_workers_end_when_their_server_was_killed_and_leave_what_they_have(tmp_path: Path, moment: str) -> None:
    with in_process(tmp_path, "--real") as live:
        assert live.process is not None
        if moment != "starting":
            shape = {"task": {"T": 400}, "model": {"hidden_size": 256}} if moment == "in a long update" else {}
            run = live.start(**{**LONG, **shape})
            live.reach(run, "running", update=2, seconds=120)
        time.sleep(0.2)
        workers = psutil.Process(live.process.pid).children(recursive=True)
        assert workers
        killed(live)
        eventually(lambda: not any(each.is_running() and each.status() != "zombie" for each in workers))
        left = [path.suffix for path in (tmp_path / "spool").iterdir()] if (tmp_path / "spool").exists() else []
        assert left.count(".safetensors") == (0 if moment == "starting" else 1)
