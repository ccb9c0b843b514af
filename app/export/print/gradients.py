"""Gradient norms for paper, on a log axis with room below it for exact zeros and above it for what is not finite."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.markers import CARETDOWNBASE

from sab_visualiser.app.export.content.geometry import LANE, Lanes, decades, lanes
from sab_visualiser.app.export.content.look import RULES
from sab_visualiser.app.export.content.tables import Table, norms_of
from sab_visualiser.app.export.content.words import own_name, spans
from sab_visualiser.app.export.print.palette import RULE_DASHES
from sab_visualiser.app.export.print.sheet import (
    KEY,
    Sheet,
    height_in,
    legend_below,
    shown_steps,
    titled,
    whole_steps,
    width_of,
)

WIDTHS = {"full": 1.1, "sab": 2.4, "truncated": 1.4}
ORDER = {"sab": 2, "truncated": 3, "full": 4}
"""A solid line below, dashes and dots over it: where lines coincide all of them can be seen."""
APART = 0.45
"""Decades between the zeros of one rule and those of the next."""
MARK_FROM_PT = 3.2
"""Steps that are closer together than that have no marks of their own."""
CUT_FROM_PT = 5
"""Cuts that are closer together are ticks at the top."""
NAME_SHARE = 0.12
"""Of the axis: a power of ten that is nearer to the name of the lane above it gives way to it."""
CUT_DASH = (0, (1, 1.5))
BROADEST_ZERO = 0.5
"""Of a step, to either side of it: zeros of neighbouring steps are one bar where there is no room for marks."""


def gradients(figure: Figure, trace: Mapping[str, Any], _table: Table, on: Sheet) -> None:
    """log₁₀ of the norms; a lane a rule for exact zeros, one above for what is not finite, tiny ones at the foot."""
    figure.set_figheight(height_in(on, 0.4))
    wanted: tuple[str, ...] = on.paper.rules
    norms = {rule: values for rule, values in norms_of(trace).items() if rule in wanted}
    axes, found = figure.add_subplot(), lanes(norms)
    first, last = shown_steps(on, trace["steps"])
    pitch = on.pitch(last - first + 1)
    shown = [one.rule for one in RULES if one.rule in found.logs]
    handles = [_line(axes, trace, found, rule, pitch, on) for rule in sorted(shown, key=ORDER.__getitem__)]
    zero_lanes = _zeros(axes, found, shown, pitch, on)
    if on.paper.marks and trace["cuts"]:
        handles.append(_cuts(axes, trace["cuts"], pitch, on))
    _axis(axes, found, zero_lanes, on)
    axes.set(xlim=(first - 0.5, last + 0.5), xlabel="step s")
    whole_steps(axes.xaxis, on)
    at = trace["loss_step"]
    of = "c" if trace.get("cell") else "h"
    loss = "L" if at is None else f"L_{{{at}}}"
    axes.set_ylabel(rf"$\|\partial {loss} / \partial {of}_s\|_2$")
    titled(figure, on, "Gradient norm of the whole loss" if at is None else f"Gradient norm of the loss at step {at}")
    legend_below(figure, handles, [str(handle.get_label()) for handle in handles], on)


def _cuts(axes: Axes, cuts: Sequence[int], pitch: float, on: Sheet) -> Line2D:
    """An upright before the step behind each cut, or a tick at the top where they stand close."""
    look: dict[str, Any] = {"color": on.colours.muted, "linewidth": 0.9 * on.scale, "zorder": 1}
    apart = min((late - early for early, late in itertools.pairwise(cuts)), default=len(cuts)) * pitch
    dense = len(cuts) > 1 and apart < CUT_FROM_PT
    for cut in cuts:
        if dense:
            axes.axvline(cut - 0.5, 0.96, 1, **{**look, "linewidth": min(0.9, apart / 3)})
        else:
            axes.axvline(cut - 0.5, linestyle=CUT_DASH, **look)
    ticked: dict[str, Any] = {"marker": "|", "linestyle": "none", "markersize": 4 * on.scale}
    return Line2D([], [], label="cut", **look, **(ticked if dense else {"linestyle": CUT_DASH}))


def _line(axes: Axes, trace: Mapping[str, Any], found: Lanes, rule: str, pitch: float, on: Sheet) -> Line2D:
    colour = on.colours.rules[rule]
    marker = next(one.marker for one in RULES if one.rule == rule)
    (line,) = axes.plot(
        found.logs[rule],
        color=colour,
        linestyle=RULE_DASHES[rule],
        linewidth=WIDTHS[rule] * on.scale * min(max(pitch / 1.6, 0.5), 1),
        marker={"square": "s", "circle": "o", "diamond": "D"}[marker] if pitch >= MARK_FROM_PT else None,
        markersize=(3.2 if rule == "sab" else 1.8) * on.scale,
        zorder=ORDER[rule],
        label=_reach(own_name(trace) if rule == "sab" else rule, trace["reach"].get(rule, ()), on),
    )
    look: dict[str, Any] = {"linestyle": "none", "color": colour, "zorder": ORDER[rule]}
    size = 4 * on.scale * min(max(pitch / MARK_FROM_PT, 0.5), 1)
    tiny, others = found.tiny[rule], found.nonfinite[rule]
    axes.plot(tiny, [found.low] * len(tiny), marker=CARETDOWNBASE, markersize=size, **look)
    axes.plot(others, [found.high + LANE] * len(others), marker="x", markersize=size, **look)
    return line


def _reach(name: str, reach: Sequence[tuple[int, int]], on: Sheet) -> str:
    """What a rule reaches, latest steps first; of many intervals as many as a line has room for."""
    ordered = sorted(reach, reverse=True)
    room = on.width_pt - KEY * on.small
    told = [f"{name}, reaches {spans(ordered, most)}" for most in range(len(ordered), 0, -1)]
    return next((words for words in told if width_of(words, on.small) <= room), f"{name}, reaches {spans(ordered, 1)}")


def _zeros(axes: Axes, found: Lanes, shown: list[str], pitch: float, on: Sheet) -> float:
    """The exact zeros of each rule in a lane of its own; how far down the lanes go."""
    lane = found.low - LANE
    for rule in shown:
        zeros = found.zeros[rule]
        if zeros:
            colour = on.colours.rules[rule]
            if pitch >= MARK_FROM_PT:
                axes.plot(zeros, [lane] * len(zeros), "v", mfc="none", color=colour, markersize=3 * on.scale, mew=0.7)
            else:
                ends = [(step - BROADEST_ZERO, step + BROADEST_ZERO) for step in zeros]
                left, right = zip(*ends, strict=True)
                axes.hlines([lane] * len(zeros), left, right, color=colour, linewidth=2.4 * on.scale)
            lane -= APART
    return found.low - LANE - lane


def _axis(axes: Axes, found: Lanes, depth: float, on: Sheet) -> None:
    """Powers of ten; a name for the lanes below and above only where something stands in them."""
    ticks, above = decades(found.low, found.high), any(found.nonfinite.values())
    low = found.low - LANE - depth if depth else found.low - 0.1
    high = found.high + (1.6 * LANE if above else 0.1)
    if above:
        ticks = [tick for tick in ticks if found.high + LANE - tick >= NAME_SHARE * (high - low)]
    names = [f"$10^{{{tick}}}$" for tick in ticks]
    places: list[float] = [*ticks]
    if depth:
        places, names = [found.low - LANE - (depth - APART) / 2, *places], ["0", *names]
    if above:
        places, names = [*places, found.high + LANE], [*names, "not finite"]
    axes.set_yticks(places, names)
    axes.set_ylim(low, high)
    axes.grid(axis="y", color=on.colours.grid, linewidth=0.5)
