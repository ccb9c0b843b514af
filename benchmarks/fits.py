"""How a quantity grows with the length of the sequence: the exponent p of the best c·T^p."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Power:
    """y ≈ factor · T^exponent, the straight line through the points on logarithmic axes (least squares)."""

    exponent: float
    factor: float

    def at(self, steps: float) -> float:
        """What the line says for a length that was not measured."""
        return float(self.factor * steps**self.exponent)


def power_of(points: Mapping[int, float]) -> Power:
    """Fit a power law.

    Args:
        points: Length in steps → quantity, both > 0; two points at least.

    Raises:
        ValueError: Fewer than two points, or one that has no logarithm.
    """
    if len(points) < 2 or min(*points, *points.values()) <= 0:
        raise ValueError(f"points = {dict(points)!r}: a fit needs two lengths at least, all numbers above 0")
    xs, ys = [math.log(steps) for steps in points], [math.log(value) for value in points.values()]
    x_mean, y_mean = sum(xs) / len(xs), sum(ys) / len(ys)
    slope = sum((x - x_mean) * (y - y_mean) for x, y in zip(xs, ys, strict=True)) / sum((x - x_mean) ** 2 for x in xs)
    return Power(slope, math.exp(y_mean - slope * x_mean))
