"""A drive keeps so many trials going, takes up those that were lost, and never trains one twice."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from sab_visualiser.app.sweeps.drive import Drive, Listed, Outcome
from sab_visualiser.app.sweeps.file import sweep_of
from sab_visualiser.app.sweeps.machines.client import AwayError, Client
from sab_visualiser.app.sweeps.plan import Plan, Trial, plan_of
from sab_visualiser.app.wire.errors import UserError

Change = Callable[[dict[str, Any]], None]
TINY: dict[str, Any] = {"task": {"name": "copy", "T": 6, "items": 2}, "training": {"updates": 30}}


def plan(seeds: int = 3) -> Plan:
    return plan_of(sweep_of({"base": TINY, "seeds": list(range(seeds))}, "tiny"), dict)


class Server(Client):
    """A server that lives in the test: every look at a run takes it ten updates further."""

    def __init__(self, room: int = 99) -> None:
        super().__init__("http://nowhere")
        self.runs: dict[str, dict[str, Any]] = {}
        self.commands: list[tuple[str, str]] = []
        self.room = room
        self.most_open = 0
        self.fate: dict[int, list[Change]] = {}
        """By seed: what happens to its run at each look, instead of going on."""

    def runs_of(self, group: str, sort: str = "created", most: int | None = None) -> list[dict[str, Any]]:
        found = [copy.deepcopy(run) for run in self.runs.values() if run["group"] == group]
        return (found[::-1] if sort == "-created" else found)[:most]

    def start(self, group: str, name: str, spec: dict[str, Any]) -> dict[str, Any] | None:
        open_ = sum(run["status"] in ("queued", "running") for run in self.runs.values())
        if open_ >= self.room:
            return None
        self.most_open = max(self.most_open, open_ + 1)
        run_id = f"r{len(self.runs)}"
        run = {"id": run_id, "group": group, "spec": spec, "status": "queued", "update": 0, "reason": None}
        self.runs[run_id] = run
        return copy.deepcopy(run)

    def run(self, run_id: str) -> dict[str, Any] | None:
        run = self.runs.get(run_id)
        if run is None:
            return None
        fate = self.fate.get(run["spec"]["training"]["seed"], [])
        if fate:
            fate.pop(0)(run)
        elif run["status"] in ("queued", "running"):
            run.update(status="running", update=min(run["update"] + 10, 30))
            if run["update"] == 30:
                run["status"] = "finished"
        return copy.deepcopy(run)

    def command(self, run_id: str, kind: str) -> bool:
        self.commands.append((run_id, kind))
        self.runs[run_id].update(status={"resume": "queued", "stop": "stopped"}[kind])
        return True


def driven(server: Server, found: Plan, most: int = 2, source: Any = None) -> tuple[list[Outcome], list[Any]]:
    told: list[Any] = []
    drive = Drive(server, found, source or Listed(found), most, lambda *how_far: told.append(how_far))
    return drive.run(sleep=lambda _: None), told


def ends(outcomes: list[Outcome]) -> list[tuple[int, str, int]]:
    return sorted((one.trial.number, one.run["status"], one.run["update"]) for one in outcomes)


def dies(at: int, status: str = "failed") -> Change:
    return lambda run: run.update(status=status, update=at, reason="worker ended with signal 9 (SIGKILL)")


def test_every_trial_is_trained_once_and_no_more_than_so_many_at_a_time() -> None:
    server = Server()
    outcomes, told = driven(server, plan(5), most=2)
    assert ends(outcomes) == [(number, "finished", 30) for number in range(5)]
    assert server.most_open == 2
    assert told[-1] == (150, 5)
    assert [updates for updates, _ in told] == sorted(updates for updates, _ in told), "progress goes one way"


def test_a_full_queue_is_waited_for() -> None:
    server = Server(room=1)
    outcomes, _ = driven(server, plan(3), most=3)
    assert ends(outcomes) == [(number, "finished", 30) for number in range(3)]
    assert server.most_open == 1


@pytest.mark.parametrize("status", ["failed", "interrupted"])
def test_C28_a_trial_whose_worker_was_lost_goes_on(status: str) -> None:
    server = Server()
    server.fate[1] = [dies(10, status), dies(20, status)]
    outcomes, _ = driven(server, plan())
    assert ends(outcomes) == [(0, "finished", 30), (1, "finished", 30), (2, "finished", 30)]
    assert server.commands == [("r1", "resume")] * 2
    assert len(server.runs) == 3


def test_C28_a_trial_that_is_lost_at_the_same_update_again_is_given_up_and_the_others_go_on() -> None:
    server = Server()
    server.fate[1] = [dies(10), dies(10), dies(10)]
    outcomes, _ = driven(server, plan())
    assert ends(outcomes) == [(0, "finished", 30), (1, "failed", 10), (2, "finished", 30)]
    assert next(one.run["reason"] for one in outcomes if one.trial.number == 1) == (
        "worker ended with signal 9 (SIGKILL)"
    )


def test_a_store_that_is_full_fails_a_trial_with_its_reason_and_finished_ones_stay() -> None:
    server = Server()
    why = "the store cannot keep what the run sends: database or disk is full; free some space in the data folder"
    server.fate[1] = [lambda run: run.update(status="failed", update=10, reason=why)] * 4
    outcomes, _ = driven(server, plan())
    assert ends(outcomes) == [(0, "finished", 30), (1, "failed", 10), (2, "finished", 30)]
    assert next(one.run["reason"] for one in outcomes if one.trial.number == 1) == why


def test_a_store_that_takes_no_further_trial_ends_the_sweep_with_its_words_and_it_goes_on_later() -> None:
    server = Server()
    real, full = server.start, [True]

    def start(group: str, name: str, spec: dict[str, Any]) -> dict[str, Any] | None:
        if full[0] and len(server.runs) == 2:
            raise UserError(507, "Refused", "database or disk is full; free some space in the data folder")
        return real(group, name, spec)

    server.start = start  # type: ignore[method-assign]
    with pytest.raises(UserError, match="disk is full"):
        driven(server, plan(5), most=2)
    full[0] = False
    finished = {run["id"] for run in server.runs.values() if run["status"] == "finished"}
    assert finished
    outcomes, _ = driven(server, plan(5), most=2)
    assert ends(outcomes) == [(number, "finished", 30) for number in range(5)]
    assert server.commands == [], "what was finished is not trained again"


def test_what_was_begun_before_goes_on_and_what_is_finished_is_not_trained_again() -> None:
    server, found = Server(), plan()
    driven(server, found)
    server.runs["r1"].update(status="interrupted", update=10)
    server.runs["r2"].update(status="diverged", update=20)
    outcomes, _ = driven(server, plan(4))
    assert ends(outcomes) == [(0, "finished", 30), (1, "finished", 30), (2, "diverged", 20), (3, "finished", 30)]
    assert server.commands == [("r1", "resume")]
    assert len(server.runs) == 4, "a seed more is a trial more, and nothing else is begun"


def test_a_trial_that_somebody_deleted_is_no_longer_of_the_sweep() -> None:
    server = Server()
    real = server.run

    def run(run_id: str) -> dict[str, Any] | None:
        if run_id == "r0":
            server.runs.pop(run_id, None)
        return real(run_id)

    server.run = run  # type: ignore[method-assign]
    outcomes, _ = driven(server, plan())
    assert ends(outcomes) == [(1, "finished", 30), (2, "finished", 30)]


@pytest.mark.parametrize(("taken_s", "pause_s"), [(0.0, 0.5), (0.3, 1.2), (5.0, 2.0)])
def test_a_pause_is_as_long_as_questions_are_dear_and_has_an_end(
    monkeypatch: pytest.MonkeyPatch, taken_s: float, pause_s: float
) -> None:
    server, found = Server(), plan(1)
    clock, slept = [0.0], list[float]()
    real = server.run

    def run(run_id: str) -> dict[str, Any] | None:
        clock[0] += taken_s
        return real(run_id)

    server.run = run  # type: ignore[method-assign]
    monkeypatch.setattr("sab_visualiser.app.sweeps.drive.time", SimpleNamespace(monotonic=lambda: clock[0]))
    Drive(server, found, Listed(found), 1, lambda *_: None).run(sleep=slept.append)
    assert slept[0] == 0.5, "nothing was asked yet"
    assert len(slept) > 2
    assert slept[1:] == pytest.approx([pause_s] * len(slept[1:]))


def test_a_server_that_is_away_is_asked_again_for_a_while_and_then_named(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server()
    real, silent = server.run, [3]

    def run(run_id: str) -> dict[str, Any] | None:
        if silent[0] > 0:
            silent[0] -= 1
            raise AwayError("the server http://nowhere does not answer: refused")
        return real(run_id)

    server.run = run  # type: ignore[method-assign]
    outcomes, _ = driven(server, plan())
    assert len(outcomes) == 3
    clock = itertools.count(0.0, 5.0)
    monkeypatch.setattr("sab_visualiser.app.sweeps.drive.time.monotonic", lambda: next(clock))
    silent[0] = 99
    with pytest.raises(AwayError, match="does not answer"):
        driven(server, plan(4))


def test_a_source_may_give_a_trial_up() -> None:
    class Strict(Listed):
        def give_up(self, trial: Trial, run: dict[str, Any]) -> bool:
            return trial.number == 1 and run["update"] == 10

    server = Server()
    outcomes, _ = driven(server, plan(), source=Strict(plan()))
    assert ends(outcomes) == [(0, "finished", 30), (1, "stopped", 10), (2, "finished", 30)]
    assert server.commands == [("r1", "stop")]
