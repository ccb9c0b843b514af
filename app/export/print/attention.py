"""The heatmap for paper: cells as shapes, so that they stay sharp and any program can take them apart."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import PolyCollection
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sab_visualiser.app.export.content.geometry import Grid, grid, is_signed
from sab_visualiser.app.export.content.look import STEPS_BETWEEN_TICKS
from sab_visualiser.app.export.content.tables import Table
from sab_visualiser.app.export.print.sheet import (
    Sheet,
    height_in,
    legend_below,
    ringed,
    shown_steps,
    titled,
    whole_steps,
    width_of,
)

AXIS = 0.85
"""What the colour bar leaves of the width."""
RING_PT = 4
LEAST_RING_PT = 2.4
EXTEND = {(False, False): "neither", (True, False): "min", (False, True): "max", (True, True): "both"}
"""Ends of a colour bar beyond which weights lie, which variant release does not normalise."""


def attention(figure: Figure, trace: Mapping[str, Any], _table: Table, on: Sheet) -> None:
    """Queries down, memories across, oldest left; blank is exactly zero, hatched does not exist yet."""
    figure.set_figheight(height_in(on, 0.82))
    axes, cells, colours = figure.add_subplot(), grid(trace), on.colours
    axes.set_facecolor(colours.panel)
    titled(figure, on, "Attention weight (query × memory)")
    axes.set(xlabel="memory, by its step (∅: the empty one)", ylabel="step that reads")
    first, last = shown_steps(on, trace["steps"])
    across = [place for place, source in enumerate(cells.sources) if source < 0 or first <= source <= last]
    if not across:
        axes.text(0.5, 0.5, "no memory yet", ha="center", va="center", transform=axes.transAxes)
        return
    left, right = across[0], across[-1]
    _cells(figure, axes, trace, cells, on)
    axes.add_collection(_unwritten(cells, last, on))
    handles = _marks(axes, cells, (first, last), on)
    legend_below(figure, handles, [str(handle.get_label()) for handle in handles], on)
    ticks = told_ticks(cells.sources, across, on)
    axes.set_xticks(ticks, ["∅" if cells.sources[c] < 0 else str(cells.sources[c]) for c in ticks])
    whole_steps(axes.yaxis, on)
    axes.set(xlim=(left - 0.5, right + 0.5), ylim=(last + 0.5, first - 0.5))


def told_ticks(sources: Sequence[int], across: Sequence[int], on: Sheet) -> list[int]:
    """Columns that are named: the empty memory, and round steps as far as there is room; even spaces where none is.

    Args:
        sources: The step of each memory, −1 for the empty one.
        across: Columns that are shown.
        on: The sheet.
    """
    pitch, room = on.pitch(len(across)) * AXIS, width_of(f"{sources[across[-1]]}  ", on.small)
    empty = [column for column in across if sources[column] < 0]
    written = [column for column in across if sources[column] >= 0]
    apart = max(int(room / pitch) + 1, 1)
    for step in STEPS_BETWEEN_TICKS:
        told = _first_at_each([sources[column] for column in written], step)
        told = [written[place] for place in told]
        if len(told) > 1 and min(late - early for early, late in itertools.pairwise(told)) >= apart:
            break
    else:
        told = written[::apart]
    return empty + [column for column in told if not empty or column - empty[0] >= apart]


def _first_at_each(steps: Sequence[int], every: int) -> list[int]:
    """Places of the first of rising steps at or behind each multiple."""
    return [place for place, step in enumerate(steps) if place == 0 or step // every > (steps[place - 1]) // every]


def _square(row: int, column: int) -> list[tuple[float, float]]:
    return [(column + x, row + y) for x, y in ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5))]


def _cells(figure: Figure, axes: Axes, trace: Mapping[str, Any], cells: Grid, on: Sheet) -> None:
    """Each weight that is not zero, and the colour bar; a scale centred on 0 where weights may be negative."""
    signed = is_signed(trace, cells)
    colours, low = (on.colours.signed, -1) if signed else (on.colours.weights, 0)
    rows, columns = np.nonzero(np.isfinite(cells.weight))
    weights = cells.weight[rows, columns]
    shapes = [_square(int(row), int(column)) for row, column in zip(rows, columns, strict=True)]
    scale = Normalize(low, 1)
    axes.add_collection(PolyCollection(shapes, array=weights, cmap=colours, norm=scale, edgecolor="none"))
    outside = bool((weights < low).any()), bool((weights > 1).any())
    label = "weight, negative to positive" if signed else "weight"
    extend = EXTEND[outside] if signed else "neither"
    bar = figure.colorbar(ScalarMappable(scale, colours), ax=axes, label=label, extend=extend, pad=0.02, aspect=30)
    assert bar.solids is not None
    # As shapes: an image would be a file of its own beside PGF.
    bar.solids.set(rasterized=False, edgecolor="face")
    bar.outline.set_visible(False)
    if signed and on.paper.colormap == "grey":
        below = weights < 0
        axes.plot(columns[below], rows[below], "_", color=on.colours.ground, markersize=3 * on.scale)


def _unwritten(cells: Grid, last: int, on: Sheet) -> PolyCollection:
    """Where a memory is not written yet."""
    stairs = [
        [(c - 0.5, -0.5), (c + 0.5, -0.5), (c + 0.5, s + 0.5), (c - 0.5, s + 0.5)]
        for c, s in enumerate(cells.sources)
        if 0 <= s <= last
    ]
    return PolyCollection(stairs, facecolor="none", edgecolor=on.colours.hatch, hatch="////", linewidth=0)


def _marks(axes: Axes, cells: Grid, span: tuple[int, int], on: Sheet) -> list[Line2D]:
    """True sources as rings and what is not finite as crosses; those that are there, for the legend."""
    first, last = span
    pitch = min(on.pitch(last - first + 1), on.pitch(len(cells.sources)))
    size = min(max(1.1 * pitch, LEAST_RING_PT), RING_PT) * on.scale
    found = []
    for places, label in ((cells.true_cells, "true source"), (cells.nonfinite, "not finite")):
        inside = [(row, column) for row, column in places if first <= row <= last]
        if not inside or not (on.paper.marks or label == "not finite"):
            continue
        rows, columns = zip(*inside, strict=True)
        if label == "true source":
            look = {"marker": "o", "markersize": size, "mew": size / 4, "color": on.colours.source, "label": label}
            found.append(ringed(axes, columns, rows, look, on))
        else:
            alarm: dict[str, Any] = {"marker": "x", "color": on.colours.alarm, "markersize": size}
            found += axes.plot(columns, rows, linestyle="none", label=label, **alarm)
    return found
