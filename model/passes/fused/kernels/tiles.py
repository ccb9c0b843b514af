"""Products of small float32 matrices for the fused loops: tiles of the result stay in registers while they grow.

A step of SAB multiplies a handful of rows with a matrix of a few hundred columns, 120 times in a row. A BLAS pays its
way in and out each time and, on some machines, runs narrower vectors than the processor has. Here a tile of 4 rows by
4 vectors is loaded once, gets all its terms, and is stored once (measured: docs/adr/0007-products-in-registers.md).

An operand is a flat float32 array, an offset, and steps in elements. Columns come in multiples of `PAD`, so that no
vector needs a mask: who calls pads rows to `padded(columns)`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import llvmlite.binding as llvm
import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from sab_visualiser.model.passes.fused.kernels.compiled import OPTIONS, Floats

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


class Rows(NamedTuple):
    """Rows of contiguous numbers: element (r, c) lies at at + r·step + c."""

    flat: Floats
    at: int
    step: int


class Turned(NamedTuple):
    """The transpose of `Rows`: element (r, c) lies at at + r + c·step."""

    flat: Floats
    at: int
    step: int


class Packed(NamedTuple):
    """A whole matrix in the order in which tiles read it: panels of `PANEL` columns, each all rows of it."""

    flat: Floats


def padded(columns: int) -> int:
    """`columns` rounded up to a multiple of `PAD`."""
    return -(-columns // PAD) * PAD


def packed(matrix_KN: Floats) -> Packed:
    """A right operand in panels, zero beyond its columns."""
    rows, columns = matrix_KN.shape
    panels = -(-padded(columns) // PANEL)
    wide_KN = np.zeros((rows, panels * PANEL), np.float32)
    wide_KN[:, :columns] = matrix_KN
    return Packed(np.ascontiguousarray(wide_KN.reshape(rows, panels, PANEL).transpose(1, 0, 2)).ravel())


def _tile(vectors: int) -> Any:
    """An operation on 1 … ROWS rows and `vectors` vectors of columns, written as LLVM instructions.

    It adds left · right to the tile of `out` at `row` and `column`, for `count` ≥ 1 terms.
    """

    def tile(typing_context: Any, out: Any, left: Any, right: Any, row: Any, column: Any, rows: Any, count: Any) -> Any:
        return types.void(out, left, right, *(types.intp,) * 4), _emitter(vectors)

    return intrinsic(tile)


class _Operand(NamedTuple):
    """The instructions' own view of an operand: element (r, c) of the tile lies at data + at + r·down + c·right."""

    data: Any
    at: Any
    down: Any
    right: Any


def _operand(context: Any, builder: Any, kind: Any, value: Any, moves: tuple[Any, Any, Any]) -> _Operand:
    """Take `Rows`, `Turned` or `Packed` apart; `moves` are the tile's row and column, and the rows of the matrix.

    A step of 1 or `PANEL` becomes a constant of the instructions: inner loops are faster for it.
    """
    row, column, count = moves
    one, width = (ir.Constant(column.type, number) for number in (1, PANEL))
    data = context.make_array(kind.types[0])(context, builder, builder.extract_value(value, 0)).data
    if kind.instance_class is Packed:
        in_front = builder.mul(builder.udiv(column, width), builder.mul(count, width))
        return _Operand(data, builder.add(in_front, builder.urem(column, width)), width, one)
    at, step = (context.cast(builder, builder.extract_value(value, i), kind.types[i], types.intp) for i in (1, 2))
    down, right = (step, one) if kind.instance_class is Rows else (one, step)
    at = builder.add(at, builder.add(builder.mul(row, down), builder.mul(column, right)))
    return _Operand(data, at, down, right)


def _emitter(vectors: int) -> Callable[..., Any]:
    """What writes the instructions of a tile: one straight loop for each number of rows, and a switch before them."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        row, column, height, count = arguments[3:]
        none = ir.Constant(row.type, 0)
        places = ((row, column, none), (row, none, none), (none, column, count))
        operands = [
            _operand(context, builder, kind, value, place)
            for kind, value, place in zip(signature.args[:3], arguments[:3], places, strict=True)
        ]
        end = builder.append_basic_block("tile.end")
        switch = builder.switch(height, end)
        for rows in range(1, ROWS + 1):
            block = builder.append_basic_block(f"tile.{rows}")
            switch.add_case(ir.Constant(height.type, rows), block)
            builder.position_at_end(block)
            _loop(builder, operands, count, rows, vectors)
            builder.branch(end)
        builder.position_at_end(end)
        return context.get_dummy_value()

    return emit


def _loop(builder: Any, operands: list[_Operand], count: Any, rows: int, vectors: int) -> None:
    """Load the tile, add `count` terms, store it."""
    out, left, right = operands

    def number(value: int) -> Any:
        return ir.Constant(out.at.type, value)

    starts = [builder.add(out.at, builder.mul(out.down, number(r))) for r in range(rows)]
    places = {
        (r, v): _vector(builder, out.data, builder.add(starts[r], number(v * LANES)))
        for r in range(rows)
        for v in range(vectors)
    }
    before = {cell: builder.load(place, align=4) for cell, place in places.items()}
    left_rows = [builder.gep(left.data, [builder.add(left.at, builder.mul(left.down, number(r)))]) for r in range(rows)]
    right_rows = builder.gep(right.data, [right.at])
    entry, body = builder.block, builder.append_basic_block("terms")
    builder.branch(body)
    builder.position_at_end(body)
    k = builder.phi(out.at.type)
    sums = {cell: builder.phi(VECTOR) for cell in places}
    row, at = builder.gep(right_rows, [builder.mul(k, right.down)]), builder.mul(k, left.right)
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
def multiply_add(out: Rows, left: Rows | Turned, right: Rows | Packed, rows: int, columns: int, count: int) -> None:
    """out += left · right.

    Args:
        out: The result.
        left: `Turned` where a gradient of a weight grows: both operands then hold one row for each example.
        right: Columns go on to `columns`, so rows that are not `Packed` are padded.
        rows: ≥ 0.
        columns: A multiple of PAD.
        count: Terms of each sum, ≥ 1.
    """
    # The tuples go to the tiles as they are: one made anew for each tile would count references to its array.
    for panel in range(0, columns, PANEL):
        wide = min(columns - panel, PANEL)
        for r in range(0, rows, ROWS):
            high = min(rows - r, ROWS)
            if wide == PANEL:
                _whole(out, left, right, r, panel, high, count)
                continue
            # Less than a panel is left only where a panel is wider than PAD.
            for c in range(panel, panel + wide - LANES, 2 * LANES):
                _pair(out, left, right, r, c, high, count)
            if wide // LANES % 2:
                _single(out, left, right, r, panel + wide - LANES, high, count)
