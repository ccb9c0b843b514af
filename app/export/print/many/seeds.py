"""A mark a seed, for paper: panels beside one another, places on the axis, a column a series at each place.

A filled mark is a seed that learned. Colour and shape say the series; the dashed line is chance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sab_visualiser.app.export.content.tables import Table
from sab_visualiser.app.export.print.many.transfer import LOOKS
from sab_visualiser.app.export.print.sheet import Sheet, height_in, legend_below
from sab_visualiser.model.contract import TASKS

OTHER = ((3, "o"), (2, "s"), (1, "D"), (4, "^"))
"""Colours and marks of series that are no methods."""
WIDTH = 0.84
"""Of a place, that its columns take."""
APART = 0.35
"""Share of the room of a column that its seeds spread over."""
BESIDE, CROWDED = 12, 5
"""Letters of two names side by side, above which one of them stands a line lower; in an axis of so many places."""
Cells = list[dict[str, Any]]


def seeds(figure: Figure, data: Mapping[str, Any], table: Table, on: Sheet) -> None:
    """Draw a value of each seed.

    Args:
        figure: Empty.
        data: `task`, `metric`, and `axis`: what stands on the axis of places.
        table: `panel`, `place`, `series`, `look`, `value` (None: no figure), `learned`.
        on: The sheet.
    """
    cells = rows_of(table)
    panels = list(dict.fromkeys(cell["panel"] for cell in cells))
    figure.set_figheight(height_in(on, 0.42))
    row = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    looks = looks_of(cells)
    level = TASKS[data["task"]].chance.get(data["metric"])
    for axes, panel in zip(row, panels, strict=True):
        _panel(axes, [cell for cell in cells if cell["panel"] == panel], looks, on)
        axes.set_title(panel, fontsize=on.paper.font_size)
        axes.set_xlabel(data["axis"], fontsize=on.small)
        if level is not None:
            axes.axhline(level, color=on.colours.muted, linestyle=(0, (1, 2)), linewidth=0.8, zorder=0)
    row[0].set(ylabel=data["metric"], ylim=(-0.04, 1.06))
    legend(figure, looks, "chance" if level is not None else "", on)


def rows_of(table: Table) -> Cells:
    """The rows of a table."""
    names = [column.name for column in table.columns]
    columns = [column.cells for column in table.columns]
    return [dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=True)]


def looks_of(cells: Sequence[Mapping[str, Any]]) -> dict[str, tuple[int, str]]:
    """Colour, by its place among those of curves, and mark of each series; series of one method differ in the mark."""
    found: dict[str, tuple[int, str]] = {}
    for cell in cells:
        if cell["series"] not in found:
            known = LOOKS.get(cell["look"])
            alike = [look for look in found.values() if known is not None and look[0] == known[0]]
            colour, mark = known or OTHER[len(found) % len(OTHER)]
            found[cell["series"]] = (colour, "osD^v"[("osD^v".index(mark) + len(alike)) % 5])
    return found


def _panel(axes: Axes, cells: Sequence[Mapping[str, Any]], looks: Mapping[str, tuple[int, str]], on: Sheet) -> None:
    places = list(dict.fromkeys(cell["place"] for cell in cells))
    series = [name for name in looks if any(cell["series"] == name for cell in cells)]
    column = WIDTH / max(len(series), 1)
    for at, place in enumerate(places):
        for number, name in enumerate(series):
            own = [cell for cell in cells if (cell["place"], cell["series"]) == (place, name)]
            middle = at + (number - (len(series) - 1) / 2) * column
            for seed, cell in enumerate(own):
                if cell["value"] is not None:
                    x = middle + spread(seed, len(own)) * column * APART
                    mark(axes, (x, cell["value"]), looks[name], learned=cell["learned"], on=on)
    axes.set_xticks(range(len(places)), apart(places))
    axes.set_xlim(-0.6, len(places) - 0.4)
    axes.tick_params(axis="x", length=0)


def apart(places: Sequence[str]) -> list[str]:
    """Names of places for an axis: a long one beside another stands a line lower, so that the two do not touch."""
    found: list[str] = []
    if len(places) < CROWDED:
        return list(places)
    for place in places:
        beside = found[-1].partition("\n")[0] if found else ""
        found.append(f"\n{place}" if "\n" not in place and beside and len(place) + len(beside) > BESIDE else place)
    return found


def spread(number: int, of: int) -> float:
    """Where one of several marks stands, from −1 to 1."""
    return 0.0 if of < 2 else 2 * number / (of - 1) - 1


def mark(axes: Axes, at: tuple[float, float], look: tuple[int, str], *, learned: bool, on: Sheet) -> None:
    """One seed."""
    colour = on.colours.curves[look[0]]
    face = colour if learned else on.colours.ground
    axes.plot(
        *at, look[1], color=colour, markerfacecolor=face, markersize=4.2 * on.scale, markeredgewidth=0.9 * on.scale
    )


def legend(figure: Figure, looks: Mapping[str, tuple[int, str]], level: str, on: Sheet) -> None:
    """The series, what filled and hollow mean, and chance."""
    size: dict[str, Any] = {"markersize": 4.2 * on.scale, "linestyle": "none"}
    handles = [Line2D([], [], marker=m, color=on.colours.curves[c], **size) for c, m in looks.values()]
    labels = list(looks)
    muted = on.colours.muted
    handles += [
        Line2D([], [], marker="o", color=muted, **size),
        Line2D([], [], marker="o", color=muted, markerfacecolor=on.colours.ground, **size),
    ]
    labels += ["learned", "did not learn"]
    if level:
        handles.append(Line2D([], [], color=muted, linestyle=(0, (1, 2)), linewidth=0.8))
        labels.append(level)
    legend_below(figure, handles, labels, on)
