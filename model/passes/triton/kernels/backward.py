"""The backward walk: one program takes the gradient of a tile of the batch back through all steps (spec section 2).

It touches the columns of a step, never all memories. Gradients of matrices are products over all steps, which the host
makes from what is left here (passes/triton/passes.py).
"""

from __future__ import annotations

import triton
import triton.language as tl

from sab_visualiser.model.passes.triton.kernels.pieces import (
    memory,
    product,
    product_with,
    quarters,
    read_at,
    tanh,
    tile,
    written_before,
)


@triton.jit
def backward_walk(walk, flows, weights, plan, sum_floor, S: tl.constexpr):
    """All steps of a tile, last first: what arrives at h_t, the read, the cell, and the local edge."""
    rows, live, units = tile(plan, S)
    there = live[:, None] & (units < S.hidden)[None, :]
    at = rows[:, None] * S.hidden + units[None, :]
    stride = tl.full((), S.hidden, tl.int64) * plan.batch
    d_cell = tl.load(flows.cell + at, mask=there, other=0.0)
    d_score = tl.full((S.rows, S.attention_pad), 0, tl.float32)
    if S.resident:  # noqa: SIM108 (kernels keep to plain statements)
        held = quarters(weights.recurrent, S.hidden, S.hidden * S.hidden, S)
    else:
        held = (0, 0, 0, 0)
    for back in range(plan.steps):
        t = plan.steps - 1 - back
        d_hidden = _arrive(walk, flows, weights, held, t, plan, S)
        d_provisional = d_hidden
        if S.watched:
            tl.store(flows.seen_hidden + t * stride + at, d_hidden, mask=there)
        if S.reads:
            if written_before(t, plan, S) > 0:
                d_read = d_hidden + tl.load(flows.summary + t * stride + at, mask=there, other=0.0)
                d_scores = _d_scores(walk, t, d_read, sum_floor, plan, S)
                d_score += _to_keys(walk, flows, weights, t, d_scores, plan, S)
                if S.skip:
                    _to_memories(walk, flows, t, d_read, plan, S)
                tl.debug_barrier()
                d_provisional = d_hidden + _through_query(flows, weights, t, plan, S)
        d_cell = _cell(walk, flows, t, d_provisional, d_cell, plan, S)
        tl.debug_barrier()
    tl.store(flows.cell + at, d_cell, mask=there)
    a = tl.arange(0, S.attention_pad)
    share = flows.score + tl.program_id(0) * S.attention + a
    tl.store(share, tl.sum(d_score, 0), mask=a < S.attention)


@triton.jit
def _cut(t, plan):
    """Whether the local state is detached on entry of step t."""
    return (t >= plan.first_cut) & ((t - plan.first_cut) % plan.period == 0)


@triton.jit
def _arrive(walk, flows, weights, held, t, plan, S: tl.constexpr):
    """The whole of ∂L/∂h_t: from the read-out, over the local edge, and from all readers of the memory it became."""
    rows, live, units = tile(plan, S)
    there = live[:, None] & (units < S.hidden)[None, :]
    stride = tl.full((), S.hidden, tl.int64) * plan.batch
    at = rows[:, None] * S.hidden + units[None, :]
    d_hidden = tl.load(flows.hidden + t * stride + at, mask=there, other=0.0)
    if t + 1 < plan.steps:
        if _cut(t + 1, plan) == 0:
            d_gates = flows.gates + 4 * (t + 1) * stride + rows * (4 * S.hidden)
            if S.resident:
                d_hidden += product_with(d_gates, live, held[0], S)
                d_hidden += product_with(d_gates + S.hidden, live, held[1], S)
                d_hidden += product_with(d_gates + 2 * S.hidden, live, held[2], S)
                d_hidden += product_with(d_gates + 3 * S.hidden, live, held[3], S)
            else:
                recurrent = weights.recurrent + units
                d_hidden += product(d_gates, live, recurrent, units < S.hidden, S.hidden, 4 * S.hidden, S)
        if S.reads and S.skip:
            if (t + 1) % plan.k_att == 0:
                place = written_before(t + 1, plan, S) - 1
                d_hidden += tl.load(flows.memories + place * stride + at, mask=there, other=0.0)
                d_keys = flows.keys + (place * (stride // S.hidden) + rows) * S.attention
                key = weights.key + units
                d_hidden += product(d_keys, live, key, units < S.hidden, S.hidden, S.attention, S)
    return d_hidden


@triton.jit
def _columns(walk, t, plan, S: tl.constexpr):
    """Where the columns of step t lie, and which there are, (rows, slots)."""
    rows, live, _ = tile(plan, S)
    slots = tl.arange(0, S.slots)
    stride = tl.full((), 1, tl.int64) * plan.batch
    at = (t * stride + rows)[:, None] * plan.columns + slots[None, :]
    return at, live[:, None] & (slots < read_at(t, plan, S))[None, :]


@triton.jit
def _d_scores(walk, t, d_read, sum_floor, plan, S: tl.constexpr):
    """∂L/∂scores of the columns: through r, through δ and through the sum, or through the softmax."""
    rows, live, _ = tile(plan, S)
    slots = tl.arange(0, S.slots)
    at, used = _columns(walk, t, plan, S)
    shares = tl.load(walk.weights + at, mask=used, other=0.0)
    example = t * (tl.full((), 1, tl.int64) * plan.batch) + rows
    d_weights = tl.full((S.rows, S.slots), 0, tl.float32)
    for column in range(read_at(t, plan, S)):
        places = tl.load(walk.columns + example * plan.columns + column, mask=live, other=0)
        one = tl.sum(d_read * memory(walk.states, places, plan, S), 1)
        d_weights = tl.where((slots == column)[None, :], one[:, None], d_weights)
    d_weights -= tl.sum(d_weights * shares, 1)[:, None]
    if S.shift:
        total = tl.maximum(tl.load(walk.total + example, mask=live, other=1.0), sum_floor)
        delta = tl.load(walk.delta + example, mask=live, other=0)
        d_scores = d_weights / total[:, None] * (shares > 0).to(tl.float32)
        through_delta = tl.sum(d_scores, 1)
        d_scores -= tl.where(slots[None, :] == delta[:, None], through_delta[:, None], 0.0)
    else:
        d_scores = d_weights * shares
    return tl.where(used, d_scores, 0.0)


@triton.jit
def _to_keys(walk, flows, weights, t, d_scores, plan, S: tl.constexpr):
    """Puts gradient down at the keys of the columns and at the query; its share of ∂L/∂w_s, (rows, A)."""
    rows, live, _ = tile(plan, S)
    a = tl.arange(0, S.attention_pad)
    wide = a < S.attention
    at, used = _columns(walk, t, plan, S)
    places = tl.load(walk.columns + at, mask=used, other=0)
    stride = tl.full((), 1, tl.int64) * plan.batch
    asked = (t * stride + rows)[:, None] * S.attention + a[None, :]
    query = tl.load(walk.queries + asked, mask=live[:, None] & wide[None, :], other=0.0)
    score = tl.load(weights.score + a, mask=wide, other=0.0)
    there = used[:, :, None] & wide[None, None, :]
    of_key = (rows[:, None] * plan.memories + places)[:, :, None] * S.attention + a[None, None, :]
    hidden = tanh(tl.load(walk.keys + of_key, mask=there, other=0.0) + query[:, None, :])
    d_keys = d_scores[:, :, None] * score[None, None, :] * (1.0 - hidden * hidden)
    of_flow = flows.keys + (places * stride + rows[:, None])[:, :, None] * S.attention + a[None, None, :]
    tl.store(of_flow, tl.load(of_flow, mask=there, other=0.0) + d_keys, mask=there)
    if S.watched:
        tl.store(flows.seen_keys + at[:, :, None] * S.attention + a[None, None, :], d_keys, mask=there)
    d_keys = tl.where(there, d_keys, 0.0)
    tl.store(flows.queries + asked, tl.sum(d_keys, 1), mask=live[:, None] & wide[None, :])
    return tl.sum(tl.where(there, d_scores[:, :, None] * hidden, 0.0), 1)


@triton.jit
def _to_memories(walk, flows, t, d_read, plan, S: tl.constexpr):
    """Puts gradient down at the chosen memories, over the value path."""
    rows, live, units = tile(plan, S)
    there = live[:, None] & (units < S.hidden)[None, :]
    stride = tl.full((), 1, tl.int64) * plan.batch
    first = (t * stride + rows) * plan.columns
    for column in range(tl.minimum(written_before(t, plan, S), plan.k_top)):
        places = tl.load(walk.columns + first + column, mask=live, other=0)
        shares = tl.load(walk.weights + first + column, mask=live, other=0.0)
        at = flows.memories + ((places * stride + rows) * S.hidden)[:, None] + units[None, :]
        sent = tl.load(at, mask=there, other=0.0) + shares[:, None] * d_read
        tl.store(at, sent, mask=there)


@triton.jit
def _through_query(flows, weights, t, plan, S: tl.constexpr):
    """What the query brings to ĥ_t, (rows, D)."""
    rows, live, units = tile(plan, S)
    stride = tl.full((), S.attention, tl.int64) * plan.batch
    d_query = flows.queries + t * stride + rows * S.attention
    return product(d_query, live, weights.query + units, units < S.hidden, S.hidden, S.attention, S)


@triton.jit
def _cell(walk, flows, t, d_provisional, d_cell, plan, S: tl.constexpr):
    """Leaves ∂L/∂gates of step t before activation; what goes on to c_{t−1}, zero at a cut."""
    rows, live, units = tile(plan, S)
    there = live[:, None] & (units < S.hidden)[None, :]
    stride = tl.full((), S.hidden, tl.int64) * plan.batch
    at = rows[:, None] * S.hidden + units[None, :]
    gates = 4 * t * stride + rows[:, None] * (4 * S.hidden) + units[None, :]
    i = tl.load(walk.gates + gates, mask=there, other=0.0)
    f = tl.load(walk.gates + gates + S.hidden, mask=there, other=0.0)
    g = tl.load(walk.gates + gates + 2 * S.hidden, mask=there, other=0.0)
    o = tl.load(walk.gates + gates + 3 * S.hidden, mask=there, other=0.0)
    tanh_c = tanh(tl.load(walk.cells + (t + 1) * stride + at, mask=there, other=0.0))
    before = tl.load(walk.cells + t * stride + at, mask=there, other=0.0)
    d_cell += d_provisional * o * (1.0 - tanh_c * tanh_c)
    if S.watched:
        tl.store(flows.seen_cell + t * stride + at, d_cell, mask=there)
    tl.store(flows.gates + gates, d_cell * g * i * (1.0 - i), mask=there)
    tl.store(flows.gates + gates + S.hidden, d_cell * before * f * (1.0 - f), mask=there)
    tl.store(flows.gates + gates + 2 * S.hidden, d_cell * i * (1.0 - g * g), mask=there)
    tl.store(flows.gates + gates + 3 * S.hidden, d_provisional * tanh_c * o * (1.0 - o), mask=there)
    return tl.where(_cut(t, plan), 0.0, d_cell * f)
