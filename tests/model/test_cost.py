"""The estimate of what a training or a question takes: an upper bound, and not much more than that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.cost import measure
from sab_visualiser.model.contract import (
    TASKS,
    Model,
    Sizes,
    Task,
    check_cost,
    lowered,
    probe_cost,
    run_cost,
    sequence_steps,
    sizes_of,
)
from sab_visualiser.model.contract.cost import FACTOR, SMALL_BYTES
from sab_visualiser.model.contract.tasks import features_of, usual_T
from sab_visualiser.model.tasks import make_task

COSTS = (run_cost, probe_cost, check_cost)
SIZES = st.builds(
    Sizes,
    steps=st.integers(1, 1100),
    batch=st.integers(1, 1024),
    features=st.integers(2, 17),
    hidden=st.integers(1, 1024),
    attention=st.integers(1, 512),
    k_top=st.integers(0, 10_000),
    k_att=st.integers(1, 10_000),
    fused=st.booleans(),
)


@given(SIZES, st.sampled_from(COSTS), st.sampled_from(["steps", "batch", "hidden", "attention"]))
@settings(max_examples=300)
def test_B20_more_of_anything_never_takes_less(sizes: Sizes, cost: Any, name: str) -> None:
    more = sizes._replace(**{name: getattr(sizes, name) + 7})
    assert cost(more).size_bytes >= cost(sizes).size_bytes
    assert all(size >= 0 for size in cost(sizes).parts.values())


@given(
    T=st.integers(30, 1000), batch=st.integers(1, 1024), hidden=st.integers(1, 1024), limit=st.integers(10**8, 10**10)
)
@settings(max_examples=200)
def test_B20_the_remedy_is_the_largest_value_that_fits(T: int, batch: int, hidden: int, limit: int) -> None:
    task = Task(T=T)
    sizes = sizes_of(task, Model(hidden_size=hidden), batch)
    found = lowered(task, sizes, run_cost, limit)
    if run_cost(sizes).size_bytes <= limit or found is None:
        return
    made: dict[str, Callable[[int], Sizes]] = {
        "training.batch_size": lambda value: sizes._replace(batch=value),
        "task.T": lambda value: sizes._replace(steps=sequence_steps(Task(T=value))),
        "model.hidden_size": lambda value: sizes._replace(hidden=value),
        "model.k_top": lambda value: sizes._replace(k_top=value),
        "model.attention_size": lambda value: sizes._replace(attention=value),
    }
    field, value = found
    assert run_cost(made[field](value)).size_bytes <= limit < run_cost(made[field](value + 1)).size_bytes


@pytest.mark.parametrize("name", TASKS)
def test_B20_no_task_reads_or_answers_more_numbers_than_the_estimate_counts(name: Any) -> None:
    asked = Task(name=name, T=usual_T(name, None))
    task = make_task(asked)
    assert max(task.input_size, task.output_size) <= features_of(asked)


def test_B20_what_a_method_fixes_is_counted_and_not_what_the_spec_says() -> None:
    def cost(method: Any) -> int:
        return run_cost(sizes_of(Task(T=400), Model(method=method, k_top=3), 32)).size_bytes

    assert cost("bptt") < cost("sab") < cost("attention")


@pytest.mark.server
@pytest.mark.parametrize("backend", ["numba", "torch"])
@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("run", {"task": {"T": 200}, "model": {"hidden_size": 64}, "training": {"batch_size": 96}}),
        ("run", {"task": {"T": 5, "items": 3}, "model": {"hidden_size": 600}, "training": {"batch_size": 2}}),
        ("probe", {"task": {"T": 300}, "model": {"k_top": 1000, "k_att": 1}}),
        ("selfcheck", {"task": {"T": 150}, "model": {"k_att": 1}}),
    ],
)
def test_B20_what_is_really_taken_is_below_the_estimate_and_not_far_below(
    kind: str, backend: str, spec: dict[str, Any]
) -> None:
    row = measure(kind, backend, spec)
    assert row.taken <= row.estimated, row.words()
    assert row.estimated <= FACTOR * max(row.taken, SMALL_BYTES), row.words()
