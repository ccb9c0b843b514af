"""What every drawing of a figure needs: its options, its colours, and how words stand on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sab_visualiser.app.export.paper import Paper
from sab_visualiser.app.export.print.palette import Palette, palette

LETTER = 0.55
"""Mean width of a letter, as a share of the size of letters."""
SMALL = 0.85
"""Size of ticks and legends, as a share of that of labels."""
POINTS = 72
LINE = 1.7
"""Height of a line of a legend, as a share of the size of its letters."""


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


def sheet(paper: Paper) -> Sheet:
    """The options with their colours."""
    return Sheet(paper, palette(paper.theme, paper.colormap))


def height_in(on: Sheet, of_width: float, rows: int = 0) -> float:
    """Height of a figure where nobody names one, in inches; its legend asks for more.

    Args:
        on: Its sheet.
        of_width: Share of the width.
        rows: Axes below one another, each of which needs room for its numbers.
    """
    return on.paper.height_in or round(of_width * on.paper.width_in + rows * 0.1 * on.paper.font_size + 0.35, 2)


def columns_of(labels: Sequence[str], on: Sheet) -> int:
    """Into how many columns a legend goes, so that it is not wider than the figure."""
    widest = max(map(len, labels)) * LETTER + 5
    return max(min(int(on.paper.width_in * POINTS / (widest * on.small)), len(labels)), 1)


def legend_below(figure: Figure, handles: Sequence[Any], labels: Sequence[str], on: Sheet) -> None:
    """The legend of a figure, below it; nothing where there is nothing to name, or nobody wants it."""
    if handles and on.paper.legend:
        columns = columns_of(labels, on)
        if on.paper.height_in is None:
            rows = -(-len(labels) // columns)
            figure.set_figheight(figure.get_figheight() + rows * LINE * on.small / POINTS)
        figure.legend(
            handles, labels, loc="outside lower center", ncols=columns, fontsize=on.small, frameon=False, borderpad=0.2
        )


def titled(axes: Axes, on: Sheet, words: str) -> None:
    """The title, where one is wanted."""
    if on.paper.title:
        axes.set_title(words, fontsize=on.paper.font_size * 1.1)


def as_typed(words: str) -> str:
    """A person's words, in which a dollar sign begins no mathematics."""
    return words.replace("$", r"\$")


def shown_steps(on: Sheet, steps: int) -> tuple[int, int]:
    """First and last step of a sequence of so many that are in the figure."""
    first, last = on.paper.steps or (0, steps - 1)
    return min(first, steps - 1), min(last, steps - 1)
