"""A panel as one HTML file that works without any network: drawing, numbers and, where it is a plot, Plotly inside.

The file carries its own content security policy: only its scripts may run, named by their hash, and nothing may be
fetched. Words of a person reach the page as escaped text or as JSON in a data block, never as markup.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sab_visualiser.app.export.content.tables import Table
from sab_visualiser.app.export.content.text import as_json
from sab_visualiser.app.export.page import sections
from sab_visualiser.app.export.page.draw.plots import figure
from sab_visualiser.app.export.page.markup import Markup, tag
from sab_visualiser.app.export.page.scripts import PLOTS, TIPS
from sab_visualiser.app.export.page.style import STYLE
from sab_visualiser.app.export.query import OF_TRAINING

TITLES = {
    "attention": (
        "Attention weight, step × memory",
        "blank is exactly zero, grey does not exist yet, ∅ is the empty memory",
    ),
    "curves": ("Loss and metrics while training", ""),
    "health": (
        "Health of the network while it trained",
        "measured on the probe batch; update / weight is a ratio of lengths, of the last update",
    ),
}
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
{body}
</main>
<div id="tip" role="tooltip" hidden></div>
{blocks}
{scripts}
</body>
</html>
"""
Json = dict[str, Any]


def to_html(table: Table, data: Mapping[str, Any], caption: Mapping[str, Any]) -> bytes:
    """The stand-alone page of a panel; `#table` holds what the JSON export holds."""
    title = f"Sparse Attentive Backtracking: {table.panel}"
    figures: dict[str, Json] = {}
    if table.panel == "paths":
        panel = sections.card("paths", sections.sequence(data), sections.paths(data), more="story")
    elif table.panel == "gradients":
        panel = sections.card("gradients", sections.gradients(data), more="story")
    else:
        panel = sections.plot("plot", *TITLES[table.panel])
        figures = {"plot": figure(table, data)}
    meta = Markup() if table.panel in OF_TRAINING else sections.meta(data, caption)
    body = [tag("h1", {}, title), meta, tag("div", {"class": "alone"}, panel), sections.colophon(caption, None)]
    return document(title, body, {"table": as_json(table, caption)}, figures)


def document(title: str, body: list[Markup], blocks: Mapping[str, Any], figures: Mapping[str, Json]) -> bytes:
    """The file.

    Args:
        title: Of the window.
        body: What stands in the page.
        blocks: By id, what machines read out of the page.
        figures: By id of their place, what Plotly draws; with none of them Plotly is left out.
    """
    scripts = [TIPS, plotly(), PLOTS] if figures else [TIPS]
    data = [
        f'<script type="application/json" id="{name}">{data_block(value)}</script>' for name, value in blocks.items()
    ]
    data += [
        f'<script type="application/json" data-plot="{name}">{data_block(value)}</script>'
        for name, value in figures.items()
    ]
    return PAGE.format(
        policy=policy(*scripts),
        title=html.escape(title),
        style=STYLE,
        body="\n".join(body),
        blocks="\n".join(data),
        scripts="\n".join(f"<script>{script}</script>" for script in scripts),
    ).encode()


def data_block(value: Any) -> str:
    """JSON that no parser can mistake for the end of its script element."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e")


def policy(*scripts: str) -> str:
    """What the file itself lets a browser do: run these scripts, fetch nothing."""
    hashes = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts]
    allowed = " ".join(f"'sha256-{value}'" for value in hashes)
    return f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data: blob:"


@cache
def plotly() -> str:
    """plotly.min.js out of the installed package, found without importing it."""
    spec = find_spec("plotly")
    assert spec is not None
    assert spec.origin is not None
    # A browser normalises line ends before it hashes a script, so the text must hold LF only.
    raw = (Path(spec.origin).parent / "package_data" / "plotly.min.js").read_bytes()
    return raw.decode().replace("\r\n", "\n").replace("\r", "\n")
