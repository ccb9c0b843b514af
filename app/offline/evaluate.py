"""Measure a stored network on fresh examples, at any length, in memory that grows with states and keys alone."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import torch

from sab_visualiser.app.worker.process import prepare
from sab_visualiser.model.network import Network
from sab_visualiser.model.passes.fused.threads import loop_threads
from sab_visualiser.model.tasks import make_task
from sab_visualiser.model.training import checkpoint
from sab_visualiser.model.training.trainer import evaluate as measure
from sab_visualiser.model.training.trainer import stream_seed


def evaluate(
    source: Path, task_changes: dict[str, Any], model_changes: dict[str, Any], *, batch_size: int, seed: int
) -> dict[str, Any]:
    """Run the network of a checkpoint forward over one batch.

    Args:
        source: The checkpoint.
        task_changes: Fields of the task that differ from the checkpoint's, `T` above all.
        model_changes: Knobs that differ, of k_top and k_att.
        batch_size: Examples, ≥ 1.
        seed: Of the examples.

    Returns:
        metrics (null where not finite), steps, examples, seconds (of the forward pass and the metrics),
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
    batch = task.batch(batch_size, torch.Generator().manual_seed(stream_seed(seed, "evaluation")))
    own = make_task(stored.config.task)
    measure(network, own, own.batch(1, torch.Generator()))  # loading code is not what is timed
    before, started = psutil.Process().memory_info().rss, time.perf_counter()
    metrics = measure(network, task, batch)
    seconds = time.perf_counter() - started
    return {
        "metrics": {name: value if math.isfinite(value) else None for name, value in metrics.items()},
        "steps": batch.steps,
        "examples": batch_size,
        "seconds": round(seconds, 3),
        "peak_bytes": max(0, _peak_bytes() - before),
        "threads": loop_threads(),
    }


def _peak_bytes() -> int:
    """Largest resident size of this process so far."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
