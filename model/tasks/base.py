"""What a task is: a seeded source of batches that knows its loss, its metrics and its true sources."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, TypeGuard

import torch
from torch import Tensor

from sab_visualiser.model.config import TaskConfig
from sab_visualiser.model.contract import PROBE_EXAMPLES, items_of, sequence_steps, task_rules

NO_TARGET = -1
"""Target of a step that asks for no class."""
PROBE_SEED = 2017
"""Seed of every probe batch: fixed, and apart from every training stream (spec section 6)."""


@dataclass(frozen=True)
class Batch:
    """B sequences of T steps.

    Attributes:
        numbers_BTI: What the network reads, where that is plain numbers; None for symbols, which are read as they are.
        targets_BT: int64 classes (−1 where a step has no target), or float values (NaN there).
        scored_BT: True where the target is the answer of the task (the last 10 steps of copy); metrics look here.
        symbols_BT: int64 input symbols, or None where inputs are real numbers.
        true_sources: For each example: reader step → the steps that hold its answer.
        input_size: I, how many symbols there are; 0 where inputs are numbers.
        before: State (h, c) before step 0, each (B, D), where a text is read on; None for zeros.
    """

    numbers_BTI: Tensor | None
    targets_BT: Tensor
    scored_BT: Tensor
    symbols_BT: Tensor | None
    true_sources: tuple[dict[int, tuple[int, ...]], ...]
    input_size: int = 0
    before: tuple[Tensor, Tensor] | None = None

    @property
    def inputs(self) -> Tensor:
        """What a network takes: symbols (B, T) where there are any, else numbers (B, T, I)."""
        found = self.numbers_BTI if self.symbols_BT is None else self.symbols_BT
        assert found is not None, "a batch has symbols or numbers"
        return found

    @cached_property
    def inputs_BTI(self) -> Tensor:
        """The inputs as numbers: symbols as one-hot rows, made when somebody asks. Training does not."""
        if self.numbers_BTI is not None:
            return self.numbers_BTI
        return torch.eye(self.input_size, device=self.inputs.device)[self.inputs]

    @property
    def steps(self) -> int:
        """Length T of the sequences, in steps."""
        return self.targets_BT.shape[1]

    def to(self, device: torch.device) -> Batch:
        """The same batch on a device; itself where it is there already."""
        return self if self.inputs.device == device else self._each(lambda tensor: tensor.to(device))

    def copy(self) -> Batch:
        """The same batch in tensors of its own."""
        return self._each(Tensor.clone)

    def again(self, count: int) -> Batch:
        """So many examples: these, from the first to the last and over again."""
        places = [place % len(self.targets_BT) for place in range(count)]
        sources = tuple(self.true_sources[place] for place in places)
        return replace(self._each(lambda tensor: tensor[places]), true_sources=sources)

    def example(self, index: int) -> Batch:
        """One example as a batch of size 1."""
        one = slice(index, index + 1)
        return replace(self._each(lambda tensor: tensor[one]), true_sources=self.true_sources[one])

    def tensors(self) -> list[Tensor]:
        """All tensors that it has, always in the same order."""
        named = (self.numbers_BTI, self.targets_BT, self.scored_BT, self.symbols_BT, *(self.before or ()))
        return [tensor for tensor in named if tensor is not None]

    def _each(self, change: Callable[[Tensor], Tensor]) -> Batch:
        """The same batch with every tensor changed."""
        numbers_BTI, symbols_BT = (None if x is None else change(x) for x in (self.numbers_BTI, self.symbols_BT))
        targets_BT, scored_BT = change(self.targets_BT), change(self.scored_BT)
        before = None if self.before is None else (change(self.before[0]), change(self.before[1]))
        return Batch(numbers_BTI, targets_BT, scored_BT, symbols_BT, self.true_sources, self.input_size, before)


class Task(ABC):
    """A task. Subclasses are built from a TaskConfig and never change.

    Args:
        config: Name, T in steps and, where the task has them, the number of items to remember.

    Attributes:
        config: What it was built from.
        items: How many things there are to remember; 0 where that is fixed.
        steps: Length of the sequences.
        shape: Rows, columns and channels of an image; empty where there is none.

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
    shape: tuple[int, ...] = ()

    def __init__(self, config: TaskConfig) -> None:
        task_rules(config)
        self.config = config
        self.items = items_of(config)
        self.steps = sequence_steps(config)

    @abstractmethod
    def batch(self, batch_size: int, generator: torch.Generator) -> Batch:
        """Draw `batch_size` sequences to train on from `generator`."""

    def held_out(self, count: int, size: int, generator: torch.Generator) -> Iterator[Batch]:
        """Sequences that no update trains on: fresh ones here; a task of data draws from its held-out part, each once.

        Args:
            count: How many in all, ≥ 1; of a held-out part that has fewer all of them come.
            size: At most so many in one batch, ≥ 1.
            generator: Draws them.
        """
        for first in range(0, count, size):
            yield self.batch(min(size, count - first), generator)

    def examined(self, count: int, size: int, generator: torch.Generator) -> Iterator[Batch]:
        """What is read to measure a network: `held_out`, unless the state is carried from one batch to the next.

        Args:
            count: Sequences in all, as in `held_out`.
            size: At most so many in one batch, ≥ 1.
            generator: Draws them.
        """
        return self.held_out(count, size, generator)

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

    def loss_step_of(self, batch: Batch) -> int:
        """The step whose loss tells the story of these sequences; an own input may be shorter than others."""
        asked = (batch.targets_BT[0] != NO_TARGET).nonzero()
        return min(self.default_loss_step, int(asked[-1]) if len(asked) else batch.steps - 1)

    def probe_batch(self, batch_size: int = PROBE_EXAMPLES) -> Batch:
        """The fixed probe batch: the same at every call, on every machine.

        Of a held-out part that has fewer sequences, some come again.
        """
        found = next(self.held_out(batch_size, batch_size, torch.Generator().manual_seed(PROBE_SEED)))
        return found if len(found.targets_BT) == batch_size else found.again(batch_size)


def is_number(value: object) -> TypeGuard[float]:
    """Whether a value that a person sent is a finite number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
