"""Gradient norms for paper, on a log axis with room below it for exact zeros and above it for what is not finite."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.markers import CARETDOWNBASE

from sab_visualiser.app.export.content.geometry import LANE, Lanes, decades, intervals, lanes
from sab_visualiser.app.export.content.look import MARKERS_UP_TO, RULES
from sab_visualiser.app.export.content.tables import Table, norms_of
from sab_visualiser.app.export.content.words import own_name
from sab_visualiser.app.export.print.palette import RULE_DASHES
from sab_visualiser.app.export.print.sheet import Sheet, height_in, legend_below, shown_steps, titled

WIDTHS = {"full": 1.1, "sab": 2.4, "truncated": 1.4}
ORDER = {"sab": 2, "truncated": 3, "full": 4}
"""A solid line below, dashes and dots over it: where lines coincide all of them can be seen."""
APART = 0.45
"""Decades between the zeros of one rule and those of the next."""


def gradients(figure: Figure, trace: Mapping[str, Any], _table: Table, on: Sheet) -> None:
    """log₁₀ of the norms; a lane a rule for exact zeros, one above for what is not finite, tiny ones at the foot."""
    figure.set_figheight(height_in(on, 0.4))
    wanted: tuple[str, ...] = on.paper.rules
    norms = {rule: values for rule, values in norms_of(trace).items() if rule in wanted}
    axes, found = figure.add_subplot(), lanes(norms)
    shown = [one.rule for one in RULES if one.rule in found.logs]
    handles = [_line(axes, trace, found, rule, on) for rule in sorted(shown, key=ORDER.__getitem__)]
    zero_lanes = _zeros(axes, found, shown, on)
    if on.paper.marks:
        for cut in trace["cuts"]:
            axes.axvline(cut - 0.5, color=on.colours.cut, linewidth=0.6, linestyle=(0, (1, 2)), zorder=1)
        if trace["cuts"]:
            handles.append(Line2D([], [], color=on.colours.cut, linewidth=0.6, linestyle=(0, (1, 2)), label="cut"))
    _axis(axes, found, zero_lanes, on)
    first, last = shown_steps(on, trace["steps"])
    axes.set(xlim=(first - 0.5, last + 0.5), xlabel="step s")
    at = trace["loss_step"]
    of = "c" if trace.get("cell") else "h"
    loss = "L" if at is None else f"L_{{{at}}}"
    axes.set_ylabel(rf"$\|\partial {loss} / \partial {of}_s\|_2$")
    titled(axes, on, "Gradient norm of the whole loss" if at is None else f"Gradient norm of the loss at step {at}")
    legend_below(figure, handles, [str(handle.get_label()) for handle in handles], on)


def _line(axes: Axes, trace: Mapping[str, Any], found: Lanes, rule: str, on: Sheet) -> Line2D:
    colour = on.colours.rules[rule]
    marker = next(one.marker for one in RULES if one.rule == rule)
    (line,) = axes.plot(
        found.logs[rule],
        color=colour,
        linestyle=RULE_DASHES[rule],
        linewidth=WIDTHS[rule] * on.scale,
        marker={"square": "s", "circle": "o", "diamond": "D"}[marker] if trace["steps"] <= MARKERS_UP_TO else None,
        markersize=(3.2 if rule == "sab" else 1.8) * on.scale,
        zorder=ORDER[rule],
        label=f"{own_name(trace) if rule == 'sab' else rule}, reaches {intervals(trace['reach'].get(rule, ()))}",
    )
    look: dict[str, Any] = {"linestyle": "none", "color": colour, "markersize": 4 * on.scale, "zorder": ORDER[rule]}
    tiny, others = found.tiny[rule], found.nonfinite[rule]
    axes.plot(tiny, [found.low] * len(tiny), marker=CARETDOWNBASE, **look)
    axes.plot(others, [found.high + LANE] * len(others), marker="x", **look)
    return line


def _zeros(axes: Axes, found: Lanes, shown: list[str], on: Sheet) -> float:
    """The exact zeros of each rule in a lane of its own; how far down the lanes go."""
    lane = found.low - LANE
    for rule in shown:
        zeros = found.zeros[rule]
        if zeros:
            colour = on.colours.rules[rule]
            axes.plot(zeros, [lane] * len(zeros), "v", mfc="none", color=colour, markersize=3 * on.scale, mew=0.7)
            lane -= APART
    return found.low - LANE - lane


def _axis(axes: Axes, found: Lanes, depth: float, on: Sheet) -> None:
    """Powers of ten; a name for the lanes below and above only where something stands in them."""
    ticks = decades(found.low, found.high)
    names = [f"$10^{{{tick}}}$" for tick in ticks]
    places: list[float] = [*ticks]
    low, high = found.low - 0.1, found.high + 0.1
    if depth:
        places, names = [found.low - LANE - (depth - APART) / 2, *places], ["0", *names]
        low = found.low - LANE - depth
    if any(found.nonfinite.values()):
        places, names = [*places, found.high + LANE], [*names, "not finite"]
        high = found.high + 1.6 * LANE
    axes.set_yticks(places, names)
    axes.set_ylim(low, high)
    axes.grid(axis="y", color=on.colours.grid, linewidth=0.5)
