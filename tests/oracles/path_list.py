"""Every path of a small graph, written out: the witness for the clever search in model/probe/paths.py."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Arc:
    """One edge, reader to source."""

    kind: str
    reader: int
    source: int
    credit: float


Chain = tuple[Arc, ...]


def chains_from(arcs: Sequence[Arc], step: int) -> Iterator[Chain]:
    """All chains that leave `step`, the empty one among them."""
    yield ()
    for arc in arcs:
        if arc.reader == step:
            for rest in chains_from(arcs, arc.source):
                yield (arc, *rest)


def described(start: int, chain: Chain) -> tuple[float, int, tuple[int, ...], tuple[str, ...]]:
    """What paths are ranked by: strongest, shortest, earliest."""
    strength = min((arc.credit for arc in chain), default=float("inf"))
    steps = (start, *(arc.source for arc in chain))
    return -strength, len(chain), steps, tuple(arc.kind for arc in chain)


def best_chain(
    arcs: Sequence[Arc], starts: Sequence[int], end: int, last: Arc | None = None
) -> tuple[float, int, tuple[int, ...], tuple[str, ...]] | None:
    """The best of all chains from a start to `end`, or of those that go on over `last`."""
    tail = () if last is None else (last,)
    found = [
        described(start, chain + tail)
        for start in starts
        for chain in chains_from(arcs, start)
        if (chain[-1].source if chain else start) == end
    ]
    return min(found, default=None)
