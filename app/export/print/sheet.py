"""What every drawing of a figure needs: its options, its colours, and how words stand on it."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from sab_visualiser.app.export.paper import Paper
from sab_visualiser.app.export.print.palette import Palette, palette

SMALL = 0.9
"""Size of ticks and legends, as a share of that of labels; an exponent of a tick is 0.7 of that."""
POINTS = 72
LINE = 1.7
"""Height of a line of a legend, as a share of the size of its letters."""
KEY = 3.6
"""What stands before the words of a legend, in sizes of its letters."""
BETWEEN = 2.2
"""Between two columns of a legend."""
FINE = 10
EDGE = 12
"""Points of the width that no words take."""


class Sheet(NamedTuple):
    """A figure to be: how it is drawn, and in which colours."""

    paper: Paper
    colours: Palette

    @property
    def small(self) -> float:
        """Size of ticks and legends, points."""
        return self.paper.font_size * SMALL

    @property
    def scale(self) -> float:
        """Of lines and marks, next to those of a figure of 6.75 in with letters of 8 points."""
        return float(min(max(self.paper.font_size / 8, 0.6), 2))

    @property
    def width_pt(self) -> float:
        """Points that words can take from left to right."""
        return self.paper.width_in * POINTS - EDGE

    def pitch(self, count: int) -> float:
        """Points between two of so many things that stand side by side in the axes, about."""
        return self.width_pt * 0.85 / max(count, 1)


def sheet(paper: Paper) -> Sheet:
    """The options with their colours."""
    return Sheet(paper, palette(paper.theme, paper.colormap))


def width_of(words: str, size: float) -> float:
    """Points that a line of words takes in the letters of the figure."""
    agg: Any = RendererAgg
    # In fine dots: letters that are set in whole points are wider or narrower than those on paper.
    found = agg(1, 1, FINE * POINTS).get_text_width_height_descent(words, FontProperties(size=size), False)
    return float(found[0]) / FINE


def broken(words: str, size: float, room: float) -> str:
    """Words in lines that are no wider than so many points."""
    lines = []
    for line in words.split("\n"):
        wide = width_of(line, size)
        letters = len(line) if wide <= room else max(int(len(line) * room / wide), 4)
        parts = textwrap.wrap(line, letters) or [""]
        while letters > 4 and any(width_of(part, size) > room for part in parts):
            letters -= max(letters // 20, 1)
            parts = textwrap.wrap(line, letters)
        lines += parts
    return "\n".join(lines)


def height_in(on: Sheet, of_width: float, rows: int = 0) -> float:
    """Height of a figure where nobody names one, in inches; its legend asks for more.

    Args:
        on: Its sheet.
        of_width: Share of the width.
        rows: Axes below one another, each of which needs room for its numbers.
    """
    return on.paper.height_in or round(of_width * on.paper.width_in + rows * 0.1 * on.paper.font_size + 0.35, 2)


def grown(figure: Figure, on: Sheet, points: float) -> None:
    """The figure with so much more height, where nobody named one."""
    if on.paper.height_in is None:
        figure.set_figheight(figure.get_figheight() + points / POINTS)


def columns_of(labels: Sequence[str], on: Sheet) -> int:
    """Into how many columns a legend goes, so that it is not wider than the figure."""
    lines = [line for label in labels for line in label.split("\n")]
    widest = max(width_of(line, on.small) for line in lines) + (KEY + BETWEEN) * on.small
    return max(min(int((on.width_pt + BETWEEN * on.small) / widest), len(labels)), 1)


def legend_words(label: str, on: Sheet) -> str:
    """A person's words in a legend: in lines where they are wider than the figure."""
    return as_typed(broken(label, on.small, on.width_pt - KEY * on.small))


def legend_below(figure: Figure, handles: Sequence[Any], labels: Sequence[str], on: Sheet) -> None:
    """The legend of a figure, below it; nothing where there is nothing to name, or nobody wants it."""
    if handles and on.paper.legend:
        columns = columns_of(labels, on)
        grown(figure, on, legend_height(labels, columns, on))
        where: dict[str, Any] = {"loc": "outside lower center", "borderpad": 0.2, "borderaxespad": 0.2}
        figure.legend(handles, labels, ncols=columns, fontsize=on.small, frameon=False, **where)


def legend_height(labels: Sequence[str], columns: int, on: Sheet) -> float:
    """Points that a legend takes from top to bottom."""
    lines = [label.count("\n") + 1 for label in labels]
    rows = -(-len(labels) // columns)
    tall = sum(max(lines[row::rows]) for row in range(rows))
    return tall * LINE * on.small


def titled(figure: Figure, on: Sheet, words: str) -> None:
    """The title, where one is wanted."""
    if on.paper.title:
        size = on.paper.font_size * 1.1
        told = broken(words, size, on.width_pt)
        figure.suptitle(told, fontsize=size)
        grown(figure, on, (told.count("\n") + 1.5) * 1.2 * size)


def as_typed(words: str) -> str:
    """A person's words, in which a dollar sign begins no mathematics."""
    return words.replace("$", r"\$")


def shown_steps(on: Sheet, steps: int) -> tuple[int, int]:
    """First and last step of a sequence of so many that are in the figure."""
    first, last = on.paper.steps or (0, steps - 1)
    return min(first, steps - 1), min(last, steps - 1)


def whole_steps(axis: Any, on: Sheet) -> None:
    """Ticks of an axis of steps: whole numbers, no more than have room."""
    most = max(int(on.width_pt / (5 * on.small)), 2)
    axis.set_major_locator(MaxNLocator(min(most, 9), integer=True, steps=[1, 2, 5, 10]))


def ringed(axes: Axes, x: Sequence[float], y: Sequence[float], look: dict[str, Any], on: Sheet) -> Line2D:
    """Open marks with an edge of the ground around, so that they stand off dark cells and lines of their colour."""
    around = {**look, "mew": look["mew"] + 1.1 * on.scale, "color": on.colours.ground, "label": "_around"}
    axes.plot(x, y, linestyle="none", mfc="none", **around)
    (marks,) = axes.plot(x, y, linestyle="none", mfc="none", **look)
    return marks
