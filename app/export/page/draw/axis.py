"""The one time axis that strip, arcs and gradients of an exported page share: same left edge, same width.

The page's own is static/js/draw/time_axis.js. A sequence too long for the width gets a wider picture, which scrolls.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from sab_visualiser.app.export.content.look import (
    NARROW_MARGIN,
    STEPS_BETWEEN_TICKS,
    TICK_EVERY_PX,
    WIDE_MARGIN,
)

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
        sizes = STEPS_BETWEEN_TICKS
        every = next((size for size in sizes if size * self.cell >= TICK_EVERY_PX), sizes[-1])
        return range(0, self.steps, every)


def wide(steps: int) -> Axis:
    """For a screen of a desk."""
    return _axis(steps, DESK_PX, **WIDE_MARGIN)


def narrow(steps: int) -> Axis:
    """For a phone."""
    return _axis(steps, PHONE_PX, **NARROW_MARGIN)


def _axis(steps: int, width: float, left: float, right: float) -> Axis:
    return Axis(steps, max(width, left + right + math.ceil(steps * LEAST_CELL_PX)), left, right)
