"""The gradient norms of an exported page as SVG: three rules on a log axis, with lanes for zero and for not finite.

What stands where is decided in geometry.py, for matplotlib too. Tiny norms, further below the largest than the axis
reaches, are arrows at its foot; exact zeros are hollow triangles below it, what is not finite crosses above it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from sab_visualiser.app.export.content import look
from sab_visualiser.app.export.content.geometry import Lanes, decades, lanes
from sab_visualiser.app.export.content.look import MARKERS_UP_TO, REACH_SHARE
from sab_visualiser.app.export.content.words import own_name, power_of_ten, readable, spans
from sab_visualiser.app.export.page.draw.axis import Axis
from sab_visualiser.app.export.page.markup import Markup, px, tag
from sab_visualiser.app.export.print import palette

TOP, FOOT, LANE = 8, 20, 16
LINE_END = Markup("&#10;")


def norms_svg(trace: Mapping[str, Any], axis: Axis, height: int) -> Markup:
    """The drawing; each step is a column whose title names the norm under every rule."""
    norms = trace["gradient_norm"]
    found = lanes(norms)
    broken = any(found.nonfinite.values())
    top, bottom = TOP + (LANE if broken else 0), height - FOOT - LANE - 10
    scale = (bottom - top) / (found.high - found.low)

    def y(log: float) -> float:
        return top + (found.high - log) * scale

    shapes = [
        _reach(trace, axis, bottom + LANE + 9),
        *_grid(found, axis, y, broken),
        *_cuts(trace, axis, bottom + LANE + 9),
    ]
    shapes += [_rule(rule, place, found, axis, y, bottom) for place, rule in enumerate(_named(trace, norms))]
    shapes += _columns(trace, found, axis, height)
    numbers = [tag("text", {"class": "tick", "x": axis.x(step), "y": height - 3}, str(step)) for step in axis.ticks()]
    view = {"class": "drawing", "viewBox": f"0 0 {px(axis.width)} {height}", "width": axis.width, "height": height}
    return tag("svg", view | {"role": "img", "aria-label": sentence(trace)}, *shapes, *numbers)


def sentence(trace: Mapping[str, Any]) -> str:
    """Which steps each rule reaches."""
    named = _named(trace, trace["reach"])
    reach = "; ".join(f"{name} reaches {spans(trace['reach'][rule])}" for rule, name in named.items())
    return f"By gradient norm, {reach}."


def _named(trace: Mapping[str, Any], norms: Mapping[str, Any]) -> dict[str, str]:
    """The rules that there are, in the order in which they are drawn, with their names."""
    names = {one.rule: own_name(trace) if one.rule == "sab" else one.name for one in look.RULES}
    return {rule: name for rule, name in names.items() if rule in norms}


def norm_words(value: float | None, most: float, low: float) -> str:
    """A norm in words; exact zero, tiny and not finite by name.

    Args:
        value: None stands for a norm that is not finite.
        most: Largest norm of the rule.
        low: Decade at the foot of the axis.
    """
    if value is None or value == 0:
        return readable(value)
    where = ", below the axis" if math.log10(value) < low else ""
    return f"{readable(value, 6)}{', tiny: out of reach' if value <= REACH_SHARE * most else ''}{where}"


def legend(trace: Mapping[str, Any]) -> list[tuple[Markup, str]]:
    """A small picture of each line with its rule and its reach, then the marks that are in the picture."""
    found = lanes(trace["gradient_norm"])
    entries = []
    names = _named(trace, found.logs)
    for rule in ("sab", "truncated", "full"):
        if rule in names:
            line = {"class": f"norm {rule}", "d": "M1 7h24", "stroke-dasharray": palette.SVG_RULES[rule] or None}
            mark = tag(
                "svg", {"width": 26, "height": 14, "aria-hidden": "true"}, tag("path", line), _marker(rule, 13, 7)
            )
            entries.append((mark, f"{names[rule]} reaches {spans(trace['reach'].get(rule))}"))
    kinds = (
        (found.zeros, "zero", "exactly 0"),
        (found.tiny, "tiny", "tiny, below the axis"),
        (found.nonfinite, "cross", "not finite"),
    )
    for steps, kind, words in kinds:
        if any(steps.values()):
            mark = tag("path", {"class": f"norm-mark {kind} full", "d": MARKS[kind], "transform": "translate(8 7)"})
            entries.append((tag("svg", {"width": 16, "height": 14, "aria-hidden": "true"}, mark), words))
    return entries


MARKS = {"zero": "M-3 -2.5H3L0 3Z", "tiny": "M0 -4V3M-3 0L0 3L3 0", "cross": "M-3 -3L3 3M-3 3L3 -3"}


def _grid(found: Lanes, axis: Axis, y: Callable[[float], float], broken: bool) -> list[Markup]:
    ticks = decades(found.low, found.high)
    lines = [
        tag("line", {"class": "grid", "x1": axis.left, "x2": axis.end, "y1": y(tick), "y2": y(tick)}) for tick in ticks
    ]
    names = [(y(tick), power_of_ten(tick)) for tick in ticks] + [(y(found.low) + LANE, "0")]
    names += [(y(found.high) - LANE, "∞ NaN")] if broken else []
    return [*lines, *(tag("text", {"class": "name", "x": axis.left - 6, "y": at + 4}, words) for at, words in names)]


def _cuts(trace: Mapping[str, Any], axis: Axis, bottom: float) -> list[Markup]:
    places = [axis.x(cut) - axis.cell / 2 for cut in trace["cuts"]]
    return [tag("line", {"class": "cut", "x1": x, "x2": x, "y1": TOP, "y2": bottom}) for x in places]


def _reach(trace: Mapping[str, Any], axis: Axis, bottom: float) -> Markup:
    """The steps that rule sab reaches, shaded."""
    boxes = []
    for first, last in trace["reach"].get("sab", ()):
        x = axis.x(first) - axis.cell / 2
        size = {"width": axis.cell * (last - first + 1), "height": bottom - TOP}
        boxes.append(tag("rect", {"class": "reach", "x": x, "y": TOP} | size))
    return tag("g", {"aria-hidden": "true"}, *boxes)


def _rule(rule: str, place: int, found: Lanes, axis: Axis, y: Callable[[float], float], bottom: float) -> Markup:
    """Line and markers of a rule; the marks of the three rules stand a little apart in the lanes."""
    logs = found.logs[rule]
    here = [(axis.x(step), y(log)) for step, log in enumerate(logs) if not math.isnan(log)]
    pieces = []
    for step, log in enumerate(logs):
        if not math.isnan(log):
            joined = step > 0 and not math.isnan(logs[step - 1])
            pieces.append(f"{'L' if joined else 'M'}{px(axis.x(step))} {px(y(log))}")
    line = {"class": f"norm {rule}", "d": "".join(pieces), "stroke-dasharray": palette.SVG_RULES[rule] or None}
    alone = [
        (axis.x(s), y(log))
        for s, log in enumerate(logs)
        if not math.isnan(log) and all(math.isnan(logs[n]) for n in (s - 1, s + 1) if 0 <= n < len(logs))
    ]
    dots = [_marker(rule, *point) for point in (here if len(logs) <= MARKERS_UP_TO else alone)]
    shift = 4.5 * (place - 1)
    rows = (
        ("zero", found.zeros, bottom + LANE + shift),
        ("tiny", found.tiny, bottom - 4),
        ("cross", found.nonfinite, TOP + 4 + shift),
    )
    marks = [
        tag(
            "path",
            {
                "class": f"norm-mark {kind} {rule}",
                "d": MARKS[kind],
                "transform": f"translate({px(axis.x(step))} {px(at)})",
            },
        )
        for kind, steps, at in rows
        for step in steps[rule]
    ]
    return tag("g", {"data-rule": rule}, tag("path", line), *dots, *marks)


def _marker(rule: str, x: float, y: float) -> Markup:
    if rule == "sab":
        return tag("circle", {"class": "dot sab", "cx": float(x), "cy": float(y), "r": 2.4})
    shape = "M0 -3L3 0L0 3L-3 0Z" if rule == "truncated" else "M-2 -2H2V2H-2Z"
    return tag("path", {"class": f"dot {rule}", "d": shape, "transform": f"translate({px(x)} {px(y)})"})


def _columns(trace: Mapping[str, Any], found: Lanes, axis: Axis, height: int) -> list[Markup]:
    """What one points at: a column a step, which names the norm under every rule."""
    named = _named(trace, trace["gradient_norm"])
    norms = {rule: (name, trace["gradient_norm"][rule]) for rule, name in named.items()}
    most = {rule: max((v for v in values if v is not None), default=0.0) for rule, (_, values) in norms.items()}
    columns = []
    for step in range(trace["steps"]):
        said = [f"{name} {norm_words(values[step], most[rule], found.low)}" for rule, (name, values) in norms.items()]
        raw = {
            f"data-{rule}": "" if values[step] is None else repr(values[step]) for rule, (_, values) in norms.items()
        }
        box = {"class": "column", "x": axis.x(step) - axis.cell / 2, "y": 0, "width": axis.cell, "height": height}
        lines = [piece for words in said for piece in (LINE_END, words)]
        title = tag("title", {}, f"gradient norm at step {step}", *lines)
        columns.append(tag("g", {"class": "step", "data-step": step} | raw, title, tag("rect", box)))
    return columns
