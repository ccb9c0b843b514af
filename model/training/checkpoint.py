"""Checkpoints: a run's config, weights and, to go on training, optimiser and random state, in one safetensors file.

A file is believed only after every check: schema, config, names, shapes and dtypes of all tensors, finite numbers,
digest. Nothing is ever unpickled, and the file's name means nothing.
"""

from __future__ import annotations

import math
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from sab_visualiser.model import card
from sab_visualiser.model.config import RunConfig
from sab_visualiser.model.contract import PROBE_KNOBS
from sab_visualiser.model.network import Network
from sab_visualiser.model.tasks import make_task
from sab_visualiser.model.training.checkpoint_checks import (
    CARRIED,
    GENERATORS,
    OPTIMIZER,
    WEIGHTS,
    check_shapes,
    config_of,
    count_of,
    metrics_of,
    parameters_of,
)
from sab_visualiser.model.training.checkpoint_format import (
    CheckpointError,
    pack,
    read_header,
    read_tensors,
    require_finite,
)
from sab_visualiser.model.training.trainer import Trainer, TrainingState, new_network

__all__ = ["Checkpoint", "CheckpointError", "dumps", "load", "loads", "save", "write"]

_COUNTS = ("update", "skipped_total", "nonfinite_losses")


@dataclass(frozen=True)
class Checkpoint:
    """A run at one update.

    Attributes:
        config: What the run was started with.
        state: Weights, parameters in force and counters; `optimizer`, `generators` and `carried` are empty in the
            weights-only form.
        metrics: Figures at that update, for display; NaN where a figure was not finite.
    """

    config: RunConfig
    state: TrainingState
    metrics: dict[str, float]

    @classmethod
    def of(cls, trainer: Trainer, metrics: Mapping[str, float] | None = None) -> Checkpoint:
        """Copy all of a trainer's state; the trainer may go on."""
        return cls(trainer.config, trainer.state_dict(), dict(metrics or {}))

    @property
    def update(self) -> int:
        """Updates made so far."""
        return self.state["update"]

    @property
    def parameters(self) -> dict[str, int | float | None]:
        """The parameters in force: k_top, k_trunc (None for no cut), k_att, learning_rate, clip_norm."""
        return self.state["parameters"]

    @property
    def resumable(self) -> bool:
        """Whether training can go on from here bit for bit."""
        return bool(self.state["generators"])

    @property
    def finite(self) -> bool:
        """Whether every number is finite; a checkpoint that is not cannot be written."""
        numbers = (*self.state["weights"].values(), *self.state["optimizer"].values())
        return all(bool(torch.isfinite(tensor).all()) for tensor in numbers)

    def weights_only(self) -> Checkpoint:
        """Leave out what only training needs: about a third of the size."""
        return replace(self, state=TrainingState({**self.state, "optimizer": {}, "generators": {}, "carried": {}}))

    def network(self, device: torch.device | str = "cpu") -> Network:
        """Rebuild the network on a device, with the knobs in force.

        Raises:
            CheckpointError: The parameters do not suit the network.
        """
        network = new_network(self.config, make_task(self.config.task))
        network.load_state_dict(self.state["weights"])
        knobs = network.knobs()
        # A method refuses to be told the knobs it fixes, so only those that differ are set.
        changed: dict[str, Any] = {
            name: self.parameters[name] for name in PROBE_KNOBS if self.parameters[name] != getattr(knobs, name)
        }
        try:
            network.set_knobs(**changed)
        except ValueError as error:
            raise CheckpointError(f"parameters in force: {error}") from error
        return network.to(device)

    def trainer(self, device: torch.device | str = "cpu") -> Trainer:
        """Rebuild the trainer on a device: its next updates are those the run would have made there.

        Raises:
            CheckpointError: It is a weights-only checkpoint, or its state does not suit a trainer.
        """
        if not self.resumable:
            raise CheckpointError("weights only: there is no optimiser state to go on with")
        trainer = Trainer(self.config, device)
        try:
            trainer.load_state_dict(self.state)
        except (ValueError, RuntimeError) as error:
            if card.out_of_memory(error) or card.is_lost(error):  # no fault of this file
                raise
            raise CheckpointError(f"training state: {error}") from error
        return trainer


def dumps(checkpoint: Checkpoint) -> bytes:
    """Write a checkpoint as the bytes of a safetensors file; the same checkpoint gives the same bytes.

    Raises:
        CheckpointError: Weights or optimiser state are not finite.
    """
    state = checkpoint.state
    numbers = {
        **{WEIGHTS + name: weight for name, weight in state["weights"].items()},
        **{OPTIMIZER + name: value for name, value in state["optimizer"].items()},
        **{CARRIED + name: value for name, value in state["carried"].items()},
    }
    require_finite(numbers)
    generators = {GENERATORS + name: value for name, value in state["generators"].items()}
    document = {
        "config": checkpoint.config.to_dict(),
        "parameters": state["parameters"],
        "metrics": {name: value if math.isfinite(value) else None for name, value in checkpoint.metrics.items()},
        **{name: value for name, value in state.items() if name in _COUNTS},
    }
    return pack(document, numbers | generators)


def loads(data: bytes) -> Checkpoint:
    """Read a checkpoint from bytes of any origin.

    Raises:
        CheckpointError: Anything at all is wrong with it.
    """
    document, shapes = read_header(data)
    config = config_of(document)
    check_shapes(config, shapes)
    tensors = read_tensors(data, document)
    require_finite({name: t for name, t in tensors.items() if not name.startswith(GENERATORS)})
    state = TrainingState(
        weights=_part(tensors, WEIGHTS),
        optimizer=_part(tensors, OPTIMIZER),
        generators=_part(tensors, GENERATORS),
        carried=_part(tensors, CARRIED),
        parameters=parameters_of(document),
        update=count_of(document, "update"),
        skipped_total=count_of(document, "skipped_total"),
        nonfinite_losses=count_of(document, "nonfinite_losses"),
    )
    checkpoint = Checkpoint(config, state, metrics_of(document))
    # What only the network and the generators can judge shows when they are rebuilt: better here than in a run.
    checkpoint.trainer() if checkpoint.resumable else checkpoint.network()
    return checkpoint


def save(checkpoint: Checkpoint, path: Path) -> None:
    """Write a checkpoint so that at every moment `path` holds the old file or the new one, whole.

    Raises:
        CheckpointError: As `dumps`.
        OSError: The disk refuses; what stood at `path` is still there.
    """
    write(dumps(checkpoint), path)


def write(data: bytes, path: Path) -> None:
    """Write the bytes of a checkpoint, as `save` does.

    Raises:
        OSError: The disk refuses; what stood at `path` is still there.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    # The rename itself lives in the folder: without this a power cut may bring the old name back.
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def load(path: Path) -> Checkpoint:
    """Read a checkpoint file; a CheckpointError names the file.

    Raises:
        CheckpointError: Anything is wrong with the content.
        OSError: The file cannot be read.
    """
    try:
        return loads(path.read_bytes())
    except CheckpointError as error:
        raise CheckpointError(f"{path.name}: {error}") from error


def _part(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): t for name, t in tensors.items() if name.startswith(prefix)}
