"""Length transfer for paper: what networks come to at lengths that they were trained at, and at others.

A line a setting, its mean over networks; a band from the worst to the best. Colour and mark say the method, the dash
the delays of its training and what else differs; a dashed upright stands at each length of training.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import NullLocator

from sab_visualiser.app.export.content.tables import Table
from sab_visualiser.app.export.print.sheet import Sheet, columns_of, grown, height_in, legend_height, width_of
from sab_visualiser.model.contract import METHODS, TASKS, knob_words
from sab_visualiser.model.contract.tasks import Metric

LOOKS = {"sab": (0, "o"), "tbptt": (1, "s"), "bptt": (4, "^"), "attention": (2, "D")}
"""Colour, by its place among those of curves, and mark of each method."""
OTHER_LOOK = (3, "v")
DASHES = ("solid", (0, (5, 2)), (0, (1, 1.5)), (0, (5, 1.5, 1, 1.5)))
OF_SETTING = ("method", "trained_T", "T_min", "k_top", "k_trunc", "k_att")
ROOM = 1.1
"""Beside the shortest and the longest length, as a factor."""
AXIS = 0.85
"""Of the width of a figure."""


class Line(NamedTuple):
    """A setting: its name, the delays of its training, its lengths, and its figures there, networks × lengths.

    A figure that is missing is NaN.
    """

    method: str
    label: str
    delays: tuple[int, int]
    lengths: list[int]
    values: np.ndarray[Any, np.dtype[np.float64]]


def transfer(figure: Figure, data: Mapping[str, Any], table: Table, on: Sheet) -> None:
    """Draw the first metric of the task against T, on a log axis.

    Args:
        figure: Empty.
        data: `task`, the name of the task.
        table: The rows of app/offline/measure/transfer.py.
        on: The sheet.
    """
    facts = TASKS[data["task"]]
    metric = facts.metrics[0]
    found = lines(table, metric.name)
    figure.set_figheight(height_in(on, 0.5))
    axes = figure.subplots()
    for line, dash in zip(found, _dashes(found), strict=True):
        _draw(axes, line, dash, on)
    level = facts.chance.get(metric.name)
    if level is not None:
        axes.axhline(level, color=on.colours.muted, linestyle=(0, (1, 2)), linewidth=0.8, zorder=1, label="chance")
    trained = sorted(set(table.cells("trained_T")))
    for number, T in enumerate(trained):
        words = "length of training" if number == 0 else None
        axes.axvline(T, color=on.colours.cut, linestyle=(0, (4, 2)), linewidth=0.8, zorder=0, label=words)
    _axes(axes, sorted(set(table.cells("T"))), trained, metric, on)
    _legend(figure, axes, on)


def lines(table: Table, metric: str) -> list[Line]:
    """The settings in the order in which they come, each called by what sets it apart from the others."""
    rows = [
        dict(zip((c.name for c in table.columns), cells, strict=True))
        for cells in zip(*(c.cells for c in table.columns), strict=True)
    ]
    settings = list(dict.fromkeys(tuple(row[name] for name in OF_SETTING) for row in rows))
    found = []
    for setting in settings:
        own = [row for row in rows if tuple(row[name] for name in OF_SETTING) == setting]
        networks, lengths = list(dict.fromkeys(row["run"] for row in own)), sorted({row["T"] for row in own})
        values = np.full((len(networks), len(lengths)), np.nan)
        for row in own:
            value = row[metric]
            values[networks.index(row["run"]), lengths.index(row["T"])] = np.nan if value is None else value
        label = _label(dict(zip(OF_SETTING, setting, strict=True)), settings, len(networks))
        _, T, T_min, *_ = setting
        found.append(Line(str(setting[0]), label, (T_min or T, T), lengths, values))
    return found


def _label(setting: Mapping[str, Any], settings: Sequence[tuple[Any, ...]], networks: int) -> str:
    """Method and delays always; knobs where settings of that method differ in them; and how many networks there are."""
    T, T_min, method = setting["trained_T"], setting["T_min"], setting["method"]
    words = [method, f"T = {T}" if T_min in (None, T) else f"T = {T_min} to {T}"]
    for place, name in enumerate(OF_SETTING):
        values = {other[place] for other in settings if other[0] == method}
        if name in ("k_top", "k_trunc", "k_att") and len(values) > 1 and name not in METHODS[method].fixes:
            words.append(f"{name} {knob_words(name, setting[name])}")
    return f"{', '.join(words)} ({networks} {'network' if networks == 1 else 'networks'})"


def _dashes(found: Sequence[Line]) -> list[Any]:
    """A dash a line: the same for all methods that were trained with the same delays, one fixed delay before mixed."""
    keys: list[tuple[int, bool, tuple[int, int]]] = []
    for place, line in enumerate(found):
        alike = sum((other.method, other.delays) == (line.method, line.delays) for other in found[:place])
        keys.append((alike, line.delays[0] != line.delays[1], line.delays))
    order = sorted(set(keys))
    return [DASHES[order.index(key) % len(DASHES)] for key in keys]


def _draw(axes: Axes, line: Line, dash: Any, on: Sheet) -> None:
    place, mark = LOOKS.get(line.method, OTHER_LOOK)
    colour = on.colours.curves[place]
    known = np.isfinite(line.values).any(axis=0)
    lengths, values = np.asarray(line.lengths)[known], line.values[:, known]
    look: dict[str, Any] = {"color": colour, "linestyle": dash, "marker": mark, "markersize": 3.5 * on.scale}
    axes.plot(lengths, np.nanmean(values, axis=0), linewidth=1.2 * on.scale, label=line.label, **look)
    if len(values) > 1:
        axes.fill_between(
            lengths, np.nanmin(values, axis=0), np.nanmax(values, axis=0), color=colour, alpha=0.15, linewidth=0
        )


def _axes(axes: Axes, lengths: list[int], trained: list[int], metric: Metric, on: Sheet) -> None:
    axes.set_xlim(min(lengths[0], *trained) / ROOM, max(lengths[-1], *trained) * ROOM)
    axes.set_xscale("log")
    axes.set_xticks(lengths, told_ticks(lengths, on))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set(xlabel="length T of the task, steps", ylabel=metric.name)
    if metric.better == "higher":  # a share
        axes.set_ylim(-0.03, 1.03)


def told_ticks(lengths: list[int], on: Sheet) -> list[str]:
    """A number at each length that has room for it, counted from the shortest; the others keep their tick alone."""
    told: list[str] = []
    decades = max(math.log10(lengths[-1] / lengths[0]), 0.1)
    free = -math.inf
    for T in lengths:
        at = math.log10(T / lengths[0]) / decades * AXIS * on.width_pt
        half = width_of(f"{T:,} ", on.small) / 2
        told.append(f"{T:,}" if at - half >= free else "")
        free = at + half if told[-1] else free
    return told


def _legend(figure: Figure, axes: Axes, on: Sheet) -> None:
    """Above the axes, in as many columns as there is room for."""
    handles, labels = axes.get_legend_handles_labels()
    if axes.collections:
        band = Patch(color=on.colours.muted, alpha=0.3, linewidth=0, label="worst to best network")
        handles, labels = [*handles, band], [*labels, str(band.get_label())]
    if not on.paper.legend or not handles:
        return
    columns = columns_of(labels, on)
    grown(figure, on, legend_height(labels, columns, on))
    where: dict[str, Any] = {"loc": "lower left", "bbox_to_anchor": (0, 1.01), "borderaxespad": 0, "borderpad": 0.2}
    axes.legend(handles, labels, ncols=columns, fontsize=on.small, frameon=False, **where)
