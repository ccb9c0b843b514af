"""Where things stand in a picture: cells, arcs and lanes, for matplotlib and Plotly alike.

Pure functions from the JSON trace to coordinates (steps across; heights without a unit). No colours here, and no
drawing library.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sab_visualiser.app.export.content.look import (
    ARC_CROWD,
    ARC_STEEPNESS,
    INK_DECADES,
    LOWEST_ARC_PX,
    MOST_DECADE_TICKS,
    MOST_DECADES,
    SHORTEST_SPAN,
    THINNEST_ARC_PX,
    WIDEST_ARC_PX,
)
from sab_visualiser.app.export.content.tables import hops

LANE = 0.8
"""Distance, in decades, between the plotted range and the lanes for zero and for non-finite norms."""

Points = list[tuple[float, float]]


@dataclass(frozen=True)
class Grid:
    """The heatmap: rows are steps, columns are memories; NaN is a blank cell (exact zero or not chosen)."""

    weight: np.ndarray[Any, np.dtype[np.float64]]
    sources: list[int]
    nonfinite: list[tuple[int, int]]
    true_cells: list[tuple[int, int]]


@dataclass(frozen=True)
class Lanes:
    """Gradient norms on a log axis: what stands on it, what is exactly zero, not finite, or tiny: below the axis."""

    logs: dict[str, list[float]]
    zeros: dict[str, list[int]]
    nonfinite: dict[str, list[int]]
    tiny: dict[str, list[int]]
    low: float
    high: float


@dataclass(frozen=True)
class Arc:
    """One skip edge of a shown path: hop counts skip edges from the loss step back, from 1."""

    reader: int
    source: int
    hop: int
    credit: float | None
    share: float
    chosen: bool
    strength: float | None
    weight: float | None = None

    @property
    def verb(self) -> str:
        """What the reader does with the source; a threshold memory has weight 0, so nothing of it is read."""
        return "reads" if self.chosen else "compares itself with"


@dataclass(frozen=True)
class Ink:
    """One local edge that carries credit; share is 1 for the most credit, 0 for a millionth of it."""

    reader: int
    source: int
    credit: float | None
    share: float


def grid(trace: Mapping[str, Any]) -> Grid:
    """Attention as a matrix; (row, column) pairs of non-finite weights and of the memories that hold a true source."""
    sources = list(trace["memories"])
    place = {source: column for column, source in enumerate(sources)}
    weight = np.full((trace["steps"], len(sources)), np.nan)
    nonfinite = []
    attention = trace["attention"]
    for reader, source, value in zip(attention["reader"], attention["source"], attention["weight"], strict=True):
        if value is None:
            nonfinite.append((reader, place[source]))
        elif value != 0:
            weight[reader, place[source]] = value
    return Grid(weight, sources, nonfinite, list(_true_cells(trace, sources)))


def is_signed(trace: Mapping[str, Any], cells: Grid) -> bool:
    """Whether weights may be negative, as in variant release, so that colours need a scale centred on 0."""
    return trace["parameters"].get("variant") == "release" or bool((cells.weight < 0).any())


def _true_cells(trace: Mapping[str, Any], sources: list[int]) -> Iterable[tuple[int, int]]:
    """The first microstate written at or after a true source, as spec section 6 counts a hit."""
    for reader, true_sources in trace.get("true_sources", {}).items():
        for source in true_sources:
            column = bisect_left(sources, source)
            if column < len(sources) and sources[column] < int(reader):
                yield int(reader), column


def lanes(norms: Mapping[str, list[float | None]]) -> Lanes:
    """Norms of each rule as log10, with NaN where there is none, and the steps that belong in the two lanes."""
    logs = {rule: [math.log10(value) if value else math.nan for value in values] for rule, values in norms.items()}
    finite = [value for values in logs.values() for value in values if not math.isnan(value)]
    low, high = decade_range(min(finite), max(finite)) if finite else (-1, 0)
    return Lanes(
        {rule: [value if value >= low else math.nan for value in values] for rule, values in logs.items()},
        {rule: [s for s, v in enumerate(values) if v == 0] for rule, values in norms.items()},
        {rule: [s for s, v in enumerate(values) if v is None] for rule, values in norms.items()},
        {rule: [s for s, v in enumerate(values) if v < low] for rule, values in logs.items()},
        float(low),
        float(high),
    )


def decade_range(least: float, most: float) -> tuple[int, int]:
    """Whole decades around log₁₀ of the norms, with a little room on top; what lies further below is tiny."""
    high = math.ceil(most + 0.05)
    return max(min(math.floor(least), high - 1), high - MOST_DECADES), high


def decades(low: float, high: float) -> list[int]:
    """Few whole decades between low and high for tick marks, counted from the top."""
    every = max(1, math.ceil((high - low) / MOST_DECADE_TICKS))
    return [tick for tick in range(int(low), int(high) + 1) if (int(high) - tick) % every == 0]


def arcs(trace: Mapping[str, Any]) -> list[Arc]:
    """The skip edges of the shown paths, each once, the earliest hop winning; share is of the largest credit."""
    edges = {(e["reader"], e["source"]): e for e in trace["edges"] if e["kind"] == "skip"}
    found: dict[tuple[int, int], Arc] = {}
    for path in trace["paths"]:
        hop = 0
        for kind, reader, source in hops(path):
            if kind != "skip":
                continue
            hop += 1
            seen = found.get((reader, source))
            if seen is None or seen.hop > hop:
                edge = edges.get((reader, source), {})
                credit, chosen = edge.get("credit"), edge.get("chosen", True)
                strength = seen.strength if seen else path["strength"]
                found[reader, source] = Arc(reader, source, hop, credit, 0.0, chosen, strength)
    largest = max((edge["credit"] or 0.0 for edge in edges.values()), default=0.0) or 1.0
    weights = weights_of(trace)
    return [
        replace(a, share=(a.credit or 0.0) / largest, weight=weights.get((a.reader, a.source), 0.0))
        for a in found.values()
        if a.credit != 0
    ]


def weights_of(trace: Mapping[str, Any]) -> dict[tuple[int, int], float | None]:
    """The attention weight of each (reader, source); a memory that is not there is not chosen."""
    found = trace["attention"]
    return {(r, s): w for r, s, w in zip(found["reader"], found["source"], found["weight"], strict=True)}


def credits_of(trace: Mapping[str, Any]) -> dict[tuple[str, int, int], float | None]:
    """The credit of each edge by kind, reader and source."""
    return {(edge["kind"], edge["reader"], edge["source"]): edge["credit"] for edge in trace["edges"]}


def inks(trace: Mapping[str, Any]) -> list[Ink]:
    """Every local edge with credit, as the reach along the baseline."""
    edges = [edge for edge in trace["edges"] if edge["kind"] == "local" and edge["credit"] != 0]
    most = max((edge["credit"] or 0.0 for edge in edges), default=0.0) or 1.0

    def share(credit: float | None) -> float:
        return 1.0 if credit is None else max(1 - math.log10(most / credit) / INK_DECADES, 0.0)

    return [Ink(e["reader"], e["source"], e["credit"], share(e["credit"])) for e in edges]


def rings(trace: Mapping[str, Any]) -> list[int]:
    """Steps that hold the answer: of the loss step, or of all readers for the whole loss."""
    at = trace["loss_step"]
    return sorted({s for r, sources in trace["true_sources"].items() if at in (None, int(r)) for s in sources})


def ghosts(trace: Mapping[str, Any]) -> list[tuple[int, int]]:
    """Knocked-out arcs that can be drawn: the empty memory has no place on the axis."""
    return [(reader, source) for reader, source in trace.get("knocked_out") or [] if source >= 0]


def crowding(count: int) -> float:
    """1 while there is room for so many arcs, less where at full width they would be one blot."""
    return min(math.sqrt(ARC_CROWD / max(count, 1)), 1)


def thickness(share: float, crowd: float) -> float:
    """Width of an arc in px: the square root, so that a hundredth of the credit is a tenth of the width."""
    return (THINNEST_ARC_PX + (WIDEST_ARC_PX - THINNEST_ARC_PX) * math.sqrt(share)) * crowd


def opacity(share: float, crowd: float) -> float:
    """Of an arc; many arcs let one another be seen."""
    return (0.45 + 0.5 * math.sqrt(share)) * (0.5 + 0.5 * crowd)


def ink_look(share: float) -> tuple[float, float]:
    """Width in px and opacity of a local edge."""
    return 1 + 5 * share, 0.25 + 0.7 * share


def arc_span(steps: int, distances: Iterable[int]) -> float:
    """The distance that fills the height: short arcs use the room that no long one needs."""
    return max(steps * SHORTEST_SPAN, min(max(distances, default=0), steps), 1)


def rise(distance: int, span: float, room: float) -> float:
    """Height of an arc over the baseline, in px of `room`; the two control points stand a third higher."""
    share: float = min(distance / span, 1) ** ARC_STEEPNESS
    return min(max(room * share, LOWEST_ARC_PX), room)


def control(risen: float) -> float:
    """Height of the control points of an arc that rises so far: a cubic reaches three quarters of it."""
    return risen / 0.75
