"""The server as a process: signals, loss of workers, ports, restarts, and what it does not import.

A process takes about a second to start, so each test here tells a longer story than elsewhere.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from sab_visualiser.app.runs.run import new_run
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.store.store import Store
from sab_visualiser.app.wire.requests import RunSpec
from tests.fakes.server import Live, in_process

pytestmark = pytest.mark.server
END_S = 30.0
"""How long an end is waited for; how long one takes is measured in benchmarks/ends.py."""


def children(live: Live) -> list[psutil.Process]:
    assert live.process is not None
    return psutil.Process(live.process.pid).children(recursive=True)


def test_C1_a_killed_worker_is_seen_at_once_with_its_signal(tmp_path: Path) -> None:
    with in_process(tmp_path) as live:
        run = live.start()
        live.reach(run, "running", update=3)
        spares = [child for child in children(live) if "spare" in " ".join(child.cmdline())]
        victim = min(spares, key=lambda child: child.create_time())
        with live.viewer() as viewer:
            viewer.say(type="subscribe", run=run, after=None)
            viewer.until(lambda frame: frame["kind"] == "metrics")
            os.kill(victim.pid, signal.SIGKILL)
            news = viewer.until(lambda frame: frame["kind"] == "status" and frame["data"]["status"] == "failed")
            assert news["data"]["reason"].startswith("worker ended with signal 9 (SIGKILL)")
        assert victim.pid not in [child.pid for child in children(live)], "no zombie stays"
        assert live.command(run, "reset").status_code == 202
        live.reach(run, "running", update=2)
        crashing = live.start(name="crash")
        view = live.reach(crashing, "failed")
        assert view["reason"] == "worker ended with exit code 7: the last line before the end"
        assert view["update"] == 5


def test_C18_a_signal_ends_everything_and_the_run_goes_on_later(tmp_path: Path) -> None:
    with in_process(tmp_path) as live:
        assert live.process is not None
        run = live.start(training={"updates": 100_000})
        live.reach(run, "running", update=3)
        left = children(live)
        viewers = [live.viewer() for _ in range(5)]
        for viewer in viewers:
            viewer.say(type="subscribe", run=run, after=None)
            viewer.until(lambda frame: frame["kind"] == "metrics")
        live.process.send_signal(signal.SIGTERM)
        assert [viewer.closed_with() for viewer in viewers] == [1012] * 5
        assert live.process.wait(timeout=END_S) in (0, -signal.SIGTERM)
        assert not [child for child in left if child.is_running()]
        assert live.process.stderr is not None
        assert "Traceback" not in live.process.stderr.read()
    with in_process(tmp_path) as live:
        assert live.process is not None
        view = live.run(run)
        assert (view["status"], view["reason"]) == ("interrupted", "the server was stopped")
        assert view["checkpoint_update"] >= 3
        assert view["update"] == view["checkpoint_update"], "nothing that was finished is lost"
        assert live.http.get(f"/api/runs/{run}/metrics").json()["update"] == list(range(1, view["update"] + 1))
        live.command(run, "resume")
        live.reach(run, "running", update=view["checkpoint_update"] + 1)
        live.process.send_signal(signal.SIGINT)
        assert live.process.wait(timeout=END_S) in (0, -signal.SIGINT)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["checkpoints", "lock", "runs.sqlite", "spool", "texts"]


def test_a_terminal_that_closes_ends_the_server_in_order(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)  # as a terminal has it; tests under nohup have it ignored
    with in_process(tmp_path) as live:
        signal.signal(signal.SIGHUP, before)
        assert live.process is not None
        run = live.start(training={"updates": 100_000})
        live.reach(run, "running", update=3)
        live.process.send_signal(signal.SIGHUP)
        assert live.process.wait(timeout=END_S) in (0, -signal.SIGHUP)
    with in_process(tmp_path) as live:
        view = live.run(run)
        assert (view["status"], view["reason"]) == ("interrupted", "the server was stopped")
        assert view["update"] == view["checkpoint_update"]


def test_C3_after_kill_nine_every_event_seen_is_in_the_store(tmp_path: Path) -> None:
    with in_process(tmp_path) as live:
        assert live.process is not None
        run = live.start(training={"updates": 100_000})
        left = children(live)
        with live.viewer() as viewer:
            viewer.say(type="subscribe", run=run, after=None)
            while len(viewer.seqs(run)) < 40:
                viewer.next()
            live.process.kill()
            live.process.wait()
            seen = viewer.seqs(run)
        _, alive = psutil.wait_procs(left, timeout=3)
        assert not alive, "workers end when their server is gone"
    with in_process(tmp_path) as live:
        view = live.run(run)
        assert view["status"] == "interrupted"
        assert "server ended" in view["reason"]
        assert view["seq"] >= seen[-1]
        with live.viewer() as viewer:
            viewer.say(type="subscribe", run=run, after=0)
            while (viewer.seqs(run) or [0])[-1] < view["seq"]:
                viewer.next()
            assert viewer.seqs(run) == list(range(1, view["seq"] + 1))


def test_200_runs_left_running_by_a_killed_server_are_interrupted_at_its_next_start(tmp_path: Path) -> None:
    store = Store(Settings(data_dir=tmp_path))
    store.open()

    async def fill() -> None:
        for number in range(200):
            await store.commit(new_run(f"r{number:03d}", RunSpec(), f"2026-{number:03d}"))

    asyncio.run(fill())
    store.close()
    with in_process(tmp_path) as live:
        runs = live.http.get("/api/runs?limit=500").json()
        assert [run["id"] for run in runs] == [f"r{number:03d}" for number in reversed(range(200))]
        assert {run["status"] for run in runs} == {"interrupted"}


def test_the_server_process_never_imports_torch_the_model_or_matplotlib() -> None:
    code = (
        "import sys, sab_visualiser.app.serve; from sab_visualiser.app.main import create_app;"
        "from sab_visualiser.app.settings import Settings; create_app(Settings());"
        "print([m for m in ('torch', 'matplotlib', 'plotly', 'numba', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.strip() == "[]"
