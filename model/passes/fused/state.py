"""What a fused pass leaves: arrays for the way back, and the same in the form that readers of a tape expect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
import torch

from sab_visualiser.model.passes.fused.kernels.arrays import BackwardPlan, PassArrays, SeenArrays
from sab_visualiser.model.passes.fused.kernels.compiled import Ints
from sab_visualiser.model.passes.tape import Choice, Knobs, Observer, StepGradient, Tape


@dataclass(frozen=True, slots=True)
class FusedState:
    """What the fused backward pass needs beside the tensors of the tape.

    Attributes:
        memory_of_step: For each step, the memory that its state is written to; −1 for none.
        counts: For each step, how many memories it looked at.
        arrays: What the loops fill; the tape's tensors are views of the same memory.
    """

    memory_of_step: Ints
    counts: Ints
    arrays: PassArrays


class FusedChoices(Sequence[Choice | None]):
    """The choices of a fused pass in the form that readers of a tape expect, made when asked for."""

    def __init__(self, state: FusedState, knobs: Knobs, memories: int) -> None:
        self._state, self._knobs, self._memories = state, knobs, memories
        self._made: dict[int, Choice] = {}

    def __len__(self) -> int:
        return len(self._state.counts)

    @overload
    def __getitem__(self, index: int) -> Choice | None: ...
    @overload
    def __getitem__(self, index: slice) -> list[Choice | None]: ...
    def __getitem__(self, index: int | slice) -> Choice | list[Choice | None] | None:
        """The choice of one step, or of a range of steps."""
        if isinstance(index, slice):
            return [self[t] for t in range(*index.indices(len(self)))]
        count = int(self._state.counts[index])
        if count == 0:
            return None
        if index not in self._made:
            self._made[index] = self._make(index, count)
        return self._made[index]

    def _make(self, index: int, count: int) -> Choice:
        arrays = self._state.arrays
        columns_BE = arrays.columns[index, :, :count].astype(np.int64)
        first_row_B1 = np.arange(len(columns_BE))[:, None] * self._memories
        return Choice(
            kind="shift" if self._knobs.normalizer == "shift" else "softmax",
            rows_E=torch.from_numpy((columns_BE + first_row_B1).ravel()),
            weights_BE=torch.from_numpy(arrays.weights[index, :, :count].copy()),
            scores_BE=torch.from_numpy(arrays.values[index, :, :count].copy()),
            chosen=min(self._knobs.k_top, count),
            total_B1=torch.from_numpy(arrays.total[index, :, None].copy()),
            delta_B1=torch.from_numpy(arrays.delta[index, :, None].astype(np.int64)),
        )


class Seen:
    """Vectors that the backward loops leave for an observer; arrays of length 0 when there is none."""

    def __init__(self, tape: Tape, columns: int, watched: bool) -> None:
        steps, batch, size = tape.hidden_TBD.shape
        steps = steps if watched else 0
        hidden, cell, own, local_hidden, local_cell = np.zeros((5, steps, batch, size), np.float32)
        skip = np.zeros((steps, batch, columns, size), np.float32)
        self.arrays = SeenArrays(hidden, cell, own, local_hidden, local_cell, skip)

    def tell(self, observer: Observer, tape: Tape, plan: BackwardPlan) -> None:
        """Replay the steps to the observer, last first."""
        hidden, cell, own, local_hidden, local_cell, skip = (torch.from_numpy(array) for array in self.arrays)
        for t in reversed(range(len(hidden))):
            open_edge = t > 0 and not plan.cut[t]
            places_BE = tape.places(t)
            read = None if places_BE is None or not plan.skip_edges else skip[t, :, : places_BE.shape[1]]
            observer(
                StepGradient(
                    step=t,
                    hidden_BD=hidden[t],
                    cell_BD=cell[t],
                    own_cell_BD=own[t],
                    local_hidden_BD=local_hidden[t] if open_edge else None,
                    local_cell_BD=local_cell[t] if open_edge else None,
                    skip_BED=read,
                    places_BE=places_BE,
                )
            )
