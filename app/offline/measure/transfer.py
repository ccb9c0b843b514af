"""What a network that was trained at one length can do at others: a row for each network and length."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from sab_visualiser.app.offline.evaluate import measured
from sab_visualiser.app.worker.process import prepare
from sab_visualiser.app.worker.translate import to_wire
from sab_visualiser.model.contract import TASKS
from sab_visualiser.model.tasks import make_task
from sab_visualiser.model.training import checkpoint
from sab_visualiser.model.training.checkpoint import Checkpoint

FIGURES = ("accuracy", "ce10", "ce", "loss")
"""In every row, null where the task has none; other metrics of a task come after them."""
Row = dict[str, Any]


class Source(NamedTuple):
    """A network: what it was called by who asked, and the file of its weights."""

    name: str
    file: Path


class Asked(NamedTuple):
    """Lengths T in steps, rising; examples a length, ≥ 1; the seed of the examples."""

    lengths: tuple[int, ...]
    examples: int
    seed: int


def transfer(sources: Sequence[Source], asked: Asked, tell: Callable[[], None] = lambda: None) -> list[Row]:
    """Measure each network at each length, on the same examples for all of them.

    Args:
        sources: Networks of one task, with equally many items.
        asked: Where, and on how many examples.
        tell: Called after each row.

    Raises:
        CheckpointError: A file cannot be read.
        ValueError: The networks are of different tasks, or a length does not suit the task.
    """
    prepare()
    found = [(source, checkpoint.load(source.file)) for source in sources]
    _one_task(found)
    for T in asked.lengths:  # before anything is measured
        make_task(replace(found[0][1].config.task, T=T, T_min=None))
    rows = []
    for source, stored in found:
        for T in asked.lengths:
            rows.append(_row(source, stored, T, asked))
            tell()
    return rows


def _row(source: Source, stored: Checkpoint, T: int, asked: Asked) -> Row:
    config, network = stored.config, stored.network()
    task = make_task(replace(config.task, T=T, T_min=None))
    metrics, examples, seconds = measured(network, task, asked.examples, asked.seed)
    finite = {name: value if math.isfinite(value) else None for name, value in metrics.items()}
    knobs = network.knobs()
    return {
        "task": config.task.name,
        "method": config.model.method,
        "trained_T": config.task.T,
        "T_min": config.task.T_min,
        "T": T,
        "seed": config.training.seed,
        **dict.fromkeys(FIGURES),
        **finite,
        **to_wire({name: getattr(knobs, name) for name in ("k_top", "k_trunc", "k_att")}),
        "update": stored.update,
        "examples": examples,
        "seconds": round(seconds, 3),
        "run": source.name,
    }


def _one_task(found: Sequence[tuple[Source, Checkpoint]]) -> None:
    (first, of_first), *others = found
    if not TASKS[of_first.config.task.name].has_delay:
        raise ValueError(f"{first.name}: task {of_first.config.task.name} has no delay that could be another one")
    for source, stored in others:
        one, other = make_task(of_first.config.task), make_task(stored.config.task)
        if (one.name, one.items) != (other.name, other.items):
            words = [f"{task.name} with {task.items} items" for task in (one, other)]
            raise ValueError(
                f"{first.name} was trained on {words[0]}, {source.name} on {words[1]}: name networks of one task,"
                " which is what a figure can compare"
            )
