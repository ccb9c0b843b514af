"""The forward walk: one program takes a tile of the batch through all steps (spec section 1)."""

from __future__ import annotations

import triton
import triton.language as tl

from sab_visualiser.model.passes.triton.kernels.pieces import (
    memory,
    product,
    product_with,
    quarters,
    read_at,
    sigmoid,
    tanh,
    tile,
    written_before,
)


@triton.jit
def forward_walk(walk, weights, plan, S: tl.constexpr):
    """All steps of a tile: cell, read, state, and the key of a memory whose turn has come."""
    rows, live, units = tile(plan, S)
    there = live[:, None] & (units < S.hidden)[None, :]
    at = rows[:, None] * S.hidden + units[None, :]
    stride = tl.full((), S.hidden, tl.int64) * plan.batch
    cell = tl.load(walk.cells + at, mask=there, other=0.0)
    if S.resident:  # noqa: SIM108 (kernels keep to plain statements)
        held = quarters(weights.recurrent, 4 * S.hidden, S.hidden, S)
    else:
        held = (0, 0, 0, 0)
    for t in range(plan.steps):
        cell, provisional = _cell(walk, weights, held, t, cell, plan, S)
        tl.store(walk.cells + (t + 1) * stride + at, cell, mask=there)
        now = walk.states + (t + 1) * stride
        tl.store(now + at, provisional, mask=there)
        if S.reads:
            if written_before(t, plan, S) > 0:
                tl.debug_barrier()
                _ask(walk, weights, t, plan, S)
                _choose(walk, weights, t, plan, S)
                tl.debug_barrier()
                summary = _summary(walk, t, plan, S)
                tl.store(walk.summary + t * stride + at, summary, mask=there)
                tl.store(now + at, provisional + summary, mask=there)
        tl.debug_barrier()
        if S.reads:
            if (t + 1) % plan.k_att == 0 and t + 1 < plan.steps:
                _write_key(walk, weights, t, plan, S)


@triton.jit
def _cell(walk, weights, held, t, cell, plan, S: tl.constexpr):
    """c_t and ĥ_t; leaves the activated gates."""
    i = sigmoid(_gate(walk, weights, held[0], t, 0, plan, S))
    f = sigmoid(_gate(walk, weights, held[1], t, 1, plan, S))
    g = tanh(_gate(walk, weights, held[2], t, 2, plan, S))
    o = sigmoid(_gate(walk, weights, held[3], t, 3, plan, S))
    rows, live, units = tile(plan, S)
    there = live[:, None] & (units < S.hidden)[None, :]
    stride = tl.full((), 4 * S.hidden, tl.int64) * plan.batch
    at = walk.gates + t * stride + rows[:, None] * (4 * S.hidden) + units[None, :]
    tl.debug_barrier()  # a thread may hold numbers of another one's, and must not read what that one has activated
    tl.store(at, i, mask=there)
    tl.store(at + S.hidden, f, mask=there)
    tl.store(at + 2 * S.hidden, g, mask=there)
    tl.store(at + 3 * S.hidden, o, mask=there)
    cell = f * cell + i * g
    return cell, o * tanh(cell)


@triton.jit
def _gate(walk, weights, quarter, t, which: tl.constexpr, plan, S: tl.constexpr):
    """One gate before activation: what was read in, and W_hh h_{t−1}."""
    rows, live, units = tile(plan, S)
    stride = tl.full((), S.hidden, tl.int64) * plan.batch
    first = which * S.hidden
    at = walk.gates + 4 * t * stride + rows[:, None] * (4 * S.hidden) + first + units[None, :]
    read_in = tl.load(at, mask=live[:, None] & (units < S.hidden)[None, :], other=0.0)
    before = walk.states + t * stride + rows * S.hidden
    if S.resident:
        return read_in + product_with(before, live, quarter, S)
    columns = weights.recurrent + first + units
    return read_in + product(before, live, columns, units < S.hidden, 4 * S.hidden, S.hidden, S)


@triton.jit
def _ask(walk, weights, t, plan, S: tl.constexpr):
    """Leaves the query W_q ĥ_t."""
    rows, live, _ = tile(plan, S)
    a = tl.arange(0, S.attention_pad)
    stride = tl.full((), 1, tl.int64) * plan.batch
    provisional = walk.states + ((t + 1) * stride + rows) * S.hidden
    query = product(provisional, live, weights.query + a, a < S.attention, S.attention, S.hidden, S)
    at = walk.queries + (t * stride + rows)[:, None] * S.attention + a[None, :]
    tl.store(at, query, mask=live[:, None] & (a < S.attention)[None, :])
    tl.debug_barrier()


@triton.jit
def _write_key(walk, weights, t, plan, S: tl.constexpr):
    """Leaves the key W_k h_t of the memory that step t writes."""
    rows, live, _ = tile(plan, S)
    a = tl.arange(0, S.attention_pad)
    stride = tl.full((), 1, tl.int64) * plan.batch
    state = walk.states + ((t + 1) * stride + rows) * S.hidden
    key = product(state, live, weights.key + a, a < S.attention, S.attention, S.hidden, S)
    place = written_before(t + 1, plan, S) - 1
    at = walk.keys + (rows * plan.memories + place)[:, None] * S.attention + a[None, :]
    tl.store(at, key, mask=live[:, None] & (a < S.attention)[None, :])


@triton.jit
def _scores(walk, weights, t, m0, plan, S: tl.constexpr):
    """Scores of the memories from m0 on, (rows, S.memories); −∞ where there is none, +∞ in place of NaN."""
    rows, live, _ = tile(plan, S)
    a, m = tl.arange(0, S.attention_pad), m0 + tl.arange(0, S.memories)
    wide = a < S.attention
    stride = tl.full((), 1, tl.int64) * plan.batch
    asked = walk.queries + (t * stride + rows)[:, None] * S.attention + a[None, :]
    query = tl.load(asked, mask=live[:, None] & wide[None, :], other=0.0)
    score = tl.load(weights.score + a, mask=wide, other=0.0)
    there = live[:, None] & (m < written_before(t, plan, S))[None, :]
    at = (rows[:, None] * plan.memories + m[None, :])[:, :, None] * S.attention + a[None, None, :]
    keys = tl.load(walk.keys + at, mask=there[:, :, None] & wide[None, None, :], other=0.0)
    scores = tl.sum(tanh(keys + query[:, None, :]) * score[None, None, :], 2)
    scores = tl.where(scores == scores, scores, float("inf"))
    return tl.where(there, scores, float("-inf"))


@triton.jit
def _largest(walk, weights, t, plan, S: tl.constexpr):
    """The largest scores and their memories in no order, (rows, slots); of equal scores the earlier memory stays.

    Memories stream past; a memory that beats the smallest of the slots takes its place. Slots beyond those that the
    step needs hold +∞ and so are never the smallest.
    """
    slots = tl.arange(0, S.slots)
    used = slots < read_at(t, plan, S)
    values = tl.full((S.rows, S.slots), 0, tl.float32) + tl.where(used, float("-inf"), float("inf"))[None, :]
    places = tl.full((S.rows, S.slots), 0, tl.int32) + slots[None, :]
    for m0 in range(0, written_before(t, plan, S), S.memories):
        m = m0 + tl.arange(0, S.memories)
        scores = _scores(walk, weights, t, m0, plan, S)
        best, worst = tl.max(scores, 1), tl.min(values, 1)
        while tl.max((best > worst).to(tl.int32), 0) > 0:
            better = (best > worst)[:, None]
            first = tl.min(tl.where(scores == best[:, None], m[None, :], 2147483647), 1)
            lowest = values == worst[:, None]
            last = tl.max(tl.where(lowest, places, -1), 1)
            goes = better & lowest & (places == last[:, None])
            values = tl.where(goes, best[:, None], values)
            places = tl.where(goes, first[:, None], places)
            scores = tl.where(better & (m[None, :] == first[:, None]), float("-inf"), scores)
            best, worst = tl.max(scores, 1), tl.min(values, 1)
    return values, places


@triton.jit
def _choose(walk, weights, t, plan, S: tl.constexpr):
    """Leaves memories, scores and weights of step t, best first; where all are chosen, in their own order."""
    rows, live, _ = tile(plan, S)
    slots = tl.arange(0, S.slots)
    used = (slots < read_at(t, plan, S))[None, :] & live[:, None]
    values, places = _largest(walk, weights, t, plan, S)
    all_chosen = written_before(t, plan, S) <= plan.k_top
    before = (values[:, None, :] > values[:, :, None]) | (
        (values[:, None, :] == values[:, :, None]) & (places[:, None, :] < places[:, :, None])
    )
    order = tl.sum((before & used[:, None, :]).to(tl.int32), 2)
    order = tl.where(all_chosen, places, order)
    keep = used & (order < plan.k_top)
    if S.gone:
        keep = keep & (tl.load(walk.gone + t * plan.memories + places, mask=used, other=1) == 0)
    stride = tl.full((), 1, tl.int64) * plan.batch
    example = t * stride + rows
    if S.shift:
        shares, total, column = _shift(values, order, used, keep, all_chosen, plan)
        tl.store(walk.total + example, total, mask=live)
        tl.store(walk.delta + example, column, mask=live)
    else:
        shares = _softmax(values, keep)
    shares = tl.where(values == float("inf"), float("nan"), shares)
    at = example[:, None] * plan.columns + order
    tl.store(walk.columns + at, places, mask=used)
    tl.store(walk.scores + at, values, mask=used)
    tl.store(walk.weights + at, shares, mask=used)


@triton.jit
def _shift(values, order, used, keep, all_chosen, plan):
    """r / (Σr + ε), Σr + ε, and the column of δ."""
    low = tl.min(tl.where(used, values, float("inf")), 1)
    threshold = low - tl.where(all_chosen, 0.1, 0.0)
    above = values - threshold[:, None]
    rest = tl.where(keep & (above > 0), above, 0.0)
    total = tl.sum(rest, 1) + 1e-8
    lowest = used & (values == low[:, None])
    first = tl.min(tl.where(lowest, order, 2147483647), 1)
    return rest / total[:, None], total, tl.where(all_chosen, first, plan.k_top)


@triton.jit
def _softmax(values, keep):
    """Softmax over what is kept; zeros where nothing is."""
    top = tl.max(tl.where(keep, values, float("-inf")), 1)
    powers = tl.where(keep, tl.exp(values - top[:, None]), 0.0)
    total = tl.sum(powers, 1)
    return powers / tl.where(total == 0, 1.0, total)[:, None]


@triton.jit
def _summary(walk, t, plan, S: tl.constexpr):
    """s_t, the weighted sum of the chosen memories, (rows, D)."""
    rows, live, _ = tile(plan, S)
    stride = tl.full((), 1, tl.int64) * plan.batch
    first = (t * stride + rows) * plan.columns
    summary = tl.full((S.rows, S.hidden_pad), 0, tl.float32)
    for column in range(tl.minimum(written_before(t, plan, S), plan.k_top)):
        places = tl.load(walk.columns + first + column, mask=live, other=0)
        shares = tl.load(walk.weights + first + column, mask=live, other=0.0)
        summary += shares[:, None] * memory(walk.states, places, plan, S)
    return summary
