"""A small made-up trace in JSON shape, with every awkward case in it: zeros, a null, two hops, a threshold edge."""

from __future__ import annotations

from typing import Any, cast

import numpy as np

from sab_visualiser.app.wire.columns import TraceRecord
from sab_visualiser.app.wire.packing import SentTrace, to_bytes
from sab_visualiser.model.contract import HEALTH

SPEC: dict[str, Any] = {
    "name": None,
    "preset": "copy",
    "task": {"name": "copy", "T": 20, "items": 5},
    "model": {"method": "sab", "hidden_size": 64, "k_top": 2, "k_trunc": 5, "k_att": 1, "variant": "paper"},
    "training": {"batch_size": 32, "learning_rate": 0.002, "seed": 7},
}

FRESH = {"loss": 0.5, "accuracy": 0.75}


def f32(value: float) -> float:
    """The float64 of the float32 nearest to `value`, as traces carry it."""
    return float(np.float32(value))


def made_up(steps: int = 30, **changes: Any) -> dict[str, Any]:
    """A trace over `steps` steps with the loss at the last one."""
    last = steps - 1
    noise = np.random.default_rng(0).random(steps).astype(np.float32)
    full = [f32(float(v)) for v in 10.0 ** (-4 * (1 - np.arange(steps) / last)) * (0.5 + noise)]
    truncated = [v if s > last - 4 else 0.0 for s, v in enumerate(full)]
    sab = [v if s > last - 4 or s in (2, 3, 12, 13) else 0.0 for s, v in enumerate(full)]
    sab[1] = None  # type: ignore[call-overload]
    trace: dict[str, Any] = {
        "run": "r1",
        "update": 400,
        "example": 0,
        "loss_step": last,
        "task": SPEC["task"],
        "parameters": {"k_top": 2, "k_trunc": 5, "k_att": 1, "normalizer": "shift", "variant": "paper"},
        "steps": steps,
        "memories": [-1, *range(steps - 1)],
        "cuts": list(range(4, steps, 5)),
        "true_sources": {str(last): [3]},
        "attention": {
            "reader": [1, 1, 12, 12, last, last, last],
            "source": [-1, 0, 2, 4, 3, 13, 7],
            "weight": [f32(0.9), f32(0.1), 1.0, 0.0, f32(0.93), f32(7e-8), None],
        },
        "gradient_norm": {"sab": sab, "truncated": truncated, "full": full},
        "gradient_norm_cell": {"sab": [f32(v / 3) if v else v for v in sab], "full": [f32(v / 7) for v in full]},
        "edges": _edges(last),
        "paths": _paths(last),
        "paths_hidden": 4,
        "reach": {
            "sab": [[2, 3], [12, 13], [last - 3, last]],
            "truncated": [[last - 3, last]],
            "full": [[0, last]],
        },
        "nonfinite": 3,
    }
    return trace | changes


def _edges(last: int) -> list[dict[str, Any]]:
    return [
        {"kind": "local", "reader": last, "source": last - 1, "credit": f32(0.5)},
        {"kind": "skip", "reader": last, "source": 3, "credit": f32(0.3), "chosen": True},
        {"kind": "skip", "reader": last, "source": 13, "credit": f32(1e-7), "chosen": True},
        {"kind": "skip", "reader": 12, "source": 2, "credit": f32(0.01), "chosen": False},
        {"kind": "local", "reader": 13, "source": 12, "credit": f32(0.02)},
        {"kind": "local", "reader": 3, "source": 2, "credit": None},
    ]


def _paths(last: int) -> list[dict[str, Any]]:
    return [
        {"steps": [last, 3], "kinds": ["skip"], "strength": f32(0.3)},
        {"steps": [last, 13, 12, 2], "kinds": ["skip", "local", "skip"], "strength": f32(1e-7)},
        {"steps": [last, 3, 2], "kinds": ["skip", "local"], "strength": None},
    ]


def metrics() -> dict[str, Any]:
    """Metrics columns as the store gives them, one update skipped with a loss that is not finite."""
    return {
        "update": np.array([1, 2, 3], np.int32),
        "loss": np.array([2.5, np.nan, 0.1], np.float32),
        "gradient_norm": np.array([1.5, np.inf, 1e-9], np.float32),
        "learning_rate": np.array([0.002, 0.002, 0.001], np.float32),
        "skipped": np.array([0, 1, 0], np.uint8),
        "values": {"ce": np.array([2, 1, 0.5], np.float32), "accuracy": np.array([0, 0.5, 1], np.float32)},
        "looks": looks(),
    }


def no_metrics() -> dict[str, Any]:
    """The columns of a training that has made no update."""
    whole = metrics()
    columns = {name: column[:0] for name, column in whole.items() if name not in ("values", "looks")}
    none = {name: column[:0] for name, column in whole["looks"]["health"].items()}
    return {**columns, "values": {}, "looks": {"update": np.empty(0, np.int32), "health": none, "fresh": {}}}


def looks() -> dict[str, Any]:
    """Three looks: before the first update, one with fresh examples, one with a norm that is not finite."""
    figures = {name: np.array([at / 10, 0.25, 0.5], np.float32) for at, name in enumerate(HEALTH)}
    figures["moved_scorer"] = np.array([np.nan, 1e-3, 1e-4], np.float32)
    figures["norm_p99"] = np.array([np.nan, 3.0, np.inf], np.float32)
    return {
        "update": np.array([0, 2, 3], np.int32),
        "health": figures,
        "fresh": {
            "loss": np.array([np.nan, 0.5, np.nan], np.float32),
            "accuracy": np.array([np.nan, 0.75, np.nan], np.float32),
        },
    }


def record_of(trace: dict[str, Any]) -> TraceRecord:
    """The record that the JSON could have been made from."""
    edges, attention = trace["edges"], trace["attention"]
    column = {name: [edge.get(name) for edge in edges] for name in ("reader", "source", "credit", "weight")}
    record = {name: value for name, value in trace.items() if name not in ("run", "preset", "checkpoint")}
    record["edges"] = {
        "kind": np.array([("local", "skip").index(edge["kind"]) for edge in edges], np.uint8),
        "reader": np.array(column["reader"], np.uint16),
        "source": np.array(column["source"], np.uint16),
        **dict.fromkeys(("credit", "credit_hidden", "credit_cell"), _floats(column["credit"])),
        "weight": _floats(column["weight"]),
        "chosen": np.array([edge.get("chosen", True) for edge in edges], np.uint8),
    }
    record["attention"] = {
        "reader": np.array(attention["reader"], np.uint16),
        "source": np.array(attention["source"], np.int16),
        "weight": _floats(attention["weight"]),
        "score": _floats(attention.get("score", attention["weight"])),
    }
    record["memories"], record["cuts"] = np.array(trace["memories"], np.int16), np.array(trace["cuts"], np.uint16)
    for name in ("gradient_norm", "gradient_norm_cell"):
        record[name] = {rule: _floats(values) for rule, values in trace[name].items()}
    return cast(TraceRecord, record)


def sent(trace: dict[str, Any]) -> SentTrace:
    """The trace as a server has it."""
    of = {name: trace.get(name) for name in ("run", "preset", "checkpoint")}
    return SentTrace(to_bytes(record_of(trace)), **of)


def _floats(values: list[float | None]) -> Any:
    return np.array([np.nan if value is None else value for value in values], np.float32)
