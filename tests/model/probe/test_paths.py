"""Backtracking paths against a list of all paths (spec section 4)."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sab_visualiser.model.probe.credit import Edges
from sab_visualiser.model.probe.paths import CreditGraph, Path, shown_paths
from tests.oracles.path_list import Arc, best_chain

PROPERTY = settings(max_examples=80, deadline=None)
ARCS = st.lists(
    st.builds(
        lambda pair, kind, credit: Arc(kind, pair[1], pair[0] if kind == "skip" else pair[1] - 1, credit),
        st.lists(st.integers(0, 6), min_size=2, max_size=2, unique=True).map(sorted),
        st.sampled_from(("skip", "skip", "local")),
        st.sampled_from((1.0, 2.0, 3.0, 5.0)),
    ),
    max_size=12,
    unique_by=lambda arc: (arc.kind, arc.reader, arc.source),
)
STARTS = st.lists(st.integers(0, 6), min_size=1, max_size=3, unique=True)


def edges_of(arcs: list[Arc]) -> Edges:
    count = len(arcs)
    credit = np.array([arc.credit for arc in arcs], dtype=float)
    return Edges(
        np.array([arc.kind == "skip" for arc in arcs], dtype=bool),
        np.array([arc.reader for arc in arcs], dtype=np.int64),
        np.array([arc.source for arc in arcs], dtype=np.int64),
        credit,
        credit,
        credit,
        np.ones(count, dtype=bool),
        np.full(count, 0.5),
    )


def skip(reader: int, source: int, credit: float) -> Arc:
    return Arc("skip", reader, source, credit)


def local(reader: int, credit: float) -> Arc:
    return Arc("local", reader, reader - 1, credit)


def ranked(path: Path | None) -> tuple[float, int, tuple[int, ...], tuple[str, ...]] | None:
    return None if path is None else (-path.strength, len(path.kinds), path.steps, path.kinds)


@PROPERTY
@given(arcs=ARCS, starts=STARTS)
def test_the_strongest_path_is_the_best_of_all_paths(arcs: list[Arc], starts: list[int]) -> None:
    graph = CreditGraph(edges_of(arcs), starts)
    for step in range(7):
        assert ranked(graph.strongest(step)) == best_chain(arcs, starts, step)
    ends = graph.fewest(1.0, 100)
    assert len(ends) == graph.skips
    together = graph.strongest_of([(edge.reader, edge) for edge in ends])
    for edge, path in zip(ends, together, strict=True):
        assert path == graph.strongest(edge.reader, edge)
        expected = best_chain(arcs, starts, edge.reader, skip(edge.reader, edge.source, edge.credit))
        assert ranked(graph.strongest(edge.reader, edge)) == expected


@PROPERTY
@given(arcs=ARCS, starts=STARTS, share=st.sampled_from((0.0, 0.3, 0.5, 0.95, 1.0)))
def test_the_skip_edges_shown_are_the_fewest_that_hold_the_share(
    arcs: list[Arc], starts: list[int], share: float
) -> None:
    reachable = [a for a in arcs if a.kind == "local" or best_chain(arcs, starts, a.reader) is not None]
    amounts = [a.credit for a in reachable if a.kind == "skip"]
    shown = shown_paths(edges_of(reachable), starts, share)
    fewest = next(
        count
        for count in range(len(amounts) + 1)
        if any(sum(some) >= share * sum(amounts) for some in combinations(amounts, count))
    )
    assert shown.hidden == len(amounts) - fewest
    ends = {(p.steps[n], p.steps[n + 1]) for p in shown.paths for n, kind in enumerate(p.kinds) if kind == "skip"}
    assert len(ends) >= fewest


@PROPERTY
@given(arcs=ARCS, starts=STARTS)
def test_shown_paths_are_sorted_and_none_is_the_beginning_of_another(arcs: list[Arc], starts: list[int]) -> None:
    paths = shown_paths(edges_of(arcs), starts, 1.0).paths
    strengths = [path.strength for path in paths]
    assert strengths == sorted(strengths, reverse=True)
    assert len(set(paths)) == len(paths)
    for one, other in combinations(sorted(paths, key=lambda p: len(p.kinds)), 2):
        length = len(one.kinds)
        assert (one.steps, one.kinds) != (other.steps[: length + 1], other.kinds[:length])


def test_the_example_of_the_contract_comes_out() -> None:
    edges = edges_of([skip(4, 0, 0.3), local(4, 0.5)])
    assert shown_paths(edges, 4) == ((Path((4, 3), ("local",), 0.5), Path((4, 0), ("skip",), 0.3)), 0)


def test_a_weaker_but_shorter_beginning_wins_where_a_later_edge_is_weaker_still() -> None:
    arcs = [skip(9, 7, 9.0), skip(7, 5, 9.0), skip(9, 5, 4.0), skip(5, 1, 2.0)]
    graph = CreditGraph(edges_of(arcs), [9])
    assert graph.strongest(5) == Path((9, 7, 5), ("skip", "skip"), 9.0)
    assert graph.strongest(1) == Path((9, 5, 1), ("skip", "skip"), 2.0)


def test_the_local_path_runs_to_the_edge_of_its_block() -> None:
    arcs = [local(9, 4.0), local(8, 3.0), local(6, 2.0), skip(9, 2, 1.0)]
    paths = shown_paths(edges_of(arcs), 9).paths
    assert paths == (Path((9, 8, 7), ("local", "local"), 3.0), Path((9, 2), ("skip",), 1.0))


def test_the_whole_loss_gives_one_local_path_a_block() -> None:
    arcs = [local(9, 4.0), local(8, 3.0), local(6, 2.0)]
    paths = shown_paths(edges_of(arcs), [9, 8, 7, 6, 5]).paths
    assert [path.steps for path in paths] == [(9, 8, 7), (6, 5)]


def test_edges_that_are_not_finite_play_no_part() -> None:
    arcs = [skip(5, 3, float("nan")), skip(5, 2, float("inf")), skip(5, 1, 1.0)]
    shown = shown_paths(edges_of(arcs), 5, 1.0)
    assert [path.steps for path in shown.paths] == [(5, 1)]


def test_no_credit_gives_no_path() -> None:
    assert shown_paths(edges_of([]), 3) == ((), 0)
    assert shown_paths(edges_of([skip(4, 1, 1.0)]), []) == ((), 1)


def test_an_unreachable_skip_edge_counts_as_hidden() -> None:
    assert shown_paths(edges_of([skip(4, 1, 1.0)]), 3, 1.0) == ((), 1)


def test_no_more_paths_than_asked_for() -> None:
    arcs = [skip(6, source, 1.0 + source) for source in range(5)]
    shown = shown_paths(edges_of(arcs), 6, 1.0, most=2)
    assert [path.steps for path in shown.paths] == [(6, 4), (6, 3)]
    assert shown.hidden == 3


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_share_out_of_range_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="share"):
        shown_paths(edges_of([]), 3, share)
