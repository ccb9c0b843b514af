"""The read-out's products over rows `first … last − 1` of all steps × examples; see model/passes/fused/readout.py."""

from __future__ import annotations

import numpy as np
from numba import njit

from sab_visualiser.model.passes.fused.kernels.arrays import Halves, ReadoutHalves, ReadoutSums
from sab_visualiser.model.passes.fused.kernels.compiled import OPTIONS, Floats
from sab_visualiser.model.passes.fused.kernels.tiles import Rows, Turned, multiply_add

BLOCK = 64
"""Rows that are finished together, so that what was read for one product is still in the cache for the next."""


@njit(**OPTIONS)
def readout_part(first: int, last: int, states: Halves, matrix: ReadoutHalves, bias: Floats, outputs: Floats) -> None:
    """outputs = hidden · V_hᵀ + summary · V_sᵀ + b.

    Args:
        first: First row.
        last: Row after the last.
        states: h and s, (N, D); D a multiple of PAD.
        matrix: V_hᵀ (D, C), and V_sᵀ likewise.
        bias: (padded C).
        outputs: (C, N) receives y, class by class.
    """
    size, classes, pitch = states.hidden.shape[1], outputs.shape[0], bias.shape[0]
    block = np.empty((BLOCK, pitch), np.float32)
    flat = block.reshape(-1)
    flat_hidden, flat_summary = states.hidden.reshape(-1), states.summary.reshape(-1)
    for begin in range(first, last, BLOCK):
        rows = min(BLOCK, last - begin)
        block[:rows] = bias
        for left, right in ((flat_hidden, matrix.hidden), (flat_summary, matrix.summary)):
            multiply_add(Rows(flat, 0, pitch), Rows(left, begin * size, size), right, rows, pitch, size)
        for c in range(classes):
            for row in range(rows):
                outputs[c, begin + row] = block[row, c]


@njit(**OPTIONS)
def readout_gradient_part(
    first: int, last: int, d_outputs: Floats, states: Halves, matrix: ReadoutHalves, d_states: Halves, sums: ReadoutSums
) -> None:
    """Gradients of `readout_part`.

    Args:
        first: First row.
        last: Row after the last.
        d_outputs: (C, N) ∂L/∂y.
        states: h and s, (N, D); D a multiple of PAD.
        matrix: V_h (C, D), and V_s likewise.
        d_states: (N, D) receive ∂L/∂h and ∂L/∂s.
        sums: The part's own.
    """
    size, (classes, count) = states.hidden.shape[1], d_outputs.shape
    flat, d_bias = d_outputs.reshape(-1), sums.bias
    for begin in range(first, last, BLOCK):
        rows = min(BLOCK, last - begin)
        at = begin * size
        for state, right, d_state, d_right in (
            (states.hidden, matrix.hidden, d_states.hidden, sums.hidden),
            (states.summary, matrix.summary, d_states.summary, sums.summary),
        ):
            d_state[begin : begin + rows] = np.float32(0)
            of_states = Rows(d_state.reshape(-1), at, size)
            multiply_add(of_states, Turned(flat, begin, count), right, rows, size, classes)
            seen = Rows(state.reshape(-1), at, size)
            multiply_add(Rows(d_right, 0, size), Rows(flat, begin, count), seen, classes, size, rows)
        for c in range(classes):
            total = d_bias[c]
            for row in range(begin, begin + rows):
                total += d_outputs[c, row]
            d_bias[c] = total
