"""Runs as their looks at fresh examples tell them, for tests of the verdict."""

from __future__ import annotations

import math
from typing import Any

from sab_visualiser.app.runs.shapes import Spec
from sab_visualiser.app.runs.verdict import Progress, seen
from sab_visualiser.app.runs.verdict_words import Verdict, verdict
from sab_visualiser.app.wire.requests import RunSpec, RunStatus
from sab_visualiser.model.contract import LOOK_EVERY

ALIVE = {"dead": 0.0, "saturated": 0.0}


def spec_of(**training: Any) -> Spec:
    spec = RunSpec.model_validate({"task": {"name": "copy", "T": 30}, "training": training})
    return spec.model_dump(mode="json")  # type: ignore[return-value]


def judged(
    figures: list[float | None], spec: Spec | None = None, status: RunStatus = "running", **health: float
) -> Verdict | None:
    """The verdict after looks at these accuracies, one every 125 updates."""
    return verdict(folded(figures, spec or spec_of(), **health), spec or spec_of(), status)


def folded(figures: list[float | None], spec: Spec, **health: float) -> Progress | None:
    progress = None
    for at, figure in enumerate(figures, 1):
        accuracy = math.nan if figure is None else figure
        progress = seen(progress, spec, at * LOOK_EVERY, {"accuracy": accuracy}, {**ALIVE, **health})
    return progress
