"""Golden vectors of the frame codec: what Python writes, Python and the page (tests/js/wire/codec.test.js) must read.

Run this file to write them anew after a deliberate change of the frame. In the JSON beside each frame an array stands
as `{"$typed": type, "shape": […], "values": […]}` with NaN and the infinities by name.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import numpy as np

from sab_visualiser.app.wire.codec import DTYPES, encode
from sab_visualiser.app.wire.packing import FORMAT, as_array, pack, to_bytes

HEAD = {"kind": "snapshot", "run": "r1", "attempt": 1, "seq": 7, "update": 400}
HERE = Path(__file__).parent
NAMES = {np.dtype(code): name for name, code in DTYPES.items()}


def vectors() -> dict[str, dict[str, Any]]:
    """Messages by the name of their files."""
    return {
        "empty": {},
        "plain": {"kind": "hello", "epoch": "ä–∞ 🙂", "list": [1, 2.5, None, True, [], {}], "deep": {"a": {"b": [0]}}},
        "types": {
            "u8": np.array([0, 1, 255], np.uint8),
            "u16": np.array([0, 65535], np.uint16),
            "i16": np.array([-32768, -1, 32767], np.int16),
            "i32": np.array([-(2**31), 2**31 - 1], np.int32),
            "f32": np.array([0, -0.0, 1e-45, 3.4028235e38, 0.1], np.float32),
            "f64": np.array([5e-324, 0.1, 1.7976931348623157e308], np.float64),
        },
        "nonfinite": {"x": np.array([np.nan, np.inf, -np.inf, 0], np.float32)},
        "shapes": {"none": np.zeros(0, np.float32), "grid": np.arange(6, dtype=np.int16).reshape(2, 3)},
        "nested": {"data": {"edges": {"kind": np.array([0, 1], np.uint8)}, "rows": [np.array([7], np.int32), "x"]}},
        "snapshot": {**HEAD, "trace": as_array(to_bytes(cast(Any, _record())))},
        "trace": {"format": FORMAT, **pack(cast(Any, _record()))},
    }


def _record() -> dict[str, Any]:
    """The example of contract section 2."""
    norms = {"sab": [0.3, 0, 0, 0.4, 1.2], "truncated": [0, 0, 0, 0.4, 1.2], "full": [0.31, 0.02, 0.05, 0.4, 1.2]}
    return {
        "update": 400,
        "example": 0,
        "loss_step": 4,
        "parameters": {"k_top": 2, "k_trunc": 2, "k_att": 1},
        "steps": 5,
        "inputs": [3, 0, 0, 9, 0],
        "targets": [0, 0, 0, 0, 3],
        "predictions": [0, 0, 0, 0, 3],
        "loss_T": np.array([0.01, 0.0, 0.0, 0.02, 0.1], np.float32),
        "true_sources": {"4": [0]},
        "memories": np.array([-1, 0, 1, 2, 3], np.int16),
        "cuts": np.array([1, 3], np.uint16),
        "attention": {
            "reader": np.array([1, 1, 4, 4], np.uint16),
            "source": np.array([-1, 0, 0, -1], np.int16),
            "weight": np.array([0.9, 0.1, 0.93, 0.07], np.float32),
            "score": np.array([0.5, 0.2, 1.5, 0.1], np.float32),
        },
        "gradient_norm": {rule: np.array(values, np.float32) for rule, values in norms.items()},
        "edges": _edges(),
        "paths": [
            {"steps": [4, 3], "kinds": ["local"], "strength": 0.5},
            {"steps": [4, 0], "kinds": ["skip"], "strength": 0.3},
        ],
        "reach": {"sab": [[3, 4], [0, 0]], "truncated": [[3, 4]], "full": [[0, 4]]},
        "nonfinite": 0,
    }


def _edges() -> dict[str, Any]:
    return {
        "kind": np.array([1, 0], np.uint8),
        "reader": np.array([4, 4], np.uint16),
        "source": np.array([0, 3], np.uint16),
        "credit": np.array([0.3, 0.5], np.float32),
        "credit_hidden": np.array([np.nan, 0.4], np.float32),
        "credit_cell": np.array([np.nan, 0.3], np.float32),
        "weight": np.array([0.93, np.nan], np.float32),
        "chosen": np.array([1, 1], np.uint8),
    }


def spelled(value: Any) -> Any:
    """The message as JSON: arrays spelled out."""
    if isinstance(value, np.ndarray):
        numbers = [x if np.isfinite(x) else str(x) for x in value.ravel().tolist()]
        return {"$typed": NAMES[value.dtype], "shape": list(value.shape), "values": numbers}
    if isinstance(value, dict):
        return {key: spelled(part) for key, part in value.items()}
    return [spelled(part) for part in value] if isinstance(value, list) else value


def text(message: dict[str, Any]) -> str:
    """The JSON that stands beside the frame."""
    return json.dumps(spelled(message), ensure_ascii=False, allow_nan=False, indent=1) + "\n"


if __name__ == "__main__":
    for name, message in vectors().items():
        (HERE / f"{name}.bin").write_bytes(encode(message))
        (HERE / f"{name}.json").write_text(text(message), "utf-8")
