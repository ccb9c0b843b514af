"""The fused loops of backend "numba": a whole pass over one part of the batch in one call, forward and backward.

One call owns rows `first … last − 1` of the batch and walks all steps alone, so that threads never wait for each other.
Products with a weight matrix go through one `np.dot` a step; everything else is written so that the inner loop runs
over contiguous float32 and vectorises. Arrays are step first (T, B, …), so that a step of a part is one block.

Deliberately not here: allocation, threads, parameter gradients that are one large product (model/fused.py), and the
release variant (backend "torch" has it). The arithmetic is that of spec sections 1 and 2; tests hold it to the oracle.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

F = np.float32
FAST = {"reassoc", "contract", "arcp", "nsz"}
"""Freedom to reorder sums and to fuse; NaN and infinity keep their meaning."""
OPTIONS: dict[str, Any] = {"nogil": True, "cache": True, "error_model": "numpy", "fastmath": FAST}

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


@njit(**OPTIONS)
def sigmoid_row(x: Floats, count: int) -> None:
    """Logistic function, in place."""
    for d in range(count):
        x[d] = HALF * fast_tanh(HALF * x[d]) + HALF


@njit(**OPTIONS)
def tanh_row(x: Floats, count: int) -> None:
    """Hyperbolic tangent, in place."""
    for d in range(count):
        x[d] = fast_tanh(x[d])


@njit(**OPTIONS)
def state_row(gates: Floats, before: Floats, cell: Floats, provisional: Floats, size: int) -> None:
    """c = f·c₋₁ + i·g and ĥ = o·tanh(c) from activated gates i f g o."""
    i, f, g, o = gates[:size], gates[size : 2 * size], gates[2 * size : 3 * size], gates[3 * size :]
    for d in range(size):
        c = f[d] * before[d] + i[d] * g[d]
        cell[d] = c
        provisional[d] = o[d] * fast_tanh(c)


@njit(**OPTIONS)
def scores_row(keys: Floats, query: Floats, score: Floats, count: int, out: Floats) -> None:
    """w_sᵀ tanh(key + query) for the first `count` memories of one example."""
    width = query.shape[0]
    for m in range(count):
        total = ZERO
        for a in range(width):
            total += score[a] * fast_tanh(keys[m, a] + query[a])
        out[m] = total


@njit(**OPTIONS)
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


@njit(**OPTIONS)
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


@njit(**OPTIONS)
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


@njit(**OPTIONS)
def add_scaled(out: Floats, row: Floats, factor: Any, size: int) -> None:
    """out += factor · row."""
    for d in range(size):
        out[d] += factor * row[d]


@njit(**OPTIONS)
def dot_row(left: Floats, right: Floats, size: int) -> Any:
    """Σ left · right."""
    total = ZERO
    for d in range(size):
        total += left[d] * right[d]
    return total


@njit(**OPTIONS)
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


@njit(**OPTIONS)
def forward_part(
    first: int, last: int, k_top: int, shift: bool, initial: int, memory_of_step: Ints, gone: NDArray[np.bool_],
    recurrent: Floats, key: Floats, query: Floats, score: Floats,
    gates: Floats, cell: Floats, provisional: Floats, hidden: Floats, summary: Floats,
    memories: Floats, keys: Floats, queries: Floats,
    columns: Ints, values: Floats, weights: Floats, total: Floats, delta: Ints,
) -> None:  # fmt: skip
    """Forward pass of rows `first … last − 1` (spec section 1).

    Args:
        first: First row of the part.
        last: Row after the part.
        k_top: Memories chosen per step, ≥ 0.
        shift: The paper's normaliser; else softmax.
        initial: 1 when memory 0 is the all-zero one.
        memory_of_step: For each step, where its state is written as a memory; −1 for nowhere.
        gone: (T, M) knocked-out memories of each reader, or (0, 0) for none.
        recurrent: W_hhᵀ (D, 4D); `key` W_kᵀ (D, A); `query` W_qᵀ (D, A); `score` w_s (A).
        gates: (T, B, 4D); W_ih x + b on entry, activated on return.
        cell: (T, B, D), as are provisional, hidden and summary (zeros on entry).
        memories: (B, M, D); keys (B, M, A); queries (T, B, A); zeros on entry.
        columns: (T, B, E) memories that the step looked at, chosen first; values their scores; weights theirs.
        total: (T, B) Σr + ε; delta (T, B) the column whose score set δ.
    """
    steps, _, size = cell.shape
    rows = last - first
    product = np.empty((rows, 4 * size), F)
    narrow = np.empty((rows, score.shape[0]), F)
    zero = np.zeros(size, F)
    scratch = np.empty(max(memories.shape[1], 1), F)
    written = initial
    for t in range(steps):
        if t > 0:
            np.dot(hidden[t - 1, first:last], recurrent, product)
        for row in range(rows):
            b = first + row
            gate = gates[t, b]
            if t > 0:
                add_scaled(gate, product[row], ONE, 4 * size)
            sigmoid_row(gate[: 2 * size], 2 * size)
            tanh_row(gate[2 * size : 3 * size], size)
            sigmoid_row(gate[3 * size :], size)
            state_row(gate, cell[t - 1, b] if t > 0 else zero, cell[t, b], provisional[t, b], size)
            hidden[t, b] = provisional[t, b]
        if k_top > 0 and written > 0:
            np.dot(provisional[t, first:last], query, narrow)
            chosen = min(k_top, written)
            count = chosen + 1 if shift and written > k_top else chosen
            for row in range(rows):
                b = first + row
                queries[t, b] = narrow[row]
                scores_row(keys[b], narrow[row], score, written, scratch)
                if written <= k_top:
                    for e in range(count):
                        columns[t, b, e] = e
                        values[t, b, e] = scratch[e]
                else:
                    choose(scratch, written, count, columns[t, b], values[t, b])
                if shift:
                    total[t, b], delta[t, b] = shift_row(values[t, b], count, chosen, weights[t, b])
                else:
                    softmax_row(values[t, b], count, weights[t, b])
                if gone.shape[0] > 0:
                    total[t, b] = drop_knocked_out(columns[t, b], count, gone[t], weights[t, b], total[t, b], shift)
                for e in range(chosen):
                    add_scaled(summary[t, b], memories[b, columns[t, b, e]], weights[t, b, e], size)
                add_scaled(hidden[t, b], summary[t, b], ONE, size)
        place = memory_of_step[t]
        if k_top > 0 and place >= 0:
            np.dot(hidden[t, first:last], key, narrow)
            for row in range(rows):
                memories[first + row, place] = hidden[t, first + row]
                keys[first + row, place] = narrow[row]
            written = place + 1


@njit(**OPTIONS)
def cell_gradient_row(
    gates: Floats, cell: Floats, before: Floats, d_provisional: Floats, d_cell: Floats, d_gates: Floats, own: Floats,
    size: int,
) -> None:  # fmt: skip
    """∂L/∂gates from ∂L/∂ĥ and the local edge's ∂L/∂c; leaves the whole ∂L/∂c in d_cell and ĥ's part of it in own."""
    i, f, g, o = gates[:size], gates[size : 2 * size], gates[2 * size : 3 * size], gates[3 * size :]
    d_i, d_f = d_gates[:size], d_gates[size : 2 * size]
    d_g, d_o = d_gates[2 * size : 3 * size], d_gates[3 * size :]
    for d in range(size):
        bent = fast_tanh(cell[d])
        own[d] = d_provisional[d] * o[d] * (ONE - bent * bent)
        whole = d_cell[d] + own[d]
        d_cell[d] = whole
        d_o[d] = d_provisional[d] * bent * o[d] * (ONE - o[d])
        d_i[d] = whole * g[d] * i[d] * (ONE - i[d])
        d_g[d] = whole * i[d] * (ONE - g[d] * g[d])
        d_f[d] = whole * before[d] * f[d] * (ONE - f[d])


@njit(**OPTIONS)
def key_gradient_row(
    keys: Floats, query: Floats, score: Floats, d_score: Any, d_key: Floats, d_query: Floats, d_weight: Floats,
    width: int,
) -> None:  # fmt: skip
    """Send ∂L/∂score of one memory to its key, to the query and to w_s; d_key receives, the others add up."""
    for a in range(width):
        bent = fast_tanh(keys[a] + query[a])
        d_weight[a] += d_score * bent
        flow = d_score * score[a] * (ONE - bent * bent)
        d_key[a] = flow
        d_query[a] += flow


@njit(**OPTIONS)
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


@njit(**OPTIONS)
def backward_part(
    first: int, last: int, skip_edges: bool, shift: bool, counts: Ints, cut: NDArray[np.bool_], memory_of_step: Ints,
    recurrent: Floats, key: Floats, query: Floats, score: Floats,
    gates: Floats, cell: Floats, memories: Floats, keys: Floats, queries: Floats,
    columns: Ints, weights: Floats, total: Floats, delta: Ints,
    at_hidden: Floats, at_summary: Floats,
    d_gates: Floats, d_memories: Floats, d_keys: Floats, d_queries: Floats, d_score: Floats,
    seen_hidden: Floats, seen_cell: Floats, seen_own: Floats, seen_local_hidden: Floats, seen_local_cell: Floats,
    seen_skip: Floats,
) -> None:  # fmt: skip
    """Backward pass of rows `first … last − 1` (spec section 2); touches `counts[t]` memories a step, never all.

    Args:
        first: First row of the part.
        last: Row after the part.
        skip_edges: False makes every memory a constant when it is read.
        shift: The paper's normaliser; else softmax.
        counts: Columns of each step.
        cut: True where the local edge into the step before is cut.
        memory_of_step: As in `forward_part`.
        recurrent: W_hh (4D, D); `key` W_k (A, D); `query` W_q (A, D); `score` w_s (A).
        gates: What the forward pass left, and so on to `delta`.
        at_hidden: (T, B, D) ∂L/∂h as the read-out sees it; at_summary likewise for s.
        d_gates: (T, B, 4D) receives ∂L/∂gates before activation.
        d_memories: (B, M, D) and d_keys (B, M, A): zeros on entry; what readers sent.
        d_queries: (T, B, A), zeros on entry. `d_score` (A), zeros on entry, this part's own.
        seen_hidden: (T, B, D) receives the whole ∂L/∂h, and so on for c, its own part, the local edge's two parts and
            (T, B, E, D) the skip edges; all of length 0 when nobody watches.
    """
    steps, _, size = cell.shape
    rows, width, watched = last - first, score.shape[0], seen_hidden.shape[0] > 0
    flow, local = np.zeros((rows, size), F), np.zeros((rows, size), F)
    d_cell, own = np.zeros((rows, size), F), np.empty(size, F)
    wide, narrow = np.empty((rows, size), F), np.empty((rows, width), F)
    one_key = np.empty(width, F)
    most = max(columns.shape[2], 1)
    d_weights, d_scores = np.empty(most, F), np.empty(most, F)
    read, zero = np.empty(size, F), np.zeros(size, F)
    for step in range(steps):
        t = steps - 1 - step
        place, count = memory_of_step[t], counts[t]
        arrives = skip_edges and place >= 0
        if arrives:
            for row in range(rows):
                narrow[row] = d_keys[first + row, place]
            np.dot(narrow, key, wide)
        for row in range(rows):
            b = first + row
            flow[row] = at_hidden[t, b]
            add_scaled(flow[row], local[row], ONE, size)
            if arrives:
                add_scaled(flow[row], wide[row], ONE, size)
                add_scaled(flow[row], d_memories[b, place], ONE, size)
            if watched:
                seen_hidden[t, b] = flow[row]
            if count > 0:
                read[:] = flow[row]
                add_scaled(read, at_summary[t, b], ONE, size)
                for e in range(count):
                    d_weights[e] = dot_row(read, memories[b, columns[t, b, e]], size)
                score_gradients_row(weights[t, b], d_weights, count, total[t, b], delta[t, b], shift, d_scores)
                for e in range(count):
                    m = columns[t, b, e]
                    d_query = d_queries[t, b]
                    key_gradient_row(keys[b, m], queries[t, b], score, d_scores[e], one_key, d_query, d_score, width)
                    add_scaled(d_keys[b, m], one_key, ONE, width)
                    add_scaled(d_memories[b, m], read, weights[t, b, e], size)
                    if watched and skip_edges:
                        seen = seen_skip[t, b, e]
                        for d in range(size):
                            seen[d] = weights[t, b, e] * read[d]
                        for a in range(width):
                            add_scaled(seen, key[a], one_key[a], size)
        if count > 0:
            np.dot(d_queries[t, first:last], query, wide)
        for row in range(rows):
            b = first + row
            if count > 0:
                add_scaled(flow[row], wide[row], ONE, size)
            before = cell[t - 1, b] if t > 0 else zero
            cell_gradient_row(gates[t, b], cell[t, b], before, flow[row], d_cell[row], d_gates[t, b], own, size)
            if watched:
                seen_cell[t, b] = d_cell[row]
                seen_own[t, b] = own
        if t == 0 or cut[t]:
            local[:] = ZERO
            d_cell[:] = ZERO
        else:
            np.dot(d_gates[t, first:last], recurrent, local)
            for row in range(rows):
                forget = gates[t, first + row, size : 2 * size]
                for d in range(size):
                    d_cell[row, d] *= forget[d]
        if watched:
            for row in range(rows):
                seen_local_hidden[t, first + row] = local[row]
                seen_local_cell[t, first + row] = d_cell[row]
