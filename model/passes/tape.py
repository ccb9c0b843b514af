"""The plain records that the forward pass leaves for the backward pass, and that the backward pass hands out.

No computation lives here, and nothing here is ever written to disk or sent over a wire.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypedDict

import torch
from torch import Tensor

from sab_visualiser.model.config import ModelConfig, Normalizer, Variant, require_choice, require_int

KnockedOut = dict[int, frozenset[int]]
"""Reader step → the source steps whose weight is removed from it (−1 is the initial memory)."""


class KnobValues(TypedDict, total=False):
    """The fields of `Knobs` as keywords; what is left out is as in a run's configuration."""

    k_top: int
    k_trunc: int | None
    k_att: int
    normalizer: Normalizer
    variant: Variant
    initial_memory: bool


@dataclass(frozen=True)
class Knobs:
    """What is in force during one pass; made anew at every call, so that a change acts on the next one.

    Source: spec sections 1 and 2. `k_trunc=None` means no cut.
    """

    k_top: int = ModelConfig.k_top
    k_trunc: int | None = ModelConfig.k_trunc
    k_att: int = ModelConfig.k_att
    normalizer: Normalizer = ModelConfig.normalizer
    variant: Variant = ModelConfig.variant
    initial_memory: bool = ModelConfig.initial_memory

    def __post_init__(self) -> None:
        require_int("k_top", self.k_top, 0, "0 reads no memory")
        require_int("k_att", self.k_att, 1, "1 stores every step as a memory")
        if self.k_trunc is not None:
            require_int("k_trunc", self.k_trunc, 1, "use None for no cut")
        require_choice("normalizer", self.normalizer, ("shift", "softmax"))
        require_choice("variant", self.variant, ("paper", "release"))
        if self.variant == "release" and self.normalizer != "shift":
            raise ValueError("normalizer = 'softmax': the release variant has only 'shift'; use variant='paper'")

    def memory_steps(self, steps: int) -> tuple[int, ...]:
        """Source steps of all memories that some step of a sequence of `steps` can read, −1 being the empty one."""
        first = (-1,) if self.initial_memory else ()
        return first + tuple(range(self.k_att - 1, steps - 1, self.k_att))

    def cuts(self, steps: int, phase: int = 0) -> tuple[int, ...]:
        """Steps on whose entry the local state is detached (spec section 2)."""
        if self.k_trunc is None:
            return ()
        return tuple(t for t in range(1, steps) if (t + 1 - phase) % self.k_trunc == 0)

    def window(self, loss_step: int) -> tuple[int, ...]:
        """The one cut that leaves a local gradient to the last k_trunc steps, `loss_step` among them."""
        if self.k_trunc is None or loss_step < self.k_trunc:
            return ()
        return (loss_step - self.k_trunc + 1,)


class Weights(NamedTuple):
    """The layer's parameters, or their gradients; key and query are None in the release variant."""

    weight_ih: Tensor
    weight_hh: Tensor
    bias_ih: Tensor
    bias_hh: Tensor
    weight_score: Tensor
    weight_key: Tensor | None
    weight_query: Tensor | None


class State(NamedTuple):
    """What goes from a step to the next beside memories: (h, c), each (B, D); or the gradients on them."""

    hidden_BD: Tensor
    cell_BD: Tensor

    def detached(self) -> State:
        """The same numbers in memory of their own, cut off from the passes that made them."""
        return State(self.hidden_BD.detach().clone(), self.cell_BD.detach().clone())


@dataclass(frozen=True, slots=True)
class Choice:
    """What one step read: E columns, the chosen memories first and, where it is not chosen itself, the δ memory last.

    Attributes:
        kind: How scores became weights; `raw` is the release with no more memories than k_top.
        rows_E: Rows b·M + m of the flattened memories, (B·E); None when the columns are simply memories 0 … E−1.
        weights_BE: Attention weights; 0 for the δ memory, a knocked-out one, and a chosen one that ties with δ.
        scores_BE: Raw scores of the columns.
        chosen: How many columns are chosen; E − chosen is 0 or 1.
        total_B1: Σr + ε (shift).
        delta_B1: Column whose score set δ (shift).
        keep_BE: False where knocked out, None when nothing was (raw).
    """

    kind: Literal["shift", "softmax", "raw"]
    rows_E: Tensor | None
    weights_BE: Tensor
    scores_BE: Tensor
    chosen: int
    total_B1: Tensor | None = None
    delta_B1: Tensor | None = None
    keep_BE: Tensor | None = None


@dataclass(frozen=True, slots=True)
class Tape:
    """One forward pass: all that any backward pass over it needs. Step first, so that a step is contiguous.

    Attributes:
        inputs_TBI: What was read, as numbers; or symbols_TB, which stand for one-hot rows. The other one is None.
        gates_TB4D: Activated gates in the order i f g o.
        hidden_TBD: Final states h; summary_TBD the summaries s; cell_TBD the cells c.
        memories_BMD: All memories; keys_BMA what the scores see of them; memory_steps their source steps.
        queries_TBA: What the scores see of the provisional states (zero where nothing is read).
        choices: One Choice a step, None where there was no memory to read.
        backend: Name of the backend that wrote the tape, and so goes back over it.
        initial: What the sequence began with; None for the zero state.
        state: What that backend needs besides; nobody else looks into it.
    """

    weights: Weights
    knobs: Knobs
    phase: int
    inputs_TBI: Tensor | None
    symbols_TB: Tensor | None
    gates_TB4D: Tensor
    cell_TBD: Tensor
    hidden_TBD: Tensor
    summary_TBD: Tensor
    memories_BMD: Tensor
    keys_BMA: Tensor
    queries_TBA: Tensor
    memory_steps: tuple[int, ...]
    cuts: tuple[int, ...]
    choices: Sequence[Choice | None]
    backend: str
    initial: State | None = None
    state: object = None
    _places: dict[int, Tensor | None] = field(default_factory=dict, repr=False, compare=False)

    @property
    def last_cell_BD(self) -> Tensor:
        """c of the last step; a tape that kept few inner states has that one still."""
        return self.cell_TBD[(len(self.hidden_TBD) - 1) % len(self.cell_TBD)]

    def places(self, step: int) -> Tensor | None:
        """Positions in `memory_steps` of the columns of `choices[step]`, or None where nothing was read.

        Found once and kept, for every pass over the tape asks; nobody may write into what it returns.
        """
        if step not in self._places:
            self._places[step] = self._find_places(self.choices[step])
        return self._places[step]

    def _find_places(self, choice: Choice | None) -> Tensor | None:
        if choice is None:
            return None
        if choice.rows_E is None:
            columns = torch.arange(choice.weights_BE.shape[1], device=choice.weights_BE.device)
            return columns.expand_as(choice.weights_BE)
        return choice.rows_E.view_as(choice.weights_BE) % self.memories_BMD.shape[1]


@dataclass(frozen=True, slots=True)
class Gradients:
    """What a backward pass returns: on the gates (None when nobody asked for them) and on the weights by name.

    `initial` is ∂L/∂(h, c) before step 0, None where the sequence began with the zero state.
    """

    gates_TBG: Tensor | None
    weight_ih: Tensor
    weights: Weights
    initial: State | None = None

    @property
    def inputs_BTI(self) -> Tensor:
        """∂L/∂inputs, of symbols on their one-hot rows; computed when asked for, since training never asks."""
        assert self.gates_TBG is not None, "the backward pass was run with inputs=False"
        return (self.gates_TBG @ self.weight_ih).transpose(0, 1)


@dataclass(frozen=True, slots=True)
class StepGradient:
    """The vectors of one step of a backward pass, for an observer (spec sections 3.4 and 4).

    Attributes:
        hidden_BD: The whole of ∂L/∂h_t; cell_BD the whole of ∂L/∂c_t.
        own_cell_BD: The part of cell_BD that comes from h_t of the same step (the rest is the local edge).
        local_hidden_BD: What the local edge brings to h_{t−1}; local_cell_BD to c_{t−1}; None at a cut and at step 0.
        skip_BED: What each skip edge brings to its source, value and score path together; None when none is read.
        places_BE: Positions in `memory_steps` of those sources.
    """

    step: int
    hidden_BD: Tensor
    cell_BD: Tensor
    own_cell_BD: Tensor
    local_hidden_BD: Tensor | None
    local_cell_BD: Tensor | None
    skip_BED: Tensor | None
    places_BE: Tensor | None


Observer = Callable[[StepGradient], None]
