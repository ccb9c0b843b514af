"""Products of small float32 matrices for the fused loops: tiles of the result stay in registers while they grow.

A step of SAB multiplies a handful of rows with a matrix of a few hundred columns, 120 times in a row. A BLAS pays its
way in and out each time and, on some machines, runs narrower vectors than the processor has. Here a tile of 4 rows by
4 vectors is loaded once, gets all its terms, and is stored once (measured: docs/adr/0007-products-in-registers.md).

Everything is a flat float32 array, an offset, and steps in elements. Columns come in multiples of `PAD`, so that no
vector needs a mask: who calls pads rows to `padded(columns)`. Deliberately not here: what is multiplied, and threads.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import llvmlite.binding as llvm
import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from sab_visualiser.model.passes.fused.compiled import OPTIONS, Floats

PAD = 16
"""Columns of every operand come in multiples of this many floats (one 512-bit vector)."""
ROWS = 4


def _shape() -> tuple[int, int]:
    """(lanes of a vector, vectors of a tile): a tile and its operands must fit the processor's registers."""
    features = llvm.get_host_cpu_features()
    if features.get("avx512f"):
        return 16, 4  # 16 of 32 registers hold the tile
    return (8, 2) if features.get("avx") else (4, 4)


LANES, VECTORS = _shape()
PANEL = LANES * VECTORS
"""Columns of a tile."""
VECTOR = ir.VectorType(ir.FloatType(), LANES)
FUSE = ["contract"]
"""Product and sum may become one instruction."""


def padded(columns: int) -> int:
    """`columns` rounded up to a multiple of `PAD`."""
    return -(-columns // PAD) * PAD


def packed(matrix_KN: Floats) -> Floats:
    """A right operand in the order in which tiles read it: panels of `PANEL` columns, each K rows, zero beyond N."""
    rows, columns = matrix_KN.shape
    panels = -(-padded(columns) // PANEL)
    wide_KN = np.zeros((rows, panels * PANEL), np.float32)
    wide_KN[:, :columns] = matrix_KN
    return np.ascontiguousarray(wide_KN.reshape(rows, panels, PANEL).transpose(1, 0, 2)).ravel()


def _tile(vectors: int) -> Any:
    """An operation on 1 … ROWS rows and `vectors` vectors of columns, written as LLVM instructions.

    out[out_at + r·out_step + lane] += Σ_k left[left_at + r·left_step + k·left_next] · right[right_at + k·right_step
    + lane] for k = 0 … count − 1, count ≥ 1.
    """

    def tile(
        typing_context: Any, out: Any, out_at: Any, out_step: Any, left: Any, left_at: Any, left_step: Any,
        left_next: Any, right: Any, right_at: Any, right_step: Any, rows: Any, count: Any,
    ) -> Any:  # fmt: skip
        n = types.intp
        return types.void(out, n, n, left, n, n, n, right, n, n, n, n), _emitter(vectors)

    return intrinsic(tile)


def _emitter(vectors: int) -> Callable[..., Any]:
    """What writes the instructions of a tile: one straight loop for each number of rows, and a switch before them."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        arrays = [context.make_array(signature.args[i])(context, builder, arguments[i]).data for i in (0, 3, 7)]
        height, count = arguments[10:]
        end = builder.append_basic_block("tile.end")
        switch = builder.switch(height, end)
        for rows in range(1, ROWS + 1):
            block = builder.append_basic_block(f"tile.{rows}")
            switch.add_case(ir.Constant(height.type, rows), block)
            builder.position_at_end(block)
            _loop(builder, arrays, arguments, count, rows, vectors)
            builder.branch(end)
        builder.position_at_end(end)
        return context.get_dummy_value()

    return emit


def _loop(builder: Any, arrays: Any, arguments: Any, count: Any, rows: int, vectors: int) -> None:
    """Load the tile, add `count` terms, store it."""
    out, left, right = arrays
    out_at, out_step, left_at, left_step, left_next = (arguments[i] for i in (1, 2, 4, 5, 6))
    right_at, right_step = arguments[8:10]

    def number(value: int) -> Any:
        return ir.Constant(out_at.type, value)

    starts = [builder.add(out_at, builder.mul(out_step, number(r))) for r in range(rows)]
    places = {
        (r, v): _vector(builder, out, builder.add(starts[r], number(v * LANES)))
        for r in range(rows)
        for v in range(vectors)
    }
    before = {cell: builder.load(place, align=4) for cell, place in places.items()}
    left_rows = [builder.gep(left, [builder.add(left_at, builder.mul(left_step, number(r)))]) for r in range(rows)]
    right_rows = builder.gep(right, [right_at])
    entry, body = builder.block, builder.append_basic_block("terms")
    builder.branch(body)
    builder.position_at_end(body)
    k = builder.phi(out_at.type)
    sums = {cell: builder.phi(VECTOR) for cell in places}
    row, at = builder.gep(right_rows, [builder.mul(k, right_step)]), builder.mul(k, left_next)
    columns = [builder.load(_vector(builder, row, number(v * LANES)), align=4) for v in range(vectors)]
    factors = [_everywhere(builder, builder.load(builder.gep(left_rows[r], [at]))) for r in range(rows)]
    terms = {(r, v): builder.fmul(factors[r], columns[v], flags=FUSE) for r, v in places}
    after = {cell: builder.fadd(sums[cell], term, flags=FUSE) for cell, term in terms.items()}
    following = builder.add(k, number(1))
    for phi, start, end in ((k, number(0), following), *((sums[c], before[c], after[c]) for c in places)):
        phi.add_incoming(start, entry)
        phi.add_incoming(end, body)
    done = builder.append_basic_block("stored")
    builder.cbranch(builder.icmp_signed("<", following, count), body, done)
    builder.position_at_end(done)
    for cell, place in places.items():
        builder.store(after[cell], place, align=4)


def _vector(builder: Any, base: Any, place: Any) -> Any:
    """Where `LANES` floats begin, `place` elements after `base`."""
    return builder.bitcast(builder.gep(base, [place]), VECTOR.as_pointer())


def _everywhere(builder: Any, scalar: Any) -> Any:
    """A vector that holds `scalar` in every lane."""
    nothing = ir.Constant(VECTOR, ir.Undefined)
    first = builder.insert_element(nothing, scalar, ir.Constant(ir.IntType(32), 0))
    return builder.shuffle_vector(first, nothing, ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES))


_whole, _pair, _single = _tile(VECTORS), _tile(2), _tile(1)


@njit(**OPTIONS)
def multiply_add(
    out: Floats, out_at: int, out_step: int, left: Floats, left_at: int, left_step: int, left_next: int,
    right: Floats, right_at: int, right_step: int, panel_step: int, rows: int, columns: int, count: int,
) -> None:  # fmt: skip
    """out += left · right, over flat arrays.

    Args:
        out: Row r begins at out_at + r·out_step.
        left: Element (r, k) lies at left_at + r·left_step + k·left_next.
        right: Row k of the panel that begins at column j lies at right_at + (j / PANEL)·panel_step + k·right_step:
            (PANEL, PANEL·K) for a `packed` matrix, (row length, PANEL) for rows as they are.
        rows: ≥ 0; columns: a multiple of PAD; count: K, ≥ 1.
    """
    for panel in range(0, columns, PANEL):
        wide = min(columns - panel, PANEL)
        begin = right_at + panel // PANEL * panel_step
        for r in range(0, rows, ROWS):
            high = min(rows - r, ROWS)
            at, from_left = out_at + r * out_step + panel, left_at + r * left_step
            if wide == PANEL:
                _whole(out, at, out_step, left, from_left, left_step, left_next, right, begin, right_step, high, count)
                continue
            # Less than a panel is left only where a panel is wider than PAD.
            for c in range(0, wide - LANES, 2 * LANES):
                _pair(
                    out, at + c, out_step, left, from_left, left_step, left_next,
                    right, begin + c, right_step, high, count,
                )  # fmt: skip
            if wide // LANES % 2:
                c = wide - LANES
                _single(
                    out, at + c, out_step, left, from_left, left_step, left_next,
                    right, begin + c, right_step, high, count,
                )  # fmt: skip
