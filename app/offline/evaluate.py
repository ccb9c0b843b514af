"""Measure a stored network on examples that it never trained on, at any length and in any number.

Memory grows with the states and keys of a chunk of examples, and chunks of longer sequences hold fewer.
"""

from __future__ import annotations

import math
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import psutil
import torch

from sab_visualiser.app.worker.process import prepare
from sab_visualiser.model.contract import carry_words
from sab_visualiser.model.network import Network
from sab_visualiser.model.passes.fused.threads import loop_threads
from sab_visualiser.model.tasks import Task, make_task
from sab_visualiser.model.training import checkpoint
from sab_visualiser.model.training.reading import Examiner
from sab_visualiser.model.training.trainer import stream_seed

CHUNK_STEPS = 100_000
"""Steps of all examples that are looked at together: 833 of T = 100, 19 of T = 5000."""
STREAM = "evaluation"


class Measured(NamedTuple):
    """Metrics over all examples, how many there were, and the seconds that forward passes and metrics took."""

    metrics: dict[str, float]
    examples: int
    seconds: float


def measured(network: Network, task: Task, examples: int, seed: int) -> Measured:
    """Look at examples that no update trains on, chunk by chunk; whichever network is measured, they are the same.

    Args:
        network: As it is; nothing of it changes.
        task: Of which length it is.
        examples: How many, ≥ 1; all there are where the held-out part of a data set has fewer.
        seed: Of the examples.
    """
    generator = torch.Generator().manual_seed(stream_seed(seed, STREAM))
    sums, seen, seconds = dict[str, float](), 0, 0.0
    look = Examiner(network, task)
    for batch in task.examined(examples, max(1, CHUNK_STEPS // task.steps), generator):
        size, started = len(batch.targets_BT), time.perf_counter()
        for name, value in look(batch).items():
            sums[name] = sums.get(name, 0.0) + value * size
        seconds += time.perf_counter() - started
        seen += size
    return Measured({name: value / seen for name, value in sums.items()}, seen, seconds)


def evaluate(
    source: Path, task_changes: dict[str, Any], model_changes: dict[str, Any], *, batch_size: int, seed: int
) -> dict[str, Any]:
    """Run the network of a checkpoint forward over examples that it never trained on.

    Args:
        source: The checkpoint.
        task_changes: Fields of the task that differ from the checkpoint's, `T` above all.
        model_changes: Knobs that differ, of k_top and k_att.
        batch_size: Examples, ≥ 1; the answer says how many there were.
        seed: Of the examples.

    Returns:
        metrics (null where not finite), steps, examples, reading (whether the state of a text is carried; empty where
        none is read), seconds (of the forward pass and the metrics),
        peak_bytes (resident memory of the process at its peak, above what it had before), threads.

    Raises:
        CheckpointError: `source` cannot be read.
        ValueError: A change is out of range.
    """
    prepare()
    stored = checkpoint.load(source)
    task = make_task(replace(stored.config.task, **task_changes))
    network: Network = stored.network()
    network.set_knobs(**model_changes)
    own = make_task(stored.config.task)
    Examiner(network, own)(own.batch(1, torch.Generator()))  # loading code is not what is timed
    before = psutil.Process().memory_info().rss
    metrics, examples, seconds = measured(network, task, batch_size, seed)
    return {
        "metrics": {name: value if math.isfinite(value) else None for name, value in metrics.items()},
        "steps": task.steps,
        "examples": examples,
        "reading": carry_words(task.config),
        "seconds": round(seconds, 3),
        "peak_bytes": max(0, _peak_bytes() - before),
        "threads": loop_threads(),
    }


def _peak_bytes() -> int:
    """Largest resident size of this process so far."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
