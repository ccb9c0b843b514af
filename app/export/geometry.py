"""Where things stand in a picture: cells, arcs, lanes and intervals, for matplotlib and Plotly alike.

Pure functions from the JSON trace to coordinates (steps across; heights without a unit). No colours here, and no
drawing library.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.export.tables import hops

ARC_POINTS = 33
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
    """Gradient norms on a log axis: what has a logarithm, what is exactly zero, what is not finite."""

    logs: dict[str, list[float]]
    zeros: dict[str, list[int]]
    nonfinite: dict[str, list[int]]
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
    return Lanes(
        logs,
        {rule: [s for s, v in enumerate(values) if v == 0] for rule, values in norms.items()},
        {rule: [s for s, v in enumerate(values) if v is None] for rule, values in norms.items()},
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
    return [
        Arc(a.reader, a.source, a.hop, a.credit, (a.credit or 0.0) / largest, a.chosen, a.strength)
        for a in found.values()
    ]


def local_spans(trace: Mapping[str, Any]) -> list[tuple[int, int]]:
    """Steps that the shown paths walk along the baseline, as closed intervals (first, last)."""
    pairs = sorted(
        {(s, r) for path in trace["paths"] for kind, r, s in hops(path) if kind == "local"},
    )
    spans: list[tuple[int, int]] = []
    for first, last in pairs:
        if spans and spans[-1][1] == first:
            spans[-1] = (spans[-1][0], last)
        else:
            spans.append((first, last))
    return spans


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
