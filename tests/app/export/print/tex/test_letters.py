"""Words of a person are set as typed by the plainest LaTeX."""

from __future__ import annotations

import re
import shutil
import string
import subprocess
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sab_visualiser.app.export.print.tex.letters import (
    ACCENTS,
    CAPITAL_GREEK,
    MATHS,
    PLAIN,
    SMALL_GREEK,
    SPECIALS,
    plain_tex,
    words_in_tex,
)

ACCENTED = "".join(
    made
    for base in string.ascii_letters
    for mark in ACCENTS
    if len(made := unicodedata.normalize("NFC", base + mark)) == 1
)


def test_letters_that_latex_may_not_know_become_mathematics() -> None:
    assert plain_tex("a ∅ 10⁻³ – b") == r"a \ensuremath{\emptyset} 10\ensuremath{^{-3}} -- b"


@pytest.mark.parametrize(
    ("typed", "set_as"),
    [
        ("50 % of a_b & #1", r"50 \% of a\_b \& \#1"),
        ("$x^2$ {a} ~", r"\$x\textasciicircum{}2\$ \{a\} \textasciitilde{}"),
        ("\\input{x}", r"\textbackslash{}input\{x\}"),
        ("a--b <c>", r"a-{}-b \textless{}c\textgreater{}"),
        ("é Ñ ů", r"\'{e} \~{N} \r{u}"),
        ("α Ω", r"\ensuremath{\alpha} \ensuremath{\Omega}"),
        ("🚀", "[rocket]"),
        ("漢", "[U+6F22]"),
        ("a\u202eb\u0301", "ab"),
    ],
)
def test_each_letter_stands_for_itself(typed: str, set_as: str) -> None:
    assert plain_tex(words_in_tex(typed)) == set_as


@given(st.text(max_size=60))
def test_nothing_but_plain_letters_comes_out_and_braces_are_paired(typed: str) -> None:
    told = plain_tex(words_in_tex(typed.replace("\n", " ")))
    assert all(ord(letter) < 127 for letter in told)
    bare = told.replace(r"\{", "").replace(r"\}", "")
    assert bare.count("{") == bare.count("}")
    assert re.search(r"(?<!\\)[$&#%_]", told) is None


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no LaTeX is installed here")
def test_every_letter_of_the_tables_compiles(tmp_path: Path) -> None:
    letters = [*string.printable[:95], *SPECIALS, *MATHS, *PLAIN, *SMALL_GREEK, *CAPITAL_GREEK, *ACCENTED, "🚀", "漢"]
    text = "\n\n".join(plain_tex(words_in_tex(letter)) for letter in letters)
    (tmp_path / "d.tex").write_text(rf"\documentclass{{article}}\begin{{document}}{text}\end{{document}}")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "d.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout[-1500:]
    assert "Missing character" not in (tmp_path / "d.log").read_text(errors="replace")
