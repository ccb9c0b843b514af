"""PGF of every panel is whole in itself, plain, and compiles with a bare LaTeX, whatever a run is called."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sab_visualiser.app.export.print.tex.pgf import BACK
from tests.app.export.print.panels import FIGURES, picture

HAS_LATEX = shutil.which("pdflatex") is not None
SMALL: dict[str, Any] = {"width_in": 3.25, "title": True, "caption": True}


@pytest.mark.parametrize("figure", FIGURES)
def test_pgf_is_whole_in_itself_and_plain(figure: str) -> None:
    text = picture(figure, "pgf", **SMALL).decode()
    assert text.startswith("%%")
    assert r"\begin{pgfpicture}" in text
    assert "includegraphics" not in text
    assert [letter for letter in text if ord(letter) > 126 or letter in BACK] == []


def test_B15_a_hostile_name_is_set_as_typed() -> None:
    text = picture("beside", "pgf", width_in=6.75).decode()
    for part in (
        r"50 \% of \textbackslash{}LaTeX\{\}",
        r"\& \#1 cost \$x\textasciicircum{}2\_i\$",
        "[rocket]",
        r"\'{e}",
    ):
        assert part in text
    assert "LaTeX{}" not in text


@pytest.mark.skipif(not HAS_LATEX, reason="no LaTeX is installed here")
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_figure_compiles(theme: str, tmp_path: Path) -> None:
    inputs = ""
    for place, figure in enumerate(FIGURES):
        (tmp_path / f"f{place}.pgf").write_bytes(picture(figure, "pgf", theme=theme, **SMALL))
        inputs += rf"\typeout{{FIGURE {figure}}}\input{{f{place}.pgf}}\clearpage" + "\n"
    document = rf"\documentclass{{article}}\usepackage{{pgf}}\begin{{document}}{inputs}\end{{document}}"
    (tmp_path / "d.tex").write_text(document)
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "d.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
    reached = re.findall(r"FIGURE ([\w ]+)", done.stdout)
    assert done.returncode == 0, (reached[-1:], done.stdout[-1500:])
    assert reached == [*FIGURES]
    assert "Missing character" not in (tmp_path / "d.log").read_text(errors="replace")
