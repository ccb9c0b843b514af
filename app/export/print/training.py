"""Curves and health of a training for paper: an axis a metric, log where it spans decades."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import NullFormatter
from numpy.typing import NDArray

from sab_visualiser.app.export.content.tables import CURVES, Table, make_table
from sab_visualiser.app.export.content.words import HEALTH
from sab_visualiser.app.export.print.sheet import Sheet, as_typed, columns_of, height_in, legend_below, titled
from sab_visualiser.model.contract import TASKS

FEW_POINTS = 60
"""Up to so many updates each one gets a dot, so that one alone between two gaps can be seen."""
DECADES = 1.3
"""A metric that spans more of them than that gets a log axis."""
UNITS = {metric.name: metric.unit for task in TASKS.values() for metric in task.metrics}


def curves(figure: Figure, data: Mapping[str, Any], table: Table, on: Sheet) -> None:
    """Loss and each metric on an axis of its own: the batch as a line, fresh examples as dots, chance, a baseline."""
    names = ["loss", *(column.name for column in table.columns if column.name not in CURVES)]
    figure.set_figheight(height_in(on, 0, len(names)))
    panels = figure.subplots(len(names), 1, sharex=True, squeeze=False)[:, 0]
    handles: dict[str, Line2D] = {}
    baseline = data.get("baseline")
    tables = [(table, on.colours.curves[0], "training batch", "solid")]
    if baseline is not None:
        words = f"{as_typed(baseline['name'])}, training batch"
        tables.insert(0, (make_table("curves", baseline["curves"]), on.colours.curves[2], words, "dashed"))
    for axes, name in zip(panels, names, strict=True):
        for one, colour, words, dash in tables:
            if any(column.name == name for column in one.columns):
                _line(axes, one, name, handles, {"color": colour, "linestyle": dash, "label": words}, on)
        _fresh(axes, data, name, handles, on)
        _chance(axes, data, name, handles, on)
        _scale(axes)
        unit = UNITS.get(name, "share")
        axes.set_ylabel(name if unit.startswith("share") else f"{name}, {unit}")
    _skipped(panels[0], table, handles, on)
    titled(panels[0], on, "Loss and metrics while training")
    panels[-1].set_xlabel("update")
    legend_below(figure, list(handles.values()), list(handles), on)


def _values(cells: list[Any]) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in cells], float)


def _line(axes: Axes, table: Table, name: str, handles: dict[str, Line2D], look: Mapping[str, Any], on: Sheet) -> None:
    updates = table.cells("update")
    dot = "." if len(updates) <= FEW_POINTS else None
    known = np.isfinite(values := _values(table.cells(name)))
    (line,) = axes.plot(np.array(updates)[known], values[known], linewidth=0.8 * on.scale, marker=dot, **look)
    handles.setdefault(str(look["label"]), line)


def _fresh(axes: Axes, data: Mapping[str, Any], name: str, handles: dict[str, Line2D], on: Sheet) -> None:
    looks = data.get("looks")
    if looks is None or name not in looks["fresh"]:
        return
    values = np.asarray(looks["fresh"][name], float)
    known = np.isfinite(values)
    look: dict[str, Any] = {"markersize": 3 * on.scale, "mew": 0.8, "linestyle": "none", "zorder": 3}
    updates = np.asarray(looks["update"])[known]
    (dots,) = axes.plot(updates, values[known], "o", mfc=on.colours.ground, color=on.colours.ink, **look)
    if known.any():
        handles.setdefault("fresh examples", dots)


def _chance(axes: Axes, data: Mapping[str, Any], name: str, handles: dict[str, Line2D], on: Sheet) -> None:
    level = (data.get("chance") or {}).get(name)
    if level is not None:
        line = axes.axhline(level, color=on.colours.muted, linestyle=(0, (1, 2)), linewidth=0.8, zorder=1)
        handles.setdefault("chance", line)


def _scale(axes: Axes) -> None:
    """Log where what is drawn is positive and spans decades."""
    drawn = np.concatenate([np.asarray(line.get_ydata(), float) for line in axes.lines] or [np.empty(0)])
    drawn = drawn[np.isfinite(drawn)]
    if len(drawn) and drawn.min() > 0 and drawn.max() > drawn.min() * 10**DECADES:
        axes.set_yscale("log")
        axes.yaxis.set_minor_formatter(NullFormatter())


def _skipped(axes: Axes, table: Table, handles: dict[str, Line2D], on: Sheet) -> None:
    skipped = [u for u, flag in zip(table.cells("update"), table.cells("skipped"), strict=True) if flag]
    if skipped:
        across = axes.get_xaxis_transform()
        look: dict[str, Any] = {"color": on.colours.alarm, "markersize": 4 * on.scale, "transform": across}
        (line,) = axes.plot(skipped, [0.03] * len(skipped), "x", **look)
        handles.setdefault("skipped update", line)


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
    titled(panels[0], on, "Health of the network while it trained")
    panels[-1].set_xlabel("update")
