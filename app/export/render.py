"""One call from numbers to a file: pick the table, write it in the wanted format, name the file.

matplotlib and the 5 MB of Plotly are loaded when the first picture or page is wanted, not before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sab_visualiser.app.export.content.caption import Caption, metrics_caption, trace_caption
from sab_visualiser.app.export.content.tables import make_table
from sab_visualiser.app.export.content.text import to_csv, to_json, to_npz
from sab_visualiser.app.export.query import OF_TRAINING

MEDIA_TYPES = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "npz": "application/octet-stream",
}
PICTURES = ("png", "svg", "pdf")
WRITERS = {"csv": to_csv, "json": to_json, "npz": to_npz}
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


def render(panel: str, file_format: str, data: Mapping[str, Any], caption: Caption) -> bytes:
    """The panel as the bytes of a file.

    Args:
        panel: attention, gradients, paths, curves or health; view for all of them in one HTML page.
        file_format: png, svg, pdf, html, csv, json or npz.
        data: A trace in JSON shape (app/wire/trace_json.py); for curves and health the columns of a training,
            which a view has under `curves`.
        caption: From `caption_for`.
    """
    if panel == "view":
        from sab_visualiser.app.export.page.view import view_html

        return view_html(data, caption)
    table = make_table(panel, data)
    if file_format in WRITERS:
        return WRITERS[file_format](table, caption)
    if file_format == "html":
        from sab_visualiser.app.export.page.page import to_html

        return to_html(table, data, caption)
    assert file_format in PICTURES, file_format
    from sab_visualiser.app.export.print.pictures import draw

    return draw(table, data, caption, file_format)


def file_name(panel: str, file_format: str, caption: Mapping[str, Any]) -> str:
    """`sab-ORIGIN-PANEL-uUPDATE.FORMAT`, with letters only that every file system takes."""
    origin = next((caption[key] for key in ("run", "preset", "checkpoint") if caption.get(key)), "network")
    return f"sab-{UNSAFE.sub('-', str(origin))[:64]}-{panel}-u{caption['update']}.{file_format}"
