"""Sizes of a measured update; no torch here, so that pure parts (flops, tables) stay light."""

from __future__ import annotations

from dataclasses import dataclass

FEATURES = 10
CLASSES = 10


@dataclass(frozen=True)
class Shape:
    """Sizes and knobs of one measured update (spec section 8): steps, examples, hidden units, attention units, inputs.

    With one input a step reads a number, else a symbol.
    """

    T: int
    B: int = 64
    D: int = 128
    A: int = 32
    k_top: int = 5
    k_trunc: int = 5
    k_att: int = 1
    inputs: int = FEATURES
    classes: int = CLASSES
