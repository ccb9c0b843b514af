"""Cells, lanes, arcs and intervals stand where the trace says."""

from __future__ import annotations

import math

import pytest

from app.export.geometry import arc_points, arcs, decades, grid, intervals, lanes, local_spans
from tests.export.traces import made_up


def test_an_exact_zero_is_blank_a_tiny_weight_is_not_and_a_non_finite_one_is_listed() -> None:
    trace = made_up()
    cells = grid(trace)
    column = {source: place for place, source in enumerate(cells.sources)}
    assert math.isnan(cells.weight[12, column[4]])
    assert cells.weight[29, column[13]] == trace["attention"]["weight"][5]
    assert cells.nonfinite == [(29, column[7])]
    assert cells.weight[1, column[-1]] == trace["attention"]["weight"][0]


def test_a_true_source_is_marked_at_the_first_memory_written_at_or_after_it() -> None:
    trace = made_up(memories=[-1, 1, 5, 9], true_sources={"29": [3], "4": [2], "20": [11]})
    trace["attention"] = {"reader": [], "source": [], "weight": []}
    assert grid(trace).true_cells == [(29, 2)]


def test_zero_and_non_finite_norms_leave_the_axis_for_their_own_lanes() -> None:
    found = lanes({"sab": [0.0, None, 1e-3, 20.0]})
    assert found.zeros == {"sab": [0]}
    assert found.nonfinite == {"sab": [1]}
    assert [math.isnan(value) for value in found.logs["sab"]] == [True, True, False, False]
    assert found.logs["sab"][2] == pytest.approx(-3)
    assert (found.low, found.high) == (-3, 2)


@pytest.mark.parametrize(("low", "high"), [(-3, 2), (-40, 3), (0, 1)])
def test_tick_marks_stay_few_and_inside(low: int, high: int) -> None:
    ticks = decades(low, high)
    assert 2 <= len(ticks) <= 9
    assert min(ticks) == low
    assert max(ticks) <= high


def test_each_skip_edge_of_a_path_is_one_arc_with_its_hop_and_share() -> None:
    found = {(arc.reader, arc.source): arc for arc in arcs(made_up())}
    assert set(found) == {(29, 3), (29, 13), (12, 2)}
    assert found[29, 3].share == 1
    assert (found[29, 3].hop, found[12, 2].hop) == (1, 2)
    assert not found[12, 2].chosen


def test_local_hops_that_touch_are_one_span() -> None:
    path = {"steps": [9, 8, 7, 2, 1], "kinds": ["local", "local", "skip", "local"], "strength": 1.0}
    assert local_spans(made_up(paths=[path])) == [(1, 2), (7, 9)]


def test_an_arc_begins_at_its_reader_and_ends_at_its_source() -> None:
    points = arc_points(29, 3, 30)
    assert points[0] == pytest.approx((29, 0))
    assert points[-1] == pytest.approx((3, 0))
    assert 0 < max(y for _, y in points) <= 1


def test_reach_is_printed_as_intervals_latest_first() -> None:
    assert intervals([(0, 3), (49, 58), (20, 20)]) == "49–58, 20, 0–3"
    assert intervals([]) == "none"
