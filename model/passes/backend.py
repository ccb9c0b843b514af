"""What a backend is: one way to compute the passes. Rows stand in model/backends.py, code in a room beside this file.

A new one is a room with a subclass of `Backend`, and one line in the registry.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import ClassVar, NamedTuple

import torch
from torch import Tensor

from sab_visualiser.model.config import Rule, Variant
from sab_visualiser.model.passes.tape import Gradients, Knobs, KnockedOut, Observer, State, Tape, Weights

ReadOut = Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]
"""(h, s, V, b) → y = V [h ; s] + b as (C, T, B); h and s with the step first, (T, B, D)."""


class Target(NamedTuple):
    """What a backend is asked to run on; the defaults are what a run has, with sizes that suit everybody."""

    dtype: torch.dtype = torch.float32
    device: str = "cpu"
    variant: Variant = "paper"
    hidden_size: int = 1
    attention_size: int = 1
    k_top: int = 1

    @classmethod
    def of(cls, weights: Weights, knobs: Knobs | None = None) -> Target:
        """What these weights ask for, under these knobs."""
        variant: Variant = "release" if weights.weight_key is None else "paper"
        sizes = weights.weight_hh.shape[1], weights.weight_score.shape[0], 1 if knobs is None else knobs.k_top
        return cls(weights.weight_hh.dtype, weights.weight_hh.device.type, variant, *sizes)


class Backend(ABC):
    """One way to compute the passes.

    Attributes:
        name: What it is chosen by.
        words: What it is, for a person.
    """

    name: ClassVar[str]
    words: ClassVar[str]

    @abstractmethod
    def why_not(self, target: Target) -> str | None:
        """Why it cannot run there, in one line; None when it can. Cheap for a target that does not suit."""

    @abstractmethod
    def forward(
        self,
        weights: Weights,
        inputs: Tensor,
        knobs: Knobs,
        phase: int = 0,
        knocked_out: KnockedOut | None = None,
        *,
        keep: bool = True,
        state: State | None = None,
    ) -> Tape:
        """Run the network over a batch; see `sab_visualiser.model.passes.plain.passes.forward_pass`.

        `inputs` are numbers (B, T, I), or int64 symbols (B, T) that stand for one-hot rows. `keep=False` allows it to
        forget inner states as it goes; nobody can go back over such a tape. `state` is what the sequences begin with,
        None for zeros.
        """

    @abstractmethod
    def backward(
        self,
        tape: Tape,
        d_hidden_BTD: Tensor,
        d_summary_BTD: Tensor,
        rule: Rule = "sab",
        observer: Observer | None = None,
        *,
        inputs: bool = True,
        sum_floor: float = 0.0,
        d_last_cell_BD: Tensor | None = None,
    ) -> Gradients:
        """Send gradients back over a tape that `forward` left; see passes/plain/passes.py.

        `inputs=False` promises that nobody will ask for ∂L/∂inputs; `sum_floor` is what Σr + ε counts at least in the
        gradient on scores, 0 for the exact one; `d_last_cell_BD` is what reaches c of the last step from what follows.
        """

    def observe(self, tape: Tape, d_hidden_BTD: Tensor, d_summary_BTD: Tensor, rule: Rule, observer: Observer) -> None:
        """As `backward`, for the observer alone."""
        self.backward(tape, d_hidden_BTD, d_summary_BTD, rule, observer, inputs=False)

    def read_out(self, weights: Weights) -> ReadOut | None:
        """A read-out of its own for a layer with these weights; None leaves it to torch's linear map."""
        return None
