"""What a reset or reseed ends is kept as a run of its own, under a name that says so."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from sab_visualiser.app.runs.kin.aside import aside_of, kept_told
from sab_visualiser.app.runs.kin.branch import Birth
from sab_visualiser.app.runs.kin.written import described
from sab_visualiser.app.runs.moves.commands import accept, rewound
from sab_visualiser.app.runs.run import Run, new_run, revived
from sab_visualiser.app.store.writing.rows import run_state
from sab_visualiser.app.wire.requests import Command, RunPatch, RunSpec

NEW = Birth("r2", "2027")


def live(**more: object) -> Run:
    run = new_run("r1", RunSpec(), "2026")
    return replace(run, status="running", assigned=True, update=40, attempt=3, seq=9, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["reset", "reseed"])
def test_an_attempt_that_made_updates_becomes_a_run_that_says_how_it_ended(kind: str) -> None:
    before = live(group="g1", note="mine", tags=("x",))
    decision = accept(before, Command(type=kind))  # type: ignore[arg-type]
    kept = aside_of(before, decision, NEW)
    assert kept is not None
    assert (kept.id, kept.update, kept.attempt, kept.status) == ("r2", 40, 3, "stopped")
    assert kept.reason == f"set aside by a {kind}"
    assert kept.name == "copy T=50 sab seed 0 · attempt 3"
    assert (kept.group, kept.note, kept.tags, kept.assigned) == ("g1", "mine", ("x",), False)
    assert kept_told(decision.drafts, kept)[0].data["kept"] == "r2"


def test_a_run_that_had_ended_is_kept_as_it_ended() -> None:
    before = replace(live(), status="diverged", reason="too fast", assigned=False)
    kept = aside_of(before, accept(before, Command(type="reset")), NEW)
    assert kept is not None
    assert (kept.status, kept.reason) == ("diverged", "too fast")


def test_nothing_is_kept_of_an_attempt_without_updates_or_for_another_command() -> None:
    fresh = replace(live(), update=0)
    again = accept(fresh, Command(type="reset"))
    assert aside_of(fresh, again, NEW) is None
    assert kept_told(again.drafts, None)[0].data["kept"] is None
    assert aside_of(live(), accept(live(), Command(type="pause")), NEW) is None


def test_the_name_of_a_kept_attempt_lives_through_a_restart_and_ends_with_a_new_attempt_or_a_name() -> None:
    before = live()
    kept = aside_of(before, accept(before, Command(type="reset")), NEW)
    assert kept is not None
    assert revived(json.loads(run_state(kept))).name == kept.name
    assert described(kept, RunPatch(starred=True)).name == kept.name
    assert described(kept, RunPatch(name="best")).name == "best"
    assert rewound(kept, 1).name == "copy T=50 sab seed 1"
