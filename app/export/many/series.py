"""One line of a figure from the values of one training or several. Pure numbers.

Several are their mean and a band from the smallest to the largest, as static/js/table/overlay/curves/mean.js has them
for the page; points are thinned as static/js/panels/curves/points.js thins them.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Points(NamedTuple):
    """Finite values at rising updates."""

    x: NDArray[np.int64]
    y: Floats


class Mean(NamedTuple):
    """Trainings as one line.

    Attributes:
        x: Updates, rising.
        mean: Over the trainings that have come so far.
        low: The smallest of them.
        high: The largest of them.
        n: How many they are at each update.
        of: How many have any value.
    """

    x: NDArray[np.int64]
    mean: Floats
    low: Floats
    high: Floats
    n: NDArray[np.int64]
    of: int


def points_of(update: Any, values: Any) -> Points:
    """The values that are finite, and where they stand."""
    x, y = np.asarray(update, np.int64), np.asarray(values, np.float64)
    known = np.isfinite(y)
    return Points(x[known], y[known])


def mean_of(trainings: Sequence[Points]) -> Mean:
    """The mean of trainings at each update at which every one that came so far has a value.

    Where one of them has none, mean and band would jump for no reason but that.
    """
    there = [points for points in trainings if len(points.x)]
    if not there:
        none, no_count = np.empty(0), np.empty(0, np.int64)
        return Mean(no_count, none, none, none, no_count, 0)
    x = np.unique(np.concatenate([points.x for points in there]))
    values = np.full((len(there), len(x)), np.nan)
    for row, points in zip(values, there, strict=True):
        row[np.searchsorted(x, points.x)] = points.y
    n = np.isfinite(values).sum(axis=0)
    gone_on = sum((points.x[-1] >= x).astype(np.int64) for points in there)
    whole = n == gone_on
    x, values, n = x[whole], values[:, whole], n[whole]
    return Mean(x, np.nanmean(values, axis=0), np.nanmin(values, axis=0), np.nanmax(values, axis=0), n, len(there))


def fewer_from(mean: Mean) -> int:
    """The place from which fewer trainings go on than the line has; the number of its points where all do."""
    fewer = np.flatnonzero(mean.n < mean.of)
    return int(fewer[0]) if len(fewer) else len(mean.x)


def thin(points: Points, buckets: int) -> Points:
    """At most two points a bucket, its smallest and its largest, so that spikes survive, and the last point."""
    count = len(points.x)
    if count <= 2 * buckets:
        return points
    edges = np.arange(buckets) * count // (buckets - 1)
    kept = {count - 1}
    for start, end in itertools.pairwise(edges):
        part = points.y[start:end]
        kept |= {int(start + part.argmin()), int(start + part.argmax())}
    places = sorted(kept)
    return Points(points.x[places], points.y[places])
