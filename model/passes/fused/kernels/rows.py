"""Row by row pieces of the fused loops: activations, scores, the choice, the normaliser, and their gradients.

Every inner loop runs over contiguous float32 and vectorises. The walk over steps and examples is in loops.py, products
with a weight matrix in tiles.py.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sab_visualiser.model.passes.fused.kernels.arrays import CellGradientRow, CellRow, Reader, ReaderGradient
from sab_visualiser.model.passes.fused.kernels.compiled import INLINED, OPTIONS, Floats, Ints

F = np.float32

# tanh(x) = x · P(x²) / Q(x²) on [−9, 9], fitted for the smallest relative error (benchmarks/fit_tanh.py): 3.4e-7 in
# float32. Division and nine fused steps vectorise; the library's tanh does not.
P0, P1, P2, P3, P4 = F(1.0), F(0.13381068), F(0.003495638), F(2.0609848e-05), F(1.3355609e-08)
Q0, Q1, Q2, Q3, Q4 = F(1.0), F(0.46714383), F(0.025877176), F(0.00032857142), F(7.776971e-07)
LIMIT, ONE, HALF, ZERO = F(9.0), F(1.0), F(0.5), F(0.0)
EPSILON, MARGIN = F(1e-8), F(0.1)


@njit(inline="always", **OPTIONS)
def fast_tanh(x: Any) -> Any:
    """Hyperbolic tangent in float32, relative error 3.4e-7; NaN stays NaN."""
    y = LIMIT if x > LIMIT else (-LIMIT if x < -LIMIT else x)
    z = y * y
    return y * ((((P4 * z + P3) * z + P2) * z + P1) * z + P0) / ((((Q4 * z + Q3) * z + Q2) * z + Q1) * z + Q0)


@njit(inline="always", **OPTIONS)
def sigmoid(x: Any) -> Any:
    """Logistic function."""
    return HALF * fast_tanh(HALF * x) + HALF


@njit(**INLINED)
def tanh_row(x: Floats, count: int) -> None:
    """Hyperbolic tangent, in place."""
    for d in range(count):
        x[d] = fast_tanh(x[d])


@njit(**INLINED)
def cell_row(gates: Floats, before: Floats, cell: Floats, provisional: Floats, size: int) -> None:
    """Activate the gates i f g o in place; c = f·c₋₁ + i·g and ĥ = o·tanh(c)."""
    i, f, g, o = gates[:size], gates[size : 2 * size], gates[2 * size : 3 * size], gates[3 * size : 4 * size]
    for d in range(size):
        input_gate, forget_gate = sigmoid(i[d]), sigmoid(f[d])
        candidate, output_gate = fast_tanh(g[d]), sigmoid(o[d])
        i[d], f[d], g[d], o[d] = input_gate, forget_gate, candidate, output_gate
        c = forget_gate * before[d] + input_gate * candidate
        cell[d] = c
        provisional[d] = output_gate * fast_tanh(c)


@njit(**INLINED)
def scores_row(keys_AM: Floats, query: Floats, score: Floats, count: int, out: Floats) -> None:
    """w_sᵀ tanh(key + query) for the first `count` memories; memories run along the vectors, so nothing is folded."""
    out[:count] = ZERO
    for a in range(score.shape[0]):
        keys, asked, factor = keys_AM[a], query[a], score[a]
        for m in range(count):
            out[m] += factor * fast_tanh(keys[m] + asked)


@njit(**INLINED)
def choose(scores: Floats, count: int, wanted: int, columns: Ints, values: Floats) -> None:
    """The `wanted` largest of `count` scores, descending; of equal scores the earlier memory comes first."""
    for e in range(wanted):
        columns[e] = e
        values[e] = -np.inf
    for m in range(count):
        value = scores[m]
        if m < wanted or value > values[wanted - 1]:
            e = min(m, wanted - 1)
            while e > 0 and value > values[e - 1]:
                values[e] = values[e - 1]
                columns[e] = columns[e - 1]
                e -= 1
            values[e] = value
            columns[e] = m


@njit(**INLINED)
def shift_row(values: Floats, count: int, chosen: int, weights: Floats) -> tuple[Any, Any]:
    """The paper's normaliser over `count` columns, `chosen` of them eligible; returns Σr + ε and the column of δ."""
    delta = count - 1
    if chosen == count:
        delta = 0
        for e in range(1, count):
            if values[e] < values[delta]:
                delta = e
        threshold = values[delta] - MARGIN
    else:
        threshold = values[delta]
    total = EPSILON
    for e in range(count):
        rest = values[e] - threshold
        rest = rest if rest > ZERO and e < chosen else (rest if rest != rest else ZERO)
        weights[e] = rest
        total += rest
    for e in range(count):
        weights[e] /= total
    return total, delta


@njit(**INLINED)
def softmax_row(values: Floats, count: int, weights: Floats) -> None:
    """Softmax over `count` columns."""
    largest = values[0]
    for e in range(1, count):
        largest = max(largest, values[e])
    total = ZERO
    for e in range(count):
        weights[e] = np.exp(values[e] - largest)
        total += weights[e]
    for e in range(count):
        weights[e] /= total


@njit(**INLINED)
def drop_knocked_out(
    columns: Ints, count: int, gone: NDArray[np.bool_], weights: Floats, total: Any, shift: bool
) -> Any:
    """Take the weight of knocked-out memories away and normalise what is left of r anew; returns the new Σr + ε."""
    left = ZERO
    for e in range(count):
        if gone[columns[e]]:
            weights[e] = ZERO
        left += weights[e]
    if shift:
        total_left = left * total + EPSILON
        for e in range(count):
            weights[e] = weights[e] * total / total_left
        return total_left
    for e in range(count):
        weights[e] = weights[e] / left if left > ZERO else ZERO
    return total


@njit(**INLINED)
def add_scaled(out: Floats, row: Floats, factor: Any, size: int) -> None:
    """out += factor · row."""
    for d in range(size):
        out[d] += factor * row[d]


@njit(**INLINED)
def dot_row(left: Floats, right: Floats, size: int) -> Any:
    """Σ left · right."""
    total = ZERO
    for d in range(size):
        total += left[d] * right[d]
    return total


@njit(**INLINED)
def cell_gradient_row(row: CellRow, gradient: CellGradientRow, size: int) -> None:
    """∂L/∂gates from ∂L/∂ĥ and the local edge's ∂L/∂c; what else is left behind, `CellGradientRow` says."""
    gates, cell, before = row.gates, row.cell, row.before
    d_provisional, d_cell, own, provisional = gradient.provisional, gradient.cell, gradient.own, gradient.state
    d_gates = gradient.gates
    i, f, g, o = gates[:size], gates[size : 2 * size], gates[2 * size : 3 * size], gates[3 * size : 4 * size]
    d_i, d_f = d_gates[:size], d_gates[size : 2 * size]
    d_g, d_o = d_gates[2 * size : 3 * size], d_gates[3 * size : 4 * size]
    for d in range(size):
        tanh_c = fast_tanh(cell[d])
        provisional[d] = o[d] * tanh_c
        own[d] = d_provisional[d] * o[d] * (ONE - tanh_c * tanh_c)
        whole = d_cell[d] + own[d]
        d_cell[d] = whole
        d_o[d] = d_provisional[d] * tanh_c * o[d] * (ONE - o[d])
        d_i[d] = whole * g[d] * i[d] * (ONE - i[d])
        d_g[d] = whole * i[d] * (ONE - g[d] * g[d])
        d_f[d] = whole * before[d] * f[d] * (ONE - f[d])


@njit(**INLINED)
def key_gradient_row(
    key: Floats, reader: Reader, d_score: Any, d_key: Floats, gradient: ReaderGradient, width: int
) -> None:
    """Send ∂L/∂score of one memory to its key, to the query and to w_s."""
    query, score = reader.query, reader.score
    d_query, d_weight, one_key = gradient.query, gradient.score, gradient.one_key
    for a in range(width):
        tanh_a = fast_tanh(key[a] + query[a])
        d_weight[a] += d_score * tanh_a
        flow = d_score * score[a] * (ONE - tanh_a * tanh_a)
        one_key[a] = flow
        d_key[a] += flow
        d_query[a] += flow


@njit(**INLINED)
def score_gradients_row(
    weights: Floats, d_weights: Floats, count: int, total: Any, delta: int, shift: bool, d_scores: Floats
) -> None:
    """∂L/∂scores from ∂L/∂weights: through r, through δ and through the sum (spec section 1.4)."""
    mean = ZERO
    for e in range(count):
        mean += weights[e] * d_weights[e]
    if not shift:
        for e in range(count):
            d_scores[e] = weights[e] * (d_weights[e] - mean)
        return
    through = ZERO
    for e in range(count):
        flow = (d_weights[e] - mean) / total if weights[e] > ZERO else ZERO
        d_scores[e] = flow
        through += flow
    d_scores[delta] -= through
