"""What the knobs mean for a sequence of a given length, as the arrays that the fused loops follow."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sab_visualiser.model.passes.fused.kernels.compiled import Ints
from sab_visualiser.model.passes.tape import KnockedOut


def memory_of_step(memory_steps: tuple[int, ...], steps: int) -> Ints:
    """For each step, the memory that its state is written to; −1 for none."""
    places = np.full(steps, -1, np.int32)
    for place, step in enumerate(memory_steps):
        if step >= 0:
            places[step] = place
    return places


def gone(knocked_out: KnockedOut | None, memory_steps: tuple[int, ...], steps: int) -> NDArray[np.bool_]:
    """(T, M) True where the skip edge is knocked out; (0, 0) when none is."""
    if not knocked_out:
        return np.zeros((0, 0), np.bool_)
    table = np.zeros((steps, len(memory_steps)), np.bool_)
    for reader, sources in knocked_out.items():
        if reader < steps:
            table[reader] = [source in sources for source in memory_steps]
    return table
