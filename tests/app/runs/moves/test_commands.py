from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sab_visualiser.app.runs.curves import KnobChange
from sab_visualiser.app.runs.moves.commands import Decision, accept, assignment, lost, taken
from sab_visualiser.app.runs.moves.replay import Replay, replay_of
from sab_visualiser.app.runs.run import Run, new_run
from sab_visualiser.app.runs.shapes import Order
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.wire.requests import Command, Parameters, RunSpec
from sab_visualiser.app.wire.views import RunView

LIVE_COMMANDS = ("pause", "resume", "step", "stop", "checkpoint")


def make(**changes: Any) -> Run:
    return replace(new_run("r1", RunSpec(), "2026-01-01T00:00:00"), **changes)


def ask(run: Run, kind: str, **more: Any) -> Decision:
    return accept(run, Command.model_validate({"type": kind, "command_id": "c1", **more}))


def change(run: Run, k_top: int = 2, **more: Any) -> Decision:
    return ask(run, "set_parameters", parameters=Parameters(k_top=k_top), **more)


def kinds(decision: Decision) -> list[str]:
    return [draft.kind for draft in decision.drafts]


def test_a_view_has_exactly_the_fields_of_the_api() -> None:
    assert set(make().view()) == set(RunView.model_fields)
    RunView.model_validate(make().view())


def test_the_name_of_an_unnamed_run_follows_its_seed_and_a_given_name_stays() -> None:
    unnamed = make(status="running", assigned=True)
    assert unnamed.name == "copy T=50 sab seed 0"
    reseeded = ask(unnamed, "reseed").run
    assert (reseeded.name, reseeded.spec["training"]["seed"]) == ("copy T=50 sab seed 1", 1)
    named = new_run("r2", RunSpec(name="mine"), "2026-01-01T00:00:00")
    assert ask(named, "reseed").run.name == "mine"


@pytest.mark.parametrize("kind", LIVE_COMMANDS)
@pytest.mark.parametrize("status", ["running", "paused"])
def test_a_live_run_passes_commands_to_its_worker(kind: Any, status: str) -> None:
    run = make(status=status, assigned=True)
    decision = ask(run, kind)
    assert decision.run == replace(run, kept=({"type": kind, "command_id": "c1"},))
    assert decision.assign is None
    assert not decision.drafts


def test_a_change_of_knobs_is_numbered_but_not_in_force_before_its_event() -> None:
    decision = change(make(status="running", assigned=True))
    assert decision.run.kept[0]["params_version"] == 1
    assert (decision.run.accepted_version, decision.run.params_version) == (1, 0)
    assert decision.run.parameters["k_top"] == 5


def test_C16_a_change_based_on_an_old_version_is_refused_with_the_current_one() -> None:
    run = change(make(status="running", assigned=True)).run
    with pytest.raises(UserError) as caught:
        change(run, base_version=0)
    assert caught.value.problem.status == 409
    assert "params_version is 1" in caught.value.problem.detail
    assert change(run, base_version=1).run.accepted_version == 2


def test_a_queued_run_keeps_changes_and_steps_for_its_worker() -> None:
    run = ask(change(make()).run, "step").run
    assert [each["type"] for each in run.kept] == ["set_parameters", "step"]
    assert run.begin_paused
    assert taken(run).kept == run.kept, "until the worker has carried them out"


def test_a_queued_run_pauses_resumes_and_stops_at_once() -> None:
    paused = ask(make(), "pause")
    assert assignment(paused.run)["paused"]
    assert kinds(paused) == ["acknowledged"]
    assert not ask(paused.run, "resume").run.begin_paused
    stopped = ask(make(), "stop")
    assert stopped.run.status == "stopped"
    assert stopped.dequeue


def test_an_assigned_run_that_has_not_begun_belongs_to_its_worker() -> None:
    assert change(make(assigned=True)).run.kept


@pytest.mark.parametrize("status", ["finished", "stopped", "failed", "diverged", "interrupted"])
@pytest.mark.parametrize(("kind", "seed"), [("reset", 0), ("reseed", 1)])
def test_an_ended_run_starts_over_in_a_new_attempt(status: str, kind: str, seed: int) -> None:
    run = make(status=status, update=77, metrics={"loss": 1.0}, checkpoint="c" * 64, checkpoint_update=50, snapshots=3)
    decision = ask(run, kind)
    again = decision.run
    assert (again.status, again.attempt, again.update, again.metrics, again.checkpoint) == ("queued", 2, 0, {}, None)
    assert decision.enqueue
    assert decision.drafts[0].data == {"command_id": "c1", "attempt": 2, "seed": seed}
    assert kinds(decision) == ["rewound", "status"]


def test_a_live_run_is_given_to_its_worker_anew_by_reset() -> None:
    run = make(status="paused", assigned=True, update=9, parameters={**make().parameters, "k_top": 1})
    decision = ask(run, "reseed")
    assert decision.assign is not None
    assert decision.assign["type"] == "assign"
    assert (decision.assign["attempt"], decision.assign["paused"]) == (2, True)
    assert decision.assign["spec"]["training"]["seed"] == 1
    assert decision.assign["parameters"]["k_top"] == 5
    assert decision.run.assigned
    assert not decision.enqueue


@pytest.mark.parametrize("status", ["stopped", "failed", "interrupted"])
def test_resume_goes_on_from_the_last_checkpoint(status: str) -> None:
    run = make(status=status, update=77, checkpoint="c" * 64, checkpoint_update=50)
    decision = ask(run, "resume")
    assert (decision.run.status, decision.run.update, decision.run.attempt) == ("queued", 50, 1)
    assert kinds(decision) == ["acknowledged", "status"]
    assert decision.enqueue


def test_C4_resume_without_a_checkpoint_makes_the_same_attempt_from_the_beginning() -> None:
    knob: Order = {"type": "set_parameters", "command_id": "k", "parameters": {"k_top": 9}, "at": 30}
    waits: Order = {**knob, "command_id": "w", "at": 77}
    run = make(status="interrupted", update=77, metrics={"loss": 1.0}, kept=(waits,))
    command = Command.model_validate({"type": "resume", "command_id": "c1"})
    again = accept(run, command, replay=Replay({**run.parameters, "k_att": 3}, (knob,))).run
    assert (again.status, again.update, again.attempt, again.metrics) == ("queued", 0, 1, {})
    assert again.kept == (knob, waits)
    assert again.parameters["k_att"] == 3
    assert assignment(again)["turns"] == [knob, waits]


def test_C4_knobs_are_set_again_after_the_updates_at_which_the_journal_has_them() -> None:
    run = make(status="failed", update=90, checkpoint="c" * 64, checkpoint_update=50)
    known = run.parameters

    def at(update: int, version: int, **turned: Any) -> KnobChange:
        return KnobChange(
            update=update, parameters={**known, **turned}, params_version=version, command_id=f"c{version}"
        )

    changes = [at(20, 1, k_top=1), at(50, 2, k_top=2), at(51, 3, k_top=3), at(80, 4, k_top=3, k_att=7)]
    replay = replay_of(run, changes)
    assert replay.in_force["k_top"] == 2
    assert [(one["at"], one["command_id"], one["parameters"]) for one in replay.turns] == [
        (51, "c3", {"k_top": 3}),
        (80, "c4", {"k_att": 7}),
    ]


def test_C2_a_run_that_was_asked_to_stop_has_stopped_when_its_worker_is_gone() -> None:
    run, drafts = lost(ask(make(status="running", assigned=True), "stop").run, "failed", "signal 9")
    assert (run.status, run.reason, run.kept) == ("stopped", "signal 9", ())
    assert [draft.kind for draft in drafts] == ["acknowledged", "status"]


@pytest.mark.parametrize(
    ("status", "kind"),
    [("finished", "resume"), ("diverged", "resume"), ("queued", "checkpoint")]
    + [
        (status, kind)
        for status in ("finished", "stopped", "failed")
        for kind in ("pause", "step", "stop", "checkpoint")
    ],
)
def test_a_command_that_does_not_fit_the_status_is_refused(status: str, kind: str) -> None:
    with pytest.raises(UserError) as caught:
        ask(make(status=status), kind)
    assert caught.value.problem.status == 409
    assert status in caught.value.problem.detail


def test_the_seed_wraps_round_at_the_end_of_its_range() -> None:
    run = make(status="finished")
    last = replace(run, spec={**run.spec, "training": {**run.spec["training"], "seed": 2**31 - 1}})
    assert ask(last, "reseed").run.spec["training"]["seed"] == 0


def test_a_lost_run_says_why() -> None:
    run, _ = lost(make(status="running", assigned=True, updates_per_s=3.0), "failed", "worker ended with signal 9")
    assert (run.status, run.reason, run.assigned, run.updates_per_s) == (
        "failed",
        "worker ended with signal 9",
        False,
        None,
    )
