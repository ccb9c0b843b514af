"""The one time axis that strip, arcs and gradients of an exported page share: same left edge, same width.

The page's own is static/js/draw/time_axis.js. A sequence too long for the width gets a wider picture, which scrolls.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

NICE = (1, 2, 5, 10, 20, 50, 100, 200, 500)
TICK_EVERY_PX = 56
LEAST_CELL_PX = 5.6
"""A letter still fits."""
DESK_PX, PHONE_PX = 1080, 334
"""Widths that need no scrolling."""


@dataclass(frozen=True)
class Axis:
    """Where each step stands, in px."""

    steps: int
    width: float
    left: float
    right: float

    @property
    def cell(self) -> float:
        """Width of a step."""
        return (self.width - self.left - self.right) / max(self.steps, 1)

    def x(self, step: float) -> float:
        """The middle of a step."""
        return self.left + (step + 0.5) * self.cell

    @property
    def end(self) -> float:
        """The right end of the last step."""
        return self.width - self.right

    def ticks(self) -> range:
        """Steps that get a number."""
        every = next((size for size in NICE if size * self.cell >= TICK_EVERY_PX), NICE[-1])
        return range(0, self.steps, every)


def wide(steps: int) -> Axis:
    """For a screen of a desk."""
    return _axis(steps, DESK_PX, 58, 18)


def narrow(steps: int) -> Axis:
    """For a phone."""
    return _axis(steps, PHONE_PX, 40, 10)


def _axis(steps: int, width: float, left: float, right: float) -> Axis:
    return Axis(steps, max(width, left + right + math.ceil(steps * LEAST_CELL_PX)), left, right)
