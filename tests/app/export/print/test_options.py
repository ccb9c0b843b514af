"""Each option of a figure has an effect that can be seen in it, and changes nothing else that matters."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from sab_visualiser.app.export.content.look import DARK, LIGHT
from sab_visualiser.app.export.paper import USUAL, Paper, PaperWords
from sab_visualiser.app.export.print.palette import palette
from sab_visualiser.app.export.print.pictures import drawn
from sab_visualiser.app.wire.errors import UserError
from tests.app.export.print.panels import CAPTION, HOSTILE, numbers, picture
from tests.app.export.print.svg import colours, shapes, size_pt, words

FIGURES = ("attention", "gradients", "paths", "seeds", "health", "transfer")
OTHER: dict[str, Any] = {
    "width_in": 3.25,
    "height_in": 2.5,
    "font": "serif",
    "font_size": 10,
    "title": True,
    "caption": True,
    "legend": False,
    "colormap": "grey",
    "theme": "dark",
    "transparent": True,
    "steps": (10, 20),
    "rules": ("sab",),
    "marks": False,
}
"""A value of each option that is not the usual one; of dpi only a PNG tells."""
OF_TRACES, OF_GRADIENTS = {"steps"}, {"rules"}


def test_every_option_has_a_test_here() -> None:
    assert {*OTHER, "dpi"} == set(PaperWords.model_fields) == set(USUAL._fields)


@pytest.mark.parametrize("option", sorted(OTHER))
def test_an_option_changes_the_figures_that_have_it_and_no_others(option: str) -> None:
    for figure in ("attention", "gradients", "seeds"):
        has = not (option in OF_TRACES and figure == "seeds") and not (option in OF_GRADIENTS and figure != "gradients")
        changed = picture(figure, "svg", **{option: OTHER[option]}) != picture(figure, "svg")
        assert changed is has, f"{option} of {figure}"


@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_has_the_size_it_was_asked_for(figure: str) -> None:
    wide, tall = size_pt(picture(figure, "svg", width_in=3.25, height_in=4))
    assert [wide, tall] == pytest.approx([234, 288], abs=0.1)
    wide, _ = size_pt(picture(figure, "svg", width_in=6.75, caption=True, title=True))
    assert wide == pytest.approx(486, abs=0.1)


@pytest.mark.parametrize("figure", FIGURES)
def test_grey_has_no_colour(figure: str) -> None:
    assert any(len(set(_channels(one))) > 1 for one in colours(picture(figure, "svg")))
    grey = colours(picture(figure, "svg", colormap="grey"))
    # Grounds and lines of the page are a little blue.
    assert [one for one in grey if max(_channels(one)) - min(_channels(one)) > 24] == []


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


@pytest.mark.parametrize("figure", FIGURES)
def test_dark_and_clear_grounds_are_what_they_say(figure: str) -> None:
    for theme, tokens in (("light", LIGHT), ("dark", DARK)):
        found = colours(picture(figure, "svg", theme=theme))
        assert tokens["panel"] in found
        assert tokens["text"] in found
    with Image.open(BytesIO(picture(figure, "png", transparent=True, dpi=60))) as clear:
        assert np.asarray(clear.convert("RGBA"))[0, 0, 3] == 0


def test_dots_per_inch_are_those_of_a_png() -> None:
    for dpi in (60, 150):
        with Image.open(BytesIO(picture("paths", "png", dpi=dpi, width_in=2, height_in=1.5))) as found:
            assert found.size == (2 * dpi, round(1.5 * dpi))


def test_title_caption_legend_and_marks_are_words_that_come_and_go() -> None:
    bare, whole = (
        words(picture("paths", "svg", legend=False, marks=False)),
        words(picture("paths", "svg", title=True, caption=True, width_in=12)),
    )
    for word in ("Backtracking paths", "config", "true source", "cut", "reads step"):
        assert word not in bare
        assert word in whole
    # What a line end splits is still there.
    assert "cost $x^2_i$" in whole, "a person's words are no mathematics"
    assert HOSTILE.split(" | ")[0] in words(picture("beside", "svg", width_in=12))


def test_steps_and_rules_leave_the_others_out() -> None:
    table, data = numbers("gradients")
    with drawn(table, data, CAPTION, Paper(steps=(10, 20), rules=("sab",))) as figure:
        axes = figure.axes[0]
        assert axes.get_xlim() == (9.5, 20.5)
        assert [line.get_label() for line in axes.lines if "reaches" in str(line.get_label())] == [
            "SAB, reaches 26–29, 12–13, 2–3"
        ]
    table, data = numbers("attention")
    with drawn(table, data, CAPTION, Paper(steps=(10, 20))) as figure:
        assert figure.axes[0].get_ylim() == (20.5, 9.5)
    assert shapes(picture("gradients", "svg", marks=False)) < shapes(picture("gradients", "svg"))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("colormap", ["perceptual", "safe", "grey"])
def test_the_smallest_weight_stands_off_an_exact_zero(theme: str, colormap: str) -> None:
    found = palette(theme, colormap)
    smallest = np.array(found.weights(0.0))[:3]
    panel = np.array(_channels(found.panel)) / 255
    assert np.abs(smallest - panel).max() > 0.15


def test_the_cut_is_as_dark_in_the_legend_as_it_has_to_be() -> None:
    for theme in ("light", "dark"):
        found = palette(theme, "perceptual")
        ground, line = (np.array(_channels(one)) / 255 for one in (found.ground, found.muted))
        assert _contrast(ground, line) >= 3
    table, data = numbers("gradients")
    with drawn(table, data, CAPTION, Paper()) as figure:
        (key,) = (one for one in figure.legends[0].get_lines() if one.get_label() == "cut")
        assert key.get_color() == palette("light", "perceptual").muted
        assert key.get_linewidth() >= 0.8


def _contrast(one: Any, other: Any) -> float:
    def light(colour: Any) -> float:
        linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def test_lines_that_coincide_are_both_seen() -> None:
    table, data = numbers("gradients")
    same = {**data, "gradient_norm": dict.fromkeys(("sab", "truncated", "full"), [0.5] * 30)}
    with drawn(table, same, CAPTION, Paper()) as figure:
        lines = {str(one.get_label()).split(",")[0]: one for one in figure.axes[0].lines}
    sab, truncated, full = (lines[name] for name in ("SAB", "truncated", "full"))
    assert sab.get_zorder() < truncated.get_zorder() < full.get_zorder()
    assert sab.get_linewidth() > truncated.get_linewidth() > full.get_linewidth()
    assert sab.get_linestyle() == "-"
    assert truncated.get_linestyle() != "-" != full.get_linestyle()


def test_zeros_of_the_rules_stand_in_lanes_of_their_own() -> None:
    table, data = numbers("gradients")
    none = {**data, "gradient_norm": dict.fromkeys(("sab", "truncated", "full"), [0.0] * 29 + [1.0])}
    with drawn(table, none, CAPTION, Paper()) as figure:
        lanes = {
            float(np.asarray(one.get_ydata(), float)[0]) for one in figure.axes[0].lines if one.get_marker() == "v"
        }
    assert len(lanes) == 3
    assert min(np.diff(sorted(lanes))) > 0.4


@pytest.mark.parametrize(
    ("paper", "field"),
    [
        ({"width_in": 3.25, "height_in": 1.5}, "height_in"),
        ({"width_in": 1, "font_size": 24}, "width_in"),
        ({"width_in": 3.25, "height_in": 1.2, "caption": True, "legend": False, "font_size": 20}, "height_in"),
    ],
)
def test_where_words_leave_no_room_that_is_said_and_no_ruin_is_drawn(paper: dict[str, Any], field: str) -> None:
    with pytest.raises(UserError) as refused:
        picture("seeds", "svg", **paper)
    (problem,) = refused.value.problem.errors
    assert (problem.field, problem.value) == (field, paper[field])
    assert "smaller letters" in (problem.remedy or "")
    # The lock is free again.
    assert picture("gradients", "svg", width_in=3.25)
