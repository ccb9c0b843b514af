"""Letters of a picture are letters: text in SVG, embedded TrueType in PDF, never shapes of the kind Type 3."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.app.export.print.panels import FIGURES, picture
from tests.app.export.print.svg import words

KIND = re.compile(rb"/Subtype /(Type\d\w*|CIDFontType\d|TrueType)")
FONT = {"sans": b"DejaVuSans", "serif": b"Cmr10"}
WHOLE = {"title": True, "caption": True}


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("font", ["sans", "serif"])
def test_letters_are_text_in_svg_and_embedded_truetype_in_pdf(figure: str, font: str) -> None:
    told = words(picture(figure, "svg", font=font))
    assert re.search("step|update", told)
    pdf = picture(figure, "pdf", font=font, **WHOLE)
    kinds = set(KIND.findall(pdf))
    assert kinds, "a picture without letters"
    assert kinds <= {b"Type0", b"CIDFontType2", b"TrueType"}
    assert b"/FontFile2" in pdf
    assert FONT[font] in pdf


@pytest.mark.skipif(shutil.which("pdffonts") is None, reason="pdffonts (poppler) is not installed here")
@pytest.mark.parametrize("font", ["sans", "serif"])
def test_another_program_lists_the_same_fonts_all_embedded(font: str, tmp_path: Path) -> None:
    file = tmp_path / "figure.pdf"
    file.write_bytes(picture("seeds", "pdf", font=font, **WHOLE))
    done = subprocess.run(["pdffonts", str(file)], capture_output=True, text=True, check=True)
    rows = [re.split(r"\s{2,}", row) for row in done.stdout.splitlines()[2:]]
    assert rows
    for row in rows:
        assert "Type 3" not in row[1]
        assert re.search(r"\byes\b", " ".join(row[2:])), "not embedded"
