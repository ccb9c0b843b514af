"""What a reviewer sees at once: words over words, words that are cut off, letters too small to read, colours alike."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from sab_visualiser.app.export.paper import Paper
from sab_visualiser.app.export.print.pictures import drawn
from tests.app.export.print.panels import CAPTION, FIGURES, numbers

SMALLEST_PT = 5
SHRINK = 0.7
"""Letters of an index or exponent, as a share of the others."""
TOUCH_PX = 1.0
PAPERS: dict[str, dict[str, Any]] = {
    "column": {"width_in": 3.25},
    "page, serif": {"width_in": 6.75, "font": "serif"},
    "column, serif, all words": {"width_in": 3.25, "font": "serif", "title": True, "caption": True},
}


def words_of(figure: Figure) -> Iterator[Text]:
    """All texts that are drawn: of ticks only those in view."""
    # The title of a figure is among its texts.
    found = [*figure.texts]
    for axes in figure.axes:
        found += [*axes.texts, axes.title]
        both: list[Any] = [axes.xaxis, axes.yaxis]
        for axis in both:
            found += [tick.label1 for tick in axis._update_ticks()] + [axis.label, axis.get_offset_text()]
        found += legend.get_texts() if (legend := axes.get_legend()) else []
    found += [text for legend in figure.legends for text in legend.get_texts()]
    return (text for text in dict.fromkeys(found) if text.get_text().strip() and text.get_visible())


def smallest_pt(text: Text) -> float:
    math = re.findall(r"\$[^$]*\$", text.get_text().replace(r"\$", ""))
    return float(text.get_fontsize()) * (SHRINK if any("^" in part or "_" in part for part in math) else 1)


def faults(figure: Figure) -> list[str]:
    canvas_of_pixels: Any = FigureCanvasAgg(figure)
    canvas_of_pixels.draw()
    renderer = canvas_of_pixels.get_renderer()
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in words_of(figure)]
    canvas = figure.bbox
    found = [
        f"leaves the canvas: {words!r} {box.extents}"
        for words, box in boxes
        if box.x0 < canvas.x0 - 0.5 or box.y0 < canvas.y0 - 0.5 or box.x1 > canvas.x1 + 0.5 or box.y1 > canvas.y1 + 0.5
    ]
    for (one, a), (other, b) in itertools.combinations(boxes, 2):
        wide, tall = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
        if wide > TOUCH_PX and tall > TOUCH_PX:
            found.append(f"overlap: {one!r} and {other!r} by {wide:.1f} × {tall:.1f}")
    found += [f"too small: {text.get_text()!r}" for text in words_of(figure) if smallest_pt(text) < SMALLEST_PT]
    for legend in figure.legends:
        box = legend.get_window_extent(renderer)
        found += ["the legend lies on axes" for axes in figure.axes if box.overlaps(axes.get_window_extent(renderer))]
    return found


@pytest.mark.parametrize("paper", sorted(PAPERS))
@pytest.mark.parametrize("figure", FIGURES)
def test_words_lie_apart_within_the_figure_and_can_be_read(figure: str, paper: str) -> None:
    table, data = numbers(figure)
    with drawn(table, data, CAPTION, Paper(**PAPERS[paper])) as found:
        assert faults(found) == []


def test_the_check_finds_what_it_looks_for() -> None:
    figure = Figure((2, 2))
    axes = figure.add_subplot()
    axes.text(0.5, 0.5, "one", transform=axes.transAxes)
    axes.text(0.52, 0.5, "other", transform=axes.transAxes)
    axes.text(0.9, 0.9, "a long word that leaves", transform=axes.transAxes)
    axes.text(0.1, 0.2, "$x^2$", fontsize=6, transform=axes.transAxes)
    axes.plot([0, 1], label="line")
    figure.legend(loc="center")
    told = " ".join(faults(figure))
    for word in ("overlap: 'one' and 'other'", "leaves the canvas: 'a long", "too small: '$x^2$'", "legend lies on"):
        assert word in told


def test_a_figure_grows_for_its_title_and_caption_so_that_its_axes_stay() -> None:
    for figure in ("gradients", "paths"):
        table, data = numbers(figure)
        heights = []
        for words in (False, True):
            with drawn(table, data, CAPTION, Paper(width_in=3.25, title=words, caption=words)) as found:
                found.draw_without_rendering()
                heights.append(found.axes[0].get_window_extent().height)
        assert heights[1] > 0.85 * heights[0], figure
