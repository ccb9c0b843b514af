"""A row says what a trial has of its own and what its last look at fresh examples came to."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

import pytest

from sab_visualiser.app.export.content.rows import as_csv
from sab_visualiser.app.runs.kin.results import flat_rows, results_of
from sab_visualiser.app.runs.run import new_run
from sab_visualiser.app.runs.verdict import seen
from sab_visualiser.app.sweeps.drive import Outcome
from sab_visualiser.app.sweeps.file import sweep_of
from sab_visualiser.app.sweeps.plan import plan_of
from sab_visualiser.app.sweeps.rows import rows_of

PLAN = plan_of(sweep_of({"base": {"task": {"name": "copy", "T": 6}}, "grid": {"model.k_top": [1, 2]}}, "tiny"), dict)


def outcome(number: int, **run: Any) -> Outcome:
    ended = {"id": f"r{number}", "status": "finished", "reason": None, "update": 30, "trained_s": 1.23456}
    judged = {"verdict": {"word": "learned"}, "best": {"metric": "accuracy", "value": 1.0, "update": 20}}
    fresh = {"accuracy": 1.0, "ce10": 0.5, "ce": None, "loss": 3.0}
    return Outcome(PLAN.trials[number], {**ended, **judged, "params_version": 0, "fresh": fresh, **run})


def test_rows_are_in_the_order_of_the_plan_whatever_ended_first() -> None:
    rows = rows_of(PLAN, [outcome(1), outcome(0)])
    assert [(row["model.k_top"], row["training.seed"], row["run"]) for row in rows] == [(1, 0, "r0"), (2, 0, "r1")]


def test_a_row_has_the_figures_of_the_last_look_at_fresh_examples() -> None:
    row = rows_of(PLAN, [outcome(0)])[0]
    assert (row["accuracy"], row["ce10"], row["ce"], row["loss"]) == (1.0, 0.5, None, 3.0)
    assert (row["best"], row["best_update"], row["verdict"], row["seconds"]) == (1.0, 20, "learned", 1.235)
    assert not row["steered"]


@pytest.mark.parametrize("last", [0.25, float("nan")])
def test_a_row_says_what_the_results_of_its_group_say_also_where_the_last_look_was_not_finite(last: float) -> None:
    runs = [new_run(f"r{trial.number}", trial.spec, f"2026-01-01T00:00:0{trial.number}Z") for trial in PLAN.trials]
    progress = None
    for update, accuracy, loss in ((125, 0.5, 0.7), (250, last, float("inf"))):
        fresh = {"accuracy": accuracy, "ce10": 1.0, "ce": 0.1, "loss": loss}
        progress = seen(progress, runs[0].spec, update, fresh, {"dead": 0.0, "saturated": 0.0})
    runs = [replace(run, group=PLAN.group, progress=progress, status="finished", update=250) for run in runs]
    outcomes = [Outcome(trial, run.view()) for trial, run in zip(PLAN.trials, runs, strict=True)]
    found, shown = rows_of(PLAN, outcomes), flat_rows(results_of(PLAN.group, runs))
    assert found[0]["loss"] is None
    assert [{name: row[name] for name in other} for row, other in zip(found, shown, strict=True)] == shown


def test_a_failed_trial_keeps_its_row_and_its_reason_and_a_steered_one_says_so() -> None:
    lost = outcome(0, status="failed", reason="killed", verdict=None, best=None, fresh={}, params_version=2)
    row = rows_of(PLAN, [lost])[0]
    assert (row["status"], row["reason"], row["verdict"], row["best"], row["steered"]) == (
        *("failed", "killed", None, None),
        True,
    )


def test_the_table_has_a_line_a_trial_and_survives_awkward_words() -> None:
    rows = rows_of(PLAN, [outcome(0, reason='a "b", c\nd'), outcome(1)])
    read = list(csv.DictReader(io.StringIO(as_csv(rows))))
    assert [line["run"] for line in read] == ["r0", "r1"]
    assert read[0]["reason"] == 'a "b", c\nd'
    assert read[0]["ce"] == ""
