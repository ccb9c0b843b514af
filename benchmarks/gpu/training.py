"""The same training on the device and on the CPU: the losses of its updates beside each other."""

from __future__ import annotations

import statistics
from typing import Any

from benchmarks.machine import figure
from sab_visualiser.model.config import ModelConfig, RunConfig, TaskConfig, TrainingConfig
from sab_visualiser.model.training.trainer import Trainer

COPY_30 = RunConfig(
    TaskConfig("copy", 30),
    ModelConfig(k_att=1),
    TrainingConfig(batch_size=32, learning_rate=2e-3, clip_norm=0.5, seed=1),
)
UPDATES = 300
ALIKE = 20
"""Updates over which losses must agree; later, rounding may have led two trainings apart."""
AGREE = 1e-3


def measure(device: str, config: RunConfig = COPY_30, updates: int = UPDATES) -> list[dict[str, Any]]:
    """The largest relative difference of the first losses, and where both stand at the end."""
    trainers = Trainer(config), Trainer(config, device)
    on_cpu, on_device = ([result.loss for result in trainer.updates(updates)] for trainer in trainers)
    apart = [abs(one - two) / max(abs(one), 1e-9) for one, two in zip(on_cpu, on_device, strict=True)]
    first = max(apart[:ALIKE])
    what = f"copy T={config.task.T}: largest relative difference of the losses of the first {ALIKE} updates"
    ends = [round(statistics.fmean(losses[-20:]), 5) for losses in (on_cpu, on_device)]
    last = [[trainer.engine, loss] for trainer, loss in zip(trainers, ends, strict=True)]
    more = {"updates": updates, "loss_of_the_last_20": last, "largest_apart": max(apart)}
    return [figure(what, first, "ratio", f"≤ {AGREE}", holds=first <= AGREE, **more)]
