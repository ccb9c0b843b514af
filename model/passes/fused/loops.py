"""The fused loops of backend "numba": a whole pass over one part of the batch in one call, forward and backward.

One call owns rows `first … last − 1` of the batch and walks all steps alone, so that threads never wait for each other.
Arrays are step first (T, B, …), so that a step of a part is one block. Gradients of the weights grow while the states
they need are still in the cache; each part has sums of its own.

Deliberately not here: allocation and threads (passes.py), pieces of a row (rows.py), products
(tiles.py), and the release variant (backend "torch" has it). The arithmetic is that of spec sections 1 and 2;
tests hold it to the oracle.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sab_visualiser.model.passes.fused.compiled import OPTIONS, Floats, Ints
from sab_visualiser.model.passes.fused.rows import (
    ONE,
    ZERO,
    F,
    add_scaled,
    cell_gradient_row,
    cell_row,
    choose,
    dot_row,
    drop_knocked_out,
    key_gradient_row,
    score_gradients_row,
    scores_row,
    shift_row,
    softmax_row,
)
from sab_visualiser.model.passes.fused.tiles import PAD, PANEL, multiply_add

READ_AHEAD = 16
"""Scores are made for a multiple of so many memories: whole vectors, of which the surplus is ignored."""


@njit(**OPTIONS)
def times_packed(
    out: Floats, out_at: int, out_step: int, left: Floats, left_at: int, left_step: int, packed: Floats,
    rows: int, columns: int, count: int,
) -> None:  # fmt: skip
    """out += left · a packed matrix of `count` rows; left rows are contiguous."""
    multiply_add(
        out, out_at, out_step, left, left_at, left_step, 1, packed, 0, PANEL, PANEL * count, rows, columns, count
    )


@njit(**OPTIONS)
def add_outer(
    out: Floats, out_at: int, out_step: int, left: Floats, left_next: int, right: Floats, right_at: int,
    right_next: int, rows: int, columns: int, count: int,
) -> None:  # fmt: skip
    """out += leftᵀ · right, both with `count` rows: the gradient of a weight matrix from one step."""
    multiply_add(out, out_at, out_step, left, 0, 1, left_next, right, right_at, right_next, PANEL, rows, columns, count)


@njit(**OPTIONS)
def forward_part(
    first: int, last: int, k_top: int, shift: bool, initial: int, memory_of_step: Ints, gone: NDArray[np.bool_],
    inputs: Floats, bias: Floats, w_inputs: Floats, w_recurrent: Floats, w_key: Floats, w_query: Floats, score: Floats,
    gates: Floats, cell: Floats, hidden: Floats, summary: Floats, memories: Floats, keys: Floats, queries: Floats,
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
        inputs: (T, B, I).
        bias: b_ih + b_hh, padded to P = padded(4D).
        w_inputs: W_ihᵀ (I, 4D) packed; so are w_recurrent W_hhᵀ, w_key W_kᵀ and w_query W_qᵀ. `score` w_s (A).
        gates: (S, B, P) receives the activated gates; cell (S, B, D) and queries (S, B, A) likewise, and so on from
            columns to delta. S is T, or less when nobody goes back: then step t stands in row t mod S, S ≥ 2.
        hidden: (T, B, D) receives h; summary likewise s.
        memories: (B, M, D) receives the memories; keys (B, M, A) what scores see of them. Memory 0 is zero on entry
            where there is an initial one.
        columns: (S, B, E) memories that the step looked at, chosen first; values their scores; weights theirs.
        total: (S, B) Σr + ε; delta (S, B) the column whose score set δ.
    """
    steps, batch, size = hidden.shape
    kept, pitch, features, width = gates.shape[0], gates.shape[2], inputs.shape[2], score.shape[0]
    rows, narrow_pitch = last - first, (width + PAD - 1) // PAD * PAD
    provisional, narrow = np.empty((rows, size), F), np.empty((rows, narrow_pitch), F)
    room = (memories.shape[1] + READ_AHEAD - 1) // READ_AHEAD * READ_AHEAD
    keys_by_unit = np.zeros((rows, width, room), F)
    scratch, zero = np.empty(max(room, 1), F), np.zeros(size, F)
    flat_gates, flat_hidden, flat_inputs = gates.reshape(-1), hidden.reshape(-1), inputs.reshape(-1)
    flat_provisional, flat_narrow = provisional.reshape(-1), narrow.reshape(-1)
    written = initial
    for t in range(steps):
        s = t % kept
        at = (s * batch + first) * pitch
        for row in range(rows):
            gates[s, first + row, :] = bias
        times_packed(
            flat_gates, at, pitch, flat_inputs, (t * batch + first) * features, features, w_inputs,
            rows, pitch, features,
        )  # fmt: skip
        if t > 0:
            before_at = ((t - 1) * batch + first) * size
            times_packed(flat_gates, at, pitch, flat_hidden, before_at, size, w_recurrent, rows, pitch, size)
        for row in range(rows):
            b = first + row
            cell_row(gates[s, b], cell[(t - 1) % kept, b] if t > 0 else zero, cell[s, b], provisional[row], size)
            hidden[t, b] = provisional[row]
            summary[t, b] = ZERO
        if k_top > 0 and written > 0:
            narrow[:] = ZERO
            times_packed(flat_narrow, 0, narrow_pitch, flat_provisional, 0, size, w_query, rows, narrow_pitch, size)
            chosen = min(k_top, written)
            count = chosen + 1 if shift and written > k_top else chosen
            ahead = (written + READ_AHEAD - 1) // READ_AHEAD * READ_AHEAD
            for row in range(rows):
                b = first + row
                queries[s, b] = narrow[row, :width]
                scores_row(keys_by_unit[row], narrow[row], score, ahead, scratch)
                if written <= k_top:
                    for e in range(count):
                        columns[s, b, e] = e
                        values[s, b, e] = scratch[e]
                else:
                    choose(scratch, written, count, columns[s, b], values[s, b])
                if shift:
                    total[s, b], delta[s, b] = shift_row(values[s, b], count, chosen, weights[s, b])
                else:
                    softmax_row(values[s, b], count, weights[s, b])
                if gone.shape[0] > 0:
                    total[s, b] = drop_knocked_out(columns[s, b], count, gone[t], weights[s, b], total[s, b], shift)
                for e in range(chosen):
                    add_scaled(summary[t, b], memories[b, columns[s, b, e]], weights[s, b, e], size)
                add_scaled(hidden[t, b], summary[t, b], ONE, size)
        place = memory_of_step[t]
        if k_top > 0 and place >= 0:
            narrow[:] = ZERO
            now = (t * batch + first) * size
            times_packed(flat_narrow, 0, narrow_pitch, flat_hidden, now, size, w_key, rows, narrow_pitch, size)
            for row in range(rows):
                memories[first + row, place] = hidden[t, first + row]
                for a in range(width):
                    keys[first + row, place, a] = narrow[row, a]
                    keys_by_unit[row, a, place] = narrow[row, a]
            written = place + 1


@njit(**OPTIONS)
def backward_part(
    first: int, last: int, skip_edges: bool, shift: bool, counts: Ints, cut: NDArray[np.bool_], memory_of_step: Ints,
    inputs: Floats, w_recurrent: Floats, w_key: Floats, w_query: Floats, score: Floats, key_rows: Floats,
    gates: Floats, cell: Floats, hidden: Floats, memories: Floats, keys: Floats, queries: Floats,
    columns: Ints, weights: Floats, total: Floats, delta: Ints,
    at_hidden: Floats, at_summary: Floats, d_memories: Floats, d_keys: Floats, d_gates: Floats,
    d_w_inputs: Floats, d_bias: Floats, d_w_recurrent: Floats, d_w_key: Floats, d_w_query: Floats, d_score: Floats,
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
        inputs: (T, B, I).
        w_recurrent: W_hh (4D, D) packed; w_key W_k (A, D) and w_query W_q (A, D) likewise. `score` w_s (A).
        key_rows: W_k (A, D) as it is, for observers.
        gates: What the forward pass left, and so on to `delta`.
        at_hidden: (T, B, D) ∂L/∂h as the read-out sees it; at_summary likewise for s.
        d_memories: (B, M, D) and d_keys (B, M, A): scratch for what readers sent; set to zero here.
        d_gates: (T, B, P) receives ∂L/∂gates before activation; (0, B, P) when nobody asks for it.
        d_w_inputs: (I, P), the part's own, zeros on entry, and so d_bias (P), d_w_recurrent (4D, padded D), d_w_key
            and d_w_query (A, padded D), d_score (A). All empty when nobody asks for gradients of weights.
        seen_hidden: (T, B, D) receives the whole ∂L/∂h, and so on for c, its own part, the local edge's two parts and
            (T, B, E, D) the skip edges; all of length 0 when nobody watches.
    """
    steps, batch, size = hidden.shape
    pitch, features, width = gates.shape[2], inputs.shape[2], score.shape[0]
    rows, watched, learning, kept = last - first, seen_hidden.shape[0] > 0, d_bias.shape[0] > 0, d_gates.shape[0] > 0
    # One vector more a row than needed: rows a power of two apart would fall on each other in the cache.
    wide_pitch, narrow_pitch, gate_pitch = (size + PAD - 1) // PAD * PAD, (width + PAD - 1) // PAD * PAD, pitch + PAD
    flow, d_cell = np.zeros((rows, wide_pitch), F), np.zeros((rows, size), F)
    provisional, own = np.zeros((rows, wide_pitch), F), np.empty(size, F)
    d_query, sent = np.zeros((rows, narrow_pitch), F), np.zeros((rows, narrow_pitch), F)
    gate_flow = np.zeros((rows, gate_pitch), F)
    one_key, read, zero = np.empty(width, F), np.empty(size, F), np.zeros(size, F)
    most = max(columns.shape[2], 1)
    d_weights, d_scores = np.empty(most, F), np.empty(most, F)
    unused = np.zeros(width, F)
    d_score_here = d_score if learning else unused
    flat_flow, flat_gate_flow, flat_provisional = flow.reshape(-1), gate_flow.reshape(-1), provisional.reshape(-1)
    flat_query, flat_sent = d_query.reshape(-1), sent.reshape(-1)
    flat_hidden, flat_inputs = hidden.reshape(-1), inputs.reshape(-1)
    d_memories[first:last] = ZERO
    d_keys[first:last] = ZERO
    for step in range(steps):
        t = steps - 1 - step
        place, count, now = memory_of_step[t], counts[t], (t * batch + first) * size
        arrives = skip_edges and place >= 0
        for row in range(rows):
            add_scaled(flow[row], at_hidden[t, first + row], ONE, size)
            if arrives:
                add_scaled(flow[row], d_memories[first + row, place], ONE, size)
            if place >= 0:
                sent[row, :width] = d_keys[first + row, place]
        if arrives:
            times_packed(flat_flow, 0, wide_pitch, flat_sent, 0, narrow_pitch, w_key, rows, wide_pitch, width)
        if learning and place >= 0:  # W_k learns under every rule; a memory that is a constant still has a key
            add_outer(d_w_key, 0, wide_pitch, flat_sent, narrow_pitch, flat_hidden, now, size, width, wide_pitch, rows)
        if watched:
            for row in range(rows):
                seen_hidden[t, first + row] = flow[row, :size]
        if count > 0:
            d_query[:] = ZERO
            for row in range(rows):
                b = first + row
                for d in range(size):
                    read[d] = flow[row, d] + at_summary[t, b, d]
                for e in range(count):
                    d_weights[e] = dot_row(read, memories[b, columns[t, b, e]], size)
                score_gradients_row(weights[t, b], d_weights, count, total[t, b], delta[t, b], shift, d_scores)
                for e in range(count):
                    m = columns[t, b, e]
                    key_gradient_row(
                        keys[b, m], queries[t, b], score, d_scores[e], one_key, d_keys[b, m], d_query[row],
                        d_score_here, width,
                    )  # fmt: skip
                    add_scaled(d_memories[b, m], read, weights[t, b, e], size)
                    if watched and skip_edges:
                        seen = seen_skip[t, b, e]
                        for d in range(size):
                            seen[d] = weights[t, b, e] * read[d]
                        for a in range(width):
                            add_scaled(seen, key_rows[a], one_key[a], size)
            times_packed(flat_flow, 0, wide_pitch, flat_query, 0, narrow_pitch, w_query, rows, wide_pitch, width)
        for row in range(rows):
            b = first + row
            before = cell[t - 1, b] if t > 0 else zero
            cell_gradient_row(
                gates[t, b], cell[t, b], before, flow[row], d_cell[row], gate_flow[row], own, provisional[row], size
            )
            if watched:
                seen_cell[t, b] = d_cell[row]
                seen_own[t, b] = own
            if kept:
                d_gates[t, b] = gate_flow[row, :pitch]
        if learning:
            if count > 0:
                add_outer(
                    d_w_query, 0, wide_pitch, flat_query, narrow_pitch, flat_provisional, 0, wide_pitch,
                    width, wide_pitch, rows,
                )  # fmt: skip
            for row in range(rows):
                add_scaled(d_bias, gate_flow[row], ONE, pitch)
            multiply_add(
                d_w_inputs, 0, pitch, flat_inputs, (t * batch + first) * features, 1, features,
                flat_gate_flow, 0, gate_pitch, PANEL, features, pitch, rows,
            )  # fmt: skip
            if t > 0:
                add_outer(
                    d_w_recurrent, 0, wide_pitch, flat_gate_flow, gate_pitch, flat_hidden, now - batch * size, size,
                    4 * size, wide_pitch, rows,
                )  # fmt: skip
        flow[:] = ZERO
        if t == 0 or cut[t]:
            d_cell[:] = ZERO
        else:
            times_packed(
                flat_flow, 0, wide_pitch, flat_gate_flow, 0, gate_pitch, w_recurrent, rows, wide_pitch, 4 * size
            )
            for row in range(rows):
                forget = gates[t, first + row, size : 2 * size]
                for d in range(size):
                    d_cell[row, d] *= forget[d]
        if watched:
            for row in range(rows):
                seen_local_hidden[t, first + row] = flow[row, :size]
                seen_local_cell[t, first + row] = d_cell[row]
