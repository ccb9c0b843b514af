from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sab_visualiser.app.runs.brought import MAY_DIFFER, Record, brought, in_its_group, record_of, unlike
from sab_visualiser.app.runs.kin.branch import Birth
from sab_visualiser.app.runs.moves.commands import accept
from sab_visualiser.app.runs.moves.reports import observe
from sab_visualiser.app.runs.run import Run, new_run
from sab_visualiser.app.runs.shapes import ENDED, Born, Parent, Stored
from sab_visualiser.app.runs.verdict import NOTHING
from sab_visualiser.app.wire.requests import Command, RunSpec
from sab_visualiser.model.contract import HEALTH

STARTED = "2026-11-28T20:44:00.000+00:00"
BORN = Birth("rnew", "2027-01-01T00:00:00.000+00:00")
FIRST, LAST = Stored("a" * 64, 10, 100), Stored("b" * 64, 10, 200)
STAYS_BEHIND = {
    *("id", "created", "attempt", "seq", "accepted_version", "updates_per_s", "checkpoint", "assigned"),
    *("begin_paused", "kept", "life", "name", "imported", "engine"),
}
"""Fields of a run that no bundle carries: they are made anew, or concern a worker."""


def lived(**changes: Any) -> Run:
    run = new_run("rold", RunSpec(name="lived"), STARTED)
    told: dict[str, Any] = {
        **{"status": "stopped", "reason": "you asked", "update": 200, "metrics": {"loss": 0.5, "accuracy": None}},
        **{"params_version": 3, "accepted_version": 3, "skipped": 2, "snapshots": 7, "checkpoint_update": 200},
        **{"checkpoint": LAST.sha256, "progress": {**NOTHING, "update": 125, "best": 0.5, "top": 0.6}},
        **{"progress_kept": NOTHING, "health": dict.fromkeys(HEALTH, 0.25), "tags": ("a",), "starred": True},
        **{"rate": {"reached": 9, "of": 10, "median": 5, "slowest": None}, "note": "mine"},
        **{"parameters": {**run.parameters, "k_top": 1}},
    }
    return replace(run, **{**told, **changes})


def travelled(run: Run, checkpoints: tuple[Stored, ...] = (FIRST, LAST)) -> Run:
    record = Record.model_validate_json(json.dumps(record_of(run)))
    return brought(record, BORN, Born(run=run.id, started=None), checkpoints)


def test_every_field_of_a_run_travels_or_is_known_to_stay_behind() -> None:
    assert {field.name for field in fields(Run)} == set(Record.model_fields) - {"born"} | STAYS_BEHIND


def test_a_run_arrives_as_it_was_under_another_id() -> None:
    run = lived()
    note = "imported from the bundle of run rold\nmine"
    came = Born(run="rold", started=STARTED)
    assert travelled(run) == replace(run, id="rnew", created=BORN.created, note=note, imported=came)


def test_a_run_joins_its_group_where_no_run_of_that_group_trains_the_same() -> None:
    run = travelled(lived(group="s1", group_name="memories"))
    assert (run.group, run.group_name) == ("s1", "memories")
    other = new_run("r2", RunSpec.model_validate({"model": {"k_top": 2}}), STARTED)
    assert in_its_group(run, []) == run
    assert in_its_group(run, [other, replace(lived(), id="r3")]) == run, "they are of no group"
    called = in_its_group(run, [replace(other, group="s1", group_name="what it is called here")])
    assert (called.group, called.group_name) == ("s1", "what it is called here")
    copied = in_its_group(run, [lived(group="s1", group_name="memories")])
    assert (copied.group, copied.group_name) == (None, None), "a copy would be counted twice"
    assert in_its_group(travelled(lived()), [lived()]).group is None


def test_a_group_of_a_forged_record_is_an_id_or_nothing() -> None:
    for name, value in (("group", "../x"), ("group", 3), ("group_name", "n" * 201), ("group_name", "a\nb")):
        with pytest.raises(ValueError, match=name):
            Record.model_validate_json(json.dumps({**record_of(lived()), name: value}))


def test_a_copy_of_a_copy_is_one_of_the_first_run_and_began_when_that_did() -> None:
    once = travelled(lived())
    twice = travelled(once)
    assert (once.created, once.born) == (BORN.created, {"run": "rold", "started": STARTED})
    assert twice.imported == once.imported


def test_a_record_of_before_falls_back_on_what_is_known_of_its_bundle() -> None:
    told = {name: value for name, value in record_of(lived()).items() if name not in ("born", "trained_per_s")}
    record = Record.model_validate_json(json.dumps(told))
    for started in (STARTED, None):
        run = brought(record, BORN, Born(run="rold", started=started), (FIRST, LAST))
        assert (run.imported, run.trained_per_s) == ({"run": "rold", "started": started}, None)


@given(st.sampled_from(["queued", "running", "paused", *ENDED]))
def test_it_has_always_ended_and_can_be_gone_on_with(status: Any) -> None:
    run = travelled(lived(status=status))
    assert run.status in ENDED
    assert run.status == status or run.reason == f"it was {status} when its bundle was made"
    kind = "resume" if run.status in ("stopped", "failed", "interrupted") else "reset"
    assert accept(run, Command(type=kind, command_id="c")).enqueue  # type: ignore[arg-type]


def test_it_goes_on_from_the_newest_checkpoint_that_came_along() -> None:
    assert (travelled(lived(), (FIRST,)).checkpoint, travelled(lived(), (FIRST,)).checkpoint_update) == ("a" * 64, 100)
    assert (travelled(lived(), ()).checkpoint, travelled(lived(), ()).checkpoint_update) == (None, None)


def test_a_branch_knows_its_parent_only_with_the_checkpoint_that_it_began_with() -> None:
    parent = Parent(run="rp", update=100, checkpoint=FIRST.sha256, size_bytes=10, parameters=lived().parameters)
    branch = lived(parent=parent)
    assert travelled(branch).parent == parent
    assert travelled(branch, (LAST,)).parent is None
    again = accept(travelled(branch), Command(type="reset", command_id="c")).run
    assert (again.update, again.checkpoint) == (100, FIRST.sha256)


def test_a_run_of_today_is_told_without_loss_after_any_report() -> None:
    run = replace(lived(), status="running", assigned=True)
    after, _ = observe(run, "status", 201, {"status": "finished", "metrics": {"loss": float("nan")}})
    assert travelled(after).metrics == {"loss": None, "accuracy": None}


def test_a_checkpoint_of_the_run_fits_it_whatever_knobs_were_turned() -> None:
    record = Record.model_validate_json(json.dumps(record_of(lived())))
    own = RunSpec(name="lived")
    assert unlike(record, own) is None
    turned = own.model_copy(update={"model": own.model.model_copy(update={"k_top": 9})})
    assert unlike(record, turned) is None


@pytest.mark.parametrize(
    ("part", "name", "value"),
    [("task", "T", 99), ("task", "name", "recall"), ("model", "hidden_size", 7), ("model", "method", "bptt"),
     ("training", "seed", 5), ("training", "batch_size", 5)],
)  # fmt: skip
def test_a_checkpoint_of_another_training_is_told_by_its_field(part: str, name: str, value: Any) -> None:
    record = Record.model_validate_json(json.dumps(record_of(lived())))
    plain = RunSpec().model_dump()
    plain[part][name] = value
    words = unlike(record, RunSpec.model_validate(plain))
    assert words is not None
    assert words.startswith(f"{part}.{name} is {value} in it")
    assert name not in MAY_DIFFER
