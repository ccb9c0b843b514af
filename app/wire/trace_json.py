"""A trace in the form of the API (contract section 2): lists and objects from the record, null where not finite."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sab_visualiser.app.wire.columns import TraceRecord

EDGE_KINDS = ("local", "skip")
"""Wire number of an edge kind is its place here."""


def plain(value: Any) -> Any:
    """Arrays as lists, and null for every number that is not finite; everything else as it is."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, np.ndarray):
        if value.dtype.kind == "f" and not np.isfinite(value).all():
            shown = value.astype(object)
            shown[~np.isfinite(value)] = None
            return shown.tolist()
        return value.tolist()
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return value


def trace_json(record: TraceRecord) -> dict[str, Any]:
    """The trace as the API shows it: `edges` as a list of objects (spec section 4, contract section 2)."""
    trace = {key: plain(value) for key, value in record.items() if key != "edges"}
    edges = {key: plain(value) for key, value in record["edges"].items()}
    trace["edges"] = [_edge(edges, index) for index in range(len(edges["kind"]))]
    return trace


def _edge(edges: dict[str, list[Any]], index: int) -> dict[str, Any]:
    edge = {name: column[index] for name, column in edges.items()}
    edge["kind"] = EDGE_KINDS[edge["kind"]]
    edge["chosen"] = bool(edge["chosen"])
    if edge["kind"] == "skip":
        edge["credit_hidden"] = edge["credit_cell"] = None
    else:
        edge["weight"] = None
    return edge
