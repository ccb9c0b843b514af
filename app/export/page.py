"""A panel as one HTML file that works without any network: Plotly, the figure and the numbers are all inside.

The file carries its own content security policy: only its two scripts may run, named by their hash, and nothing may be
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

from app.export.caption import lines
from app.export.plots import figure
from app.export.tables import Table
from app.export.text import as_json

START = """
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const { data, layout } = read("figure");
Plotly.newPlot("plot", data, layout, { responsive: true, displaylogo: false });
"""
STYLE = """
body { margin: 1.5rem auto; max-width: 72rem; padding: 0 1rem; font: 15px/1.5 system-ui, sans-serif; color: #1b1d21; }
#plot { height: 36rem; }
ul { padding: 0; list-style: none; font-size: 0.8rem; color: #5b616b; overflow-wrap: anywhere; }
"""
HEAD = """<!doctype html>
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
<h1>{title}</h1>
"""
"""How every exported page begins, up to its headline; app/export/view.py begins so too."""
PAGE = (
    HEAD
    + """<div id="plot"></div>
<ul>
{caption}
</ul>
</main>
<script type="application/json" id="table">{table}</script>
<script type="application/json" id="figure">{figure}</script>
<script>{plotly}</script>
<script>{start}</script>
</body>
</html>
"""
)


def to_html(table: Table, data: Mapping[str, Any], caption: Mapping[str, Any]) -> bytes:
    """The stand-alone page; `#table` holds what the JSON export holds, `#figure` what Plotly draws."""
    library = plotly()
    title = f"Sparse Attentive Backtracking: {table.panel}"
    return PAGE.format(
        policy=policy(library, START),
        title=html.escape(title),
        style=STYLE,
        caption="\n".join(f"<li>{html.escape(line)}</li>" for line in lines(caption)),
        table=data_block(as_json(table, caption)),
        figure=data_block(figure(table, data)),
        plotly=library,
        start=START,
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
