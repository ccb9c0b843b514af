"""What claims are made of: facts of a trace, true or false, and the words that stand in sentences.

The page counts the same (static/js/panels/story/facts.js); a test compares them.
"""

from __future__ import annotations

from typing import Any

from sab_visualiser.app.export.content.geometry import weights_of
from sab_visualiser.app.export.content.tables import hops
from sab_visualiser.app.export.content.words import own_name, readable, spans, symbol, unread
from sab_visualiser.app.export.story.path import Hop, Trace, readings, sources_of, story, wanted
from sab_visualiser.app.runs.words.say import Facts

SUM_WITHIN = 0.04
"""So far off a sum is still right, as Hochreiter and Schmidhuber (1997) count it; always saying 1 is 0.4 off."""
TOLD_HOPS = 2
COUNTS = ("No", "One", "Two", "Three", "Four", "Five")
LISTED_HOPS = len(COUNTS) - 1
LISTED_ISLANDS = 4


def facts(trace: Trace) -> Facts:
    """Every fact of a trace in its JSON shape; without a loss step those of the reach alone."""
    step = trace["loss_step"]
    whole: dict[str, bool | str] = {"whole": step is None, "story": False, **_network(trace), **_reach(trace, step)}
    return whole if step is None else {**whole, **_answer(trace, step), **_reading(trace, step), **_path(trace, step)}


def reached(trace: Trace, rule: str) -> str:
    """`steps 39–40, 0`: where a rule has a gradient."""
    reach = trace["reach"].get(rule) or []
    if not reach:
        return "no step"
    one = len(reach) == 1 and reach[0][0] == reach[0][1]
    return f"{'step' if one else 'steps'} {spans(reach, LISTED_ISLANDS)}"


def _network(trace: Trace) -> dict[str, bool | str]:
    parameters = trace["parameters"]
    method = parameters.get("method", "sab")
    return {
        "method": method,
        "own": _opening(own_name(trace)),
        "never_reads": method in ("tbptt", "bptt"),
        "unread": unread(trace),
    }


def _opening(name: str) -> str:
    """A name as it opens a sentence."""
    return name[:1].upper() + name[1:]


def _reach(trace: Trace, step: int | None) -> dict[str, bool | str]:
    reach, norms = trace["reach"], trace["gradient_norm"].get("sab")
    truncated, full = ([list(part) for part in reach.get(rule, ())] for rule in ("truncated", "full"))
    return {
        "sab": "sab" in reach,
        "truncated": "truncated" in reach,
        "blamed": norms is None or any(norm != 0 for norm in norms),
        "less": "full" in reach and truncated != full,
        "at_once": step in trace["cuts"] and truncated == [[step, step]],
        "cut": step is not None and any(0 < cut <= step for cut in trace["cuts"]),
        **{f"reach_{rule}": reached(trace, rule) for rule in ("sab", "truncated")},
        "skip_credit": any(edge["kind"] == "skip" and edge["credit"] != 0 for edge in trace["edges"]),
    }


def _answer(trace: Trace, step: int) -> dict[str, bool | str]:
    sources = sources_of(trace, step)
    adds = (trace.get("task") or {}).get("name") == "adding" and bool(sources)
    says, target = (_at(trace, name, step) for name in ("predictions", "targets"))
    near = says is not None and target is not None and adds and abs(says - target) <= SUM_WITHIN
    return {
        "step": str(step),
        "target": target is not None,
        "finite": says is not None,
        "known": bool(sources),
        "adds": adds,
        "right": near if adds else says == target,
        "monotone": _monotone(trace),
        "says": symbol(trace, says),
        "wanted": symbol(trace, target),
        "what": "value" if (trace.get("task") or {}).get("name") == "recall" else "symbol",
        "source": str(sources[0]) if sources else "–",
        "sources": " and ".join(map(str, sources)),
    }


def _monotone(trace: Trace) -> bool:
    """Whether all answers are the same symbol though they should not be."""
    readers = [int(reader) for reader in trace["true_sources"]]
    said, due = ({str(_at(trace, name, reader)) for reader in readers} for name in ("predictions", "targets"))
    return len(said) == 1 and len(due) > 1


def _reading(trace: Trace, step: int) -> dict[str, bool | str]:
    read, there = readings(trace, step), wanted(trace, step)
    known = [(source, weight) for source, weight in read if weight is not None]
    odd, top = len(known) < len(read), known[0] if known else None
    alone = top is not None and not odd and top[1] > 0 and all(weight < top[1] for _, weight in known[1:])
    return {
        "reads": bool(read),
        "all_zero": bool(read) and not odd and all(weight == 0 for _, weight in known),
        "strongest": alone and top is not None and top[0] in there,
        "rests": alone and top is not None and top[0] == -1,
        "top_weight": readable(top[1], 3) if top else "–",
        "hidden": trace["paths_hidden"] > 0,
        "one_hidden": trace["paths_hidden"] == 1,
        "paths_hidden": f"{trace['paths_hidden']:,}",
        "into_source": any(
            edge["kind"] == "skip" and edge["credit"] != 0 and edge["source"] in there for edge in trace["edges"]
        ),
    }


def _path(trace: Trace, step: int) -> dict[str, bool | str]:
    """Facts of the story; the first of its readings is held against the others of its reader."""
    path = story(trace, step)
    skips = [(reader, source) for kind, reader, source in path or () if kind == "skip"]
    if path is None or not skips:
        return dict.fromkeys(("story", "one", "read", "odd", "below", "best", "tied", "top_wanted"), False)
    reader, source = skips[0]
    weight, others = weights_of(trace).get(skips[0]), [one for one in readings(trace, reader) if one[0] != source]
    rivals = [other for _, other in others if other is not None]
    return {
        "story": True,
        "one": len(skips) == 1,
        "read": bool(weight),
        "odd": len(rivals) < len(others),
        "below": weight is not None and weight <= 0 and all(other <= weight for other in rivals),
        "best": weight is not None and all(other < weight for other in rivals),
        "tied": weight is not None and bool(rivals) and max(rivals) == weight,
        "top": _named(others[0]) if others else "–",
        "top_wanted": len(skips) == 1
        and bool(weight)
        and bool(others)
        and {source, others[0][0]} <= set(wanted(trace, reader)),
        "count": COUNTS[len(skips)] if len(skips) <= LISTED_HOPS else str(len(skips)),
        "hops": _told(trace, path, skips),
    }


def _named(reading: tuple[int, float | None]) -> str:
    source, weight = reading
    return f"{'the empty memory' if source == -1 else f'step {source}'} ({readable(weight, 3)})"


def _told(trace: Trace, path: list[Hop], skips: list[tuple[int, int]]) -> str:
    if len(skips) > LISTED_HOPS:
        first, last = (" → ".join(map(str, skips[at])) for at in (0, -1))
        return f"the first {first}, the last {last}"
    if len(skips) > TOLD_HOPS:
        return _route(path)
    return ", ".join(_hop(trace, reader, source, alone=len(skips) == 1) for reader, source in skips)


def _hop(trace: Trace, reader: int, source: int, *, alone: bool) -> str:
    weight = weights_of(trace).get((reader, source))
    if not weight:
        return f"step {reader} compared itself with step {source}, which has weight 0"
    if alone:
        drawn = any(("skip", reader, source) in hops(path) for path in trace["paths"])
        hidden = "" if drawn else " (its arc is hidden)"
        return f"step {reader} read step {source} with weight {readable(weight, 3)}{hidden}"
    return f"step {reader} read step {source} (weight {readable(weight, 3)})"


def _route(path: list[Hop]) -> str:
    """`40 → 34, locally to 32, 32 → 9`: no step is left out without a word."""
    said = str(path[0][1])
    for at, (kind, _, source) in enumerate(path):
        if kind == "skip":
            said += f" → {source}"
        elif at + 1 < len(path) and path[at + 1][0] == "skip":
            said += f", locally to {source}, {source}"
    return said


def _at(trace: Trace, name: str, step: int) -> Any:
    values = trace.get(name) or ()
    return values[step] if step < len(values) else None
