"""PGF without TeX: matplotlib measures words by asking LaTeX, which a server does not have; ours measures as Agg does.

Words come out as TeX sets them, so a label may be a little wider or narrower than was measured.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from matplotlib.backends import backend_pgf
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

HEAD = """%% Sparse Attentive Backtracking, drawn by SAB Visualiser.
%% In the preamble: \\usepackage{pgf}. In the text: \\input{FILE.pgf}. Letters are those of your document.
"""
MATHS = {
    "∅": r"\ensuremath{\emptyset}",
    "×": r"\ensuremath{\times}",
    "→": r"\ensuremath{\to}",
    "·": r"\ensuremath{\cdot}",
    "−": r"\ensuremath{-}",
    "≤": r"\ensuremath{\le}",
    "≥": r"\ensuremath{\ge}",
    "–": "--",
    "…": r"\ldots{}",
    "\u00a0": "~",
}
"""Letters that plain LaTeX may not know."""
RAISED = {letter: str(number) for number, letter in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")} | {"⁻": "-"}


class _Renderer(backend_pgf.RendererPgf):
    """Measures words with the fonts that matplotlib brings along."""

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: bool | str
    ) -> tuple[float, float, float]:
        """Width, height and descent of words, in points."""
        agg: Any = RendererAgg
        found: tuple[float, float, float] = agg(1, 1, 72).get_text_width_height_descent(s, prop, ismath)
        return found


@contextmanager
def _measured_here() -> Iterator[None]:
    """While a figure is written; whoever calls holds the lock of all drawing."""
    backend: Any = backend_pgf
    before = backend.RendererPgf
    backend.RendererPgf = _Renderer
    try:
        yield
    finally:
        backend.RendererPgf = before


def write_pgf(figure: Figure, **options: Any) -> bytes:
    """The figure as PGF commands for LaTeX.

    Args:
        figure: Drawn; shapes only, since an image would be a file of its own.
        **options: Of `Figure.savefig`.
    """
    out = io.BytesIO()
    with _measured_here():
        figure.savefig(out, format="pgf", **options)
    return (HEAD + plain_tex(out.getvalue().decode())).encode()


def plain_tex(text: str) -> str:
    """The commands with every letter that plain LaTeX may not know as mathematics."""
    for letter, spelled in MATHS.items():
        text = text.replace(letter, spelled)
    raised = ""
    done = []
    for letter in text + "\0":
        if letter in RAISED:
            raised += RAISED[letter]
            continue
        if raised:
            done.append(rf"\ensuremath{{^{{{raised}}}}}")
            raised = ""
        done.append(letter)
    return "".join(done).removesuffix("\0")
