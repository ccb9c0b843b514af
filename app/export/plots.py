"""The four panels as plain Plotly figures (data and layout), with every raw number in the hover text.

Only dictionaries and lists: Plotly itself runs in the reader's browser. Axes that need a logarithm get it here, by
hand, with the raw value kept in `customdata`, so that zero and non-finite numbers have a place of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.export import palette
from app.export.geometry import LANE, Lanes, arc_points, arcs, decades, grid, intervals, lanes, local_spans
from app.export.tables import CURVES, Table

Json = dict[str, Any]


def figure(table: Table, data: Mapping[str, Any]) -> Json:
    """`{"data", "layout"}` for Plotly.newPlot.

    Args:
        table: What is drawn.
        data: The trace in JSON shape that the table came from (metrics columns for curves).
    """
    traces, layout = _PLOTS[table.panel](data, table)
    base = {
        "font": {"family": "system-ui, sans-serif", "size": 13, "color": palette.INK},
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
        "margin": {"l": 70, "r": 30, "t": 50, "b": 60},
        "hoverlabel": {"font": {"size": 12}},
    }
    return {"data": traces, "layout": base | layout}


def _attention(trace: Mapping[str, Any], _table: Table) -> tuple[list[Json], Json]:
    cells = grid(trace)
    names = ["∅" if source < 0 else str(source) for source in cells.sources]
    last = len(palette.WEIGHT_COLOURS) - 1
    heat = {
        "type": "heatmap",
        "name": "weight",
        "z": [[None if value != value else value for value in row] for row in cells.weight.tolist()],
        "customdata": [cells.sources] * len(cells.weight),
        "zmin": 0,
        "zmax": 1,
        "colorscale": [[place / last, colour] for place, colour in enumerate(palette.WEIGHT_COLOURS)],
        "colorbar": {"title": {"text": "weight"}},
        "hoverongaps": False,
        "hovertemplate": "step %{y} reads memory of step %{customdata}<br>weight %{z}<extra></extra>",
    }
    marks = [
        _marks("true source", cells.true_cells, "circle-open", palette.TRUE_SOURCE),
        _marks("not finite", cells.nonfinite, "x-thin-open", palette.ALARM),
    ]
    every = max(1, -(-len(names) // 16))
    layout = {
        "title": {"text": "Attention weight (query × memory)"},
        "plot_bgcolor": palette.PANEL,
        "xaxis": {
            "title": {"text": "memory, by the step that wrote it (∅: the empty one)"},
            "tickvals": list(range(0, len(names), every)),
            "ticktext": names[::every],
            "showgrid": False,
        },
        "yaxis": {"title": {"text": "step t that reads"}, "autorange": "reversed", "showgrid": False},
        "legend": {"orientation": "h"},
    }
    return [_not_yet(trace, cells.sources), heat, *[mark for mark in marks if mark["x"]]], layout


def _not_yet(trace: Mapping[str, Any], sources: list[int]) -> Json:
    """Cells whose memory is written only later."""
    return {
        "type": "heatmap",
        "name": "does not exist yet",
        "z": [[1 if step <= source else None for source in sources] for step in range(trace["steps"])],
        "colorscale": [[0, palette.GRID], [1, palette.GRID]],
        "showscale": False,
        "hoverinfo": "skip",
    }


def _marks(name: str, cells: list[tuple[int, int]], symbol: str, colour: str) -> Json:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [column for _, column in cells],
        "y": [row for row, _ in cells],
        "marker": {"symbol": symbol, "size": 10, "color": colour, "line": {"width": 2, "color": colour}},
        "hoverinfo": "name",
    }


def _gradients(trace: Mapping[str, Any], _table: Table) -> tuple[list[Json], Json]:
    found = lanes(trace["gradient_norm"])
    traces = [_norms(rule, trace, found) for rule in reversed(list(found.logs))]
    ticks = decades(found.low, found.high)
    at = trace["loss_step"]
    layout = {
        "title": {"text": f"Gradient norm ‖∂L{'' if at is None else f' at step {at}'} / ∂h_s‖₂"},
        "xaxis": {"title": {"text": "step s"}, "showgrid": False, "zeroline": False},
        "yaxis": {
            "tickvals": [found.low - LANE, *ticks, found.high + LANE],
            "ticktext": ["0", *(f"1e{n}" for n in ticks), "not finite"],
            "range": [found.low - 2 * LANE, found.high + 2 * LANE],
            "zeroline": False,
        },
        "shapes": _cuts(trace),
        "legend": {"orientation": "h", "y": -0.2},
    }
    return traces, layout


def _norms(rule: str, trace: Mapping[str, Any], found: Lanes) -> Json:
    """One rule: its norms on the axis, its exact zeros as hollow triangles, its non-finite ones as crosses."""
    values = trace["gradient_norm"][rule]
    symbols = ["x-thin-open" if v is None else "circle" if v else "triangle-down-open" for v in values]
    heights = [
        found.high + LANE if v is None else log if v else found.low - LANE
        for v, log in zip(values, found.logs[rule], strict=True)
    ]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": f"{rule}, reaches {intervals(trace['reach'].get(rule, ()))}",
        "x": list(range(trace["steps"])),
        "y": heights,
        "customdata": values,
        "text": ["not finite" if v is None else str(v) for v in values],
        "line": {
            "color": palette.RULE_COLOURS[rule],
            "dash": palette.PLOTLY_DASHES[palette.RULE_DASHES[rule]],
            "width": 1.5,
        },
        "marker": {"symbol": symbols, "size": 6, "color": palette.RULE_COLOURS[rule]},
        "hovertemplate": f"{rule}, step %{{x}}: %{{text}}<extra></extra>",
    }


def _paths(trace: Mapping[str, Any], _table: Table) -> tuple[list[Json], Json]:
    skips = []
    for arc in arcs(trace):
        points = arc_points(arc.reader, arc.source, trace["steps"])
        words = f"step {arc.reader} → memory of step {arc.source}, hop {arc.hop}<br>credit {_shown(arc.credit)}"
        dash = palette.HOP_DASHES[min(arc.hop, 3) - 1] if arc.chosen else "dotted"
        skips.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": [x for x, _ in points],
                "y": [y for _, y in points],
                "customdata": [arc.credit],
                "text": words + ("" if arc.chosen else "<br>threshold memory, weight 0"),
                "hoverinfo": "text",
                "line": {
                    "color": palette.RULE_COLOURS["sab"],
                    "width": 1 + 6 * arc.share,
                    "dash": palette.PLOTLY_DASHES[dash],
                },
                "showlegend": False,
            }
        )
    at, hidden = trace["loss_step"], trace.get("paths_hidden", 0)
    title = "Backtracking paths" + ("" if at is None else f" from step {at}")
    layout = {
        "title": {"text": f"{title} ({len(trace['paths'])} shown, {hidden} hidden)"},
        "xaxis": {
            "title": {"text": "step"},
            "range": [-0.5, trace["steps"] - 0.5],
            "showgrid": False,
            "zeroline": False,
        },
        "yaxis": {"visible": False, "range": [-0.12, 1.12]},
        "shapes": _cuts(trace),
    }
    return [*skips, *_baseline(trace)], layout


def _baseline(trace: Mapping[str, Any]) -> list[Json]:
    """Steps as dots, spans that carry credit locally as thick ink."""
    ink = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [first, last],
            "y": [0, 0],
            "line": {"color": palette.INK, "width": 5},
            "hoverinfo": "text",
            "text": f"local edges, steps {first}–{last}",
            "showlegend": False,
        }
        for first, last in local_spans(trace)
    ]
    dots = {
        "type": "scatter",
        "mode": "markers",
        "x": list(range(trace["steps"])),
        "y": [0] * trace["steps"],
        "marker": {"size": 4, "color": palette.MUTED},
        "hovertemplate": "step %{x}<extra></extra>",
        "showlegend": False,
    }
    return [*ink, dots]


def _cuts(trace: Mapping[str, Any]) -> list[Json]:
    return [
        {
            "type": "line",
            "x0": cut - 0.5,
            "x1": cut - 0.5,
            "y0": 0,
            "y1": 1,
            "yref": "paper",
            "layer": "below",
            "line": {"color": palette.CUT, "width": 1, "dash": "dot"},
        }
        for cut in trace["cuts"]
    ]


def _shown(value: float | None) -> str:
    return "not finite" if value is None else str(value)


def _curves(_data: Mapping[str, Any], table: Table) -> tuple[list[Json], Json]:
    updates = table.cells("update")
    shown = [c for c in table.columns if c.name == "loss" or c.name not in CURVES]
    dashes = [d for d in ("solid", "dash", "dot") for _ in palette.CURVE_COLOURS]
    traces = [
        {
            "type": "scatter",
            "mode": "lines+markers" if table.rows <= 60 else "lines",
            "name": column.name,
            "x": updates,
            "y": column.cells,
            "yaxis": "y" if column.name == "loss" else "y2",
            "line": {"color": colour, "dash": dash, "width": 1.5},
        }
        for column, colour, dash in zip(shown, palette.CURVE_COLOURS * 3, dashes, strict=False)
    ]
    skipped = [u for u, flag in zip(updates, table.cells("skipped"), strict=True) if flag]
    title = f"Loss and metrics while training ({len(skipped)} updates skipped)"
    layout = {
        "title": {"text": title},
        "xaxis": {"title": {"text": "update"}},
        "yaxis": {"title": {"text": "loss"}, "type": "log", "domain": [0.55, 1]},
        "yaxis2": {"title": {"text": "metrics"}, "domain": [0, 0.45], "anchor": "x"},
        "legend": {"orientation": "h", "y": -0.15},
    }
    return traces, layout


_PLOTS: dict[str, Callable[[Mapping[str, Any], Table], tuple[list[Json], Json]]] = {
    "attention": _attention,
    "gradients": _gradients,
    "paths": _paths,
    "curves": _curves,
}
