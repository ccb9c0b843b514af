"""PNG, SVG, PDF and PGF of a panel: matplotlib Figure objects; the configuration is in the metadata of the file.

Never pyplot and no lasting change to matplotlib's settings. The same input gives the same bytes: no dates, no
random identifiers. Imported only when a picture is wanted; matplotlib takes most of a second to load.
"""

from __future__ import annotations

import io
import json
import logging
import re
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, get_font
from matplotlib.text import Text

from sab_visualiser.app.export.content.caption import lines, readable
from sab_visualiser.app.export.content.tables import Table
from sab_visualiser.app.export.paper import USUAL, Paper
from sab_visualiser.app.export.print.attention import attention
from sab_visualiser.app.export.print.curves import curves
from sab_visualiser.app.export.print.gradients import gradients
from sab_visualiser.app.export.print.health import health
from sab_visualiser.app.export.print.many.knobs import knobs
from sab_visualiser.app.export.print.many.seeds import seeds
from sab_visualiser.app.export.print.many.transfer import transfer
from sab_visualiser.app.export.print.path_picture import paths
from sab_visualiser.app.export.print.sheet import EDGE, POINTS, SMALL, Sheet, as_typed, broken, sheet
from sab_visualiser.app.export.print.tex.pgf import write_pgf
from sab_visualiser.app.wire.errors import UserError, field_error

CAPTION_SHARE = 0.4
"""A caption takes no more of the height of the figure that it stands below."""
CAPTION_LINE = 1.2
LEAST_PT = 5
"""Smaller letters cannot be read on paper."""
TITLE = "Sparse Attentive Backtracking"
FONTS = {"sans": ["DejaVu Sans"], "serif": ["cmr10", "STIXGeneral", "DejaVu Serif"]}
"""What matplotlib brings along; a letter that the first lacks comes from the next."""
COLLAPSED = "constrained_layout not applied"
"""What matplotlib warns of where no room is left for the axes."""
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
    "transfer": transfer,
    "seeds": seeds,
    "knobs": knobs,
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

    Raises:
        UserError: 422: its words leave no room for what is drawn.
    """
    with drawn(table, data, caption, paper) as figure:
        clear: dict[str, Any] = {"facecolor": "none" if paper.transparent else sheet(paper).colours.ground}
        if file_format == "pgf":
            return write_pgf(figure, **clear)
        out = io.BytesIO()
        about = _metadata(table, caption, file_format)
        figure.savefig(out, format=file_format, dpi=paper.dpi, metadata=about, **clear)
    return out.getvalue()


@contextmanager
def drawn(table: Table, data: Mapping[str, Any], caption: Mapping[str, Any], paper: Paper = USUAL) -> Iterator[Figure]:
    """The figure, while the settings of matplotlib are its own; arguments as of `draw`."""
    on = sheet(paper)
    with _ONE_AT_A_TIME, mpl.rc_context(), warnings.catch_warnings():
        # A letter that no font has becomes a box; that is said nowhere else, and need not be.
        warnings.filterwarnings("ignore", "Glyph", UserWarning)
        warnings.filterwarnings("error", COLLAPSED, UserWarning)
        mpl.rcdefaults()
        mpl.rcParams.update(_style(on))
        figure = Figure(figsize=(paper.width_in, paper.width_in), layout="constrained")
        try:
            DRAW[table.panel](figure, data, table, on)
            _spare_odd_letters(figure, on)
            if paper.caption:
                _print_caption(figure, caption, on)
                _spare_odd_letters(figure, on)
            yield figure
        except UserWarning as warned:
            if COLLAPSED not in str(warned):
                raise
            raise _too_small(paper) from None


def _too_small(paper: Paper) -> UserError:
    """What is said where words leave no room for what they speak of."""
    field, value = ("width_in", paper.width_in) if paper.height_in is None else ("height_in", paper.height_in)
    remedy = "name more, take smaller letters, or leave legend, title and caption out"
    return field_error(field, value, "more room than the words of this figure take", remedy)


def _style(on: Sheet) -> dict[Any, Any]:
    paper, colours = on.paper, on.colours
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
    size = max(on.paper.font_size * SMALL * SMALL, min(LEAST_PT, on.paper.font_size))
    wrapped = broken(_drawable(" · ".join(lines(readable(caption))), on), size, on.width_pt).split("\n")
    most = max(int(figure.get_figheight() * POINTS * CAPTION_SHARE / (CAPTION_LINE * size)), 1)
    if len(wrapped) > most:
        wrapped = [*wrapped[: most - 1], "… (whole in the metadata)"]
    share = _lifted(figure, (len(wrapped) + 1) * CAPTION_LINE * size / POINTS, on)
    left, foot = EDGE / 2 / (POINTS * on.paper.width_in), share / (len(wrapped) + 1) / 2
    text = as_typed("\n".join(wrapped))
    figure.text(left, foot, text, fontsize=size, color=on.colours.muted, linespacing=CAPTION_LINE)


def _lifted(figure: Figure, inches: float, on: Sheet) -> float:
    """All that is drawn, laid out and moved up by so much: room below, as a share of the height of the figure."""
    whole = on.paper.height_in or figure.get_figheight() + inches
    figure.set_figheight(whole - inches)
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    share = inches / whole
    boxes = [(axes, axes.get_position()) for axes in figure.axes]
    for axes, box in boxes:
        axes.set_position((box.x0, share + box.y0 * (1 - share), box.width, box.height * (1 - share)))
    for text in figure.texts:
        text.set_y(share + text.get_position()[1] * (1 - share))
    for legend in figure.legends:
        legend.set_bbox_to_anchor((0, share, 1, 1 - share), figure.transFigure)
    figure.set_figheight(whole)
    return share


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
