"""What a fused pass leaves: arrays for the way back, and the same in the form that readers of a tape expect."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from sab_visualiser.model.passes.choices import Stored, StoredChoices
from sab_visualiser.model.passes.fused.kernels.arrays import BackwardPlan, PassArrays, SeenArrays
from sab_visualiser.model.passes.fused.kernels.compiled import Ints
from sab_visualiser.model.passes.tape import Knobs, Observer, StepGradient, Tape


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


def choices(state: FusedState, knobs: Knobs, memories: int) -> StoredChoices:
    """What every step read, seen through the same memory."""
    arrays = state.arrays
    stored = (arrays.columns, arrays.values, arrays.weights, arrays.total, arrays.delta)
    return StoredChoices(Stored(*(torch.from_numpy(array) for array in stored)), state.counts.tolist(), knobs, memories)


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
