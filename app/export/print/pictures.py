"""PNG, SVG and PDF of a panel: matplotlib Figure objects, caption below, everything else in the metadata.

Never pyplot and no lasting change to matplotlib's settings. The same input gives the same bytes: no dates, no
random identifiers. Imported only when a picture is wanted; matplotlib takes most of a second to load.
"""

from __future__ import annotations

import io
import json
import textwrap
import threading
from collections.abc import Mapping
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, get_font

from sab_visualiser.app.export.content.caption import lines, readable
from sab_visualiser.app.export.content.tables import Table
from sab_visualiser.app.export.print import palette
from sab_visualiser.app.export.print.drawings import DRAW

SIZES_INCHES = {
    "attention": (7.6, 7.0),
    "gradients": (8.6, 4.6),
    "paths": (8.6, 3.9),
    "curves": (8.6, 5.4),
    "health": (8.6, 7.6),
}
CAPTION_WIDTH = 150
"""Characters in a line of the caption."""
CAPTION_LINES = 8
PNG_DOTS_PER_INCH = 160
TITLE = "Sparse Attentive Backtracking"
STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 8.5,
    "axes.titlesize": 10,
    "axes.edgecolor": palette.MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": palette.INK,
    "text.parse_math": False,
    "axes.labelcolor": palette.INK,
    "hatch.color": palette.HATCH,
    "hatch.linewidth": 0.6,
    "svg.hashsalt": "sab-visualiser",
    "pdf.fonttype": 42,
    "lines.scale_dashes": False,
}
# rc_context swaps settings of the whole process: two threads drawing at once would mix them.
_ONE_AT_A_TIME = threading.Lock()


def draw(table: Table, data: Mapping[str, Any], caption: Mapping[str, Any], file_format: str) -> bytes:
    """The panel as a picture file.

    Args:
        table: What is drawn.
        data: The trace in JSON shape that the table came from (columns of a training for curves and health).
        caption: Printed below the picture, and whole in the file's metadata.
        file_format: png, svg or pdf.
    """
    with _ONE_AT_A_TIME, mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(STYLE)
        figure = Figure(figsize=SIZES_INCHES[table.panel], layout="constrained")
        DRAW[table.panel](figure, data, table)
        figure.supxlabel(_printed(caption), x=0.01, ha="left", fontsize=6, color=palette.MUTED)
        out = io.BytesIO()
        figure.savefig(out, format=file_format, dpi=PNG_DOTS_PER_INCH, metadata=_metadata(table, caption, file_format))
    return out.getvalue()


def _printed(caption: Mapping[str, Any]) -> str:
    """The caption, wrapped; letters that the font does not have become boxes, the metadata keeps them."""
    wrapped = textwrap.wrap(_drawable(" · ".join(lines(readable(caption)))), CAPTION_WIDTH)
    if len(wrapped) > CAPTION_LINES:
        wrapped = [*wrapped[: CAPTION_LINES - 1], "… (whole in the metadata)"]
    return "\n".join(wrapped)


def _drawable(text: str) -> str:
    known = get_font(findfont("DejaVu Sans")).get_charmap()
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
