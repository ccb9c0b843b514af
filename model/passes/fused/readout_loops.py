"""The read-out's products over rows `first … last − 1` of all steps × examples; see model/passes/fused/readout.py.

Deliberately not here: allocation, threads, autograd.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from sab_visualiser.model.passes.fused.compiled import OPTIONS, Floats
from sab_visualiser.model.passes.fused.tiles import PANEL, multiply_add

BLOCK = 64
"""Rows that are finished together, so that what was read for one product is still in the cache for the next."""


@njit(**OPTIONS)
def readout_part(
    first: int, last: int, hidden: Floats, summary: Floats, of_hidden: Floats, of_summary: Floats, bias: Floats,
    outputs: Floats,
) -> None:  # fmt: skip
    """outputs = hidden · V_hᵀ + summary · V_sᵀ + b.

    Args:
        first: First row.
        last: Row after the last.
        hidden: (N, D); summary likewise; D a multiple of PAD.
        of_hidden: V_hᵀ (D, C) packed; of_summary likewise.
        bias: (padded C).
        outputs: (C, N) receives y, class by class.
    """
    size, classes, pitch = hidden.shape[1], outputs.shape[0], bias.shape[0]
    block = np.empty((BLOCK, pitch), np.float32)
    flat = block.reshape(-1)
    flat_hidden, flat_summary = hidden.reshape(-1), summary.reshape(-1)
    for begin in range(first, last, BLOCK):
        rows = min(BLOCK, last - begin)
        block[:rows] = bias
        for left, right in ((flat_hidden, of_hidden), (flat_summary, of_summary)):
            multiply_add(flat, 0, pitch, left, begin * size, size, 1, right, 0, PANEL, PANEL * size, rows, pitch, size)
        for c in range(classes):
            for row in range(rows):
                outputs[c, begin + row] = block[row, c]


@njit(**OPTIONS)
def readout_gradient_part(
    first: int, last: int, d_outputs: Floats, hidden: Floats, summary: Floats, of_hidden: Floats, of_summary: Floats,
    d_hidden: Floats, d_summary: Floats, d_of_hidden: Floats, d_of_summary: Floats, d_bias: Floats,
) -> None:  # fmt: skip
    """Gradients of `readout_part`.

    Args:
        first: First row.
        last: Row after the last.
        d_outputs: (C, N) ∂L/∂y.
        hidden: (N, D); summary likewise; D a multiple of PAD.
        of_hidden: V_h (C, D) packed; of_summary likewise.
        d_hidden: (N, D) receives ∂L/∂h; d_summary likewise.
        d_of_hidden: (C·D) the part's own sum, zeros on entry; d_of_summary likewise; d_bias (C) too.
    """
    size, (classes, count) = hidden.shape[1], d_outputs.shape
    flat = d_outputs.reshape(-1)
    for begin in range(first, last, BLOCK):
        rows = min(BLOCK, last - begin)
        at = begin * size
        for states, right, d_states, d_right in (
            (hidden, of_hidden, d_hidden, d_of_hidden), (summary, of_summary, d_summary, d_of_summary),
        ):  # fmt: skip
            d_states[begin : begin + rows] = np.float32(0)
            multiply_add(
                d_states.reshape(-1), at, size, flat, begin, 1, count, right, 0, PANEL, PANEL * classes,
                rows, size, classes,
            )  # fmt: skip
            multiply_add(
                d_right, 0, size, flat, begin, count, 1, states.reshape(-1), at, size, PANEL,
                classes, size, rows,
            )  # fmt: skip
        for c in range(classes):
            for row in range(begin, begin + rows):
                d_bias[c] += d_outputs[c, row]
