"""A plan is every combination once, in the order of the file; parts say what one grid cannot."""

from __future__ import annotations

from typing import Any

import pytest

from sab_visualiser.app.sweeps.file import sweep_of
from sab_visualiser.app.sweeps.plan import Plan, group_of, plan_of, trial_of, value_of
from sab_visualiser.app.wire.errors import UserError

TINY: dict[str, Any] = {"task": {"name": "copy", "T": 6, "items": 2}, "model": {"hidden_size": 8}}


def plan(**words: Any) -> Plan:
    return plan_of(sweep_of({"base": TINY, **words}, "tiny"), dict)


def points(found: Plan) -> list[list[Any]]:
    return [[value_of(trial.spec, name) for name in found.axes] for trial in found.trials]


def test_every_combination_is_tried_once_with_every_seed() -> None:
    found = plan(grid={"model": {"k_top": [1, 2]}, "training": {"batch_size": [4]}}, seeds=[5, 6])
    assert found.axes == ("model.k_top", "training.batch_size", "training.seed")
    assert points(found) == [[1, 4, 5], [1, 4, 6], [2, 4, 5], [2, 4, 6]]
    assert [trial.number for trial in found.trials] == [0, 1, 2, 3]
    assert found.group == group_of("tiny")


def test_trials_that_train_the_same_are_one() -> None:
    found = plan(grid={"model": {"method": ["sab", "bptt"], "k_top": [1, 2]}})
    assert [(value_of(trial.spec, "model.method"), trial.point["model.k_top"]) for trial in found.trials] == [
        ("sab", 1),
        ("sab", 2),
        ("bptt", 1),
    ]


def test_parts_have_bases_grids_and_seeds_of_their_own_and_what_differs_is_an_axis() -> None:
    parts = [
        {"base": {"model": {"k_top": 5, "k_trunc": 5}}},
        {"base": {"model": {"k_top": 10, "k_trunc": 10}}, "seeds": [1]},
        {"base": {"model": {"method": "tbptt"}}, "grid": {"model": {"k_trunc": [5, 20]}}},
    ]
    found = plan(parts=parts, seeds=[1, 2])
    assert found.axes == ("model.method", "model.k_top", "model.k_trunc", "training.seed")
    assert points(found) == [
        ["sab", 5, 5, 1],
        ["sab", 5, 5, 2],
        ["sab", 10, 10, 1],
        ["tbptt", 0, 5, 1],
        ["tbptt", 0, 5, 2],
        ["tbptt", 0, 20, 1],
        ["tbptt", 0, 20, 2],
    ], "a knob that the method fixes is told as it is"

    assert found.trials[0].spec.model.hidden_size == 8, "tables of a part go over those of the file"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"grid": {"model": {"k_tap": [1]}}}, "grid.model.k_tap"),
        ({"grid": {"model": {"k_top": []}}}, "grid"),
        ({"grid": {"model": {"k_top": 3}}}, "grid"),
        ({"grid": {"model": {"k_top": [-1]}}}, "model.k_top = -1"),
        ({"seeds": []}, "seeds"),
        ({"seeds": [1, 1]}, "seeds = 1: each value once"),
        ({"grid": {"model": {"k_top": list(range(200)), "k_att": list(range(1, 101))}}, "seeds": [1, 2]}, "10,000"),
        (
            {"grid": {"model": {name: list(range(1, 101)) for name in ("k_top", "k_trunc", "k_att")}}},
            'grid = "1,000,000 runs: ',
        ),
        ({"parts": [{}, {"grid": {"model": {"k_top": [-1]}}}]}, "parts[1]"),
        ({"base": {"preset": "copy", "task": 3}}, "task"),
    ],
)
def test_no_trials_too_many_or_ones_that_cannot_be_are_refused(words: dict[str, Any], told: str) -> None:
    with pytest.raises(UserError) as error:
        plan(**words)
    assert told in error.value.problem.detail


def test_a_point_that_was_drawn_is_a_trial_of_its_base() -> None:
    trial = trial_of(4, {"model.k_top": 3, "training.learning_rate": 0.004}, TINY, dict)
    assert (trial.number, trial.spec.model.k_top, trial.spec.training.learning_rate) == (4, 3, 0.004)
    with pytest.raises(UserError, match=r"model\.k_top"):
        trial_of(0, {"model.k_top": -3}, TINY, dict)
