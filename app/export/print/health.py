"""Health of a network while it trained, for paper: an axis for each kind of figure, one point a look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, NullFormatter
from numpy.typing import NDArray

from sab_visualiser.app.export.content.tables import Table
from sab_visualiser.app.export.content.words import HEALTH
from sab_visualiser.app.export.print.sheet import Sheet, columns_of, height_in, titled


def _values(cells: list[Any]) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in cells], float)


def health(figure: Figure, _data: Mapping[str, Any], table: Table, on: Sheet) -> None:
    """One axis for each kind of figure, one point a look; a log axis where it counts in powers of ten."""
    figure.set_figheight(height_in(on, 0, len(HEALTH) + 1))
    panels = figure.subplots(len(HEALTH), 1, sharex=True)
    updates = table.cells("update")
    for axes, (label, log, lines) in zip(panels, HEALTH, strict=True):
        columns = [_values(table.cells(name)) for name in lines]
        looks = zip(on.colours.curves, ("solid", "dashed", "dotted"), strict=False)
        for values, words, (colour, dash) in zip(columns, lines.values(), looks, strict=False):
            axes.plot(updates, values, color=colour, linestyle=dash, linewidth=1.1 * on.scale, label=words)
        sizes = np.concatenate([values[(values > 0) & np.isfinite(values)] for values in columns])
        if log and len(sizes):
            axes.set_yscale("log")
            axes.yaxis.set_major_formatter("{x:.3g}")
            # Between two powers of ten only the small ticks are there to be named.
            axes.yaxis.set_minor_formatter("{x:.3g}" if sizes.max() < 10 * sizes.min() else NullFormatter())
        axes.set_ylabel(label.replace("|h|", "$|h|$"))
        if len(lines) > 1 and on.paper.legend:
            above: dict[str, Any] = {"loc": "lower left", "bbox_to_anchor": (0, 1), "borderaxespad": 0}
            wide = columns_of(list(lines.values()), on)
            axes.legend(fontsize=on.small, frameon=False, borderpad=0.1, ncols=wide, **above)
    panels[0].set(ylim=(-0.05, 1.3), yticks=(0, 0.5, 1))
    titled(figure, on, "Health of the network while it trained")
    panels[-1].set_xlabel("update")
    panels[-1].xaxis.set_major_locator(MaxNLocator(5, integer=True))
    figure.align_ylabels(panels)
