"""Heatmap and curves as plain Plotly figures (data and layout), with every raw number in the hover text.

Only dictionaries and lists: Plotly itself runs in the reader's browser. Colours are written as `var(--name)`; the page
puts the theme's own in (app/export/page/scripts.py). Arcs and gradients are no plots: arcs.py, norms.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sab_visualiser.app.export.content.geometry import Grid, grid, is_signed
from sab_visualiser.app.export.content.tables import CURVES, Table
from sab_visualiser.app.export.content.words import HEALTH
from sab_visualiser.app.export.print import palette

Json = dict[str, Any]
SHARES = ("accuracy", "hit")
"""Metrics between 0 and 1; all others are losses of a kind and stand on the log axis beside the loss."""


def figure(table: Table, data: Mapping[str, Any]) -> Json:
    """`{"data", "layout"}` for Plotly.newPlot.

    Args:
        table: What is drawn.
        data: The trace in JSON shape that the table came from; for curves the metrics columns, or nothing but the
            `update` in view.
    """
    traces, layout = _PLOTS[table.panel](data, table)
    base = {
        "font": {"family": "system-ui, sans-serif", "size": 12, "color": "var(--muted)"},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 58, "r": 18, "t": 8, "b": 46},
        "dragmode": "zoom",
        "hoverlabel": {
            "bgcolor": "var(--panel)",
            "bordercolor": "var(--edge)",
            "font": {"size": 12, "color": "var(--text)"},
        },
    }
    return {"data": traces, "layout": base | layout}


def _attention(trace: Mapping[str, Any], _table: Table) -> tuple[list[Json], Json]:
    cells = grid(trace)
    names = ["∅" if source < 0 else str(source) for source in cells.sources]
    places = [_memory(source) for source in cells.sources]
    signed = is_signed(trace, cells)
    heat = {
        "type": "heatmap",
        "name": "weight",
        "z": [[None if value != value else value for value in row] for row in cells.weight.tolist()],
        "x": places,
        "zmin": -1 if signed else 0,
        "zmax": 1,
        "colorscale": _signed() if signed else _weights(),
        "colorbar": {"title": {"text": "weight", "side": "right"}, "thickness": 10, "outlinewidth": 0, "xpad": 4},
        "hoverongaps": False,
        "hovertemplate": "step %{y} reads memory: %{x}<br>weight %{z}<extra></extra>",
        "xgap": 1 if len(names) <= 120 else 0,
        "ygap": 1 if len(names) <= 120 else 0,
    }
    marks = [
        _marks("true source", cells, cells.true_cells, "circle-open", "var(--source)"),
        _marks("weight not finite", cells, cells.nonfinite, "x-thin-open", "var(--warn)"),
    ]
    every = max(1, -(-len(names) // 10))
    line = {"showgrid": False, "zeroline": False, "ticks": "outside", "ticklen": 3, "tickcolor": "var(--edge)"}
    layout = {
        "plot_bgcolor": "var(--sunken)",
        "xaxis": line
        | {
            "title": {"text": "memory, by the step that wrote it"},
            "type": "category",
            "tickvals": places[::every],
            "ticktext": names[::every],
            "tickangle": 0,
            "range": [-0.5, max(len(names), 1) - 0.5],
        },
        "yaxis": line | {"title": {"text": "step t that reads"}, "range": [len(cells.weight) - 0.5, -0.5]},
        "showlegend": False,
        "shapes": [] if trace["loss_step"] is None else [_row(trace["loss_step"], len(names))],
    }
    return [_not_yet(trace, cells.sources), heat, *[mark for mark in marks if mark["x"]]], layout


def _row(step: int, columns: int) -> Json:
    """An outline around the step that everything is about."""
    place = {"x0": -0.5, "x1": columns - 0.5, "y0": step - 0.5, "y1": step + 0.5}
    return {"type": "rect", **place, "line": {"color": "var(--text)", "width": 1}}


def _weights() -> list[Any]:
    last = len(palette.WEIGHT_COLOURS) - 1
    return [[place / last, f"var(--weight-{place})"] for place in range(last + 1)]


def _signed() -> list[Any]:
    """For weights that may be negative, as in variant release."""
    return [[0, "var(--less)"], [0.5, "var(--panel)"], [1, "var(--more)"]]


def _not_yet(trace: Mapping[str, Any], sources: list[int]) -> Json:
    """Cells whose memory is written only later."""
    return {
        "type": "heatmap",
        "name": "does not exist yet",
        "x": [_memory(source) for source in sources],
        "z": [[1 if step <= source else None for source in sources] for step in range(trace["steps"])],
        "colorscale": [[0, "var(--line)"], [1, "var(--line)"]],
        "showscale": False,
        "hoverinfo": "skip",
    }


def _marks(name: str, cells: Grid, marked: list[tuple[int, int]], symbol: str, colour: str) -> Json:
    """Marks over cells; they say what the cell below them says, and their name."""
    weights = [cells.weight[row, column] for row, column in marked]
    shown = ["not finite" if "finite" in name else "0 exactly" if w != w else str(w) for w in weights]
    places = [f"step {row} reads memory: {_memory(cells.sources[column])}" for row, column in marked]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [_memory(cells.sources[column]) for _, column in marked],
        "y": [row for row, _ in marked],
        "marker": {"symbol": symbol, "size": 9, "color": colour, "line": {"width": 2, "color": colour}},
        "text": [f"{place}<br>weight {weight}<br>{name}" for place, weight in zip(places, shown, strict=True)],
        "hoverinfo": "text",
    }


def _memory(source: int) -> str:
    return "∅, the empty one" if source < 0 else f"step {source}"


def _curves(data: Mapping[str, Any], table: Table) -> tuple[list[Json], Json]:
    updates = table.cells("update")
    shown = [c for c in table.columns if c.name == "loss" or c.name not in CURVES]
    dashes = [d for d in ("solid", "dash", "dot") for _ in palette.CURVE_TOKENS]
    shares = [column for column in shown if column.name.startswith(SHARES)]
    traces = [
        {
            "type": "scatter",
            "mode": "lines+markers" if table.rows <= 60 else "lines",
            "name": column.name,
            "x": updates,
            "y": column.cells,
            "yaxis": "y2" if column in shares else "y",
            "line": {"color": f"var(--{colour})", "dash": dash, "width": 1.5},
        }
        for column, colour, dash in zip(shown, palette.CURVE_TOKENS * 3, dashes, strict=False)
    ]
    skipped = [u for u, flag in zip(updates, table.cells("skipped"), strict=True) if flag]
    lines = {"gridcolor": "var(--line)", "zeroline": False, "automargin": True}
    upper = [0.5, 1] if shares else [0, 1]
    below = lines | {"title": {"text": "share"}, "range": [-0.03, 1.05], "domain": [0, 0.42], "anchor": "x"}
    layout = {
        "xaxis": lines
        | {"title": {"text": f"update ({len(skipped)} skipped)"}, "anchor": "y2" if shares else "y", "tickformat": "d"},
        "yaxis": lines
        | {"title": {"text": "loss"}, "type": "log", "domain": upper, "exponentformat": "power", "dtick": 1},
        **({"yaxis2": below} if shares else {}),
        "legend": {"orientation": "h", "y": -0.2},
        "margin": {"l": 58, "r": 18, "t": 24, "b": 46},
        "hovermode": "x unified",
        "shapes": _at_update(data.get("in_view"), updates),
    }
    return traces, layout


def _at_update(update: int | None, updates: list[int]) -> list[Json]:
    """A line at the update that the other panels show."""
    if update is None or not updates or not updates[0] <= update <= updates[-1]:
        return []
    line = {"color": "var(--text)", "width": 1, "dash": "dot"}
    label: Json = {"text": f"update {update}", "textposition": "end", "textangle": 0, "xanchor": "left"}
    label["font"] = {"size": 11, "color": "var(--text)"}
    place = {"x0": update, "x1": update, "y0": 0, "y1": 1, "yref": "paper"}
    return [{"type": "line", **place, "line": line, "label": label}]


def _health(data: Mapping[str, Any], table: Table) -> tuple[list[Json], Json]:
    updates, height = table.cells("update"), 1 / len(HEALTH)
    lines = {"gridcolor": "var(--line)", "zeroline": False, "automargin": True}
    traces: list[Json] = []
    layout: Json = {
        "xaxis": lines | {"title": {"text": "update"}, "anchor": f"y{len(HEALTH)}", "tickformat": "d"},
        "margin": {"l": 58, "r": 18, "t": 32, "b": 46},
        "hovermode": "x unified",
        "shapes": _at_update(data.get("in_view"), updates),
    }
    for place, (label, log, names) in enumerate(HEALTH):
        number, top = str(place + 1) if place else "", 1 - place * height
        axis = lines | {"title": {"text": label}, "domain": [top - 0.8 * height, top], "nticks": 5}
        layout[f"yaxis{number}"] = axis | ({"type": "log", "exponentformat": "power"} if log else {})
        layout[f"legend{number}"] = {"x": 1, "xanchor": "right", "y": top, "yanchor": "bottom", "orientation": "h"}
        looks = zip(palette.CURVE_TOKENS, ("solid", "dash", "dot"), strict=False)
        for (name, words), (colour, dash) in zip(names.items(), looks, strict=False):
            line = {"type": "scatter", "mode": "lines", "name": words, "x": updates, "y": table.cells(name)}
            look = {"line": {"color": f"var(--{colour})", "dash": dash, "width": 1.5}}
            traces.append({**line, **look, "yaxis": f"y{number}", "legend": f"legend{number}"})
    return traces, layout


_PLOTS: dict[str, Callable[[Mapping[str, Any], Table], tuple[list[Json], Json]]] = {
    "attention": _attention,
    "curves": _curves,
    "health": _health,
}
