"""Which trainings are one line, and what it is called."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from sab_visualiser.app.export.many.bundles import Training, lines_of, mean_words
from sab_visualiser.app.wire.errors import UserError
from tests.app.export.print.panels import training


def changed(one: Training, **model: Any) -> Training:
    spec: Any = copy.deepcopy(one.described.spec)
    spec["model"].update(model)
    return one._replace(described=one.described._replace(spec=spec))


def test_runs_that_differ_in_nothing_but_the_seed_are_one_line_with_all_their_ids() -> None:
    own = [training(seed, name="copy") for seed in (0, 1, 2)]
    lines = lines_of([own[0], training(0, "bptt", name="copy bptt"), *own[1:]], seeds=True)
    assert [(line.label, line.ids) for line in lines] == [
        ("copy, mean of seeds 0, 1 and 2", ("r0sab", "r1sab", "r2sab")),
        ("copy bptt seed 0", ("r0bptt",)),
    ]
    assert [line.batch["loss"].of for line in lines] == [3, 1]
    assert (lines[0].batch["loss"].high > lines[0].batch["loss"].low).any()


@pytest.mark.parametrize(
    "other",
    [
        changed(training(1), k_top=7),
        training(1)._replace(parent={"run": "r9", "update": 3}),
        training(1)._replace(described=training(1).described._replace(knobs={"k_top": 3})),
        training(0)._replace(id="again"),
    ],
    ids=["another knob", "a branch", "turned knobs", "the same seed again"],
)
def test_what_differs_in_more_or_repeats_a_seed_is_no_other_seed(other: Training) -> None:
    with pytest.raises(UserError) as refused:
        lines_of([training(0), other], seeds=True)
    (problem,) = refused.value.problem.errors
    assert (problem.field, problem.value) == ("seeds", True)
    assert "nothing but the seed" in (problem.range or "")


def test_a_knob_that_the_method_fixes_does_not_part_seeds() -> None:
    lines = lines_of([training(0, "bptt"), changed(training(1, "bptt"), k_top=7)], seeds=True)
    assert len(lines) == 1


def test_lines_that_share_a_name_say_their_ids() -> None:
    pair = [training(0)._replace(name="twin"), training(0)._replace(name="twin", id="r9")]
    assert [line.label for line in lines_of(pair, seeds=False)] == ["twin (r0sab)", "twin (r9)"]


def test_runs_with_names_of_their_own_are_called_by_what_they_are() -> None:
    pair = [training(0)._replace(name="a"), training(1)._replace(name="b")]
    assert lines_of(pair, seeds=True)[0].label == "copy T=20 SAB, mean of seeds 0 and 1"


def test_many_seeds_are_counted() -> None:
    assert mean_words([0, 1]) == "mean of seeds 0 and 1"
    assert mean_words([*range(7)]) == "mean of 7 seeds"


def test_a_lone_line_has_the_values_of_its_training_to_the_bit() -> None:
    own = training(0)
    (line,) = lines_of([own], seeds=False)
    known = np.isfinite(own.curves["loss"])
    np.testing.assert_array_equal(line.batch["loss"].mean, own.curves["loss"][known])
    np.testing.assert_array_equal(line.batch["loss"].low, line.batch["loss"].high)
    np.testing.assert_array_equal(line.fresh["accuracy"].mean, own.curves["looks"]["fresh"]["accuracy"])


def test_means_of_long_trainings_are_over_the_same_bins() -> None:
    lines = lines_of([training(0, updates=3000), training(1, updates=1500)], seeds=True)
    x = lines[0].batch["loss"].x
    assert len(x) <= 300
    assert set(np.diff(x[:-1])) == {10}
    assert lines[0].batch["loss"].n.tolist() == [2] * 150 + [1] * 150
