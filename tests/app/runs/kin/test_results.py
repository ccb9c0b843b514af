"""What came of a group: the settings in which its runs differ, and one row a run."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from sab_visualiser.app.runs.kin.results import axes_of, flat_rows, metrics_of, results_of, value_of
from sab_visualiser.app.runs.run import Run, new_run
from sab_visualiser.app.runs.verdict import fresh_of, handed_on, seen
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.wire.requests import RunSpec
from sab_visualiser.app.wire.views import GroupResults

ALIVE = {"dead": 0.0, "saturated": 0.0}


def member(number: int, model: dict[str, Any] | None = None, **more: Any) -> Run:
    spec = {"task": {"name": "copy", "T": 8}, "model": model or {}, "training": {"seed": number}}
    run = new_run(f"r{number}", RunSpec.model_validate(spec), f"2026-01-01T00:00:{number:02}Z")
    return replace(run, group="g1", group_name="two knobs", **more)


def test_axes_are_what_runs_differ_in_by_the_order_of_a_form_and_what_a_grid_names() -> None:
    specs = [member(1, {"k_top": 5}).spec, member(2, {"k_top": 2}).spec]
    assert axes_of(specs) == ("model.k_top", "training.seed")
    assert axes_of(specs, {"task.T"}) == ("task.T", "model.k_top", "training.seed")
    assert axes_of(specs[:1]) == ()


def test_a_knob_that_the_method_fixes_is_told_as_it_is_fixed() -> None:
    full = member(1, {"method": "bptt", "k_trunc": 5}).spec
    assert value_of(full, "model.k_trunc") == 0
    assert axes_of([full, member(1, {"method": "bptt", "k_trunc": 9}).spec]) == ()


def test_a_run_of_an_earlier_version_is_counted_with_the_defaults_of_fields_that_came_later() -> None:
    now = member(1).spec
    before = {**now, "model": {name: value for name, value in now["model"].items() if name != "variant"}}
    assert axes_of([now, before]) == ()  # type: ignore[list-item]


def test_a_row_has_the_figures_of_the_last_look_and_null_for_one_that_is_not_finite() -> None:
    one = member(1)
    progress = seen(None, one.spec, 125, {"accuracy": 0.5, "loss": 0.7}, ALIVE)
    progress = seen(progress, one.spec, 250, {"accuracy": 0.25, "loss": float("inf")}, ALIVE)
    found = results_of("g1", [member(2), replace(one, progress=progress, trained_s=1.23456, params_version=1)])
    later, first = found["rows"]
    assert (first["fresh"], first["best"]["value"]) == ({"accuracy": 0.25, "loss": None}, 0.5)
    assert (first["seconds"], first["steered"], first["values"]) == (1.235, True, {"training.seed": 1})
    assert (later["fresh"], later["best"], later["verdict"], later["status"]) == ({}, None, None, "queued")
    GroupResults.model_validate(found)


def test_what_is_kept_of_the_last_look_survives_storing_and_is_not_handed_on_to_a_branch() -> None:
    one = member(1)
    progress = seen(None, one.spec, 125, {"accuracy": 0.5, "loss": 0.7}, ALIVE)
    assert fresh_of(json.loads(json.dumps(progress)), one.spec) == {"accuracy": 0.5, "loss": 0.7}
    assert fresh_of(handed_on(progress), one.spec) == {}
    assert replace(one, progress=progress).view()["fresh"] == {"accuracy": 0.5, "loss": 0.7}


def test_a_run_of_an_earlier_version_has_the_one_figure_that_was_kept_and_a_branch_of_it_none() -> None:
    one = member(1)
    progress = seen(seen(None, one.spec, 125, {"accuracy": 0.5}, ALIVE), one.spec, 250, {"accuracy": 0.25}, ALIVE)
    earlier: Any = {name: value for name, value in progress.items() if name != "fresh"}
    assert fresh_of(earlier, one.spec) == {"accuracy": 0.25}
    branch: Any = {**earlier, "top": None}
    assert fresh_of(branch, one.spec) == {}, "those looks were its parent's"
    assert fresh_of(None, one.spec) == {}


def test_only_runs_of_the_group_count_and_a_group_without_runs_is_refused() -> None:
    other = replace(member(3, {"k_top": 1}), group="g2")
    found = results_of("g1", [member(1), other, member(2)])
    assert ([row["run"] for row in found["rows"]], found["axes"]) == (["r1", "r2"], ["training.seed"])
    with pytest.raises(UserError, match="g3") as refused:
        results_of("g3", [other])
    assert refused.value.problem.status == 404


def test_metrics_are_those_of_all_tasks_and_the_loss_comes_last() -> None:
    names = [metric["name"] for metric in metrics_of(["copy", "adding"] * 2)]
    assert (names[0], names[-1], len(names)) == ("accuracy", "loss", len(set(names)))
    assert "mse" in names


def test_a_row_of_a_file_has_one_value_a_column() -> None:
    (row,) = flat_rows(results_of("g1", [replace(member(1, update=7), status="failed", reason="killed")]))
    assert not any(isinstance(value, dict | list) for value in row.values())
    assert (row["accuracy"], row["best"], row["reason"], row["updates"], row["run"]) == (None, None, "killed", 7, "r1")
