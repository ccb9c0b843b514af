"""A small made-up record of a trace, as a worker takes it."""

from __future__ import annotations

from typing import Any, cast

import numpy as np

from sab_visualiser.app.wire.columns import TraceRecord

STEPS = 5


def trace(update: int, example: int = 0, loss_step: int | None = 4, k_top: int = 2) -> TraceRecord:
    """The numbers depend on `update` and `example`, so that a test can tell traces apart."""
    f4, u2, i2, u1 = np.float32, np.uint16, np.int16, np.uint8
    norms = np.array([0.3, 0.0, 0.0, 0.4, 1.2], f4) * f4(1 + update / 1000)
    record: Any = {
        "update": update,
        "example": example,
        "loss_step": loss_step,
        "task": {"name": "copy", "T": 1, "items": 2},
        "parameters": {"k_top": k_top, "k_trunc": 2, "k_att": 1},
        "steps": STEPS,
        "inputs": [3 + example, 0, 0, 9, 0],
        "targets": [0, 0, 0, 0, 3],
        "predictions": [0, 0, 0, 0, 3],
        "loss_T": np.array([0.01, 0.0, np.nan, 0.02, 0.1], f4),
        "true_sources": {"4": [0]},
        "memories": np.array([-1, 0, 1, 2, 3], i2),
        "cuts": np.array([1, 3], u2),
        "attention": {
            "reader": np.array([1, 1, 4, 4], u2),
            "source": np.array([-1, 0, 0, -1], i2),
            "weight": np.array([0.9, 0.1, 0.93, 0.07], f4),
            "score": np.array([0.5, 0.2, 0.9, 0.1], f4),
        },
        "gradient_norm": {"sab": norms, "truncated": norms, "full": norms},
        "edges": {
            "kind": np.array([0, 1], u1),
            "reader": np.array([4, 4], u2),
            "source": np.array([3, 0], u2),
            "credit": np.array([0.5, 0.3], f4),
            "credit_hidden": np.array([0.4, 0.3], f4),
            "credit_cell": np.array([0.3, np.nan], f4),
            "weight": np.array([np.nan, 0.93], f4),
            "chosen": np.array([1, 1], u1),
        },
        "paths": [{"steps": [4, 0], "kinds": ["skip"], "strength": float(f4(0.3))}],
        "paths_hidden": 0,
        "reach": {"sab": [[3, 4], [0, 0]]},
        "nonfinite": 1,
    }
    return cast(TraceRecord, record)
