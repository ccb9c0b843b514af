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

from sab_visualiser.app.export.print.tex.letters import plain_tex, words_in_tex

HEAD = """%% Sparse Attentive Backtracking, drawn by SAB Visualiser.
%% In the preamble: \\usepackage{pgf}. In the text: \\input{FILE.pgf}. Letters are those of your document.
\\providecommand{\\mathdefault}[1]{#1}%%
"""
KEPT = {letter: chr(0xE000 + place) for place, letter in enumerate("\\{}$&#%_^~")}
"""Letters of commands that matplotlib would change once more, as letters that nobody types, until it is done."""
BACK = {kept: letter for letter, kept in KEPT.items()}


class _Renderer(backend_pgf.RendererPgf):
    """Measures words with the fonts that matplotlib brings along, and escapes what is no mathematics."""

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: bool | str
    ) -> tuple[float, float, float]:
        """Width, height and descent of words, in points."""
        agg: Any = RendererAgg
        found: tuple[float, float, float] = agg(1, 1, 72).get_text_width_height_descent(s, prop, ismath)
        return found

    def draw_text(self, gc: Any, x: float, y: float, s: str, *where: Any, **more: Any) -> None:
        """Words at a place; `where` and `more` as matplotlib has them."""
        draw: Any = super().draw_text
        draw(gc, x, y, s if more.get("ismath") else _kept(s), *where, **more)


def _kept(text: str) -> str:
    """Words as commands in which nothing is left that matplotlib would escape."""
    own = "".join(letter for letter in text if letter not in BACK)
    return "".join(KEPT.get(letter, letter) for letter in words_in_tex(own))


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
    drawn = out.getvalue().decode()
    return (HEAD + plain_tex("".join(BACK.get(letter, letter) for letter in drawn))).encode()
