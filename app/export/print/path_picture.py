"""The backtracking paths drawn with matplotlib: what static/js/panels/paths/ draws for the page, for paper.

What is drawn is decided in geometry.py.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from sab_visualiser.app.export.content.geometry import (
    Arc,
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
from sab_visualiser.app.export.content.look import CROSS_ALONG, CROSS_UP
from sab_visualiser.app.export.content.tables import Table
from sab_visualiser.app.export.content.words import paths_note, readable
from sab_visualiser.app.export.print.palette import HOP_LINES, PT_PER_PX, THRESHOLD_LINE
from sab_visualiser.app.export.print.sheet import (
    POINTS,
    Sheet,
    broken,
    grown,
    height_in,
    legend_below,
    ringed,
    shown_steps,
    titled,
    whole_steps,
    width_of,
)
from sab_visualiser.app.export.story.path import labelled

ROOM_PX = 150
"""Height of the page's panel that the picture's height stands for."""
BELOW = 4.5
"""Ticks and the name of the axis, in sizes of letters."""
GHOST_DASH = (0, (4, 2))
TOP = 1.06
"""Of the arcs with what is left above the highest, as a share of its height."""
CUT_FROM_PT = 4
"""Cuts that are closer together are ticks below the line."""


def paths(figure: Figure, trace: Mapping[str, Any], _table: Table, on: Sheet) -> None:
    """Skip edges as arcs (width by credit, dash by hop), local credit as ink on the baseline, cuts as gaps."""
    figure.set_figheight(height_in(on, 0.34))
    axes, steps, at = figure.add_subplot(), trace["steps"], trace["loss_step"]
    found, out = sorted(arcs(trace), key=lambda arc: arc.share), ghosts(trace)
    far = [arc.reader - arc.source for arc in found] + [reader - source for reader, source in out]
    span, crowd = arc_span(steps, far), crowding(len(found))
    for reader, source in out:
        _ghost(axes, reader, source, span, on)
    for arc in found:
        _arc(axes, arc, span, crowd, on)
    _baseline(axes, trace, on)
    if at is not None:
        axes.plot([at], [0], "o", color=on.colours.ink, markersize=4.5 * on.scale, zorder=6, clip_on=False)
    first, last = shown_steps(on, steps)
    top = TOP
    best = labelled(trace, found) if on.paper.marks else None
    if best is not None and first <= best.source and best.reader <= last:
        top = _label(figure, axes, best, (first, last), on)
    handles = _legend(trace, found, on)
    legend_below(figure, handles, [str(handle.get_label()) for handle in handles], on)
    axes.set(xlim=(first - 0.5, last + 0.5), ylim=(-0.2, top), yticks=[], xlabel="step")
    whole_steps(axes.xaxis, on)
    axes.spines["left"].set_visible(False)
    about = "Backtracking paths" + (" of the whole loss" if at is None else f" from step {at}")
    titled(figure, on, f"{about}. {paths_note(trace)}")


def dash(arc: Arc) -> Any:
    """By hop; a threshold memory is dotted."""
    return HOP_LINES[min(arc.hop, 3) - 1] if arc.chosen else THRESHOLD_LINE


def height(reader: int, source: int, span: float) -> float:
    """Of an arc, as a share of the picture's height."""
    return rise(reader - source, span, ROOM_PX) / ROOM_PX


def bow(reader: int, source: int, span: float) -> Path:
    """The page's arc: a cubic from reader to source over the baseline."""
    bend = control(height(reader, source, span))
    return Path([(reader, 0), (reader, bend), (source, bend), (source, 0)], [Path.MOVETO, *[Path.CURVE4] * 3])


def _ghost(axes: Axes, reader: int, source: int, span: float, on: Sheet) -> None:
    look: dict[str, Any] = {"color": on.colours.muted, "linestyle": GHOST_DASH, "linewidth": 0.8}
    axes.add_patch(PathPatch(bow(reader, source, span), fill=False, **look))
    x = reader + CROSS_ALONG * (source - reader)
    axes.plot([x], [CROSS_UP * height(reader, source, span)], "x", color=on.colours.muted, markersize=5 * on.scale)


def _arc(axes: Axes, arc: Arc, span: float, crowd: float, on: Sheet) -> None:
    share = 1.0 if arc.credit is None else arc.share
    look: dict[str, Any] = {
        "edgecolor": on.colours.alarm if arc.credit is None else on.colours.rules["sab"],
        "linestyle": dash(arc),
        "linewidth": PT_PER_PX * thickness(share, crowd) * on.scale,
        "alpha": opacity(share, crowd),
        "capstyle": "round",
    }
    axes.add_patch(PathPatch(bow(arc.reader, arc.source, span), fill=False, **look))


def _baseline(axes: Axes, trace: Mapping[str, Any], on: Sheet) -> None:
    steps, colours = trace["steps"], on.colours
    axes.plot(range(steps), [0] * steps, ".", color=colours.muted, markersize=1.6 * on.scale, zorder=2)
    for ink in inks(trace):
        width, seen = ink_look(ink.share)
        colour = colours.alarm if ink.credit is None else colours.rules["sab"]
        look: dict[str, Any] = {"color": colour, "linewidth": PT_PER_PX * width * on.scale, "alpha": seen}
        axes.plot([ink.source, ink.reader], [0, 0], solid_capstyle="butt", zorder=3, **look)
    if not on.paper.marks:
        return
    first, last = shown_steps(on, steps)
    _cuts(axes, trace["cuts"], on.pitch(last - first + 1), on)
    truth = [step for step in rings(trace) if first <= step <= last]
    ring: dict[str, Any] = {"marker": "o", "color": colours.source, "mew": 1.4 * on.scale, "markersize": 7 * on.scale}
    ringed(axes, truth, [0] * len(truth), {**ring, "zorder": 5, "clip_on": False}, on)


def _cuts(axes: Axes, cuts: Sequence[int], pitch: float, on: Sheet) -> None:
    """A gap in the line with an upright in it; ticks below the line where they stand close."""
    places = [cut - 0.5 for cut in cuts]
    apart = min((late - early for early, late in itertools.pairwise(cuts)), default=len(cuts)) * pitch
    if len(cuts) > 1 and apart < CUT_FROM_PT:
        axes.vlines(places, -0.13, -0.07, color=on.colours.muted, linewidth=min(0.7 * on.scale, apart / 3), zorder=4)
        return
    axes.vlines(places, -0.045, 0.045, color=on.colours.ground, linewidth=2.5 * on.scale, zorder=4)
    axes.vlines(places, -0.045, 0.045, color=on.colours.ink, linewidth=0.7 * on.scale, zorder=4.5)


def _label(figure: Figure, axes: Axes, best: Arc, shown: tuple[int, int], on: Sheet) -> float:
    """The numbers of the strongest arc, above all arcs; how high the axes are with them."""
    read = f"weight {readable(best.weight, 3)}" if best.chosen else "threshold memory"
    who, how = f"step {best.reader} {best.verb} step {best.source}:", f"{read}, credit {readable(best.credit, 2)}"
    fits = width_of(f"{who} {how}", on.small) <= on.width_pt
    words = f"{who} {how}" if fits else broken(f"{who}\n{how}", on.small, on.width_pt)
    lines = words.split("\n")
    tall = len(lines) * 1.3 * on.small
    grown(figure, on, tall)
    # What the axes are high: the figure without its ticks and its label below; a legend adds its own height.
    arcs_pt = max(figure.get_figheight() * POINTS - tall - BELOW * on.paper.font_size, 2 * tall)
    first, last = shown
    half = min(max(width_of(line, on.small) for line in lines) / (2 * on.width_pt), 0.5) * (last - first + 1)
    x = min(max((best.reader + best.source) / 2, first - 0.5 + half), last + 0.5 - half)
    # It has its room: without it the axes are as wide as the figure.
    axes.text(x, TOP, words, in_layout=False, fontsize=on.small, ha="center", va="bottom", color=on.colours.ink)
    return TOP + (TOP + 0.2) * tall / arcs_pt


def _legend(trace: Mapping[str, Any], found: list[Arc], on: Sheet) -> list[Line2D]:
    """Only what is in the picture."""
    blue, marks = on.colours.rules["sab"], on.paper.marks
    hops = {min(arc.hop, 3) for arc in found if arc.chosen}
    entries: list[tuple[Any, dict[str, Any]]] = [
        (found, {"linestyle": "solid", "color": blue, "linewidth": 2, "label": "width is credit"}),
        (2 in hops, {"linestyle": HOP_LINES[1], "color": blue, "label": "2nd hop"}),
        (3 in hops, {"linestyle": HOP_LINES[2], "color": blue, "label": "3rd and later"}),
        (
            any(not arc.chosen for arc in found),
            {"linestyle": THRESHOLD_LINE, "dash_capstyle": "round", "color": blue, "label": "threshold"},
        ),
        (marks and trace["cuts"], {"marker": "|", "linestyle": "none", "color": on.colours.ink, "label": "cut"}),
        (
            marks and rings(trace),
            {"marker": "o", "mfc": "none", "linestyle": "none", "color": on.colours.source, "label": "true source"},
        ),
        (ghosts(trace), {"linestyle": GHOST_DASH, "color": on.colours.muted, "linewidth": 0.8, "label": "knocked out"}),
    ]
    return [Line2D([], [], **look) for there, look in entries if there]
