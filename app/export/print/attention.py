"""The heatmap for paper: cells as shapes, so that they stay sharp and any program can take them apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import PolyCollection
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sab_visualiser.app.export.content.geometry import Grid, grid, is_signed
from sab_visualiser.app.export.content.tables import Table
from sab_visualiser.app.export.print.sheet import Sheet, height_in, legend_below, shown_steps, titled

MOST_TICKS = 16
EXTEND = {(False, False): "neither", (True, False): "min", (False, True): "max", (True, True): "both"}
"""Ends of a colour bar beyond which weights lie, which variant release does not normalise."""


def attention(figure: Figure, trace: Mapping[str, Any], _table: Table, on: Sheet) -> None:
    """Queries down, memories across, oldest left; blank is exactly zero, hatched does not exist yet."""
    figure.set_figheight(height_in(on, 0.82))
    axes, cells, colours = figure.add_subplot(), grid(trace), on.colours
    axes.set_facecolor(colours.panel)
    titled(axes, on, "Attention weight (query × memory)")
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
    most = max(int(on.paper.width_in * 2.4), 4)
    ticks = across[:: max(1, -(-len(across) // min(MOST_TICKS, most)))]
    axes.set_xticks(ticks, ["∅" if cells.sources[c] < 0 else str(cells.sources[c]) for c in ticks])
    axes.set(xlim=(left - 0.5, right + 0.5), ylim=(last + 0.5, first - 0.5))


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
    kinds = (
        (cells.true_cells, {"marker": "o", "mfc": "none", "color": on.colours.source}, "true source"),
        (cells.nonfinite, {"marker": "x", "color": on.colours.alarm}, "not finite"),
    )
    found = []
    for places, look, label in kinds:
        inside = [(row, column) for row, column in places if first <= row <= last]
        if inside and (on.paper.marks or label == "not finite"):
            rows, columns = zip(*inside, strict=True)
            style: dict[str, Any] = {"linestyle": "none", "markersize": 4 * on.scale, "label": label, **look}
            found += axes.plot(columns, rows, **style)
    return found
