"""Cells, lanes, arcs and intervals stand where the trace says."""

from __future__ import annotations

import math

import pytest

from sab_visualiser.app.export.content.geometry import (
    arc_span,
    arcs,
    crowding,
    decades,
    ghosts,
    grid,
    inks,
    lanes,
    opacity,
    rings,
    rise,
    thickness,
)
from sab_visualiser.app.export.content.look import LOWEST_ARC_PX, WIDEST_ARC_PX
from sab_visualiser.app.export.story.path import labelled
from tests.app.export.traces import made_up


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
    assert max(ticks) == high
    assert min(ticks) >= low


def test_each_skip_edge_of_a_path_is_one_arc_with_its_hop_and_share() -> None:
    found = {(arc.reader, arc.source): arc for arc in arcs(made_up())}
    assert set(found) == {(29, 3), (29, 13), (12, 2)}
    assert found[29, 3].share == 1
    assert (found[29, 3].hop, found[12, 2].hop) == (1, 2)
    assert not found[12, 2].chosen


def test_every_local_edge_with_credit_is_ink_whose_width_falls_with_the_decades() -> None:
    edges = [
        {"kind": "local", "reader": n + 1, "source": n, "credit": credit}
        for n, credit in enumerate([1.0, 1e-3, 1e-9, 0.0, None])
    ]
    found = {ink.source: ink.share for ink in inks(made_up(edges=edges, paths=[]))}
    assert found == {0: 1.0, 1: pytest.approx(0.5), 2: 0.0, 4: 1.0}


def test_an_edge_without_credit_is_no_arc_and_a_weight_is_read_from_the_attention() -> None:
    found = {(arc.reader, arc.source): arc for arc in arcs(made_up())}
    assert found[29, 3].weight == made_up()["attention"]["weight"][4]
    assert found[12, 2].weight == 1.0
    dead = [{**edge, "credit": 0.0} for edge in made_up()["edges"]]
    assert arcs(made_up(edges=dead)) == []


def test_the_labelled_arc_goes_to_the_true_source_else_to_the_most_credit() -> None:
    trace = made_up(true_sources={"29": [12]}, memories=[-1, 5, 13])
    assert (best := labelled(trace, arcs(trace))) is not None
    assert (best.reader, best.source) == (29, 13)
    other = made_up(true_sources={})
    assert (best := labelled(other, arcs(other))) is not None
    assert (best.reader, best.source) == (29, 3)
    assert labelled(other, []) is None


def test_rings_are_those_of_the_loss_step_or_of_all_and_ghosts_need_a_place() -> None:
    trace = made_up(true_sources={"29": [3], "12": [1, 2]}, knocked_out=[[29, 3], [12, -1]])
    assert rings(trace) == [3]
    assert rings({**trace, "loss_step": None}) == [1, 2, 3]
    assert ghosts(trace) == [(29, 3)]


def test_tiny_norms_stand_at_the_foot_of_the_axis_and_are_no_zeros() -> None:
    found = lanes({"sab": [1.0, 1e-30, 0.0, None, 1e-13]})
    assert (found.low, found.high) == (-13, 1)
    assert (found.tiny["sab"], found.zeros["sab"], found.nonfinite["sab"]) == ([1], [2], [3])
    assert [math.isnan(value) for value in found.logs["sab"]] == [False, True, True, True, False]


def test_an_arc_is_as_high_as_its_distance_says_and_never_higher_than_the_room() -> None:
    span = arc_span(30, [26, 3])
    assert span == 26
    assert rise(26, span, 150) == 150
    assert LOWEST_ARC_PX <= rise(1, span, 150) < rise(3, span, 150) < 150
    assert arc_span(300, [2]) == pytest.approx(100)
    assert arc_span(30, []) == pytest.approx(10)


def test_arcs_grow_thinner_and_fainter_where_there_is_no_room_for_all() -> None:
    assert crowding(10) == 1
    assert thickness(1, crowding(400)) < thickness(1, 1) == WIDEST_ARC_PX
    assert opacity(1, crowding(400)) < opacity(1, 1) < 1
