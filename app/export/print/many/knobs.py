"""What a knob buys and costs, for paper: accuracy, updates and time of an update over its values, a column a knob."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sab_visualiser.app.export.content.tables import Table
from sab_visualiser.app.export.print.many.seeds import legend, mark, rows_of, spread
from sab_visualiser.app.export.print.many.transfer import LOOKS
from sab_visualiser.app.export.print.sheet import Sheet, height_in

QUANTITIES = {"accuracy": "accuracy", "updates": "updates", "update_ms": "ms an update"}
APART = 0.22
"""Of a place, that its seeds spread over to either side."""


def knobs(figure: Figure, data: Mapping[str, Any], table: Table, on: Sheet) -> None:
    """Draw three quantities over the values of each knob.

    Args:
        figure: Empty.
        data: Nothing of it.
        table: `panel` (the knob), `place` (its value), `accuracy`, `learned`, `updates`, `update_ms`; None: no figure.
        on: The sheet.
    """
    cells = rows_of(table)
    panels = list(dict.fromkeys(cell["panel"] for cell in cells))
    figure.set_figheight(height_in(on, 0.75))
    grid = figure.subplots(len(QUANTITIES), len(panels), sharex="col", sharey="row", squeeze=False)
    for row, (name, words) in zip(grid, QUANTITIES.items(), strict=True):
        for axes, panel in zip(row, panels, strict=True):
            _column(axes, [cell for cell in cells if cell["panel"] == panel], name, on)
        row[0].set_ylabel(words)
        row[0].set_ylim(bottom=0)
    grid[0][0].set_ylim(-0.04, 1.06)
    for axes, panel in zip(grid[-1], panels, strict=True):
        axes.set_xlabel(panel)
    legend(figure, {"SAB": LOOKS["sab"]}, "", on)


def _column(axes: Axes, cells: Sequence[Mapping[str, Any]], name: str, on: Sheet) -> None:
    places = list(dict.fromkeys(cell["place"] for cell in cells))
    for at, place in enumerate(places):
        own = [cell for cell in cells if cell["place"] == place]
        for seed, cell in enumerate(own):
            if cell[name] is not None:
                x = at + spread(seed, len(own)) * APART
                mark(axes, (x, cell[name]), LOOKS["sab"], learned=cell["learned"], on=on)
    axes.set_xticks(range(len(places)), places)
    axes.set_xlim(-0.6, len(places) - 0.4)
