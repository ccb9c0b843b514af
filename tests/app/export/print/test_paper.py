"""A figure is drawn as a paper asks for it: its size, letters and colours, and what of the panel is in it."""

from __future__ import annotations

import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from sab_visualiser.app.export.content.tables import make_table
from sab_visualiser.app.export.paper import Paper
from sab_visualiser.app.export.print.gradients import gradients
from sab_visualiser.app.export.print.pgf import plain_tex
from sab_visualiser.app.export.print.pictures import draw
from sab_visualiser.app.export.print.sheet import sheet
from sab_visualiser.app.export.query import OF_TRAINING, RunQuery, parse_run
from sab_visualiser.app.wire.errors import UserError
from tests.app.export.traces import made_up, metrics

PANELS = ("attention", "gradients", "paths", *OF_TRAINING)
CAPTION = {"name": "cost $x^2$", "config": {"k_top": 2}}


def figure(panel: str, kind: str, trace: dict[str, Any] | None = None, **more: Any) -> bytes:
    data = metrics() if panel in OF_TRAINING else trace or made_up()
    return draw(make_table(panel, data), data, CAPTION, kind, Paper(**more))


def words(svg: bytes) -> str:
    """All that is written in the picture, as text."""
    root = ET.fromstring(svg)
    return "\n".join("".join(one.itertext()) for one in root.iter() if one.tag.endswith("}text"))


def pixels(png: bytes) -> np.ndarray[Any, Any]:
    with Image.open(BytesIO(png)) as picture:
        return np.asarray(picture.convert("RGBA"))


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("width", [3.25, 6.75])
def test_a_figure_is_as_wide_as_it_was_asked_to_be(panel: str, width: float) -> None:
    height, across = pixels(figure(panel, "png", width_in=width, dpi=100)).shape[:2]
    assert across == round(width * 100)
    assert 0.3 < height / across < 1.8
    assert pixels(figure(panel, "png", width_in=width, height_in=2.5, dpi=100)).shape[:2] == (250, across)


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("font", ["sans", "serif"])
def test_letters_are_text_in_svg_and_embedded_truetype_in_pdf(panel: str, font: str) -> None:
    assert "step" in words(figure(panel, "svg", font=font)) or "update" in words(figure(panel, "svg", font=font))
    pdf = figure(panel, "pdf", font=font)
    kinds = set(re.findall(rb"/Subtype /(Type\d\w*|CIDFontType\d|TrueType)", pdf))
    assert b"Type3" not in kinds
    assert kinds <= {b"Type0", b"CIDFontType2", b"TrueType"}
    assert b"/FontFile2" in pdf
    assert (b"Cmr10" in pdf) is (font == "serif")


def test_title_caption_legend_and_marks_are_there_when_they_are_wanted() -> None:
    bare = words(figure("paths", "svg", legend=False, marks=False))
    full = words(figure("paths", "svg", title=True, caption=True))
    for word in ("Backtracking paths", "config", "true source", "reads step"):
        assert word not in bare
        assert word in full
    assert "cost $x^2$" in full, "a person's words are no mathematics"


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


def test_only_the_rules_and_steps_that_were_asked_for_are_drawn() -> None:
    text = words(figure("gradients", "svg", rules=("sab",)))
    assert "SAB, reaches" in text
    assert "full" not in text
    page = Figure()
    gradients(page, made_up(), make_table("gradients", made_up()), sheet(Paper(steps=(10, 20))))
    assert page.axes[0].get_xlim() == (9.5, 20.5)
    assert figure("attention", "svg", steps=(10, 20)) != figure("attention", "svg")
    assert figure("paths", "png", steps=(20, 29)) != figure("paths", "png")


def test_grey_has_no_colour_and_dark_has_a_dark_ground() -> None:
    for panel in PANELS:
        grey = pixels(figure(panel, "png", colormap="grey", dpi=80))[..., :3].astype(int)
        spread = grey.max(axis=2) - grey.min(axis=2)
        assert (spread > 24).mean() < 0.001, panel
        dark = pixels(figure(panel, "png", theme="dark", dpi=80))
        assert dark[0, 0, :3].mean() < 60
        clear = pixels(figure(panel, "png", transparent=True, dpi=80))
        assert clear[0, 0, 3] == 0


def test_curves_have_an_axis_a_metric_chance_and_a_baseline() -> None:
    data = {**metrics(), "chance": {"accuracy": 0.125}, "baseline": {"name": "b$c", "curves": metrics()}}
    svg = draw(make_table("curves", data), data, {}, "svg", Paper())
    text = words(svg)
    assert "chance" in text
    assert "b$c, training batch" in text
    assert "fresh examples" in text
    names = [column.name for column in make_table("curves", data).columns[5:]]
    assert all(name in text for name in ("loss", *names))


@pytest.mark.parametrize("panel", PANELS)
def test_pgf_is_whole_in_itself_and_plain(panel: str) -> None:
    text = figure(panel, "pgf").decode()
    assert text.startswith("%%")
    assert r"\begin{pgfpicture}" in text
    assert "includegraphics" not in text
    assert [letter for letter in text if ord(letter) > 126] == []


def test_letters_that_latex_may_not_know_become_mathematics() -> None:
    assert plain_tex("a ∅ 10⁻³ – b") == r"a \ensuremath{\emptyset} 10\ensuremath{^{-3}} -- b"


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no LaTeX is installed here")
@pytest.mark.parametrize("panel", PANELS)
def test_pgf_compiles(panel: str, tmp_path: Path) -> None:
    (tmp_path / "f.pgf").write_bytes(figure(panel, "pgf"))
    packages = r"\usepackage{pgf}\usepackage{amssymb}"
    document = rf"\documentclass{{article}}{packages}\begin{{document}}\input{{f.pgf}}\end{{document}}"
    (tmp_path / "d.tex").write_text(document)
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "d.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout[-2000:]


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
