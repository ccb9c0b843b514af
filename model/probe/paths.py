"""Backtracking paths: the chains of edges over which credit travels from a loss back into the past.

Arithmetic on the edge columns of model/probe/credit.py; no torch, no gradients, no drawing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import fsum
from typing import Literal, NamedTuple

import numpy as np

from sab_visualiser.model.probe.credit import Edges, Floats

Kind = Literal["local", "skip"]
MOST_PATHS = 300
"""Skip edges that are turned into paths; a network with full attention spreads its credit over thousands."""
FAR = 1 << 30
"""Edges between two steps that no path joins."""


class Edge(NamedTuple):
    """One edge that carries finite credit."""

    source: int
    kind: Kind
    reader: int
    credit: float


@dataclass(frozen=True)
class Path:
    """A chain of edges, latest step first.

    Attributes:
        steps: The nodes, one more than `kinds`.
        kinds: What joins each node to the next.
        strength: The smallest credit on the path.
    """

    steps: tuple[int, ...]
    kinds: tuple[Kind, ...]
    strength: float


class Shown(NamedTuple):
    """The paths to draw, strongest first, and how many skip edges with credit they leave out."""

    paths: tuple[Path, ...]
    hidden: int


class CreditGraph:
    """The edges of one backward pass as a graph, with the steps where the loss enters it.

    Args:
        edges: Columns from model/probe/credit.py; edges without finite credit above zero play no part.
        starts: The loss step, or every step with a gradient from the read-out.

    Attributes:
        starts: Those steps, ascending.
        skips: How many skip edges there are.

    Source: spec section 4.
    """

    def __init__(self, edges: Edges, starts: Iterable[int]) -> None:
        self.starts = sorted(set(starts))
        usable = (edges.credit_E > 0) & (edges.credit_E < np.inf)
        # Reader by reader, and of each the edge that reaches further back first.
        order_E = np.lexsort((edges.skip_E[usable], edges.source_E[usable], edges.reader_E[usable]))
        rows_E = np.flatnonzero(usable)[order_E]
        self._skip_E, self._credit_E = edges.skip_E[rows_E], edges.credit_E[rows_E]
        self._source_E, self._reader_E = edges.source_E[rows_E], edges.reader_E[rows_E]
        self._steps = max([*self.starts, int(self._reader_E.max(initial=0))], default=0) + 1
        self.skips = int(self._skip_E.sum())
        self._widest_T = self._widest_strengths()

    def fewest(self, share: float, most: int) -> list[Edge]:
        """The fewest skip edges that hold `share` of the credit of all, the largest first; at most `most` of them."""
        rows_E = np.flatnonzero(self._skip_E)
        source_E, reader_E, credit_E = self._source_E[rows_E], self._reader_E[rows_E], self._credit_E[rows_E]
        order_E = np.lexsort((source_E, -reader_E, -credit_E))
        credit_E = credit_E[order_E]
        needed = share * fsum(credit_E.tolist())
        enough_E = np.flatnonzero(np.concatenate(([0.0], np.cumsum(credit_E)[:-1])) >= needed)
        count = min(int(enough_E[0]) if len(enough_E) else len(order_E), most)
        listed = (column[order_E[:count]].tolist() for column in (source_E, reader_E))
        triples = zip(*listed, credit_E[:count].tolist(), strict=True)
        return [Edge(source, "skip", reader, credit) for source, reader, credit in triples]

    def strongest(self, step: int, last: Edge | None = None) -> Path | None:
        """The strongest path from a start to a step; of equals the shorter, then the earlier one.

        Args:
            step: Where the path ends, or its last but one node when `last` is given.
            last: An edge from `step` that the path must end with.

        Returns:
            The path, or None when credit cannot get there. A start reaches itself by a path without edges,
            of infinite strength. "Earlier" compares the steps node by node, from the latest on.
        """
        return self.strongest_of([(step, last)])[0]

    def strongest_of(self, ends: Sequence[tuple[int, Edge | None]]) -> list[Path | None]:
        """`strongest` of many ends, found together: one walk over the steps serves them all."""
        bounds = [np.inf if last is None else last.credit for _, last in ends]
        widest = [self._widest_T[step] if step < self._steps else 0.0 for step, _ in ends]
        strengths = [float(min(pair)) for pair in zip(widest, bounds, strict=True)]
        paths: list[Path | None] = [None] * len(ends)
        reached = [number for number, strength in enumerate(strengths) if strength > 0]
        chains = self._shortest([ends[number][0] for number in reached], [strengths[number] for number in reached])
        for number, (steps, kinds) in zip(reached, chains, strict=True):
            last = ends[number][1]
            if last is not None:
                steps, kinds = (*steps, last.source), (*kinds, last.kind)
            paths[number] = Path(steps, kinds, strengths[number])
        return paths

    def local_paths(self) -> list[Path]:
        """One for each block that the loss enters: from the latest start in it down to where local credit ends."""
        rows_E = np.flatnonzero(~self._skip_E)
        carried = dict(zip(self._reader_E[rows_E].tolist(), self._credit_E[rows_E].tolist(), strict=True))
        paths: list[Path] = []
        covered: set[int] = set()
        for start in reversed(self.starts):
            if start in covered or start not in carried:
                continue
            steps, strength = [start], np.inf
            while (credit := carried.get(steps[-1])) is not None:
                steps.append(steps[-1] - 1)
                strength = min(strength, credit)
            covered.update(steps)
            kinds: list[Kind] = ["local"] * (len(steps) - 1)
            paths.append(Path(tuple(steps), tuple(kinds), strength))
        return paths

    def _widest_strengths(self) -> Floats:
        """The largest strength of any path to each step; edges go back in time, so one sweep settles it."""
        widest_T = np.zeros(self._steps)
        widest_T[self.starts] = np.inf
        first_T = np.searchsorted(self._reader_E, np.arange(self._steps + 1))
        for step in reversed(range(self._steps)):
            rows = slice(first_T[step], first_T[step + 1])
            if widest_T[step] > 0:
                np.maximum.at(widest_T, self._source_E[rows], np.minimum(widest_T[step], self._credit_E[rows]))
        return widest_T

    def _shortest(self, ends: list[int], strengths: list[float]) -> list[tuple[tuple[int, ...], tuple[Kind, ...]]]:
        """For each end the path of fewest edges of at least its strength, then of the earlier nodes: steps and kinds.

        The rule "strength, then length" cannot be decided edge by edge: a weaker edge further on may make a weaker
        but shorter beginning the better one. So strengths are settled first, and this search looks only at length:
        how many edges each step is from each end (P of them), from the past on.
        """
        if not ends:
            return []
        strength_P, paths = np.array(strengths), np.arange(len(ends))
        kept_E = self._credit_E >= strength_P.min()
        source_E, reader_E, credit_E = self._source_E[kept_E], self._reader_E[kept_E], self._credit_E[kept_E]
        first_T = np.searchsorted(reader_E, np.arange(self._steps + 1))
        distance_TP = np.full((self._steps, len(ends)), FAR, np.int32)
        edge_TP = np.zeros(distance_TP.shape, np.int64)
        distance_TP[ends, paths] = 0
        for step in range(min(ends) + 1, self.starts[-1] + 1):
            rows = slice(first_T[step], first_T[step + 1])
            if rows.start == rows.stop:
                continue
            carries_EP = credit_E[rows, None] >= strength_P
            distance_EP = np.where(carries_EP, distance_TP[source_E[rows]] + 1, FAR)
            best_P = distance_EP.argmin(0)  # of equals the first: the edge that reaches further back
            distance_TP[step] = np.minimum(distance_TP[step], distance_EP[best_P, paths])
            edge_TP[step] = rows.start + best_P
        begin_P = np.array(self.starts)[distance_TP[self.starts].argmin(0)]
        sources: list[int] = source_E.tolist()
        kinds: list[Kind] = ["skip" if skip else "local" for skip in self._skip_E[kept_E].tolist()]
        return [
            _walk(int(begin), end, edge_T.tolist(), (sources, kinds))
            for begin, end, edge_T in zip(begin_P, ends, edge_TP.T, strict=True)
        ]


def _walk(
    begin: int, end: int, edges: list[int], columns: tuple[list[int], list[Kind]]
) -> tuple[tuple[int, ...], tuple[Kind, ...]]:
    """Follow from each step the edge that is listed for it."""
    steps, kinds = [begin], list[Kind]()
    while steps[-1] != end:
        edge = edges[steps[-1]]
        steps.append(columns[0][edge])
        kinds.append(columns[1][edge])
    return tuple(steps), tuple(kinds)


def shown_paths(edges: Edges, starts: int | Iterable[int], share: float = 0.95, most: int = MOST_PATHS) -> Shown:
    """The fewest paths that hold most of the skip credit, and the local path beside them.

    Args:
        edges: Columns from model/probe/credit.py.
        starts: The loss step, or for the whole loss every step with a gradient from the read-out.
        share: Of the credit of all skip edges, 0 to 1.
        most: Stop at this many skip edges, even if they hold less.

    Returns:
        For each of the fewest skip edges that hold `share`, the strongest path that ends with it; for each block
        that the loss enters, the local path to its edge. A path that another one continues is not listed twice.

    Raises:
        ValueError: `share` is out of range.

    Source: spec section 4.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"share = {share!r}: must be from 0 to 1; 0.95 shows what matters")
    graph = CreditGraph(edges, (starts,) if isinstance(starts, int) else starts)
    ends = graph.strongest_of([(edge.reader, edge) for edge in graph.fewest(share, most)])
    skip_paths = [path for path in ends if path is not None]
    paths = _without_beginnings(skip_paths + graph.local_paths())
    paths.sort(key=lambda p: (-p.strength, len(p.kinds), p.steps, p.kinds))
    return Shown(tuple(paths), graph.skips - len(skip_paths))


def _without_beginnings(paths: list[Path]) -> list[Path]:
    """Drop every path that is the beginning of another.

    In the order of their steps and kinds a beginning stands right before what continues it.
    """
    words = [(path.steps[:1], *zip(path.kinds, path.steps[1:], strict=True)) for path in paths]
    order = sorted(range(len(paths)), key=words.__getitem__)
    followed = {one for one, other in pairwise(order) if words[other][: len(words[one])] == words[one]}
    return [path for number, path in enumerate(paths) if number not in followed]
