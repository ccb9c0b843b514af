"""Small pieces of both walks: functions of numbers, products of a tile, and where things lie.

A walk writes what other threads of its program read soon after; `tl.debug_barrier` between the two makes all threads
wait for each other and orders their accesses. tests/model/passes/triton/test_accesses.py holds that none is missing.
"""

from __future__ import annotations

import triton
import triton.language as tl


@triton.jit
def tanh(x):
    """Hyperbolic tangent: its series near 0, where the quotient would cancel, and the quotient elsewhere."""
    z = x * x
    near = x + x * z * (-1.0 / 3 + z * (2.0 / 15 + z * (-17.0 / 315 + z * (62.0 / 2835))))
    far = 1.0 - 2.0 / (tl.exp(2.0 * tl.abs(x)) + 1.0)
    return tl.where(z < 0.0625, near, tl.where(x < 0, -far, far))


@triton.jit
def sigmoid(x):
    """Logistic function; e^−x may overflow to infinity, whose reciprocal is the right 0."""
    return 1.0 / (1.0 + tl.exp(-x))


@triton.jit
def product(x, live, w, wide, pitch, K: tl.constexpr, S: tl.constexpr):
    """A tile of rows times a matrix that is streamed past: (rows, K) · (K, N).

    Args:
        x: Where each row begins, (rows).
        live: Which rows there are.
        w: Where each column begins, (N).
        wide: Which columns there are.
        pitch: From one row of the matrix to the next.
        K: Terms.
        S: Sizes.
    """
    if S.rows >= 16:
        total = tl.full((x.shape[0], w.shape[0]), 0, tl.float32)
    else:
        parts = tl.full((x.shape[0], S.depth, w.shape[0]), 0, tl.float32)
    for k0 in range(0, K, S.depth):
        k = k0 + tl.arange(0, S.depth)
        a = tl.load(x[:, None] + k[None, :], mask=live[:, None] & (k < K)[None, :], other=0.0)
        b = tl.load(w[None, :] + k[:, None] * pitch, mask=(k < K)[:, None] & wide[None, :], other=0.0)
        if S.rows >= 16:
            total = tl.dot(a, b, total, input_precision="ieee")
        else:
            parts += a[:, :, None] * b[None, :, :]
    if S.rows < 16:
        total = tl.sum(parts, 1)
    return total


@triton.jit
def quarters(matrix, pitch, apart, S: tl.constexpr):
    """The four D × D parts of W_hh in registers, for the whole walk.

    Args:
        matrix: Where it begins.
        pitch: From one row to the next.
        apart: From one part to the next.
        S: Sizes.
    """
    k, n = tl.arange(0, S.hidden_pad), tl.arange(0, S.hidden_pad)
    there = (k < S.hidden)[:, None] & (n < S.hidden)[None, :]
    at = matrix + k[:, None] * pitch + n[None, :]
    first = tl.load(at, mask=there, other=0.0)
    second = tl.load(at + apart, mask=there, other=0.0)
    third = tl.load(at + 2 * apart, mask=there, other=0.0)
    return first, second, third, tl.load(at + 3 * apart, mask=there, other=0.0)


@triton.jit
def product_with(x, live, quarter, S: tl.constexpr):
    """A tile of rows times a part of W_hh that is held: (rows, D) · (D, D)."""
    k = tl.arange(0, S.hidden_pad)
    a = tl.load(x[:, None] + k[None, :], mask=live[:, None] & (k < S.hidden)[None, :], other=0.0)
    return tl.sum(a[:, :, None] * quarter[None, :, :], 1)


@triton.jit
def tile(plan, S: tl.constexpr):
    """Examples of this program, which of them there are, and which units."""
    rows = (tl.program_id(0) * S.rows + tl.arange(0, S.rows)).to(tl.int64)
    return rows, rows < plan.batch, tl.arange(0, S.hidden_pad)


@triton.jit
def written_before(t, plan, S: tl.constexpr):
    """How many memories there are when step t reads."""
    return S.initial + t // plan.k_att


@triton.jit
def read_at(t, plan, S: tl.constexpr):
    """How many columns step t has: the chosen memories, and δ's where that is one more."""
    written = written_before(t, plan, S)
    count = tl.minimum(written, plan.k_top)
    if S.shift:
        count += (written > plan.k_top).to(tl.int32)
    return count


@triton.jit
def memory(states, places, plan, S: tl.constexpr):
    """Memories by their place, one for each row of the tile: (rows, D)."""
    rows, live, units = tile(plan, S)
    row = (places + 1 - S.initial).to(tl.int64) * plan.k_att
    where = (row * plan.batch + rows) * S.hidden
    there = (live & (places >= S.initial))[:, None] & (units < S.hidden)[None, :]
    return tl.load(states + where[:, None] + units[None, :], mask=there, other=0.0)
