"""One call from numbers to a file: pick the table, write it in the wanted format, name the file.

Pictures are drawn in a thread, so that the server goes on answering. matplotlib and the 5 MB of Plotly are loaded when
the first picture or page is wanted, not before.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Any

from sab_visualiser.app.export.content.caption import Caption, metrics_caption, trace_caption
from sab_visualiser.app.export.content.tables import make_table
from sab_visualiser.app.export.content.text import to_csv, to_json, to_npz

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
) -> Caption:
    """The caption of a panel; `origin` and `kind` name the run or preset when `data` are metrics columns."""
    if panel == "curves":
        return metrics_caption(origin or "", data, spec, kind)
    return trace_caption(panel, data, spec)


def render(panel: str, file_format: str, data: Mapping[str, Any], caption: Caption) -> bytes:
    """The panel as the bytes of a file.

    Args:
        panel: attention, gradients, paths or curves; view for all of them in one HTML page.
        file_format: png, svg, pdf, html, csv, json or npz.
        data: A trace in JSON shape (app/traces.trace_json); for curves the metrics columns of a run, which a view
            has under `curves`.
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


async def export(panel: str, file_format: str, data: Mapping[str, Any], caption: Caption) -> tuple[bytes, str, str]:
    """The file, its media type and its name; the work is done in a thread.

    Args:
        panel: attention, gradients, paths or curves.
        file_format: png, svg, pdf, html, csv, json or npz.
        data: As for `render`.
        caption: From `caption_for`.
    """
    body = await asyncio.to_thread(render, panel, file_format, data, caption)
    return body, MEDIA_TYPES[file_format], file_name(panel, file_format, caption)
