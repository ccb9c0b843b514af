"""The fused loops of backend "numba": a whole pass over one part of the batch in one call, forward and backward.

One call owns rows `first … last − 1` of the batch and walks all steps alone, so that threads never wait for each other.
Arrays are step first (T, B, …), so that a step of a part is one block. Gradients of the weights grow while the states
they need are still in the cache; each part has sums of its own.

Arrays come by name (arrays.py) and are taken out of their tuples once, before the loops. The arithmetic is that of spec
sections 1 and 2, in the paper's variant; tests hold it to the oracle.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from sab_visualiser.model.passes.fused.kernels.arrays import (
    BackwardPlan,
    BackwardWeights,
    CellGradientRow,
    CellRow,
    ForwardPlan,
    ForwardWeights,
    PassArrays,
    Reader,
    ReaderGradient,
    SeenArrays,
    StateGradients,
    WeightSums,
)
from sab_visualiser.model.passes.fused.kernels.compiled import OPTIONS
from sab_visualiser.model.passes.fused.kernels.rows import (
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
from sab_visualiser.model.passes.fused.kernels.tiles import PAD, Rows, Turned, multiply_add

READ_AHEAD = 16
"""Scores are made for a multiple of so many memories: whole vectors, of which the surplus is ignored."""
APART = 128
"""Floats between two small buffers of a loop that reads one and writes the other. Where both lie a few vectors apart,
compiled code adds up number by number instead, and the last bits of a sum would depend on the heap."""


@njit(**OPTIONS)
def forward_part(first: int, last: int, plan: ForwardPlan, weights_of: ForwardWeights, arrays: PassArrays) -> None:
    """Forward pass of rows `first … last − 1` (spec section 1).

    Args:
        first: First row of the part.
        last: Row after the part.
        plan: What is settled beforehand.
        weights_of: The layer's parameters.
        arrays: Inputs are read, all others receive what the pass leaves.
    """
    k_top, shift, memory_of_step, gone = plan.k_top, plan.shift, plan.memory_of_step, plan.gone
    bias, w_inputs, w_recurrent, score = weights_of.bias, weights_of.inputs, weights_of.recurrent, weights_of.score
    w_key, w_query = weights_of.key, weights_of.query
    gates, cell, hidden, summary, inputs = arrays.gates, arrays.cell, arrays.hidden, arrays.summary, arrays.inputs
    symbols, of_symbol, indexed = arrays.symbols, weights_of.columns, arrays.symbols.shape[0] > 0
    memories, keys, queries = arrays.memories, arrays.keys, arrays.queries
    columns, values, weights, total, delta = arrays.columns, arrays.values, arrays.weights, arrays.total, arrays.delta
    first_hidden, first_cell, begun = arrays.first_hidden, arrays.first_cell, arrays.first_hidden.shape[0] > 0
    steps, batch, size = hidden.shape
    kept, pitch, features, width = gates.shape[0], gates.shape[2], inputs.shape[2], score.shape[0]
    rows, narrow_pitch = last - first, (width + PAD - 1) // PAD * PAD
    provisional, narrow = np.empty((rows, size), F), np.empty((rows, narrow_pitch), F)
    room = (memories.shape[1] + READ_AHEAD - 1) // READ_AHEAD * READ_AHEAD
    keys_by_unit = np.zeros((rows, width, room), F)
    scratch = np.empty(max(room, 1), F)
    flat_gates, flat_hidden, flat_inputs = gates.reshape(-1), hidden.reshape(-1), inputs.reshape(-1)
    flat_provisional, flat_narrow = provisional.reshape(-1), narrow.reshape(-1)
    flat_first = first_hidden.reshape(-1)
    written = plan.initial
    for t in range(steps):
        s = t % kept
        at = (s * batch + first) * pitch
        of_step = Rows(flat_gates, at, pitch)
        if indexed:
            for row in range(rows):
                gates[s, first + row, :] = of_symbol[symbols[t, first + row]]
        else:
            for row in range(rows):
                gates[s, first + row, :] = bias
            seen = Rows(flat_inputs, (t * batch + first) * features, features)
            multiply_add(of_step, seen, w_inputs, rows, pitch, features)
        if t > 0:
            before = Rows(flat_hidden, ((t - 1) * batch + first) * size, size)
            multiply_add(of_step, before, w_recurrent, rows, pitch, size)
        elif begun:
            multiply_add(of_step, Rows(flat_first, first * size, size), w_recurrent, rows, pitch, size)
        for row in range(rows):
            b = first + row
            cell_before = cell[(t - 1) % kept, b] if t > 0 else first_cell[b]
            cell_row(gates[s, b], cell_before, cell[s, b], provisional[row], size)
            hidden[t, b] = provisional[row]
            summary[t, b] = ZERO
        if k_top > 0 and written > 0:
            narrow[:] = ZERO
            asking = Rows(flat_provisional, 0, size)
            multiply_add(Rows(flat_narrow, 0, narrow_pitch), asking, w_query, rows, narrow_pitch, size)
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
            now = Rows(flat_hidden, (t * batch + first) * size, size)
            multiply_add(Rows(flat_narrow, 0, narrow_pitch), now, w_key, rows, narrow_pitch, size)
            for row in range(rows):
                memories[first + row, place] = hidden[t, first + row]
                for a in range(width):
                    keys[first + row, place, a] = narrow[row, a]
                    keys_by_unit[row, a, place] = narrow[row, a]
            written = place + 1


@njit(**OPTIONS)
def backward_part(
    first: int, last: int, plan: BackwardPlan, weights_of: BackwardWeights, arrays: PassArrays,
    gradients: StateGradients, sums: WeightSums, seen: SeenArrays,
) -> None:  # fmt: skip
    """Backward pass of rows `first … last − 1` (spec section 2); touches `counts[t]` memories a step, never all.

    Args:
        first: First row of the part.
        last: Row after the part.
        plan: What is settled beforehand.
        weights_of: The layer's parameters.
        arrays: What the forward pass left.
        gradients: On states, coming in from the read-out and being gathered.
        sums: The part's own.
        seen: For an observer.
    """
    skip_edges, shift, counts, cut, memory_of_step = (
        plan.skip_edges, plan.shift, plan.counts, plan.cut, plan.memory_of_step,
    )  # fmt: skip
    w_recurrent, w_key, w_query, score = weights_of.recurrent, weights_of.key, weights_of.query, weights_of.score
    key_rows = weights_of.key_rows
    gates, cell, hidden, inputs = arrays.gates, arrays.cell, arrays.hidden, arrays.inputs
    memories, keys, queries = arrays.memories, arrays.keys, arrays.queries
    columns, weights, total, delta = arrays.columns, arrays.weights, arrays.total, arrays.delta
    at_hidden, at_summary, d_gates = gradients.hidden, gradients.summary, gradients.gates
    d_memories, d_keys = gradients.memories, gradients.keys
    first_hidden, first_cell, begun = arrays.first_hidden, arrays.first_cell, arrays.first_hidden.shape[0] > 0
    symbols, indexed, d_columns = arrays.symbols, arrays.symbols.shape[0] > 0, sums.inputs
    d_bias = sums.bias
    seen_hidden, seen_cell, seen_own, seen_skip = seen.hidden, seen.cell, seen.own, seen.skip
    seen_local_hidden, seen_local_cell = seen.local_hidden, seen.local_cell
    steps, batch, size = hidden.shape
    pitch, features, width = gates.shape[2], inputs.shape[2], score.shape[0]
    rows, watched, learning, kept = last - first, seen_hidden.shape[0] > 0, d_bias.shape[0] > 0, d_gates.shape[0] > 0
    # One vector more a row than needed: rows a power of two apart would fall on each other in the cache.
    wide_pitch, narrow_pitch, gate_pitch = (size + PAD - 1) // PAD * PAD, (width + PAD - 1) // PAD * PAD, pitch + PAD
    flow, d_cell = np.zeros((rows, wide_pitch), F), np.zeros((rows, size), F)
    provisional, own = np.zeros((rows, wide_pitch), F), np.empty(size, F)
    d_query, sent = np.zeros((rows, narrow_pitch), F), np.zeros((rows, narrow_pitch), F)
    gate_flow = np.zeros((rows, gate_pitch), F)
    one_key, read = np.empty(width, F), np.empty(size, F)
    most = max(columns.shape[2], 1)
    d_weights, d_scores = np.empty(most, F), np.empty(APART + most, F)[APART:]
    unused = np.zeros(width, F)
    d_score = sums.score if learning else unused
    all_flow, all_gate_flow = Rows(flow.reshape(-1), 0, wide_pitch), Rows(gate_flow.reshape(-1), 0, gate_pitch)
    all_provisional = Rows(provisional.reshape(-1), 0, wide_pitch)
    all_queries, all_sent = Rows(d_query.reshape(-1), 0, narrow_pitch), Rows(sent.reshape(-1), 0, narrow_pitch)
    query_by_unit, sent_by_unit = Turned(*all_queries), Turned(*all_sent)
    gate_flow_by_unit, of_recurrent = Turned(*all_gate_flow), Rows(sums.recurrent, 0, wide_pitch)
    flat_hidden, flat_inputs, flat_first = hidden.reshape(-1), inputs.reshape(-1), first_hidden.reshape(-1)
    d_memories[first:last] = ZERO
    d_keys[first:last] = ZERO
    if gradients.last_cell.shape[0] > 0:
        d_cell[:] = gradients.last_cell[first:last]
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
            multiply_add(all_flow, all_sent, w_key, rows, wide_pitch, width)
        if learning and place >= 0:  # W_k learns under every rule; a memory that is a constant still has a key
            multiply_add(
                Rows(sums.key, 0, wide_pitch), sent_by_unit, Rows(flat_hidden, now, size), width, wide_pitch, rows
            )
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
                reader, reader_gradient = Reader(queries[t, b], score), ReaderGradient(d_query[row], d_score, one_key)
                for e in range(count):
                    m = columns[t, b, e]
                    key_gradient_row(keys[b, m], reader, d_scores[e], d_keys[b, m], reader_gradient, width)
                    add_scaled(d_memories[b, m], read, weights[t, b, e], size)
                    if watched and skip_edges:
                        edge = seen_skip[t, b, e]
                        for d in range(size):
                            edge[d] = weights[t, b, e] * read[d]
                        for a in range(width):
                            add_scaled(edge, key_rows[a], one_key[a], size)
            multiply_add(all_flow, all_queries, w_query, rows, wide_pitch, width)
        for row in range(rows):
            b = first + row
            before = cell[t - 1, b] if t > 0 else first_cell[b]
            around = CellGradientRow(flow[row], d_cell[row], own, gate_flow[row], provisional[row])
            cell_gradient_row(CellRow(gates[t, b], cell[t, b], before), around, size)
            if watched:
                seen_cell[t, b] = d_cell[row]
                seen_own[t, b] = own
            if kept:
                d_gates[t, b] = gate_flow[row, :pitch]
        if learning:
            if count > 0:
                multiply_add(Rows(sums.query, 0, wide_pitch), query_by_unit, all_provisional, width, wide_pitch, rows)
            for row in range(rows):
                add_scaled(d_bias, gate_flow[row], ONE, pitch)
            if indexed:  # rows in the order of the product with one-hot inputs, so that sums have the same bits
                for row in range(rows):
                    of_row = symbols[t, first + row] * pitch
                    add_scaled(d_columns[of_row : of_row + pitch], gate_flow[row], ONE, pitch)
            else:
                read_in = Turned(flat_inputs, (t * batch + first) * features, features)
                multiply_add(Rows(d_columns, 0, pitch), read_in, all_gate_flow, features, pitch, rows)
            if t > 0:
                states_before = Rows(flat_hidden, now - batch * size, size)
                multiply_add(of_recurrent, gate_flow_by_unit, states_before, 4 * size, wide_pitch, rows)
            elif begun:
                states_before = Rows(flat_first, first * size, size)
                multiply_add(of_recurrent, gate_flow_by_unit, states_before, 4 * size, wide_pitch, rows)
        flow[:] = ZERO
        if cut[t] or (t == 0 and not begun):
            d_cell[:] = ZERO
        else:
            multiply_add(all_flow, all_gate_flow, w_recurrent, rows, wide_pitch, 4 * size)
            for row in range(rows):
                forget = gates[t, first + row, size : 2 * size]
                for d in range(size):
                    d_cell[row, d] *= forget[d]
        if watched:
            for row in range(rows):
                seen_local_hidden[t, first + row] = flow[row, :size]
                seen_local_cell[t, first + row] = d_cell[row]
    if begun:
        for row in range(rows):
            gradients.first_hidden[first + row] = flow[row, :size]
            gradients.first_cell[first + row] = d_cell[row]
