"""PNG, SVG, PDF and PGF of a panel: matplotlib Figure objects; the configuration is in the metadata of the file.

Never pyplot and no lasting change to matplotlib's settings. The same input gives the same bytes: no dates, no
random identifiers. Imported only when a picture is wanted; matplotlib takes most of a second to load.
"""

from __future__ import annotations

import io
import json
import logging
import re
import textwrap
import threading
from collections.abc import Callable, Mapping
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, get_font
from matplotlib.text import Text

from sab_visualiser.app.export.content.caption import lines, readable
from sab_visualiser.app.export.content.tables import Table
from sab_visualiser.app.export.paper import USUAL, Paper
from sab_visualiser.app.export.print.attention import attention
from sab_visualiser.app.export.print.gradients import gradients
from sab_visualiser.app.export.print.path_picture import paths
from sab_visualiser.app.export.print.pgf import write_pgf
from sab_visualiser.app.export.print.sheet import LETTER, POINTS, SMALL, Sheet, as_typed, sheet
from sab_visualiser.app.export.print.training import curves, health

CAPTION_LINES = 8
TITLE = "Sparse Attentive Backtracking"
FONTS = {"sans": ["DejaVu Sans"], "serif": ["cmr10", "STIXGeneral", "DejaVu Serif"]}
"""What matplotlib brings along; a letter that the first lacks comes from the next."""
ODD = frozenset('|<>{}_\\^~"')
MATH = re.compile(r"\$[^$]*\$")
MATHS = {"sans": "dejavusans", "serif": "cm"}
Draw = Callable[[Figure, Mapping[str, Any], Table, Sheet], None]
DRAW: dict[str, Draw] = {
    "attention": attention,
    "gradients": gradients,
    "paths": paths,
    "curves": curves,
    "health": health,
}
# rc_context swaps settings of the whole process: two threads drawing at once would mix them.
_ONE_AT_A_TIME = threading.Lock()


def draw(
    table: Table, data: Mapping[str, Any], caption: Mapping[str, Any], file_format: str, paper: Paper = USUAL
) -> bytes:
    """The panel as a picture file.

    Args:
        table: What is drawn.
        data: The trace in JSON shape that the table came from (columns of a training for curves and health).
        caption: Whole in the file's metadata, and printed where the paper says so.
        file_format: png, svg, pdf or pgf.
        paper: How it is drawn.
    """
    on = sheet(paper)
    with _ONE_AT_A_TIME, mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_style(on))
        figure = Figure(figsize=(paper.width_in, paper.width_in), layout="constrained")
        DRAW[table.panel](figure, data, table, on)
        if paper.caption:
            _print_caption(figure, caption, on)
        _spare_odd_letters(figure, on)
        ground: dict[str, Any] = {"facecolor": "none"} if paper.transparent else {"facecolor": on.colours.ground}
        if file_format == "pgf":
            return write_pgf(figure, **ground)
        out = io.BytesIO()
        about = _metadata(table, caption, file_format)
        figure.savefig(out, format=file_format, dpi=paper.dpi, metadata=about, **ground)
    return out.getvalue()


def _style(on: Sheet) -> dict[Any, Any]:
    paper, colours = on.paper, on.colours
    # A letter that no font has becomes a box; that is said nowhere else, and need not be.
    for talker in ("matplotlib.font_manager", "fontTools"):
        logging.getLogger(talker).setLevel(logging.ERROR)
    return {
        "font.family": FONTS[paper.font],
        "mathtext.fontset": MATHS[paper.font],
        "font.size": paper.font_size,
        "axes.labelsize": paper.font_size,
        "axes.titlesize": paper.font_size * 1.1,
        "xtick.labelsize": on.small,
        "ytick.labelsize": on.small,
        "axes.facecolor": "none" if paper.transparent else colours.ground,
        "axes.edgecolor": colours.muted,
        "axes.linewidth": 0.6 * on.scale,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.unicode_minus": False,
        "axes.formatter.use_mathtext": paper.font == "serif",
        "xtick.color": colours.muted,
        "ytick.color": colours.muted,
        "xtick.labelcolor": colours.ink,
        "ytick.labelcolor": colours.ink,
        "text.color": colours.ink,
        "axes.labelcolor": colours.ink,
        "legend.labelcolor": colours.ink,
        "hatch.color": colours.hatch,
        "hatch.linewidth": 0.5 * on.scale,
        "svg.hashsalt": "sab-visualiser",
        "svg.fonttype": "none",
        "pdf.fonttype": 42,
        "pgf.rcfonts": False,
        "pgf.texsystem": "pdflatex",
        "lines.scale_dashes": False,
    }


def _print_caption(figure: Figure, caption: Mapping[str, Any], on: Sheet) -> None:
    """The caption below, wrapped; letters that the font does not have become boxes, the metadata keeps them."""
    size = on.paper.font_size * SMALL * SMALL
    wrapped = textwrap.wrap(
        _drawable(" · ".join(lines(readable(caption))), on), max(int(on.paper.width_in * POINTS / (LETTER * size)), 20)
    )
    if len(wrapped) > CAPTION_LINES:
        wrapped = [*wrapped[: CAPTION_LINES - 1], "… (whole in the metadata)"]
    figure.supxlabel(as_typed("\n".join(wrapped)), x=0.01, ha="left", fontsize=size, color=on.colours.muted)


def _spare_odd_letters(figure: Figure, on: Sheet) -> None:
    """Computer Modern has other shapes in the places of a few letters; words that hold them have another font."""
    if on.paper.font == "serif":
        for words in figure.findobj(Text):
            assert isinstance(words, Text)
            if ODD.intersection(MATH.sub("", words.get_text())):
                words.set_fontfamily(FONTS["serif"][1:])


def _drawable(text: str, on: Sheet) -> str:
    known = {code for name in FONTS[on.paper.font] for code in get_font(findfont(name)).get_charmap()}
    return "".join(letter if ord(letter) in known else "□" for letter in text)


def _metadata(table: Table, caption: Mapping[str, Any], file_format: str) -> dict[str, Any]:
    title = f"{TITLE}: {table.panel}"
    whole = json.dumps(caption, ensure_ascii=False, allow_nan=False)
    if file_format == "pdf":
        return {
            "Title": title,
            "Subject": whole,
            "Creator": "SAB Visualiser",
            "CreationDate": None,
            "ModDate": None,
        }
    if file_format == "svg":
        return {"Title": title, "Description": whole, "Creator": ["SAB Visualiser"], "Date": None}
    # PNG text chunks of this kind hold Latin-1 only, so other letters travel as JSON escapes.
    return {
        "Title": title,
        "Description": json.dumps(caption, allow_nan=False),
        "Software": "SAB Visualiser",
    }
