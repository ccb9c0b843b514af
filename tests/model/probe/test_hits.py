"""Hits: does a step attend to where its answer is (spec section 6)."""

import numpy as np
import pytest

from sab_visualiser.model.probe.hits import hit_rate, hits


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
