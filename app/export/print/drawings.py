"""The panels drawn with matplotlib on an Axes that the caller owns.

No files, no pyplot, no captions: app/export/print/pictures.py adds those. Text that may hold a person's words is never
read as mathematics.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.markers import CARETDOWNBASE
from matplotlib.ticker import NullFormatter

from sab_visualiser.app.export.content.geometry import LANE, Grid, decades, grid, intervals, is_signed, lanes
from sab_visualiser.app.export.content.look import RULES
from sab_visualiser.app.export.content.tables import CURVES, Table, norms_of
from sab_visualiser.app.export.content.words import HEALTH, own_name, power_of_ten
from sab_visualiser.app.export.print import palette
from sab_visualiser.app.export.print.path_picture import paths

WEIGHT_MAP = LinearSegmentedColormap.from_list("weight", palette.WEIGHT_COLOURS)
SIGNED_MAP = LinearSegmentedColormap.from_list("signed weight", palette.SIGNED_COLOURS)
MOST_TICKS = 16
FEW_POINTS = 60
"""Up to so many updates each one gets a dot, so that one alone between two gaps can be seen."""
EXTEND = {(False, False): "neither", (True, False): "min", (False, True): "max", (True, True): "both"}
"""Ends of a colour bar beyond which weights lie, which variant release does not normalise."""
Draw = Callable[[Figure, Mapping[str, Any], Table], None]


def attention(figure: Figure, trace: Mapping[str, Any], _table: Table) -> None:
    """Queries down, memories across, oldest left; blank is exactly zero, hatched does not exist yet."""
    axes, cells = figure.add_subplot(), grid(trace)
    axes.set(facecolor=palette.PANEL, title="Attention weight (query × memory)")
    axes.set(xlabel="memory, by the step that wrote it (∅: the empty one)", ylabel="step t that reads")
    if not cells.sources:
        axes.text(0.5, 0.5, "no memory yet", ha="center", va="center", transform=axes.transAxes)
        return
    _heat(figure, axes, trace, cells)
    steps = len(cells.weight)
    stairs = [
        [(c - 0.5, -0.5), (c + 0.5, -0.5), (c + 0.5, s + 0.5), (c - 0.5, s + 0.5)]
        for c, s in enumerate(cells.sources)
        if s >= 0
    ]
    axes.add_collection(PolyCollection(stairs, facecolor="none", edgecolor=palette.HATCH, hatch="////", linewidth=0))
    _mark(axes, cells)
    every = max(1, -(-len(cells.sources) // MOST_TICKS))
    ticks = range(0, len(cells.sources), every)
    axes.set_xticks(ticks, ["∅" if cells.sources[c] < 0 else str(cells.sources[c]) for c in ticks])
    axes.set(xlim=(-0.5, len(cells.sources) - 0.5), ylim=(steps - 0.5, -0.5))


def _heat(figure: Figure, axes: Axes, trace: Mapping[str, Any], cells: Grid) -> None:
    """The cells and their colour bar; a scale centred on 0 where weights may be negative."""
    signed = is_signed(trace, cells)
    colours, low = (SIGNED_MAP, -1) if signed else (WEIGHT_MAP, 0)
    image = axes.imshow(cells.weight, cmap=colours, vmin=low, vmax=1, interpolation="nearest", aspect="auto")
    outside = np.nanmin(cells.weight, initial=0) < low, np.nanmax(cells.weight, initial=0) > 1
    label = "weight, negative to positive" if signed else "weight"
    figure.colorbar(image, ax=axes, label=label, extend=EXTEND[outside] if signed else "neither")


def _mark(axes: Axes, cells: Grid) -> None:
    if cells.true_cells:
        rows, columns = zip(*cells.true_cells, strict=True)
        axes.scatter(columns, rows, s=22, facecolors="none", edgecolors=palette.TRUE_SOURCE, label="true source")
    if cells.nonfinite:
        rows, columns = zip(*cells.nonfinite, strict=True)
        axes.scatter(columns, rows, marker="x", s=22, color=palette.ALARM, label="not finite")
    if cells.true_cells or cells.nonfinite:
        axes.legend(loc="upper right", fontsize=7)


def gradients(figure: Figure, trace: Mapping[str, Any], _table: Table) -> None:
    """log₁₀ of the norms; exact zeros in a lane below the axis, non-finite ones above, tiny ones at its foot."""
    axes, found = figure.add_subplot(), lanes(norms_of(trace))
    for rule, logs in ((one.rule, found.logs[one.rule]) for one in RULES if one.rule in found.logs):
        colour = palette.RULE_COLOURS[rule]
        label = f"{own_name(trace) if rule == 'sab' else rule}, reaches {intervals(trace['reach'].get(rule, ()))}"
        axes.plot(
            logs,
            color=colour,
            linestyle=palette.RULE_DASHES[rule],
            marker=".",
            markersize=4,
            label=label,
            linewidth=1.6,
        )
        zeros, others = found.zeros[rule], found.nonfinite[rule]
        axes.plot(zeros, [found.low - LANE] * len(zeros), "v", mfc="none", color=colour, markersize=4)
        axes.plot(others, [found.high + LANE] * len(others), "x", color=colour, markersize=5)
        tiny = found.tiny[rule]
        axes.plot(tiny, [found.low] * len(tiny), marker=CARETDOWNBASE, linestyle="none", color=colour, markersize=5)
    _cuts(axes, trace)
    ticks, broken = decades(found.low, found.high), any(found.nonfinite.values())
    lane, names = ([found.high + LANE], ["∞ NaN"]) if broken else ([], [])
    axes.set_yticks([found.low - LANE, *ticks, *lane], ["0", *map(power_of_ten, ticks), *names])
    axes.set(xlim=(-0.5, trace["steps"] - 0.5), ylim=(found.low - 2 * LANE, found.high + 1.6 * LANE))
    at = trace["loss_step"]
    of, more = ("c", "; reach by that of h") if trace.get("cell") else ("h", "")
    axes.set(title=f"Gradient norm ‖∂L{'' if at is None else f' at step {at}'} / ∂{of}_s‖₂{more}", xlabel="step s")
    axes.grid(axis="y", color=palette.GRID, linewidth=0.5)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=3, fontsize=7, frameon=False)


def _cuts(axes: Axes, trace: Mapping[str, Any]) -> None:
    for cut in trace["cuts"]:
        axes.axvline(cut - 0.5, color=palette.CUT, linewidth=0.6, linestyle=(0, (1, 2)), zorder=1)


def curves(figure: Figure, _data: Mapping[str, Any], table: Table) -> None:
    """Loss on a log axis above, the other metrics below; skipped updates as crosses."""
    metrics = [column for column in table.columns if column.name not in CURVES]
    panels = figure.subplots(2 if metrics else 1, 1, sharex=True, squeeze=False)[:, 0]
    updates = table.cells("update")
    loss = np.array([np.nan if v is None else v for v in table.cells("loss")], float)
    dot = "." if len(updates) <= FEW_POINTS else None
    panels[0].plot(updates, loss, color=palette.CURVE_COLOURS[0], linewidth=1, marker=dot)
    if (loss > 0).any():
        panels[0].set_yscale("log")
        panels[0].yaxis.set_major_formatter("{x:.3g}")
    skipped = [u for u, flag in zip(updates, table.cells("skipped"), strict=True) if flag]
    panels[0].plot(
        skipped,
        [0.02] * len(skipped),
        "x",
        color=palette.ALARM,
        markersize=4,
        transform=panels[0].get_xaxis_transform(),
        label="skipped update",
    )
    panels[0].set(title="Loss and metrics while training", ylabel="loss")
    if skipped:
        panels[0].legend(fontsize=7, frameon=False)
    dashes = [d for d in ("solid", "dashed", "dotted") for _ in palette.CURVE_COLOURS]
    for column, colour, dash in zip(metrics, palette.CURVE_COLOURS * 3, dashes, strict=False):
        cells = [np.nan if v is None else v for v in column.cells]
        panels[1].plot(updates, cells, color=colour, linestyle=dash, linewidth=1, marker=dot, label=column.name)
    if metrics:
        panels[1].legend(fontsize=7, frameon=False, ncols=3)
    panels[-1].set_xlabel("update")


def health(figure: Figure, _data: Mapping[str, Any], table: Table) -> None:
    """One axis for each kind of figure, one point a look; a log axis where it counts in powers of ten."""
    panels = figure.subplots(len(HEALTH), 1, sharex=True)
    updates = table.cells("update")
    for axes, (label, log, lines) in zip(panels, HEALTH, strict=True):
        columns = [np.array([np.nan if v is None else v for v in table.cells(name)], float) for name in lines]
        looks = zip(palette.CURVE_COLOURS, ("solid", "dashed", "dotted"), strict=False)
        for values, words, (colour, dash) in zip(columns, lines.values(), looks, strict=False):
            axes.plot(updates, values, color=colour, linestyle=dash, linewidth=1.2, label=words)
        sizes = np.concatenate([values[(values > 0) & np.isfinite(values)] for values in columns])
        if log and len(sizes):
            axes.set_yscale("log")
            axes.yaxis.set_major_formatter("{x:.3g}")
            # Between two powers of ten only the small ticks are there to be named.
            axes.yaxis.set_minor_formatter("{x:.3g}" if sizes.max() < 10 * sizes.min() else NullFormatter())
        axes.set_ylabel(label)
        if len(lines) > 1:
            axes.legend(fontsize=7, frameon=False, ncols=3)
    panels[0].set(title="Health of the network while it trained", ylim=(-0.05, 1.3), yticks=(0, 0.5, 1))
    panels[-1].set_xlabel("update")


DRAW: dict[str, Draw] = {
    "attention": attention,
    "gradients": gradients,
    "paths": paths,
    "curves": curves,
    "health": health,
}
