"""The whole view as one HTML file that works without any network: sequence, paths, gradients, attention, curves.

The figures and numbers are those of the single panels (plots.py, tables.py); the policy and the escaping those of a
single page (page.py). Deliberately not here: the page's own interaction; hovering shows every number, nothing is asked.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

from app.export.caption import lines
from app.export.page import HEAD, STYLE, data_block, plotly, policy
from app.export.plots import figure
from app.export.tables import make_table
from app.export.text import as_json

TRACED = ("paths", "gradients", "attention")
START = """
for (const block of document.querySelectorAll("script[data-plot]")) {
  const { data, layout } = JSON.parse(block.textContent);
  Plotly.newPlot(block.dataset.plot, data, layout, { responsive: true, displaylogo: false });
}
"""
MORE_STYLE = """
.plot { height: 26rem; margin-top: 1rem; }
#attention { height: 38rem; }
.strip { overflow-x: auto; }
table { border-collapse: collapse; font: 12px ui-monospace, monospace; }
th, td { padding: 2px 6px; border: 1px solid #dcdfe3; text-align: center; white-space: nowrap; }
th { font-weight: 600; background: #f4f4f1; }
.chosen { outline: 2px solid #0072b2; outline-offset: -2px; }
"""
PAGE = (
    HEAD
    + """<div class="strip">
{strip}
</div>
{plots}
<ul>
{caption}
</ul>
<p>An arc shows a route of gradient, not a cause. One example is not a trend.</p>
</main>
<script type="application/json" id="view">{view}</script>
{figures}
<script>{plotly}</script>
<script>{start}</script>
</body>
</html>
"""
)


def view_html(data: Mapping[str, Any], caption: Mapping[str, Any]) -> bytes:
    """The stand-alone page of a view; `#view` holds the tables of all panels as the JSON export holds them.

    Args:
        data: A trace in JSON shape; under `curves` the columns of the curves, when the network is a run.
        caption: From `trace_caption`.
    """
    metrics = data.get("curves")
    sources: dict[str, Mapping[str, Any]] = dict.fromkeys(TRACED, data)
    if metrics and len(metrics["update"]):
        sources["curves"] = metrics
    tables = {panel: make_table(panel, source) for panel, source in sources.items()}
    at = data["loss_step"]
    asked = "the whole loss" if at is None else f"the loss at step {at}"
    title = f"Sparse Attentive Backtracking: where {asked} sends its gradient"
    library = plotly()
    figures = (
        f'<script type="application/json" data-plot="{panel}">{data_block(figure(tables[panel], source))}</script>'
        for panel, source in sources.items()
    )
    return PAGE.format(
        policy=policy(library, START),
        title=html.escape(title),
        style=STYLE + MORE_STYLE,
        strip=_strip(data),
        plots="\n".join(f'<div class="plot" id="{panel}"></div>' for panel in sources),
        caption="\n".join(f"<li>{html.escape(line)}</li>" for line in lines(caption)),
        view=data_block({panel: as_json(table, {**caption, "panel": panel}) for panel, table in tables.items()}),
        figures="\n".join(figures),
        plotly=library,
        start=START,
    ).encode()


def _strip(trace: Mapping[str, Any]) -> str:
    """The sequence as a table: a column a step, the symbols by their names."""
    names = (trace.get("task") or {}).get("symbols") or []
    rows: dict[str, Sequence[Any]] = {
        "step": range(trace["steps"]),
        **{name: trace.get(f"{name}s") or [] for name in ("input", "target", "prediction")},
    }
    cells = {name: [str(v) if name == "step" else _symbol(v, names) for v in values] for name, values in rows.items()}
    cells["loss"] = ["not finite" if value is None else f"{value:.2g}" for value in trace.get("loss_T") or []]
    return f"<table>{''.join(_row(name, texts, trace['loss_step']) for name, texts in cells.items())}</table>"


def _symbol(value: Any, names: Sequence[str]) -> str:
    if value is None:
        return "–"
    if isinstance(value, list):
        return " ".join(_symbol(part, ()) for part in value)
    if isinstance(value, int):
        return names[value] if 0 <= value < len(names) else str(value)
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def _row(name: str, texts: Sequence[str], chosen: int | None) -> str:
    mark = {chosen: ' class="chosen"'}
    body = "".join(f"<td{mark.get(step, '')}>{html.escape(text)}</td>" for step, text in enumerate(texts))
    return f'<tr><th scope="row">{name}</th>{body}</tr>'
