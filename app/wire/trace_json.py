"""A trace in the form of the API (contract section 2): lists and objects from the record, null where not finite."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from sab_visualiser.app.wire.columns import TraceRecord

EDGE_KINDS = ("local", "skip")
"""Wire number of an edge kind is its place here."""
WITHOUT_DATA: dict[str, Any] = {"data": "", "permuted": None, "shape": []}
"""What a trace of before there were data sets does not say of its task."""


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
    if "task" in trace:
        trace["task"] = {**WITHOUT_DATA, **trace["task"]}
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


def record_of(trace: Mapping[str, Any]) -> TraceRecord:
    """The record of a trace in the form of the API: the inverse of `trace_json`.

    Args:
        trace: As an answer of the API has it, `edges` a list of objects, null where a number is not finite.

    Raises:
        KeyError: Naming what the trace lacks.
    """
    edges, attention = trace["edges"], trace["attention"]
    weights = attention["weight"]
    columns = {
        "kind": np.array([EDGE_KINDS.index(edge["kind"]) for edge in edges], np.uint8),
        **{name: np.array([edge[name] for edge in edges], np.uint16) for name in ("reader", "source")},
        **{name: _reals(edge.get(name) for edge in edges) for name in _EDGE_REALS},
        "chosen": np.array([edge.get("chosen", True) for edge in edges], np.uint8),
    }
    record = {
        **trace,
        "loss_T": _reals(trace["loss_T"]),
        "memories": np.array(trace["memories"], np.int16),
        "cuts": np.array(trace["cuts"], np.uint16),
        **{name: {rule: _reals(norms) for rule, norms in (trace.get(name) or {}).items()} for name in _NORMS},
        "attention": {
            "reader": np.array(attention["reader"], np.uint16),
            "source": np.array(attention["source"], np.int16),
            "weight": _reals(weights),
            "score": _reals(attention.get("score") or [None] * len(weights)),
        },
        "edges": columns,
    }
    return cast(TraceRecord, record)


_EDGE_REALS = ("credit", "credit_hidden", "credit_cell", "weight")
_NORMS = ("gradient_norm", "gradient_norm_cell")


def _reals(values: Any) -> NDArray[np.float32]:
    return np.array([math.nan if value is None else value for value in values], np.float32)
