"""What a file says about itself: which network, which update, which example, which configuration.

The caption is an ordered table of plain values; each format writes it in its own way. Names that a person typed
come out as one line. It holds nothing that the trace or the spec does not say.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from sab_visualiser.app.export.content.numbers import js_number
from sab_visualiser.model.contract import knob_words

Caption = dict[str, Any]
CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
WHOLE_LOSS = "whole loss"
CELL = "cell state c"
"""What gradients are of where they are not of h, as in static/js/exports/caption.js."""


def trace_caption(panel: str, trace: Mapping[str, Any], spec: Mapping[str, Any] | None = None) -> Caption:
    """The caption of a panel that shows a trace.

    Args:
        panel: attention, gradients, paths or view.
        trace: The trace in JSON shape; marked with `cell` where gradients are those of c.
        spec: The RunSpec of the run or preset as plain values, when it is known; the seed comes from there.
    """
    loss_step = trace.get("loss_step")
    return {
        "panel": panel,
        **_origin(trace, spec),
        "update": trace["update"],
        "example": "own input" if trace.get("own") else trace["example"],
        "loss step": WHOLE_LOSS if loss_step is None else loss_step,
        **({"gradient of": CELL} if trace.get("cell") and panel in ("gradients", "view") else {}),
        **_configuration(spec, trace.get("task"), trace.get("parameters")),
        **({"knocked out": _arcs(trace["knocked_out"])} if trace.get("knocked_out") else {}),
        **({"non-finite numbers": trace["nonfinite"]} if trace.get("nonfinite") else {}),
    }


def cut_words(knobs: Mapping[str, Any]) -> str:
    """How the local gradient of a trace is cut, where not in blocks of phase 0; as static/js/exports/caption.js."""
    if not knobs.get("k_trunc"):
        return ""
    if knobs.get("cuts") == "window":
        return "one cut, k_trunc steps back from the loss"
    return f"cuts moved by {knobs['phase']}" if knobs.get("phase") else ""


def _arcs(pairs: Sequence[Sequence[int]]) -> str:
    return ", ".join(f"{reader} → {source}" for reader, source in pairs)


def metrics_caption(
    origin: str,
    metrics: Mapping[str, Any],
    spec: Mapping[str, Any] | None = None,
    kind: str = "run",
    knobs: Mapping[str, Any] | None = None,
    panel: str = "curves",
) -> Caption:
    """The caption of a panel that tells of the training of a run or a preset; `update` is the last one they hold.

    Args:
        origin: Id of the run, or name of the preset.
        metrics: Its curves in columns.
        spec: What it was made from.
        kind: run or preset.
        knobs: Those in force at the last update when they are not the spec's (app/runs/named.py).
        panel: curves or health.
    """
    updates = metrics["update"]
    last = int(updates[-1]) if len(updates) else 0
    return {"panel": panel, **_origin({kind: origin}, spec), "update": last, **_configuration(spec, None, knobs)}


def lines(caption: Mapping[str, Any]) -> list[str]:
    """The caption as `key: value` lines, each without line breaks or control characters."""
    return [f"{key}: {text(value)}" for key, value in caption.items()]


def readable(caption: Mapping[str, Any]) -> Caption:
    """The same caption for human eyes: tables as `name=value` words instead of JSON."""
    return {
        key: "; ".join(f"{part}: {_words(values)}" for part, values in value.items())
        if isinstance(value, dict)
        else value
        for key, value in caption.items()
    }


def _words(values: Any) -> str:
    if not isinstance(values, dict):
        return text(values)
    return " ".join(f"{key}={_word(key, value)}" for key, value in values.items() if value is not None)


def _word(key: str, value: Any) -> str:
    """A value as people read it; knobs in the words of the page."""
    return knob_words(key, value) if key in ("k_top", "k_trunc") else text(value)


def text(value: Any) -> str:
    """A caption value as one line of text; tables as compact JSON."""
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, int | float):
        return js_number(value)
    return CONTROL.sub(" ", value) if isinstance(value, str) else compact(value)


def compact(value: Any) -> str:
    """JSON without spaces and with numbers as JavaScript prints them, so that the page writes the same line."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{compact(key)}:{compact(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(compact, value)) + "]"
    if isinstance(value, float):
        return js_number(value) if math.isfinite(value) else "null"
    return json.dumps(value, ensure_ascii=False)


def _origin(trace: Mapping[str, Any], spec: Mapping[str, Any] | None) -> Caption:
    named = {key: trace[key] for key in ("run", "preset", "checkpoint") if trace.get(key) is not None}
    name = (spec or {}).get("name")
    return {**named, **({"name": name} if name else {})}


def _configuration(
    spec: Mapping[str, Any] | None, task: Mapping[str, Any] | None, parameters: Mapping[str, Any] | None
) -> Caption:
    """The spec the network was made from, then the knobs in force when it was probed (they may have been turned)."""
    spec = spec or {}
    config = {part: dict(spec[part]) for part in ("task", "model", "training") if spec.get(part)}
    if "task" not in config and task:
        config["task"] = dict(task)
    if parameters:
        config["in force"] = dict(parameters)
    seed = spec.get("training", {}).get("seed")
    variant = (parameters or {}).get("variant") or spec.get("model", {}).get("variant")
    return {
        **({"seed": seed} if seed is not None else {}),
        **({"variant": variant} if variant else {}),
        **({"config": config} if config else {}),
    }
