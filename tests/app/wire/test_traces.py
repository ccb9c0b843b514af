"""Columns on the wire become the API's JSON, and a non-finite number becomes null."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from sab_visualiser.app.wire.trace import Trace
from sab_visualiser.app.wire.trace_json import record_of, trace_json

EDGES = {
    "kind": np.array([0, 1, 1], np.uint8),
    "reader": np.array([4, 4, 4], np.uint16),
    "source": np.array([3, 0, 1], np.uint16),
    "credit": np.array([0.5, np.nan, 0.25], np.float32),
    "credit_hidden": np.array([0.3, np.nan, np.nan], np.float32),
    "credit_cell": np.array([0.4, np.nan, np.nan], np.float32),
    "weight": np.array([np.nan, 0.75, 0.0], np.float32),
    "chosen": np.array([1, 1, 0], np.uint8),
}
COLUMNS: Any = {
    "update": 3, "example": 0, "loss_step": 4, "parameters": {"k_top": 2, "k_trunc": 2, "k_att": 1}, "steps": 5,
    "inputs": [3, 0, 0, 9, 0], "targets": [0, 0, 0, 0, 3], "predictions": [0, 0, 0, 0, 3],
    "loss_T": np.array([0.5, np.inf, 0, 0, 1], np.float32), "true_sources": {"4": [0]},
    "memories": np.array([-1, 0], np.int16), "cuts": np.array([1, 3], np.uint16),
    "attention": {
        "reader": np.array([4], np.uint16), "source": np.array([0], np.int16),
        "weight": np.array([0.75], np.float32), "score": np.array([1.5], np.float32),
    },
    "gradient_norm": {"sab": np.array([0, 1e-30, np.nan, 1, 2], np.float32)},
    "edges": EDGES, "paths": [{"steps": [4, 0], "kinds": ["skip"], "strength": None}],
    "reach": {"sab": [[3, 4]]}, "nonfinite": 2,
}  # fmt: skip


def test_the_json_is_strict_and_fits_the_contract() -> None:
    trace = trace_json(COLUMNS)
    text = json.dumps(trace, allow_nan=False)
    parsed = Trace.model_validate_json(text)
    assert parsed.loss_T == [0.5, None, 0.0, 0.0, 1.0]
    assert parsed.gradient_norm["sab"][:3] == [0.0, float(np.float32(1e-30)), None]


def test_edges_are_objects_that_keep_their_kind_and_say_what_does_not_apply() -> None:
    local, skip, threshold = trace_json(COLUMNS)["edges"]
    assert (local["kind"], local["weight"], local["credit_cell"]) == ("local", None, float(np.float32(0.4)))
    assert (skip["kind"], skip["credit"], skip["credit_hidden"], skip["weight"]) == ("skip", None, None, 0.75)
    assert (threshold["chosen"], threshold["weight"], threshold["credit"]) == (False, 0.0, 0.25)


def test_the_record_of_a_traces_json_is_the_record_that_it_was_made_of() -> None:
    back = record_of(json.loads(json.dumps(trace_json(COLUMNS))))
    assert trace_json(back) == {**trace_json(COLUMNS), "gradient_norm_cell": {}}
    for name, column in EDGES.items():
        assert back["edges"][name].dtype == column.dtype  # type: ignore[literal-required,attr-defined]
    assert back["gradient_norm_cell"] == {}
