"""The path that tells the story of a trace: how credit hopped from the loss step to where its answer stood.

Reads the JSON shape of a trace; a memory is named by the step that wrote it, −1 is the empty one. The page finds the
same path (static/js/panels/story/path.js); a test compares them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from sab_visualiser.app.export.content.geometry import Arc, credits_of, weights_of
from sab_visualiser.app.export.content.tables import hops

Trace = Mapping[str, Any]
Hop = tuple[str, int, int]
"""Kind, reader and source of an edge."""


def readings(trace: Trace, step: int) -> list[tuple[int, float | None]]:
    """(source, weight) of what a step reads, largest weight first; what is not finite stands last."""
    found = [(source, weight) for (reader, source), weight in weights_of(trace).items() if reader == step]
    return sorted(found, key=lambda one: -one[1] if one[1] is not None else math.inf)


def labelled(trace: Trace, found: list[Arc]) -> Arc | None:
    """The arc that gets a label: the first hop of the story, else the one with most credit, as the page's `toldArc`."""
    at = trace["loss_step"]
    path = None if at is None else story(trace, at)
    hop = next(((reader, source) for kind, reader, source in path or () if kind == "skip"), None)
    told = [arc for arc in found if (arc.reader, arc.source) == hop]
    return max(
        told or found, key=lambda arc: (-1 if arc.credit is None else arc.credit, arc.reader, -arc.source), default=None
    )


def sources_of(trace: Trace, step: int) -> list[int]:
    """Where the answer of a step stood; empty where that is not known."""
    return list(trace["true_sources"].get(str(step)) or ())


def wanted(trace: Trace, step: int) -> set[int]:
    """Memories that hold what a step should say: the first at or after each true source, if written before it."""
    found = (next((m for m in trace["memories"] if m >= source), None) for source in sources_of(trace, step))
    return {memory for memory in found if memory is not None and memory < step}


def story(trace: Trace, step: int) -> list[Hop] | None:
    """The edges that tell the story: those of the page's `storyPath`.

    A step that reads a true source itself, be its arc among those shown or not; else the strongest path that hops to
    one, up to there; where none is known, the strongest that hops at all.
    """
    hopping = [path for path in trace["paths"] if path["steps"][0] == step and "skip" in path["kinds"]]
    if not sources_of(trace, step):
        return hops(hopping[0]) if hopping else None
    direct = _direct(trace, step)
    if direct is not None:
        return [("skip", step, direct)]
    found = [told for path in hopping if (told := _up_to(trace, hops(path), wanted(trace, step))) is not None]
    return min(found, key=lambda one: (-one[0], len(one[1])))[1] if found else None


def _direct(trace: Trace, step: int) -> int | None:
    """The memory of the strongest edge by which a step itself reads a true source, and gradient comes back."""
    there, weights = wanted(trace, step), weights_of(trace)
    found = [
        (amount, source)
        for (kind, reader, source), amount in credits_of(trace).items()
        if kind == "skip" and reader == step and source in there and (weights.get((step, source)) or 0) > 0
        if amount is not None and amount > 0
    ]
    return max(found, key=lambda one: one[0])[1] if found else None


def _up_to(trace: Trace, path: list[Hop], there: set[int]) -> tuple[float, list[Hop]] | None:
    """Strength and edges of a path's beginning, up to its first hop to a wanted memory (it may go on from there)."""
    last = next((n for n, (kind, _, source) in enumerate(path) if kind == "skip" and source in there), None)
    if last is None:
        return None
    credit = credits_of(trace)
    return min(credit.get(hop) or 0.0 for hop in path[: last + 1]), path[: last + 1]
