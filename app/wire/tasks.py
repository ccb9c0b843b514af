"""What tasks there are, for people: GET /api/tasks. The tasks themselves are in model/tasks.

Deliberately not here: anything that is computed; a test holds these words against the model.
"""

from __future__ import annotations

from typing import Any

from sab_visualiser.app.wire.requests import MAX_STEPS, TaskSpec

DEFAULT_ITEMS = {"copy": 10, "adding": None, "recall": 3, "denoise": 10}


def _parameter(name: str, default: int, low: int, high: int, unit: str, words: str) -> dict[str, Any]:
    return {"name": name, "default": default, "minimum": low, "maximum": high, "unit": unit, "description": words}


def _metric(name: str, unit: str, better: str, words: str) -> dict[str, Any]:
    return {"name": name, "unit": unit, "better": better, "description": words}


_ACCURACY = _metric("accuracy", "share, 0 … 1", "higher", "share of the asked symbols that are right")
_CE10 = _metric("ce10", "nats", "lower", "cross-entropy, mean over the repeated symbols")
_CE = _metric("ce", "nats", "lower", "cross-entropy, mean over all steps")

TASKS: list[dict[str, Any]] = [
    {
        "name": "copy",
        "title": "Copy",
        "description": "Symbols come first, then blanks, then a marker: after it the symbols must be repeated.",
        "parameters": [
            _parameter(
                "T", 50, 1, MAX_STEPS, "steps", "from the first symbol to the marker; the sequence has T + 2 · items"
            ),
            _parameter("items", 10, 1, 50, "symbols", "how many symbols to remember"),
        ],
        "metrics": [_ACCURACY, _CE10, _CE],
        "true_sources": "the step where the same symbol was read",
    },
    {
        "name": "adding",
        "title": "Adding",
        "description": "Numbers from 0 to 1, two of them marked: at the last step their sum is asked.",
        "parameters": [_parameter("T", 50, 2, MAX_STEPS, "steps", "length of the sequence")],
        "metrics": [_metric("mse", "squared error", "lower", "mean squared error of the sum")],
        "true_sources": "the two marked steps",
    },
    {
        "name": "recall",
        "title": "Recall",
        "description": "Pairs of key and value, then blanks, then one of the keys: its value is asked.",
        "parameters": [
            _parameter("T", 50, 1, MAX_STEPS, "steps", "blanks between the pairs and the question"),
            _parameter("items", 3, 1, 8, "pairs", "how many pairs to remember"),
        ],
        "metrics": [_ACCURACY, _CE],
        "true_sources": "the steps of the pair with the asked key",
    },
    {
        "name": "denoise",
        "title": "Denoise",
        "description": "Symbols scattered over noise, then a marker: after it the symbols must be repeated in order.",
        "parameters": [
            _parameter("T", 50, 1, MAX_STEPS, "steps", "steps of noise; at least as many as symbols"),
            _parameter("items", 10, 1, 50, "symbols", "how many symbols to remember"),
        ],
        "metrics": [_ACCURACY, _CE10, _CE],
        "true_sources": "the step where the same symbol was read",
    },
]


def sequence_steps(task: TaskSpec) -> int:
    """Length of the task's sequences, in steps (spec section 6)."""
    items = task.items or DEFAULT_ITEMS[task.name] or 0
    return {
        "copy": task.T + 2 * items,
        "adding": task.T,
        "recall": 2 * items + task.T + 1,
        "denoise": task.T + 1 + items,
    }[task.name]
