"""Training without a server or a page: what stands behind `sab train` and the preset maker.

Everything it says to people goes to standard error, so that standard output stays free for the result.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import torch
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from sab_visualiser.app.offline.evaluate import CHUNK_STEPS
from sab_visualiser.app.offline.judge import Judge, OnLook
from sab_visualiser.app.runs.shapes import Rate
from sab_visualiser.app.worker.process import prepare
from sab_visualiser.app.worker.translate import told_spec
from sab_visualiser.model.config import RunConfig
from sab_visualiser.model.contract import carry_words, delay_words, unseen
from sab_visualiser.model.devices import resolve_device
from sab_visualiser.model.tasks import Batch, Task
from sab_visualiser.model.tasks.base import PROBE_SEED
from sab_visualiser.model.training import checkpoint
from sab_visualiser.model.training.checkpoint import Checkpoint
from sab_visualiser.model.training.checkpoint_format import read_header
from sab_visualiser.model.training.reading import examine
from sab_visualiser.model.training.trainer import Trainer, UpdateResult

EVALUATE_EVERY = 250
"""Updates between two looks at the probe batch, and between two checkpoints."""
EXAMPLES = 256
"""Examples a metric of the result is measured on."""
CHECKPOINT_NAME = "checkpoint.safetensors"
METRICS = ("accuracy", "ce10", "ce", "loss")
"""Always in the result, null where a task does not have one."""

OnUpdate = Callable[[UpdateResult], None]
Watch = Callable[[Trainer], None]
Enough = Callable[[Trainer], bool]


class Listeners(NamedTuple):
    """Who is told what goes on in a training; they must leave it as it is.

    Attributes:
        on_update: Called after every update.
        watch: Shown the trainer before the first update and after each one.
        on_look: Shown every look at fresh examples, and the one before the first update.
    """

    on_update: OnUpdate | None = None
    watch: Watch | None = None
    on_look: OnLook | None = None


def train(
    config: RunConfig,
    *,
    output: Path | None = None,
    resume: Path | None = None,
    listeners: Listeners | None = None,
    enough: Enough | None = None,
    device: str = "auto",
    rate: Rate | None = None,
) -> dict[str, Any]:
    """Train until the config's last update, or until `training.until` holds on two looks at fresh examples.

    Args:
        config: The run.
        output: Folder for the checkpoint (made if missing); None writes none.
        resume: Checkpoint of the same config to go on from; only `training.updates` may differ.
        listeners: Who is told what goes on.
        enough: Asked, while `training.until` holds, whether that will do; else training goes on to the next look.
        device: auto, cpu, cuda or mps.
        rate: How surely the preset learns that this is a run of, for the advice of the verdict.

    Returns:
        `updates` (made in all), `seconds` (spent here), `metrics` (on the probe examples; null where the task has
        none or the figure is not finite), `ended` (why it ended before its last update, or null), `verdict` (what
        became of it, or null before the first look), `health` (at the last look), `checkpoint` (path, or null) and
        `engine` (device and code, in words).

    Raises:
        ValueError: `resume` belongs to another config, or there is no such device here.
        CheckpointError: `resume` cannot be read.
        DivergedError: The loss stayed non-finite; the last finite checkpoint is kept.
    """
    prepare()
    started = time.perf_counter()
    place = resolve_device(device, config).device
    trainer = Trainer(config, place) if resume is None else _resumed(config, resume, place)
    path = None if output is None else output / CHECKPOINT_NAME
    kept, metrics = False, dict[str, float]()
    told = listeners or Listeners()
    judge = Judge(trainer, told.on_look)
    watch = told.watch or (lambda trainer: None)
    with _progress(config, trainer.update) as tell:
        for metrics in _probed(trainer, judge, enough, _both(tell, told.on_update), watch):
            kept = _keep(trainer, metrics, path) or kept
    return {
        "updates": trainer.update,
        "seconds": round(time.perf_counter() - started, 3),
        "metrics": _for_json(metrics),
        "ended": judge.goal.words() if trainer.update < config.training.updates else None,
        "verdict": judge.verdict(rate=rate),
        "health": judge.health,
        "checkpoint": str(path) if kept else None,
        "engine": trainer.engine,
    }


def _probed(
    trainer: Trainer, judge: Judge, enough: Enough | None, on_update: OnUpdate, watch: Watch
) -> Iterator[dict[str, float]]:
    """Train, and yield the metrics of the probe examples at the start, every 250 updates and at the end."""
    probe, last = evaluated(trainer.task), trainer.config.training.updates
    watch(trainer)
    learned = False
    while True:
        yield examine(trainer.network, trainer.task, probe)
        if learned or trainer.update >= last:
            return
        for result in trainer.updates(min(EVALUATE_EVERY - trainer.update % EVALUATE_EVERY, last - trainer.update)):
            on_update(result)
            watch(trainer)
            learned = judge.note(result) and (enough is None or enough(trainer))
            if learned:
                break


def evaluated(task: Task) -> list[Batch]:
    """The examples that a metric of the result is measured on: 256, or a whole held-out part that is not much longer.

    Of longer sequences there are no more than together have 100,000 steps.
    """
    most = max(EXAMPLES, CHUNK_STEPS // task.steps) if unseen(task.name) == "held-out" else EXAMPLES
    return list(task.examined(most, most, torch.Generator().manual_seed(PROBE_SEED)))


def _both(tell: OnUpdate, on_update: OnUpdate | None) -> OnUpdate:
    def call(result: UpdateResult) -> None:
        tell(result)
        if on_update is not None:
            on_update(result)

    return call


def _resumed(config: RunConfig, path: Path, place: torch.device) -> Trainer:
    told_spec(read_header(path.read_bytes())[0])  # as the API would judge it, before anything of it is built
    saved = checkpoint.load(path)
    training = replace(saved.config.training, updates=config.training.updates)
    if replace(saved.config, training=training) != config:
        raise ValueError(
            f"resume = {path.name}: belongs to another config; only training.updates may differ from"
            f" {saved.config.to_dict()}"
        )
    return replace(saved, config=config).trainer(place)


def _keep(trainer: Trainer, metrics: dict[str, float], path: Path | None) -> bool:
    state = Checkpoint.of(trainer, metrics)
    # A run about to diverge must not overwrite its last finite checkpoint.
    if path is None or not state.finite:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    checkpoint.save(state, path)
    return True


def _for_json(metrics: dict[str, float]) -> dict[str, float | None]:
    finite = {name: value if math.isfinite(value) else None for name, value in metrics.items()}
    return {**dict.fromkeys(METRICS), **finite}


def _progress(config: RunConfig, done: int) -> AbstractContextManager[OnUpdate]:
    console = Console(file=sys.stderr)
    if not console.is_terminal:
        return nullcontext(lambda result: None)
    return _Bar(console, config, done)


class _Bar:
    """A progress bar as a context that yields a function to tell it of an update."""

    def __init__(self, console: Console, config: RunConfig, done: int) -> None:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[figures]}"),
        )
        self._progress = Progress(*columns, console=console)
        task = config.task
        words = " ".join(filter(None, (f"{task.name} T={task.T}", delay_words(task.T, task.T_min), carry_words(task))))
        self._bar = self._progress.add_task(words, total=config.training.updates, completed=done, figures="")

    def __enter__(self) -> OnUpdate:
        self._progress.start()
        return self._tell

    def __exit__(self, *exception: object) -> None:
        self._progress.stop()

    def _tell(self, result: UpdateResult) -> None:
        shown = {"loss": result.loss, **result.metrics}
        figures = "  ".join(f"{name} {value:.4f}" for name, value in shown.items())
        self._progress.update(self._bar, completed=result.update, figures=figures)
