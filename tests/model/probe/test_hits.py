"""Hits: does a step attend to where its answer is (spec section 6)."""

from typing import Any

import numpy as np
import pytest
import torch

from sab_visualiser.model.config import ModelConfig, TaskConfig
from sab_visualiser.model.network import Network
from sab_visualiser.model.probe.batch_hits import batch_hits
from sab_visualiser.model.probe.hits import hit_rate, hits
from sab_visualiser.model.probe.trace import trace
from sab_visualiser.model.tasks import make_task


def found(
    rows: list[tuple[int, int, float]], memories: list[int], sources: dict[int, tuple[int, ...]]
) -> dict[int, bool | None]:
    reader, source, weight = (np.array(column) for column in zip(*rows, strict=True))
    return hits(reader, source, weight, memories, sources)


def test_the_first_microstate_at_or_after_the_true_source_counts() -> None:
    rows = [(9, 3, 0.7), (9, 5, 0.3)]
    assert found(rows, [-1, 1, 3, 5, 7], {9: (2,)}) == {9: True}
    assert found(rows, [-1, 1, 3, 5, 7], {9: (3,)}) == {9: True}
    assert found(rows, [-1, 1, 3, 5, 7], {9: (1,)}) == {9: False}
    assert found(rows, [-1, 1, 3, 5, 7], {9: (4,)}) == {9: False}


def test_the_initial_memory_is_left_aside() -> None:
    assert found([(9, -1, 0.9), (9, 3, 0.1)], [-1, 1, 3], {9: (3,)}) == {9: True}


def test_any_one_of_several_true_sources_is_enough() -> None:
    assert found([(9, 5, 1.0)], [1, 3, 5], {9: (0, 4)}) == {9: True}


def test_a_reader_that_attends_to_nothing_misses() -> None:
    assert found([(9, 3, 0.0), (8, 3, 1.0)], [1, 3], {9: (3,)}) == {9: False}


def test_without_a_microstate_to_find_there_is_no_hit_and_no_miss() -> None:
    assert found([(4, 3, 1.0)], [1, 3, 5], {4: (4,), 5: (3,)}) == {4: None, 5: False}


def test_of_equal_weights_the_earlier_memory_is_the_strongest() -> None:
    assert found([(9, 1, 0.5), (9, 3, 0.5)], [1, 3], {9: (3,)}) == {9: False}


def test_the_hit_rate_leaves_out_readers_without_answer() -> None:
    assert hit_rate({1: True, 2: False, 3: None, 4: True}) == pytest.approx(2 / 3)
    assert hit_rate({1: None}) is None
    assert hit_rate({}) is None


@pytest.mark.parametrize(
    ("knobs", "reads"),
    [({}, True), ({"k_top": 0}, False), ({"k_att": 99}, False), ({"method": "tbptt"}, False)],
    ids=["reads", "chooses none", "none written in time", "method reads none"],
)
def test_where_no_written_memory_can_be_read_nothing_is_hit_or_missed(knobs: dict[str, Any], reads: bool) -> None:
    task = make_task(TaskConfig("copy", T=6, items=3))
    torch.manual_seed(0)
    network = Network(
        task.input_size, task.output_size, ModelConfig(**{"hidden_size": 8, "attention_size": 4, "k_att": 1, **knobs})
    )
    batch = task.probe_batch(2)
    one, all_of_them = trace(network, task, batch), batch_hits(network, batch)
    assert (one.hit_rate is not None, all_of_them.rate is not None) == (reads, reads)
