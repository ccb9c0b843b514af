"""How a batch is cut into tiles and a tile into pieces: sizes that the kernels are compiled for, from shapes alone.

What these numbers cost is reckoned in docs/adr/0020; none was measured on a device.
"""

from __future__ import annotations

from typing import NamedTuple

MOST_HIDDEN = 512
"""D up to which a tile of states, and four sums of a product, stay in registers."""
MOST_ATTENTION = 256
MOST_COLUMNS = 64
"""Memories a step may look at: they are held in registers, and found one after another."""
ELEMENTS = 8192
"""Numbers of an intermediate tile: 32 a thread at 256 threads."""
MOST_ROWS = 16
MOST_RESIDENT, MOST_ROWS_BESIDE = 64, 4
"""D up to which W_hh, 64 KiB, stays in the 256 KiB of a processor's registers, and examples of a tile beside it: the
compiler spills nothing then (docs/adr/0020)."""


class Tiles(NamedTuple):
    """Examples of a tile, terms of a product read at once, memories scored at once, warps of a program, and whether it
    holds W_hh in registers for the whole walk.
    """

    rows: int
    depth: int
    memories: int
    warps: int = 8
    resident: bool = False


def power_of_two(number: int, least: int = 1) -> int:
    """The smallest power of two that is no less than either."""
    return max(least, 1 << max(number - 1, 0).bit_length())


def tiles_for(batch: int, hidden: int, attention: int, processors: int) -> Tiles:
    """Tiles for a shape.

    Args:
        batch: B. Tiles are as small as the number of processors allows, up to 16 examples: each has a processor.
        hidden: D.
        attention: A.
        processors: Of the device.
    """
    rows = min(power_of_two(-(-batch // processors)), MOST_ROWS)
    wide, narrow = power_of_two(hidden, 16), power_of_two(attention, 16)
    depth = 32 if rows >= MOST_ROWS else max(1, min(64, ELEMENTS // (rows * max(wide, narrow))))
    resident = hidden <= MOST_RESIDENT and rows <= MOST_ROWS_BESIDE
    return Tiles(rows, depth, max(4, min(128, ELEMENTS // (rows * narrow))), resident=resident)


def too_large(hidden: int, attention: int, columns: int) -> str | None:
    """Why a network does not fit into the registers of a program, in one line; None when it does."""
    for name, size, most in (
        ("hidden_size", hidden, MOST_HIDDEN),
        ("attention_size", attention, MOST_ATTENTION),
        ("k_top", columns, MOST_COLUMNS),
    ):
        if size > most:
            return f"its walks hold {name} up to {most} in registers, this one is {size}"
    return None
