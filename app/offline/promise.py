"""What a pretrained network must do to be bundled: solve its task, read the true sources, open with a clear picture."""

from __future__ import annotations

from typing import Any

import numpy as np

from sab_visualiser.app.wire.columns import TraceRecord
from sab_visualiser.app.wire.requests import ProbeRequest
from sab_visualiser.app.worker.record import record_of
from sab_visualiser.model.probe.trace import Probe, trace
from sab_visualiser.model.tasks import make_task
from sab_visualiser.model.training.checkpoint import Checkpoint

LEAST_ACCURACY = 0.99
LEAST_HIT_RATE = 0.95
LEAST_WEIGHT = 0.9
"""Least mean weight on the true source, at every answering step."""
TRACED = 16
"""Probe examples on which attention is looked at."""
CLEAR_RATIO = 10.0
"""How much stronger the story's arc must be than any other path."""
CLEAR_PATHS = 10
"""Most paths that the opening picture may show."""
CLEAR_GAP = 18
"""Steps in a row, between source and reader, that SAB must not reach."""


def opening_trace(state: Checkpoint) -> TraceRecord:
    """The picture of the first visit, computed beforehand: example 0 at the step that tells the task's story."""
    task = make_task(state.config.task)
    request = ProbeRequest(preset="opening", loss_step=task.default_loss_step)
    return record_of(state.network(), task, state.config.task, request, state.update)


def reading(state: Checkpoint) -> dict[str, float]:
    """Say how surely a network reads the true sources at its answering steps.

    Args:
        state: The network; attention is looked at on 16 probe examples.

    Returns:
        `hit_rate`, the share of answers whose strongest memory is that of the true source (0 to 1), and
        `least_weight`, the mean weight on that memory at the step where it is smallest (0 to 1).
    """
    network, task = state.network(), make_task(state.config.task)
    batch = task.probe_batch(TRACED)
    rates: list[float] = []
    weights: dict[int, list[float]] = {}
    for example in range(TRACED):
        found = trace(network, task, batch, Probe(example=example, rules=("sab",)))
        rates.append(found.hit_rate or 0.0)
        attention = found.attention
        for reader, sources in found.true_sources.items():
            # A memory is the true one when it is the first written at or after a true source.
            first = {min((m for m in found.memories if m >= source), default=-1) for source in sources}
            rows = (attention.reader_E == reader) & np.isin(attention.source_E, sorted(first - {-1}))
            weights.setdefault(reader, []).append(float(attention.weight_E[rows].sum()))
    least = min(sum(column) / len(column) for column in weights.values())
    return {"hit_rate": round(sum(rates) / len(rates), 4), "least_weight": round(least, 4)}


def reads_surely(state: Checkpoint) -> bool:
    """Whether each answering step puts most of its weight on its true source."""
    return reading(state)["least_weight"] >= LEAST_WEIGHT


def is_clear(opening: TraceRecord) -> bool:
    """Whether a stranger sees in the opening picture that one arc jumps over what truncation cannot cross.

    Args:
        opening: Its trace, as `opening_trace` gives it.
    """
    step, paths = opening["loss_step"], opening["paths"]
    if step is None:
        return False
    sources = opening["true_sources"].get(str(step), [])
    if not paths or len(paths) > CLEAR_PATHS or paths[0]["steps"] not in [[step, source] for source in sources]:
        return False
    strengths = [path["strength"] or 0.0 for path in paths]
    reached = {at for first, last in opening["reach"]["sab"] for at in range(first, last + 1)}
    longest = run = 0
    for at in range(min(sources), step):
        run = 0 if at in reached else run + 1
        longest = max(longest, run)
    return strengths[0] >= CLEAR_RATIO * max(strengths[1:], default=0.0) and longest >= CLEAR_GAP


def as_promised(found: dict[str, Any]) -> bool:
    """Whether what a seed came to, a row of `tried`, does what the picture promises."""
    return bool(
        found["accuracy"] >= LEAST_ACCURACY
        and found["hit_rate"] >= LEAST_HIT_RATE
        and found["least_weight"] >= LEAST_WEIGHT
        and found.get("clear", True)
    )
