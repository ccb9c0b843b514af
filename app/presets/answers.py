"""The answer that came along with a preset: the trace of the question that the page asks first."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import numpy as np

from sab_visualiser.app.presets.bundled import Preset
from sab_visualiser.app.wire.requests import ProbeRequest
from sab_visualiser.app.wire.trace_json import EDGE_KINDS

COLUMN_TYPES = {
    "kind": "u1", "reader": "u2", "source": "u2", "credit": "f4", "credit_hidden": "f4", "credit_cell": "f4",
    "weight": "f4", "chosen": "u1",
}  # fmt: skip
"""Types of the edge columns on the wire (docs/protocol.md)."""


def bundled_trace(preset: Preset, request: ProbeRequest) -> dict[str, Any] | None:
    """The trace in columns that came with the preset, when it is the one that is asked for."""
    changed = request.model_dump(exclude={"preset", "loss_step"}, exclude_defaults=True)
    if preset.trace is None or changed:
        return None
    columns = _read(preset.trace, preset.trace.stat().st_mtime_ns)
    same = "loss_step" not in request.model_fields_set or request.loss_step == columns["loss_step"]
    return columns if same else None


@functools.lru_cache(maxsize=8)
def _read(path: Path, changed_ns: int) -> dict[str, Any]:
    """The file as it is now; `changed_ns` makes a file that was made anew another entry."""
    del changed_ns
    return columns_of(json.loads(path.read_text("utf-8")))


def columns_of(trace: dict[str, Any]) -> dict[str, Any]:
    """A trace in the API's shape as columns again (the reverse of sab_visualiser.app.wire.trace_json.trace_json)."""
    edges = trace["edges"]
    if isinstance(edges, dict):
        return trace
    plain = [{**edge, "kind": EDGE_KINDS.index(edge["kind"])} for edge in edges]
    columns = {
        name: np.array([np.nan if edge.get(name) is None else edge[name] for edge in plain], kind)
        for name, kind in COLUMN_TYPES.items()
    }
    return {**trace, "edges": columns}
