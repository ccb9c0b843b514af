"""A figure is drawn as a paper asks for it: its size, letters and colours, and what of the panel is in it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from matplotlib.figure import Figure

from sab_visualiser.app.export.content.tables import make_table
from sab_visualiser.app.export.paper import Paper
from sab_visualiser.app.export.print.gradients import gradients
from sab_visualiser.app.export.print.pictures import draw
from sab_visualiser.app.export.print.sheet import sheet
from sab_visualiser.app.export.query import OF_TRAINING, RunQuery, parse_run
from sab_visualiser.app.wire.errors import UserError
from tests.app.export.print.svg import words
from tests.app.export.traces import made_up, metrics

PANELS = ("attention", "gradients", "paths", *OF_TRAINING)
CAPTION = {"name": "cost $x^2$", "config": {"k_top": 2}}


def figure(panel: str, kind: str, trace: dict[str, Any] | None = None, **more: Any) -> bytes:
    data = metrics() if panel in OF_TRAINING else trace or made_up()
    return draw(make_table(panel, data), data, CAPTION, kind, Paper(**more))


def test_powers_of_ten_and_the_norm_are_set_as_mathematics() -> None:
    text = words(figure("gradients", "svg"))
    assert "mathdefault" not in text
    assert "$" not in text
    assert "∂" in text
    assert "1e-" not in text
    assert "10⁻" not in text, "a raised letter of its own looks unlike the others"


def test_axes_name_only_lanes_in_which_something_stands() -> None:
    whole = {"sab": [1.0] * 30, "truncated": [0.5] * 30, "full": [0.1] * 30}
    text = words(figure("gradients", "svg", made_up(gradient_norm=whole)))
    assert "not finite" not in text
    lowest = Figure()
    gradients(lowest, made_up(gradient_norm=whole), make_table("gradients", made_up()), sheet(Paper()))
    assert lowest.axes[0].get_yticklabels()[0].get_text().startswith("$10")
    assert "not finite" in words(figure("gradients", "svg"))


def test_words_of_a_query_become_a_paper() -> None:
    query = {"panel": "gradients", "format": "pdf", "width_in": "3,25", "title": "true", "steps": "10-40"}
    assert parse_run({**query, "rules": "sab,full"}).paper() == Paper(
        width_in=3.25, title=True, steps=(10, 40), rules=("sab", "full")
    )
    assert RunQuery(panel="paths", format="png").paper() == Paper()
    assert parse_run(query).asked() == {}, "a probe is not asked about letters"


@pytest.mark.parametrize(
    ("word", "value", "remedy"),
    [
        ("width_in", "0", "3.25"),
        ("width_in", "100", "3.25"),
        ("height_in", "NaN", "1"),
        ("font", "Comic", "sans"),
        ("font_size", "99", "points|paper"),
        ("colormap", "rainbow", "perceptual"),
        ("theme", "blue", "light"),
        ("dpi", "10000", "300"),
        ("dpi", "1.5", "300"),
        ("title", "maybe", "true"),
        ("steps", "40-10", "10-40"),
        ("steps", "all", "10-40"),
        ("rules", "sab,none", "sab"),
    ],
)
def test_a_bad_word_is_refused_with_field_value_range_and_remedy(word: str, value: str, remedy: str) -> None:
    with pytest.raises(UserError) as error:
        parse_run({"panel": "gradients", "format": "pdf", word: value})
    problem = error.value.problem.errors[0]
    assert problem.field.split(".")[0] == word
    assert problem.range
    assert re.search(remedy, f"{problem.range} {problem.remedy}")
