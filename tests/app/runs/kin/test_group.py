"""A group is every combination of its grid with every seed, each run once, or a word that says why not."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sab_visualiser.app.runs.kin.group import key_of, name_of_group, specs_of
from sab_visualiser.app.runs.run import name_of
from sab_visualiser.app.wire.errors import UserError, validate
from sab_visualiser.app.wire.requests import GroupRequest, RunSpec
from sab_visualiser.model.contract import METHODS

TINY: dict[str, Any] = {"task": {"name": "copy", "T": 6, "items": 2}, "model": {"hidden_size": 8, "attention_size": 4}}


def test_a_field_that_came_later_changes_no_key_while_it_has_its_default() -> None:
    text = {"task": {"name": "char", "T": 6}}
    plain, told, carried = (
        key_of(validate(RunSpec, {"task": {**text["task"], **more}}).model_dump(mode="json"))
        for more in ({}, {"carry": False}, {"carry": True})
    )
    assert plain == told
    assert "carry" not in plain
    assert carried != plain
    old = validate(RunSpec, text).model_dump(mode="json")
    del old["task"]["carry"]
    assert key_of(old) == plain, "a run of before had no such field"


def group(**asked: Any) -> list[RunSpec]:
    return specs_of(validate(GroupRequest, {"base": TINY, **asked}), dict)


def refusal(**asked: Any) -> str:
    with pytest.raises(UserError) as error:
        group(**asked)
    return str(error.value)


def test_methods_are_compared_with_the_same_task_seeds_data_clip_and_budget() -> None:
    found = group(grid={"model.method": ["sab", "tbptt", "bptt", "attention"]}, seeds=[3, 4])
    assert [(spec.model.method, spec.training.seed) for spec in found] == list(
        itertools.product(["sab", "tbptt", "bptt", "attention"], [3, 4])
    )
    beside = {"method", "seed", "name"}
    same = {
        repr((spec.task, {**spec.model.model_dump(), **spec.training.model_dump(), "method": 0, "seed": 0}))
        for spec in found
    }
    assert len(same) == 1, beside


@given(
    st.lists(st.sampled_from(list(METHODS)), min_size=1, unique=True),
    st.lists(st.integers(0, 4), min_size=1, max_size=3, unique=True),
    st.lists(st.integers(0, 9), min_size=1, max_size=3, unique=True),
)
def test_every_combination_is_there_and_no_training_twice(
    methods: list[Any], k_tops: list[int], seeds: list[int]
) -> None:
    found = group(grid={"model.method": methods, "model.k_top": k_tops}, seeds=seeds)
    wanted = set()
    for method, k_top, seed in itertools.product(methods, k_tops, seeds):
        wanted.add((method, METHODS[method].fixes.get("k_top", k_top), seed))
    assert len(found) == len({key_of(spec.model_dump(mode="json")) for spec in found}) == len(wanted)
    names = [name_of(spec.model_dump(mode="json")) for spec in found]  # type: ignore[arg-type]
    assert len(set(names)) == len(names), names


def test_the_name_of_a_group_says_what_is_compared_unless_it_was_given_one() -> None:
    asked = validate(GroupRequest, {"base": TINY, "grid": {"model.method": ["sab", "bptt"]}, "seeds": [1, 2]})
    assert name_of_group(asked, specs_of(asked, dict)) == "copy T=6: method sab, bptt; seeds 1, 2"
    assert name_of_group(asked.model_copy(update={"name": "mine"}), specs_of(asked, dict)) == "mine"


def test_runs_of_a_group_with_a_name_are_told_apart_by_what_differs() -> None:
    found = group(
        base={**TINY, "name": "try"}, grid={"model.method": ["sab"], "training.batch_size": [4, 8]}, seeds=[7]
    )
    assert [spec.name for spec in found] == ["try sab batch_size=4 seed 7", "try sab batch_size=8 seed 7"]


def test_what_no_group_may_be_is_refused_by_name() -> None:
    assert "grid.model.k_tap" in refusal(grid={"model.k_tap": [1]})
    assert "known here: task.name" in refusal(grid={"model.k_tap": [1]})
    assert "1,000 runs" in refusal(grid={"model.k_top": list(range(10))}, seeds=list(range(100)))
    assert "at most 200 runs" in refusal(grid={"model.k_top": list(range(10))}, seeds=list(range(100)))
    assert "model.k_top = -1" in refusal(grid={"model.k_top": [-1]})
    assert "grid.model.k_top" in refusal(grid={"model.k_top": []})
    assert "seeds = 1: each value once" in refusal(seeds=[1, 1])
    assert "grid.model.k_top = 2: each value once" in refusal(grid={"model.k_top": [2, 3, 2]})
    assert "base.task" in refusal(base={"task": 3}, grid={"task.T": [5]})
