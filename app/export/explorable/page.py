"""The file: template, styles, modules, Plotly and the recording, each packed and named by what it is.

The file carries its own content security policy: scripts run only with its nonce or out of its own blobs, and nothing
may be fetched. Words of a person reach the page as escaped text or inside packed data, never as markup.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from functools import cache
from typing import Any

from sab_visualiser.app.export.explorable.recording import Recording
from sab_visualiser.app.export.explorable.scripts import BOOT, classic, modules, styles
from sab_visualiser.app.export.explorable.tables import Tables
from sab_visualiser.app.page.files import plotly_file
from sab_visualiser.app.page.templates import unaddressed
from sab_visualiser.app.version import VERSION

EARLY = "early_theme.js"
ABOUT = re.compile(rb'<script type="application/json" id="about">(.*?)</script>')


def explorable(recording: Recording, title: str, tables: Tables) -> bytes:
    """The page with a recorded network, as one HTML file.

    Args:
        recording: From `record`.
        title: Of the window.
        tables: Of the view that the file opens with.
    """
    nonce = base64.b64encode(hashlib.sha256(recording.frame).digest()[:12]).decode()
    template = unaddressed().get_template("explorable.html")
    html = template.render(
        title=title,
        version=VERSION,
        presets=[],
        nonce=nonce,
        styles=styles(),
        early=classic(EARLY),
        boot=classic(BOOT),
        packed={"code": _code(), "plotly": _plotly(), "recording": pack(recording.frame)},
        about=data_block(recording.said),
        tables_json=data_block(tables.json),
        tables_csv=data_block(tables.csv),
    )
    return html.encode()


def said_by(body: bytes) -> dict[str, Any]:
    """What a file that `explorable` made says of itself; nothing where it does not."""
    found = ABOUT.search(body)
    said: dict[str, Any] = json.loads(found[1]) if found else {}
    return said


def pack(content: bytes) -> str:
    """Bytes as text for a script element: compressed, base64."""
    return base64.b64encode(gzip.compress(content, 9, mtime=0)).decode()


def data_block(value: Any) -> str:
    """JSON that no parser can mistake for the end of its script element."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e")


@cache
def _code() -> str:
    return pack(json.dumps(modules(), ensure_ascii=False).encode())


@cache
def _plotly() -> str:
    return pack(plotly_file().read_bytes())
