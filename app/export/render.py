"""One call from numbers to a file: pick the table, write it in the wanted format, name the file.

matplotlib is loaded when the first picture is wanted, not before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sab_visualiser.app.export.content.caption import Caption, metrics_caption, trace_caption
from sab_visualiser.app.export.content.parquet import to_parquet
from sab_visualiser.app.export.content.tables import make_table
from sab_visualiser.app.export.content.text import to_csv, to_json, to_npz
from sab_visualiser.app.export.paper import USUAL, Paper
from sab_visualiser.app.export.query import OF_TRAINING, PICTURES

MEDIA_TYPES = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "pgf": "application/x-tex",
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "npz": "application/octet-stream",
    "parquet": "application/vnd.apache.parquet",
}
WRITERS = {"csv": to_csv, "json": to_json, "npz": to_npz, "parquet": to_parquet}
UNSAFE = re.compile(r"[^0-9A-Za-z_.-]+")


def caption_for(
    panel: str,
    data: Mapping[str, Any],
    spec: Mapping[str, Any] | None = None,
    origin: str | None = None,
    kind: str = "run",
    knobs: Mapping[str, Any] | None = None,
) -> Caption:
    """The caption of a panel.

    Args:
        panel: attention, gradients, paths, curves, health or view.
        data: A trace in JSON shape, or for curves and health the columns of a training.
        spec: What the network was made from, where it is known.
        origin: For curves and health, the run or preset.
        kind: Whether that is a run or a preset.
        knobs: Of the two, those in force at the last update when they are not the spec's; a trace says its own.
    """
    if panel in OF_TRAINING:
        return metrics_caption(origin or "", data, spec, kind, knobs, panel)
    return trace_caption(panel, data, spec)


def render(panel: str, file_format: str, data: Mapping[str, Any], caption: Caption, paper: Paper = USUAL) -> bytes:
    """The panel as the bytes of a file.

    Args:
        panel: attention, gradients, paths, curves or health.
        file_format: png, svg, pdf, pgf, csv, json, npz or parquet; an HTML file is the page itself
            (app/export/explorable/).
        data: A trace in JSON shape (app/wire/trace_json.py); for curves and health the columns of a training, for
            curves with `lines` (app/export/many/bundles.py) where others stand beside it.
        caption: From `caption_for`.
        paper: How a picture is drawn.
    """
    table = make_table(panel, data)
    if file_format in WRITERS:
        return WRITERS[file_format](table, caption)
    assert file_format in PICTURES, file_format
    from sab_visualiser.app.export.print.pictures import draw

    return draw(table, data, caption, file_format, paper)


def file_name(panel: str, file_format: str, caption: Mapping[str, Any]) -> str:
    """`sab-ORIGIN-PANEL-uUPDATE.FORMAT`, with letters only that every file system takes."""
    origin = next((caption[key] for key in ("run", "preset", "checkpoint") if caption.get(key)), "network")
    return f"sab-{UNSAFE.sub('-', str(origin))[:64]}-{panel}-u{caption['update']}.{file_format}"
