"""Where things stand in a picture: cells, arcs, lanes and intervals, for matplotlib and Plotly alike.

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

from sab_visualiser.app.export.content.tables import hops

ARC_POINTS = 33
LANE = 0.8
"""Distance, in decades, between the plotted range and the lanes for zero and for non-finite norms."""
MOST_DECADES = 14
"""What lies further below the largest norm is tiny: marked at the foot of the axis."""
SMALLEST_INK = 6
"""Decades below the most local credit at which a local edge is as thin as it gets."""

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
    low, high = (math.floor(min(finite)), math.ceil(max(finite))) if finite else (-1, 0)
    low = max(low, high - MOST_DECADES)
    return Lanes(
        {rule: [value if value >= low else math.nan for value in values] for rule, values in logs.items()},
        {rule: [s for s, v in enumerate(values) if v == 0] for rule, values in norms.items()},
        {rule: [s for s, v in enumerate(values) if v is None] for rule, values in norms.items()},
        {rule: [s for s, v in enumerate(values) if v < low] for rule, values in logs.items()},
        float(low),
        float(max(high, low + 1)),
    )


def decades(low: float, high: float) -> list[int]:
    """At most nine whole decades from low to high, for tick marks."""
    step = max(1, math.ceil((high - low) / 8))
    return list(range(int(low), int(high) + 1, step))


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
    largest = max((arc.credit or 0.0 for arc in found.values()), default=0.0) or 1.0
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
        return 1.0 if credit is None else max(1 - math.log10(most / credit) / SMALLEST_INK, 0.0)

    return [Ink(e["reader"], e["source"], e["credit"], share(e["credit"])) for e in edges]


def rings(trace: Mapping[str, Any]) -> list[int]:
    """Steps that hold the answer: of the loss step, or of all readers for the whole loss."""
    at = trace["loss_step"]
    return sorted({s for r, sources in trace["true_sources"].items() if at in (None, int(r)) for s in sources})


def ghosts(trace: Mapping[str, Any]) -> list[tuple[int, int]]:
    """Knocked-out arcs that can be drawn: the empty memory has no place on the axis."""
    return [(reader, source) for reader, source in trace.get("knocked_out") or [] if source >= 0]


def thickness(share: float, thin: float, thick: float) -> float:
    """Width of an arc: the square root, so that a hundredth of the credit is a tenth of the width."""
    return thin + (thick - thin) * math.sqrt(share)


def arc_points(reader: int, source: int, steps: int) -> Points:
    """Half an ellipse from reader to source over the baseline; its height grows with the distance, at most 1."""
    centre, half = (reader + source) / 2, abs(reader - source) / 2
    height = 0.12 + 0.88 * min(1.0, 2 * half / max(1, steps - 1))
    return [
        (centre + half * math.cos(angle), height * math.sin(angle))
        for angle in (math.pi * index / (ARC_POINTS - 1) for index in range(ARC_POINTS))
    ]


def intervals(reach: Iterable[tuple[int, int]]) -> str:
    """Reach as text, latest steps first: '49–58, 0–3'; 'none' when no step is reached."""
    ordered = sorted(reach, reverse=True)
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in ordered) or "none"
