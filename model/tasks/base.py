"""What a task is: a seeded source of batches that knows its loss, its metrics and its true sources."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from sab_visualiser.model.config import TaskConfig
from sab_visualiser.model.contract import PROBE_EXAMPLES, items_of, sequence_steps, task_rules

PROBE_SEED = 2017
"""Seed of every probe batch: fixed, and apart from every training stream (spec section 6)."""


@dataclass(frozen=True)
class Batch:
    """B sequences of T steps.

    Attributes:
        inputs_BTI: What the network reads (one-hot for symbols, plain numbers otherwise).
        targets_BT: int64 classes, or float values (NaN where a step has no target).
        scored_BT: True where the target is the answer of the task (the last 10 steps of copy); metrics look here.
        symbols_BT: int64 input symbols for display, or None where inputs are real numbers.
        true_sources: For each example: reader step → the steps that hold its answer.
    """

    inputs_BTI: Tensor
    targets_BT: Tensor
    scored_BT: Tensor
    symbols_BT: Tensor | None
    true_sources: tuple[dict[int, tuple[int, ...]], ...]

    @property
    def steps(self) -> int:
        """Length T of the sequences, in steps."""
        return self.inputs_BTI.shape[1]

    def to(self, device: torch.device) -> Batch:
        """The same batch on a device; itself where it is there already."""
        if self.inputs_BTI.device == device:
            return self
        symbols = None if self.symbols_BT is None else self.symbols_BT.to(device)
        moved = (self.inputs_BTI.to(device), self.targets_BT.to(device), self.scored_BT.to(device), symbols)
        return Batch(*moved, self.true_sources)

    def copy(self) -> Batch:
        """The same batch in tensors of its own."""
        symbols = None if self.symbols_BT is None else self.symbols_BT.clone()
        copied = (self.inputs_BTI.clone(), self.targets_BT.clone(), self.scored_BT.clone(), symbols)
        return Batch(*copied, self.true_sources)

    def example(self, index: int) -> Batch:
        """One example as a batch of size 1."""
        one = slice(index, index + 1)
        symbols = None if self.symbols_BT is None else self.symbols_BT[one]
        return Batch(self.inputs_BTI[one], self.targets_BT[one], self.scored_BT[one], symbols, self.true_sources[one])


class Task(ABC):
    """A toy task. Subclasses are built from a TaskConfig and never change.

    Args:
        config: Name, T in steps and, where the task has them, the number of items to remember.

    Attributes:
        items: How many things there are to remember; 0 where that is fixed.
        steps: Length of the sequences.

    Raises:
        ValueError: T or items do not suit the task; the message names field, value, range and remedy.
    """

    name: str
    kind: Literal["classes", "values"]
    input_size: int
    output_size: int
    steps: int
    symbol_names: tuple[str, ...] = ()
    items: int

    def __init__(self, config: TaskConfig) -> None:
        task_rules(config)
        self.items = items_of(config)
        self.steps = sequence_steps(config)

    @abstractmethod
    def batch(self, batch_size: int, generator: torch.Generator) -> Batch:
        """Draw `batch_size` fresh sequences from `generator`."""

    @abstractmethod
    def batch_from(self, inputs: Sequence[object]) -> Batch:
        """A batch of one from inputs that a person chose; targets and true sources follow from them.

        Raises:
            ValueError: The inputs are not a sequence of this task; the message names the step and the range.
        """

    @abstractmethod
    def loss_BT(self, outputs_BTC: Tensor, batch: Batch) -> Tensor:
        """Loss at every step (nats, or squared error), 0 where a step has no target; differentiable."""

    @abstractmethod
    def loss(self, outputs_BTC: Tensor, batch: Batch) -> Tensor:
        """The scalar that training minimises."""

    @abstractmethod
    def metrics(self, outputs_BTC: Tensor, batch: Batch, loss: float | None = None) -> dict[str, float]:
        """The task's figures by their names in spec section 6 (accuracy as a share from 0 to 1).

        Args:
            outputs_BTC: What the network said.
            batch: To what.
            loss: What `loss` gave for the same two, where somebody knows it already.
        """

    @abstractmethod
    def predictions_BT(self, outputs_BTC: Tensor) -> Tensor:
        """What the network says at every step: classes, or values."""

    @property
    @abstractmethod
    def default_loss_step(self) -> int:
        """The step whose loss tells the task's story (the first recalled symbol of copy)."""

    def probe_batch(self, batch_size: int = PROBE_EXAMPLES) -> Batch:
        """The fixed probe batch: the same at every call, on every machine."""
        return self.batch(batch_size, torch.Generator().manual_seed(PROBE_SEED))
