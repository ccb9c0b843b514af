"""The backtracking paths drawn with matplotlib: what static/js/panels/paths/ draws for the page, for paper.

What is drawn is decided in geometry.py.
"""

from __future__ import annotations

from collections.abc import Mapping
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
from sab_visualiser.app.export.print import palette
from sab_visualiser.app.export.story.path import labelled

ROOM_PX = 150
"""Height of the page's panel that the picture's height stands for."""
GHOST_DASH = (0, (4, 2))
INK_COLOUR = palette.RULE_COLOURS["sab"]


def paths(figure: Figure, trace: Mapping[str, Any], _table: Table) -> None:
    """Skip edges as arcs (width by credit, dash by hop), local credit as ink on the baseline, cuts as gaps."""
    axes, steps, at = figure.add_subplot(), trace["steps"], trace["loss_step"]
    found, out = sorted(arcs(trace), key=lambda arc: arc.share), ghosts(trace)
    far = [arc.reader - arc.source for arc in found] + [reader - source for reader, source in out]
    span, crowd = arc_span(steps, far), crowding(len(found))
    for reader, source in out:
        _ghost(axes, reader, source, span)
    for arc in found:
        _arc(axes, arc, span, crowd)
    _baseline(axes, trace)
    if at is not None:
        axes.plot([at], [0], "o", color=palette.INK, markersize=5, zorder=6)
    if (best := labelled(trace, found)) is not None:
        _label(axes, best, steps, span)
    if handles := _legend(trace, found):
        axes.legend(
            handles=handles, loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=6, fontsize=7, frameon=False
        )
    axes.set(xlim=(-0.5, steps - 0.5), ylim=(-0.17, 1.14), yticks=[], xlabel="step")
    axes.spines["left"].set_visible(False)
    title = "Backtracking paths" + (" of the whole loss" if at is None else f" from step {at}")
    axes.set_title(f"{title}. {paths_note(trace)}", fontsize=8.5)


def dash(arc: Arc) -> Any:
    """By hop; a threshold memory is dotted."""
    return palette.HOP_LINES[min(arc.hop, 3) - 1] if arc.chosen else palette.THRESHOLD_LINE


def height(reader: int, source: int, span: float) -> float:
    """Of an arc, as a share of the picture's height."""
    return rise(reader - source, span, ROOM_PX) / ROOM_PX


def bow(reader: int, source: int, span: float) -> Path:
    """The page's arc: a cubic from reader to source over the baseline."""
    bend = control(height(reader, source, span))
    return Path([(reader, 0), (reader, bend), (source, bend), (source, 0)], [Path.MOVETO, *[Path.CURVE4] * 3])


def _ghost(axes: Axes, reader: int, source: int, span: float) -> None:
    look: dict[str, Any] = {"color": palette.MUTED, "linestyle": GHOST_DASH, "linewidth": 0.8}
    axes.add_patch(PathPatch(bow(reader, source, span), fill=False, **look))
    x = reader + CROSS_ALONG * (source - reader)
    axes.plot([x], [CROSS_UP * height(reader, source, span)], "x", color=palette.MUTED, markersize=5)


def _arc(axes: Axes, arc: Arc, span: float, crowd: float) -> None:
    share = 1.0 if arc.credit is None else arc.share
    look: dict[str, Any] = {
        "edgecolor": palette.ALARM if arc.credit is None else INK_COLOUR,
        "linestyle": dash(arc),
        "linewidth": palette.PT_PER_PX * thickness(share, crowd),
        "alpha": opacity(share, crowd),
        "capstyle": "round",
    }
    axes.add_patch(PathPatch(bow(arc.reader, arc.source, span), fill=False, **look))


def _baseline(axes: Axes, trace: Mapping[str, Any]) -> None:
    steps = trace["steps"]
    axes.plot(range(steps), [0] * steps, ".", color=palette.MUTED, markersize=2, zorder=2)
    for ink in inks(trace):
        width, seen = ink_look(ink.share)
        colour = palette.ALARM if ink.credit is None else INK_COLOUR
        look: dict[str, Any] = {"color": colour, "linewidth": palette.PT_PER_PX * width, "alpha": seen}
        axes.plot([ink.source, ink.reader], [0, 0], solid_capstyle="butt", zorder=3, **look)
    cuts = [cut - 0.5 for cut in trace["cuts"]]
    axes.vlines(cuts, -0.045, 0.045, color="white", linewidth=2.5, zorder=4)
    axes.vlines(cuts, -0.045, 0.045, color=palette.INK, linewidth=0.7, zorder=4.5)
    truth = rings(trace)
    axes.plot(truth, [0] * len(truth), "o", mfc="none", color=palette.TRUE_SOURCE, markersize=8, mew=1.6, zorder=5)
    if truth:
        words = f"true source, step {truth[0]}" if len(truth) == 1 else "true sources"
        align = "left" if truth[0] < steps * 0.08 else "center"
        axes.text(truth[0], -0.09, words, fontsize=7, ha=align, va="top", color=palette.INK)


def _label(axes: Axes, best: Arc, steps: int, span: float) -> None:
    read = f"weight {readable(best.weight, 3)}" if best.chosen else "threshold memory"
    words = f"step {best.reader} {best.verb} step {best.source}: {read}, credit {readable(best.credit, 2)}"
    x = min(max((best.reader + best.source) / 2, steps * 0.2), steps * 0.8)
    top = height(best.reader, best.source, span)
    axes.text(x, top + 0.03, words, fontsize=7.5, ha="center", va="bottom", color=palette.INK)


def _legend(trace: Mapping[str, Any], found: list[Arc]) -> list[Line2D]:
    """Only what is in the picture."""
    hops = {min(arc.hop, 3) for arc in found if arc.chosen}
    entries: list[tuple[Any, dict[str, Any]]] = [
        (found, {"linestyle": "solid", "color": INK_COLOUR, "linewidth": 2, "label": "width is credit"}),
        (2 in hops, {"linestyle": palette.HOP_LINES[1], "color": INK_COLOUR, "label": "2nd hop"}),
        (3 in hops, {"linestyle": palette.HOP_LINES[2], "color": INK_COLOUR, "label": "3rd and later"}),
        (
            any(not arc.chosen for arc in found),
            {"linestyle": palette.THRESHOLD_LINE, "dash_capstyle": "round", "color": INK_COLOUR, "label": "threshold"},
        ),
        (trace["cuts"], {"marker": "|", "linestyle": "none", "color": palette.INK, "label": "cut"}),
        (
            rings(trace),
            {"marker": "o", "mfc": "none", "linestyle": "none", "color": palette.TRUE_SOURCE, "label": "true source"},
        ),
        (ghosts(trace), {"linestyle": GHOST_DASH, "color": palette.MUTED, "linewidth": 0.8, "label": "knocked out"}),
    ]
    return [Line2D([], [], **look) for there, look in entries if there]
