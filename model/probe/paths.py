"""Backtracking paths: the chains of edges over which credit travels from a loss back into the past.

Pure Python over the edge columns of model/probe/credit.py; no torch, no gradients, no drawing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum
from typing import Literal, NamedTuple

import numpy as np

from sab_visualiser.model.probe.credit import Edges

Kind = Literal["local", "skip"]
MOST_PATHS = 300
"""Skip edges that are turned into paths; a network with full attention spreads its credit over thousands."""


class Edge(NamedTuple):
    """One edge that carries finite credit; ordered so that of two edges the one reaching further back comes first."""

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

    Source: spec section 4.
    """

    def __init__(self, edges: Edges, starts: Iterable[int]) -> None:
        self.starts = frozenset(starts)
        rows = zip(edges.source_E, edges.skip_E, edges.reader_E, edges.credit_E, strict=True)
        usable = [Edge(int(s), "skip" if k else "local", int(r), float(c)) for s, k, r, c in rows if 0 < c < np.inf]
        self._from: dict[int, list[Edge]] = {}
        self._into: dict[int, list[Edge]] = {}
        for edge in sorted(usable):
            self._from.setdefault(edge.reader, []).append(edge)
            self._into.setdefault(edge.source, []).append(edge)
        self.skip_edges = sorted(
            (e for e in usable if e.kind == "skip"), key=lambda e: (-e.credit, -e.reader, e.source)
        )
        self._widest = self._widest_strengths()

    def strongest(self, step: int, last: Edge | None = None) -> Path | None:
        """The strongest path from a start to a step; of equals the shorter, then the earlier one.

        Args:
            step: Where the path ends, or its last but one node when `last` is given.
            last: An edge from `step` that the path must end with.

        Returns:
            The path, or None when credit cannot get there. A start reaches itself by a path without edges,
            of infinite strength. "Earlier" compares the steps node by node, from the latest on.
        """
        strength = min(self._widest.get(step, 0.0), np.inf if last is None else last.credit)
        if strength == 0.0:
            return None
        chain = self._shortest(step, strength)
        if last is not None:
            chain = [*chain, last]
        first = chain[0].reader if chain else step
        return Path((first, *(e.source for e in chain)), tuple(e.kind for e in chain), strength)

    def local_path(self, start: int) -> Path | None:
        """From a start down the local edges to the edge of its block, or as far as they carry credit."""
        chain: list[Edge] = []
        step = start
        while local := [e for e in self._from.get(step, ()) if e.kind == "local"]:
            chain.append(local[0])
            step = local[0].source
        if not chain:
            return None
        steps = (start, *(e.source for e in chain))
        return Path(steps, tuple(e.kind for e in chain), min(e.credit for e in chain))

    def _widest_strengths(self) -> dict[int, float]:
        """Step → the largest strength of any path to it; edges go back in time, so one sweep settles it."""
        widest = dict.fromkeys(self.starts, np.inf)
        for step in sorted(self.starts | self._from.keys(), reverse=True):
            reached = widest.get(step, 0.0)
            for edge in self._from.get(step, ()) if reached else ():
                widest[edge.source] = max(widest.get(edge.source, 0.0), min(reached, edge.credit))
        return widest

    def _shortest(self, step: int, strength: float) -> list[Edge]:
        """Fewest edges of at least `strength` from a start to a step, then the earlier nodes.

        The rule "strength, then length" cannot be decided edge by edge: a weaker edge further on may make a weaker
        but shorter beginning the better one. So the strength is settled first, and this search looks only at length.
        """
        distance, frontier = {step: 0}, {step}
        while not frontier & self.starts:
            readers = {e.reader for node in frontier for e in self._into.get(node, ()) if e.credit >= strength}
            level = distance[next(iter(frontier))] + 1
            frontier = readers - distance.keys()
            distance.update(dict.fromkeys(frontier, level))
        node = min(frontier & self.starts)
        chain: list[Edge] = []
        while node != step:
            edge = next(
                e for e in self._from[node] if e.credit >= strength and distance.get(e.source, -1) == distance[node] - 1
            )
            chain.append(edge)
            node = edge.source
        return chain


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
    ends = [graph.strongest(edge.reader, edge) for edge in _fewest(graph.skip_edges, share)[:most]]
    skip_paths = [path for path in ends if path is not None]
    paths = _without_beginnings(skip_paths + _local_paths(graph))
    paths.sort(key=lambda p: (-p.strength, len(p.kinds), p.steps, p.kinds))
    return Shown(tuple(paths), len(graph.skip_edges) - len(skip_paths))


def _fewest(descending: list[Edge], share: float) -> list[Edge]:
    """The shortest beginning of the list that holds `share` of the credit."""
    needed, held = share * fsum(edge.credit for edge in descending), 0.0
    for count, edge in enumerate(descending):
        if held >= needed:
            return descending[:count]
        held += edge.credit
    return descending


def _local_paths(graph: CreditGraph) -> list[Path]:
    """One for each block: from the latest start in it."""
    paths: list[Path] = []
    covered: set[int] = set()
    for start in sorted(graph.starts, reverse=True):
        path = None if start in covered else graph.local_path(start)
        if path is not None:
            paths.append(path)
            covered.update(path.steps)
    return paths


def _without_beginnings(paths: list[Path]) -> list[Path]:
    """Drop every path that is the beginning of another."""
    begun = {(p.steps[: n + 1], p.kinds[:n]) for p in paths for n in range(1, len(p.kinds))}
    return [path for path in paths if (path.steps, path.kinds) not in begun]
