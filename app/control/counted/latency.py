"""How long something took, as counts of times below bounds: what a histogram of Prometheus is made of."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager

BOUNDS_S = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Latency:
    """Times of one kind of question."""

    def __init__(self) -> None:
        self._counts = [0] * (len(BOUNDS_S) + 1)
        self.sum_s = 0.0

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Count how long the block took, also where it ended by an error."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.add(time.monotonic() - began)

    def add(self, took_s: float) -> None:
        """Count one."""
        self._counts[bisect_left(BOUNDS_S, took_s)] += 1
        self.sum_s += took_s

    def buckets(self) -> list[tuple[str, int]]:
        """Bounds, seconds, and how many took no longer; the last is that of all."""
        total, listed = 0, []
        for bound, count in zip([*map(str, BOUNDS_S), "+Inf"], self._counts, strict=True):
            total += count
            listed.append((bound, total))
        return listed
