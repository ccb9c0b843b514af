"""How the frame of a snapshot is kept in its row: compressed, for there are hundreds of a run."""

from __future__ import annotations

import zstandard


def packed(frame: bytes) -> bytes:
    """The frame as its row has it."""
    return zstandard.ZstdCompressor(level=3).compress(frame)


def unpacked(row: bytes) -> bytes:
    """The frame that a row has."""
    return zstandard.ZstdDecompressor().decompress(row)
