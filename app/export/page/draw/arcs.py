"""The backtracking paths of an exported page as SVG: arcs, ink, scissors, rings, and what each of them says.

The look is the page's (static/js/panels/paths/figure.js): width is credit, dash is the hop, height is distance. What is
drawn is decided in geometry.py, for matplotlib too; colours come from style.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sab_visualiser.app.export.content.geometry import (
    Arc,
    Ink,
    arc_span,
    arcs,
    control,
    crowding,
    ghosts,
    ink_look,
    inks,
    opacity,
    rings,
    rise,
    thickness,
)
from sab_visualiser.app.export.content.look import (
    ARC_FOOT_PX,
    ARC_LABEL_PX,
    ARC_TOP_PX,
    CROSS_ALONG,
    CROSS_UP,
    SCISSORS_FROM_PX,
)
from sab_visualiser.app.export.content.words import readable
from sab_visualiser.app.export.page.draw.axis import Axis
from sab_visualiser.app.export.page.markup import Markup, px, tag
from sab_visualiser.app.export.print import palette
from sab_visualiser.app.export.story.path import labelled
from sab_visualiser.model.contract import DEFAULT_SHARE

Bow = tuple[str, tuple[float, float]]
"""Outline, and its highest point."""


def arcs_svg(trace: Mapping[str, Any], axis: Axis, height: int) -> Markup:
    """The drawing; each arc is a path with kind, reader and source, and a title with its numbers."""
    base, found, out = height - ARC_FOOT_PX, arcs(trace), ghosts(trace)
    far = [arc.reader - arc.source for arc in found] + [reader - source for reader, source in out]
    span, crowd = arc_span(axis.steps, far), crowding(len(found))
    line = {"class": "base", "x1": axis.left, "x2": axis.end, "y1": base, "y2": base}
    shapes = [tag("line", line), *_ink(trace, axis, base), *_scissors(trace["cuts"], axis, base)]
    shapes += [_ghost(pair, axis, base, span) for pair in out]
    shapes += [_arc(arc, axis, base, span, crowd) for arc in sorted(found, key=lambda arc: arc.share)]
    shapes += _rings(rings(trace), axis, base)
    at = trace["loss_step"]
    if at is not None:
        dot = tag(
            "circle",
            {"class": "reader", "cx": axis.x(at), "cy": float(base), "r": 4.5, "data-reader-step": at},
            _title(f"the loss at step {at}"),
        )
        shapes.append(dot)
    if (best := labelled(trace, found)) is not None:
        shapes.append(_label(best, [(arc.reader, arc.source) for arc in found] + out, axis, base, span))
    shapes += [tag("text", {"class": "tick", "x": axis.x(step), "y": height + 10}, str(step)) for step in axis.ticks()]
    view = {"class": "drawing", "viewBox": f"0 0 {px(axis.width)} {height + 14}"}
    size = {"width": axis.width, "height": height + 14, "role": "img", "aria-label": note(trace)}
    return tag("svg", view | size, *shapes)


def arc_words(arc: Arc) -> str:
    """What an arc says when one points at it."""
    weight = f"weight {readable(arc.weight, 3)}"
    read = weight if arc.chosen else "threshold memory, weight 0 exactly, its score is subtracted"
    reads = f"step {arc.reader} {arc.verb} the microstate of step {arc.source}"
    return f"skip edge: {reads}, {read}, credit {readable(arc.credit, 3)}, hop {arc.hop}"


def note(trace: Mapping[str, Any]) -> str:
    """How many paths are shown and hidden, and what was knocked out."""
    shown, hidden = len(trace["paths"]), trace.get("paths_hidden") or 0
    share = f"{100 * trace.get('share', DEFAULT_SHARE):.4g} %"
    held = (
        f"{shown} path{'' if shown == 1 else 's'} shown, which hold {share} of the skip credit; "
        if shown
        else "No path shown; "
    )
    words = f"{held}{hidden or 'no'} weaker one{'' if hidden == 1 else 's'} hidden."
    out = trace.get("knocked_out") or []
    named = ", ".join(f"{reader} → {'∅' if source < 0 else source}" for reader, source in out)
    return f"{words} Knocked out: {named}." if out else words


def legend(trace: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Marks that are in the picture, as (mark, words)."""
    found = arcs(trace)
    hops = {min(arc.hop, 3) for arc in found if arc.chosen}
    entries = [
        (bool(found), "hop-1", "width is credit"),
        (2 in hops, "hop-2", "2nd hop"),
        (3 in hops, "hop-3", "3rd hop and later"),
        (any(not arc.chosen for arc in found), "threshold", "threshold memory"),
        (bool(inks(trace)), "ink", "local credit"),
        (bool(trace["cuts"]), "scissors", "cut"),
        (bool(rings(trace)), "ring", "true source"),
        (bool(ghosts(trace)), "ghost", "knocked out"),
    ]
    return [(mark, words) for there, mark, words in entries if there]


def legend_mark(mark: str) -> Markup:
    """A small picture of a mark, 26 × 14 px."""
    if mark == "ring":
        shapes = [tag("circle", {"class": "ring", "cx": 14, "cy": 7, "r": 5})]
    elif mark == "scissors":
        shapes = [tag("g", {"transform": "translate(14 8)"}, *_blades())]
    elif mark == "ghost":
        shapes = [tag("path", {"class": kind, "d": "M2 7h22"}) for kind in ("ghost", "ghost inner")]
    elif mark == "ink":
        shapes = [tag("path", {"class": "ink", "d": "M2 7h22", "stroke-width": 5, "opacity": 0.8})]
    else:
        dash = palette.SVG_THRESHOLD if mark == "threshold" else palette.SVG_HOPS[int(mark[-1]) - 1]
        shapes = [tag("path", {"class": "arc", "d": "M2 7h22", "stroke-width": 2.5, "stroke-dasharray": dash or None})]
    return tag("svg", {"width": 26, "height": 14, "aria-hidden": "true"}, *shapes)


def _bow(reader: int, source: int, axis: Axis, base: int, span: float) -> Bow:
    start, end, room = axis.x(reader), axis.x(source), base - ARC_TOP_PX
    risen = rise(reader - source, span, room)
    bend = px(base - control(risen))
    outline = f"M{px(start)} {base}C{px(start)} {bend} {px(end)} {bend} {px(end)} {base}"
    return outline, ((start + end) / 2, base - risen)


def _title(words: str) -> Markup:
    return tag("title", {}, words)


def _arc(arc: Arc, axis: Axis, base: int, span: float, crowd: float) -> Markup:
    outline, _ = _bow(arc.reader, arc.source, axis, base, span)
    share = 1.0 if arc.credit is None else arc.share
    dash = palette.SVG_HOPS[min(arc.hop, 3) - 1] if arc.chosen else palette.SVG_THRESHOLD
    look = {"class": "arc broken" if arc.credit is None else "arc", "stroke-dasharray": dash or None}
    size = {"stroke-width": f"{thickness(share, crowd):.2f}", "opacity": f"{opacity(share, crowd):.2f}"}
    data = {"data-kind": "skip", "data-reader": arc.reader, "data-source": arc.source, "data-hop": arc.hop}
    told = {"data-chosen": str(arc.chosen).lower(), "data-credit": "" if arc.credit is None else repr(arc.credit)}
    hit = tag("path", {"class": "hit", "d": outline})
    line = tag("path", {"d": outline} | look | size | data | told)
    return tag("g", {"class": "edge", "tabindex": 0}, _title(arc_words(arc)), line, hit)


def _ink(trace: Mapping[str, Any], axis: Axis, base: int) -> list[Markup]:
    return [_stroke(ink, axis, base) for ink in inks(trace)]


def _stroke(ink: Ink, axis: Axis, base: int) -> Markup:
    width, seen = ink_look(ink.share)
    look = {
        "class": "ink broken" if ink.credit is None else "ink",
        "d": f"M{px(axis.x(ink.reader))} {base}H{px(axis.x(ink.source))}",
        "stroke-width": f"{width:.2f}",
        "opacity": f"{seen:.2f}",
        "data-kind": "local",
        "data-reader": ink.reader,
        "data-source": ink.source,
    }
    words = f"local edge: step {ink.reader} to step {ink.source}, credit {readable(ink.credit, 3)}"
    return tag("path", look, _title(words))


def _scissors(cuts: list[int], axis: Axis, base: int) -> list[Markup]:
    gap = max(min(axis.cell * 0.5, 7), 2)
    roomy = len(cuts) < 2 or (cuts[1] - cuts[0]) * axis.cell >= SCISSORS_FROM_PX
    shapes = []
    for cut in cuts:
        x = axis.x(cut) - axis.cell / 2
        clear = tag("line", {"class": "gap", "x1": x - gap / 2, "x2": x + gap / 2, "y1": base, "y2": base})
        mark = _blades() if roomy else [tag("path", {"class": "blade", "d": "M0 -4V4"})]
        words = f"cut: no local credit passes from step {cut} to step {cut - 1}"
        place = tag("g", {"transform": f"translate({px(x)} {base})"}, *mark)
        shapes.append(tag("g", {"data-cut": cut}, _title(words), clear, place))
    return shapes


def _blades() -> list[Markup]:
    rings_ = [tag("circle", {"class": "blade", "cx": x, "cy": 4, "r": 1.9}) for x in (-2.8, 2.8)]
    return [tag("path", {"class": "blade", "d": "M-2.2 2L2.4 -6M2.2 2L-2.4 -6"}), *rings_]


def _rings(steps: list[int], axis: Axis, base: int) -> list[Markup]:
    shapes = []
    for step in steps:
        place = {"class": "ring", "cx": axis.x(step), "cy": float(base), "r": 6.5, "data-true-source": step}
        shapes.append(tag("circle", place, _title(f"true source: step {step} holds the answer")))
    if steps:
        words = f"true source, step {steps[0]}" if len(steps) == 1 else "true sources"
        left = axis.x(steps[0]) < axis.left + 40
        x = axis.x(steps[0]) - (6 if left else 0)
        shapes.append(tag("text", {"class": "source-name" + (" left" if left else ""), "x": x, "y": base + 20}, words))
    return shapes


def _ghost(pair: tuple[int, int], axis: Axis, base: int, span: float) -> Markup:
    reader, source = pair
    outline, apex = _bow(reader, source, axis, base, span)
    x = axis.x(reader) + CROSS_ALONG * (axis.x(source) - axis.x(reader))
    y = base - CROSS_UP * (base - apex[1])
    cross = tag("path", {"class": "cross", "d": f"M{px(x - 4)} {px(y - 4)}l8 8m0 -8l-8 8"})
    lines = [tag("path", {"class": kind, "d": outline}) for kind in ("ghost", "ghost inner")]
    words = f"knocked out: step {reader} does not read step {source} here"
    return tag("g", {"data-knocked-out": f"{reader}-{source}"}, _title(words), *lines, cross)


def _label(best: Arc, drawn: list[tuple[int, int]], axis: Axis, base: int, span: float) -> Markup:
    """The numbers of one arc, above all that is drawn where they stand."""
    _, apex = _bow(best.reader, best.source, axis, base, span)
    read = f"weight {readable(best.weight, 3)}" if best.chosen else "threshold memory"
    words = f"step {best.reader} {best.verb} step {best.source}: {read}, credit {readable(best.credit, 2)}"
    x = min(max(apex[0], axis.left + ARC_LABEL_PX), axis.end - ARC_LABEL_PX)
    under = [one for one in drawn if axis.x(one[1]) < x + ARC_LABEL_PX and axis.x(one[0]) > x - ARC_LABEL_PX]
    tops = [_bow(*one, axis, base, span)[1][1] for one in under]
    return tag("text", {"class": "arc-label", "x": x, "y": max(min([apex[1], *tops]) - 7, 12)}, words)
