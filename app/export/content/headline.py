"""The story of a trace in two sentences, made from its numbers and honest when the arc is not there.

The page says the same (static/js/panels/story/headline.js); a test compares them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sab_visualiser.app.export.content.geometry import Arc, credits_of, weights_of
from sab_visualiser.app.export.content.tables import hops
from sab_visualiser.app.export.content.words import readable, spans, symbol

QUESTION = "What carried the blame back?"
TOLD_HOPS = 2
COUNTS = ("No", "One", "Two", "Three", "Four", "Five")
LISTED_HOPS = len(COUNTS) - 1
LISTED_ISLANDS = 4
SUM_WITHIN = 0.04
Trace = Mapping[str, Any]
Told = tuple[float, list[tuple[str, int, int]]]
"""Strength and hops of a path, or of its beginning."""


def headline(trace: Trace) -> tuple[str, str]:
    """Title and answer for the top of a page."""
    step = trace["loss_step"]
    if step is None:
        return "The loss of the whole sequence: which steps does its gradient reach?", reach_sentence(trace)
    return f"{_said(trace, step)} {QUESTION}", _answer(trace, step)


def reach_sentence(trace: Trace) -> str:
    """Which steps rule sab reaches."""
    return f"SAB reaches {_steps(trace['reach']['sab'])}." if "sab" in trace["reach"] else ""


def readings(trace: Trace, step: int) -> list[tuple[int, float | None]]:
    """(source, weight) of what a step reads, largest weight first."""
    found = [(source, weight) for (reader, source), weight in weights_of(trace).items() if reader == step]
    return sorted(found, key=lambda one: -(one[1] if one[1] is not None else 0.0))


def labelled(trace: Trace, found: list[Arc]) -> Arc | None:
    """The arc that gets a label: the first hop of the story, else the one with most credit."""
    at = trace["loss_step"]
    path = None if at is None else story(trace, at)
    hop = next(((reader, source) for kind, reader, source in path or () if kind == "skip"), None)
    told = [arc for arc in found if (arc.reader, arc.source) == hop]
    return max(told or found, key=lambda arc: arc.share, default=None)


def _said(trace: Trace, step: int) -> str:
    sources = trace["true_sources"].get(str(step)) or []
    task = (trace.get("task") or {}).get("name")
    says, wanted = (_at(trace, name, step) for name in ("predictions", "targets"))
    if task == "adding" and sources:
        return _added(trace, step, sources, wanted, says)
    if not sources:
        return f"The loss at step {step}, where the network says {symbol(trace, says)}."
    what = "value" if task == "recall" else "symbol"
    if says == wanted:
        return f"At step {step} the network repeats the {what} of step {sources[0]}."
    target = symbol(trace, wanted)
    return f"At step {step} it should repeat “{target}” of step {sources[0]}, but says “{symbol(trace, says)}”."


def _added(trace: Trace, step: int, sources: list[int], wanted: Any, says: Any) -> str:
    numbers = f"the numbers of steps {' and '.join(map(str, sources))}"
    if says is not None and wanted is not None and abs(says - wanted) <= SUM_WITHIN:
        return f"At step {step} the network adds {numbers}."
    return f"At step {step} it should add {numbers} to {symbol(trace, wanted)}, but says {symbol(trace, says)}."


def _at(trace: Trace, name: str, step: int) -> Any:
    values = trace.get(name) or ()
    return values[step] if step < len(values) else None


def _answer(trace: Trace, step: int) -> str:
    reach = reach_sentence(trace)
    if trace["parameters"]["k_top"] == 0:
        return f"k_top = 0: no memory is read, so SAB is truncated backpropagation now. {reach}"
    if (path := story(trace, step)) is not None:
        return f"{_carried(trace, path)} {_truncated(trace)}"
    read = readings(trace, step)
    if not read:
        return f"Step {step} has no memory to read yet. {reach}"
    source, weight = read[0]
    if weight == 0:
        return f"Step {step} attends to no memory: all its weights are 0. {reach}"
    if source == -1 and _direct(trace, step) is None:
        at = f"Step {step} rests on the empty memory (weight {readable(weight, 2)})"
        return f"{at}, so no skip edge carries credit back. {reach}"
    return f"{_not_found(trace)} {reach}"


def _not_found(trace: Trace) -> str:
    """What is hidden is not called missing."""
    hidden = trace["paths_hidden"]
    if not hidden:
        return "No skip edge reaches the true source."
    weaker = "1 weaker path is" if hidden == 1 else f"{hidden} weaker paths are"
    return f"No path shown leads to the true source; {weaker} hidden."


def story(trace: Trace, step: int) -> list[tuple[str, int, int]] | None:
    """The hops that tell the story: those of the page's `storyPath`.

    A step that reads a true source itself, be its arc among those shown or not; else the strongest path that hops to
    one; where none is known, the strongest that hops at all.
    """
    sources = trace["true_sources"].get(str(step)) or []
    hopping = [path for path in trace["paths"] if path["steps"][0] == step and "skip" in path["kinds"]]
    if not sources:
        return hops(hopping[0]) if hopping else None
    direct = _direct(trace, step)
    if direct is not None:
        return [("skip", step, direct)]
    wanted = _wanted(trace, step)
    told = [found for path in hopping if (found := _up_to(trace, hops(path), wanted)) is not None]
    best = sorted(told, key=lambda one: (-one[0], len(one[1])))
    return best[0][1] if best else None


def _wanted(trace: Trace, step: int) -> set[int | None]:
    """Memories that hold what the step should say."""
    sources = trace["true_sources"].get(str(step)) or []
    return {next((m for m in trace["memories"] if m >= source), None) for source in sources}


def _direct(trace: Trace, step: int) -> int | None:
    """The memory of the strongest edge by which a step itself reads a true source, and gradient comes back."""
    wanted, weights, credit = _wanted(trace, step), weights_of(trace), credits_of(trace)
    found = [
        (amount, source)
        for (kind, reader, source), amount in credit.items()
        if kind == "skip" and reader == step and source in wanted and (weights.get((step, source)) or 0) > 0
        if amount is not None and amount > 0
    ]
    return max(found, key=lambda one: one[0])[1] if found else None


def _up_to(trace: Trace, path: list[tuple[str, int, int]], wanted: set[int | None]) -> Told | None:
    """The beginning of a path up to its first hop to a wanted memory (a path may go on from there)."""
    last = next((n for n, (kind, _, source) in enumerate(path) if kind == "skip" and source in wanted), None)
    if last is None:
        return None
    credit = credits_of(trace)
    return min(credit.get(hop) or 0.0 for hop in path[: last + 1]), path[: last + 1]


def _carried(trace: Trace, path: list[tuple[str, int, int]]) -> str:
    skips = [(reader, source) for kind, reader, source in path if kind == "skip"]
    if len(skips) > LISTED_HOPS:
        first, last = (" → ".join(map(str, skips[at])) for at in (0, -1))
        return f"{len(skips)} hops: the first {first}, the last {last}."
    count = COUNTS[len(skips)]
    if len(skips) > TOLD_HOPS:
        return f"{count} hops: {_route(path)}."
    weights = weights_of(trace)
    parts = []
    for reader, source in skips:
        weight = weights.get((reader, source))
        if not weight:
            parts.append(f"step {reader} compared itself with step {source} (threshold memory)")
        elif len(skips) > 1:
            parts.append(f"step {reader} read step {source} (weight {readable(weight, 3)})")
        else:
            parts.append(f"step {reader} read the microstate of step {source} with weight {readable(weight, 3)}")
    return f"{count} hop{'s' if len(skips) > 1 else ''}: {', '.join(parts)}."


def _route(path: list[tuple[str, int, int]]) -> str:
    """`40 → 34, locally to 32, 32 → 9`: no step is left out without a word."""
    said = str(path[0][1])
    for at, (kind, _, source) in enumerate(path):
        if kind == "skip":
            said += f" → {source}"
        elif at + 1 < len(path) and path[at + 1][0] == "skip":
            said += f", locally to {source}, {source}"
    return said


def _truncated(trace: Trace) -> str:
    reach = trace["reach"].get("truncated")
    if reach is None:
        return ""
    less = [list(part) for part in reach] != [list(part) for part in trace["reach"].get("full", [])]
    return f"Truncated backpropagation reaches {_steps(reach)}{' only' if less else ' too'}."


def _steps(reach: list[Any]) -> str:
    if not reach:
        return "no step"
    one = len(reach) == 1 and reach[0][0] == reach[0][1]
    return f"{'step' if one else 'steps'} {spans(reach, LISTED_ISLANDS)}"
