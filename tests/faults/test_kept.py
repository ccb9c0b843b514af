"""C3: what was answered with 202 is in the store, and is carried out or superseded, whoever is killed just after."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.server import Live, eventually, in_process, in_thread

pytestmark = pytest.mark.server
LONG = {"training": {"updates": 1_000_000}}


def pid_of(live: Live, run: str) -> int:
    """The worker process that has the run."""
    return int(live.app.state.conductor.worker_of[run].handle.pid)


def killed(live: Live) -> None:
    assert live.process is not None
    live.process.send_signal(signal.SIGKILL)
    live.process.wait(timeout=5)


def ends(frames: list[dict[str, Any]]) -> dict[str, str]:
    """How each command ended, by its id, as the events of its run tell."""
    found: dict[str, str] = {}
    for frame in frames:
        data = frame.get("data") or {}
        if frame["kind"] == "superseded":
            found |= dict.fromkeys(data["commands"], "superseded")
        if frame["kind"] == "parameters":
            found |= dict.fromkeys(data["superseded"], "superseded")
            found |= dict.fromkeys([data["command_id"], *data["applied"]], "applied")
        if frame["kind"] == "acknowledged":
            found[data["command_id"]] = "applied"
    return found


def told(live: Live, run: str) -> list[dict[str, Any]]:
    """All events of a run so far."""
    with live.viewer() as viewer:
        viewer.say(type="subscribe", run=run, after=None)
        last = viewer.until(lambda frame: frame["kind"] == "subscribed")["seq"]
        viewer.until(lambda frame: frame.get("seq", 0) >= last and frame["kind"] != "subscribed")
        return [frame for frame in viewer.frames if frame.get("run") == run]


@pytest.mark.parametrize("moment", ["queued", "running", "paused"])
def test_C3_a_knob_that_was_taken_acts_after_the_server_was_killed(tmp_path: Path, moment: str) -> None:
    with in_process(tmp_path, SAB_MAX_RUNS="1" if moment == "queued" else "2") as live:
        if moment == "queued":
            live.reach(live.start(**LONG), "running", update=1)
        run = live.start(**LONG)
        if moment != "queued":
            live.reach(run, "running", update=5)
        if moment == "paused":
            live.command(run, "pause")
            live.reach(run, "paused")
        answer = live.command(run, "set_parameters", parameters={"k_top": 9}, command_id="nine")
        killed(live)
        assert answer.status_code == 202
    with in_process(tmp_path) as live:
        assert live.run(run)["status"] == "interrupted"
        assert live.command(run, "resume").status_code == 202
        eventually(lambda: live.run(run)["parameters"]["k_top"] == 9)
        assert ends(told(live, run))["nine"] == "applied"


def test_C3_every_command_of_a_storm_has_one_end_though_the_server_is_killed_in_it(tmp_path: Path) -> None:
    taken: list[str] = []
    with in_process(tmp_path) as live, live.viewer() as viewer:
        run = live.start(**LONG)
        live.reach(run, "running", update=5)
        for number in range(400):
            command = {"type": "set_parameters", "parameters": {"k_top": number % 17}, "command_id": f"k{number}"}
            viewer.say(type="command", run=run, command=command)
        viewer.until(lambda frame: frame.get("command_id") == "k150" and frame["kind"] == "accepted")
        killed(live)
        taken = [frame["command_id"] for frame in viewer.frames if frame["kind"] == "accepted"]
    assert len(taken) > 150
    with in_process(tmp_path) as live:
        assert live.command(run, "resume", command_id="on").status_code == 202
        eventually(lambda: not set(taken) - set(ends(told(live, run))))
        newest = max(int(name[1:]) for name in ends(told(live, run)) if name != "on")
        assert live.run(run)["parameters"]["k_top"] == newest % 17
        seqs = [frame["seq"] for frame in told(live, run) if frame["kind"] not in ("subscribed", "snapshot")]
        assert seqs == list(range(1, len(seqs) + 1))


def test_C3_a_knob_and_a_pause_that_a_killed_worker_never_saw_have_an_end(tmp_path: Path) -> None:
    from sab_visualiser.app.workers.local import LocalLauncher
    from tests.fakes.serve import FAKE_WORKER

    with in_thread(tmp_path, LocalLauncher(FAKE_WORKER)) as live:
        run = live.start(**LONG)
        live.reach(run, "running", update=5, seconds=60)
        os.kill(pid := pid_of(live, run), signal.SIGSTOP)
        assert live.command(run, "set_parameters", parameters={"k_top": 9}, command_id="knob").status_code == 202
        assert live.command(run, "pause", command_id="pause").status_code == 202
        os.kill(pid, signal.SIGKILL)
        live.reach(run, "failed")
        assert ends(told(live, run)) == {"pause": "superseded"}, "the knob waits for the next worker"
        live.command(run, "resume", command_id="on")
        eventually(lambda: live.run(run)["parameters"]["k_top"] == 9, 60)
        assert ends(told(live, run)) == {"pause": "superseded", "on": "applied", "knob": "applied"}
        time.sleep(0.1)
        live.command(run, "stop")
