"""Curves of a training for paper, alone or with others beside it: an axis a metric, log where it spans decades."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator, NullFormatter

from sab_visualiser.app.export.content.tables import CURVES, Table
from sab_visualiser.app.export.many.bundles import Line, only
from sab_visualiser.app.export.many.series import Mean, Points, fewer_from, thin
from sab_visualiser.app.export.print.palette import Dash
from sab_visualiser.app.export.print.sheet import Sheet, height_in, legend_below, legend_words, titled
from sab_visualiser.model.contract import TASKS

FEW_POINTS = 60
"""Up to so many updates each one gets a dot, so that one alone between two gaps can be seen."""
DECADES = 1.3
"""A metric that spans more of them than that gets a log axis."""
BUCKETS_PER_IN = 75
"""Of the axis of updates, each with its smallest and its largest value."""
BAND, PALE = 0.18, 0.45
"""How much of a band is seen, and of a line where fewer of its trainings go on; as on the page."""
DASHES: tuple[Dash, ...] = ("solid", (0, (5, 2)), (0, (1, 1.2)), (0, (5, 1.5, 1, 1.5)), (0, (9, 2)))
MARKS = "osD^v"
UNITS = {metric.name: metric.unit for task in TASKS.values() for metric in task.metrics}
CHANCE_DASH = (0, (1, 2))
TURNED_DASH = (0, (3, 1.5))


class Look(NamedTuple):
    """A line by its place: where neighbours differ in colour they differ in dash and mark too."""

    colour: str
    dash: Dash
    mark: str


def look_of(place: int, on: Sheet) -> Look:
    """How the line at that place looks, counted from 0: the network in view."""
    colours = on.colours.curves
    return Look(colours[place % len(colours)], DASHES[place % len(DASHES)], MARKS[place % len(MARKS)])


def curves(figure: Figure, data: Mapping[str, Any], table: Table, on: Sheet) -> None:
    """Loss and each metric on an axis of its own: batches as lines, unseen examples as dots, chance, bands over seeds.

    Args:
        figure: Empty.
        data: The columns of the training; `lines` where others stand beside it; `chance` by metric;
            `unseen`: what the examples of a look are called, “fresh” where nothing is said.
        table: Its curves.
        on: The sheet.
    """
    lines: Sequence[Line] = data.get("lines") or [only({"looks": NO_LOOKS, **data})]  # type: ignore[typeddict-item]
    names = ["loss", *(column.name for column in table.columns if column.name not in CURVES)]
    figure.set_figheight(
        height_in(on, 0, len(names)) + 0.42 * len(names) if on.paper.height_in is None else on.paper.height_in
    )
    panels = figure.subplots(len(names), 1, sharex=True, squeeze=False)[:, 0]
    # Those beside it come first, so that the network in view lies on top.
    for place, line in reversed([*enumerate(lines)]):
        for axes, name in zip(panels, names, strict=True):
            _line(axes, line.batch.get(name), look_of(place, on), on)
            _fresh(axes, line.fresh.get(name), look_of(place, on), on, alone=len(lines) == 1)
    for axes, name in zip(panels, names, strict=True):
        _chance(axes, data, name, on)
        _scale(axes)
        unit = UNITS.get(name, "share")
        axes.set_ylabel(name if unit.startswith("share") else f"{name}, {unit}")
    marks = _marks([*panels], data, table, on)
    titled(figure, on, "Loss and metrics while training")
    panels[-1].set_xlabel("update")
    panels[-1].xaxis.set_major_locator(MaxNLocator(5, integer=True))
    figure.align_ylabels(panels)
    handles = [
        *_legend(lines, data.get("unseen", "fresh"), on),
        *(handle for handle in _levels(data, names, on)),
        *marks,
    ]
    legend_below(figure, handles, [str(handle.get_label()) for handle in handles], on)


NO_LOOKS: dict[str, Any] = {"update": np.empty(0, np.int32), "health": {}, "fresh": {}}


def _line(axes: Axes, mean: Mean | None, look: Look, on: Sheet) -> None:
    """A line, the band around it, and its pale rest where fewer of its trainings go on."""
    if mean is None or not len(mean.x):
        return
    buckets = int(BUCKETS_PER_IN * on.paper.width_in)
    rest = fewer_from(mean)
    drawn: dict[str, Any] = {"color": look.colour, "linestyle": look.dash, "linewidth": 0.8 * on.scale}
    drawn["marker"] = "." if len(mean.x) <= FEW_POINTS else None
    axes.plot(*thin(Points(mean.x[:rest], mean.mean[:rest]), buckets), **drawn)
    # The pale rest begins where the full line ends, so that there is no hole.
    pale = slice(max(rest - 1, 0), None) if rest < len(mean.x) else slice(0, 0)
    axes.plot(*thin(Points(mean.x[pale], mean.mean[pale]), buckets), **drawn, alpha=PALE)
    if mean.of > 1:
        several = mean.n > 1
        band: dict[str, Any] = {"color": look.colour, "alpha": BAND, "linewidth": 0}
        axes.fill_between(mean.x, mean.low, mean.high, where=several.tolist(), **band)


def _fresh(axes: Axes, mean: Mean | None, look: Look, on: Sheet, *, alone: bool) -> None:
    if mean is not None and len(mean.x):
        axes.plot(mean.x, mean.mean, **_dot(look, on, alone=alone))


def _dot(look: Look, on: Sheet, *, alone: bool) -> dict[str, Any]:
    """Of unseen examples: in the colour of their line, where there are others."""
    colour = on.colours.ink if alone else look.colour
    size = {"markersize": 3 * on.scale, "mew": 0.8 * on.scale, "zorder": 3, "linestyle": "none"}
    return {"marker": look.mark, "mfc": on.colours.ground, "color": colour, **size}


def _chance(axes: Axes, data: Mapping[str, Any], name: str, on: Sheet) -> None:
    level = (data.get("chance") or {}).get(name)
    if level is not None:
        axes.axhline(level, color=on.colours.muted, linestyle=CHANCE_DASH, linewidth=0.8 * on.scale, zorder=1)


def _scale(axes: Axes) -> None:
    """Log where what is drawn is positive and spans decades."""
    drawn = np.concatenate([np.asarray(line.get_ydata(), float) for line in axes.lines] or [np.empty(0)])
    drawn = drawn[np.isfinite(drawn)]
    if len(drawn) and drawn.min() > 0 and drawn.max() > drawn.min() * 10**DECADES:
        axes.set_yscale("log")
        axes.yaxis.set_minor_formatter(NullFormatter())
    else:
        axes.yaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10]))


def _marks(panels: Sequence[Axes], data: Mapping[str, Any], table: Table, on: Sheet) -> list[Line2D]:
    """Updates that were skipped, and those at which knobs were turned; what is there, for the legend."""
    found = []
    skipped = [u for u, flag in zip(table.cells("update"), table.cells("skipped"), strict=True) if flag]
    if skipped:
        across = panels[0].get_xaxis_transform()
        look: dict[str, Any] = {"color": on.colours.alarm, "markersize": 4 * on.scale, "linestyle": "none"}
        panels[0].plot(skipped, [0.03] * len(skipped), "x", transform=across, **look)
        found.append(Line2D([], [], marker="x", label="skipped update", **look))
    turned = sorted({change["update"] for change in data.get("changes") or [] if change["update"] > 0})
    if turned and on.paper.marks:
        dashed: dict[str, Any] = {"color": on.colours.alarm, "linestyle": TURNED_DASH, "linewidth": 0.8 * on.scale}
        for axes in panels:
            for update in turned:
                axes.axvline(update, zorder=1, **dashed)
        found.append(Line2D([], [], label="knobs turned", **dashed))
    return found


def _legend(lines: Sequence[Line], unseen: str, on: Sheet) -> list[Line2D | Patch]:
    """Each line by its name where there are several; else what lines and dots are."""
    fresh = any(len(mean.x) for line in lines for mean in line.fresh.values())
    if len(lines) == 1 and not _several(lines):
        look = look_of(0, on)
        (batch, dots) = _key(look, "training batch", on), _dot(look, on, alone=True)
        return [batch, Line2D([], [], label=f"{unseen} examples", **dots)] if fresh else [batch]
    found: list[Line2D | Patch] = []
    for place, line in enumerate(lines):
        key = _key(look_of(place, on), legend_words(line.label, on), on)
        if any(len(mean.x) for mean in line.fresh.values()):
            dot = _dot(look_of(place, on), on, alone=False)
            key.set(marker=dot["marker"], markerfacecolor=dot["mfc"], markersize=dot["markersize"], mew=dot["mew"])
        found.append(key)
    if fresh:
        look = Look(on.colours.muted, "solid", MARKS[0])
        found += [_key(look, "training batch", on)]
        found += [Line2D([], [], label=f"{unseen} examples", **_dot(look, on, alone=False))]
    if _several(lines):
        found.append(
            Patch(color=on.colours.muted, alpha=2 * BAND, linewidth=0, label="smallest to largest of the seeds")
        )
    if any(fewer_from(mean) < len(mean.x) for line in lines for mean in line.batch.values()):
        found.append(Line2D([], [], color=on.colours.ink, alpha=PALE, linewidth=0.8, label="pale: fewer seeds go on"))
    return found


def _several(lines: Sequence[Line]) -> bool:
    return any(mean.of > 1 for line in lines for mean in line.batch.values())


def _key(look: Look, label: str, on: Sheet) -> Line2D:
    drawn: dict[str, Any] = {"color": look.colour, "linestyle": look.dash, "linewidth": 1.1 * on.scale}
    return Line2D([], [], label=label, **drawn)


def _levels(data: Mapping[str, Any], names: Sequence[str], on: Sheet) -> list[Line2D]:
    told = data.get("chance") or {}
    if not any(told.get(name) is not None for name in names):
        return []
    return [Line2D([], [], color=on.colours.muted, linestyle=CHANCE_DASH, linewidth=0.8 * on.scale, label="chance")]
