"""C13: ten thousand turns of a knob in seconds leave few events, each command has an end, and the last one counts.

And a storm of questions: a run that is looked at by many still trains.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import httpx2
import pytest

from sab_visualiser.app.workers.local import WORKER_COMMAND, LocalLauncher
from tests.fakes.server import Live, Viewer, eventually, in_thread

CLIENTS, TURNS = 4, 500


def storm(live: Live, run: str, client: int, turns: int) -> None:
    """One viewer that turns k_top, and reads what it is told."""
    with live.viewer() as viewer:
        for number in range(turns):
            command = {
                "type": "set_parameters",
                "parameters": {"k_top": number % 17},
                "command_id": f"s{client}-{number}",
            }
            viewer.say(type="command", run=run, command=command)
        viewer.until(lambda frame: frame.get("command_id") == f"s{client}-{turns - 1}")
        told = [frame["kind"] for frame in viewer.frames if frame["kind"] in ("accepted", "rejected")]
        assert told == ["accepted"] * turns


def ends(frames: list[dict[str, Any]]) -> list[str]:
    """The commands that `parameters` events name."""
    found: list[str] = []
    for frame in frames:
        if frame["kind"] == "parameters":
            data = frame["data"]
            found += [data["command_id"], *data.get("applied", []), *data.get("superseded", [])]
    return found


def watched(viewer: Viewer, run: str, count: int) -> list[dict[str, Any]]:
    """The events of a run until so many commands have ended."""
    viewer.until(lambda _: len(ends(viewer.frames)) >= count, seconds=120)
    return [frame for frame in viewer.frames if frame.get("run") == run]


def test_C13_a_storm_of_knobs_is_few_events_and_every_command_has_one_end(tmp_path: Path) -> None:
    with in_thread(tmp_path) as live, live.viewer() as watcher:
        run = live.start(training={"updates": 100_000})
        live.reach(run, "running", update=2)
        watcher.say(type="subscribe", run=run, after=None)
        threads = [threading.Thread(target=storm, args=(live, run, client, TURNS)) for client in range(CLIENTS)]
        for thread in threads:
            thread.start()
        frames = watched(watcher, run, CLIENTS * TURNS)
        for thread in threads:
            thread.join(timeout=60)
        told = ends(frames)
        assert sorted(told) == sorted(f"s{client}-{number}" for client in range(CLIENTS) for number in range(TURNS))
        turned = [frame for frame in frames if frame["kind"] == "parameters"]
        assert len(turned) < CLIENTS * TURNS / 5, "many turns are one event"
        view = eventually(lambda: (v := live.run(run))["params_version"] == CLIENTS * TURNS and v)
        assert view["parameters"]["k_top"] == turned[-1]["data"]["parameters"]["k_top"]
        assert live.command(run, "pause").status_code == 202
        live.reach(run, "paused")
        live.command(run, "stop")


def test_C13_a_command_behind_a_storm_finds_the_last_knob_in_force(tmp_path: Path) -> None:
    with in_thread(tmp_path) as live, live.viewer() as watcher:
        run = live.start(training={"updates": 100_000})
        live.reach(run, "running", update=2)
        watcher.say(type="subscribe", run=run, after=None)
        for number in range(50):
            watcher.say(
                type="command",
                run=run,
                command={"type": "set_parameters", "parameters": {"k_top": number % 9}, "command_id": f"k{number}"},
            )
        watcher.say(type="command", run=run, command={"type": "pause", "command_id": "then"})
        done = watcher.until(lambda f: f["kind"] == "acknowledged" and f["data"]["command_id"] == "then")
        before = [f for f in watcher.frames if f["kind"] == "parameters" and f["seq"] < done["seq"]]
        assert sorted(ends(before)) == sorted(f"k{number}" for number in range(50))
        assert before[-1]["data"]["parameters"]["k_top"] == 49 % 9
        live.command(run, "stop")


@pytest.mark.parametrize("kind", ["reset", "stop"])
def test_C13_knobs_go_on_being_taken_after_a_run_was_begun_anew(tmp_path: Path, kind: str) -> None:
    with in_thread(tmp_path) as live:
        run = live.start(training={"updates": 100_000})
        live.reach(run, "running", update=2)
        for number in range(30):
            live.command(run, "set_parameters", parameters={"k_top": number % 9})
        assert live.command(run, kind).status_code == 202
        if kind == "stop":
            live.reach(run, "stopped")
            live.command(run, "resume")
        live.reach(run, "running", update=2)
        assert live.command(run, "set_parameters", parameters={"k_top": 11}, command_id="last").status_code == 202
        eventually(lambda: live.run(run)["parameters"]["k_top"] == 11)
        live.command(run, "stop")


@pytest.mark.server
def test_a_run_that_is_asked_without_a_pause_trains_on_and_answers_all(tmp_path: Path) -> None:
    """A question is handed to a run after the answer to the one before, and the run makes an update in between."""
    statuses: list[int] = []
    enough = threading.Event()

    def ask(live: Live, run: str) -> None:
        while not enough.is_set():
            body = {"run": run, "example": len(statuses) % 7}
            statuses.append(httpx2.post(f"{live.url}/api/probe", json=body, timeout=60, trust_env=False).status_code)

    spec: dict[str, Any] = {"task": {"T": 30, "items": 2}, "training": {"updates": 100_000}}
    with in_thread(tmp_path, LocalLauncher(WORKER_COMMAND), probe_timeout_s=60) as live:
        run = live.start(**spec)
        before = live.reach(run, "running", update=2, seconds=120)["update"]
        askers = [threading.Thread(target=ask, args=(live, run)) for _ in range(3)]
        for asker in askers:
            asker.start()
        eventually(lambda: len(statuses) >= 20, 120)
        live.reach(run, "running", update=before + 20, seconds=120)
        enough.set()
        for asker in askers:
            asker.join(timeout=60)
    assert set(statuses) == {200}
