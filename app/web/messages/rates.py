"""How fast somebody may speak: a bucket of tokens that fills with time."""

from __future__ import annotations

import time
from collections.abc import Callable


class Bucket:
    """So many at once, and so many a second from then on.

    Args:
        rate: Tokens that come back in a second, > 0.
        most: Tokens that it holds, ≥ 1; it begins full.
        clock: Seconds that never go back.
    """

    def __init__(self, rate: float, most: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._most, self._clock = rate, most, clock
        self._there, self._at = float(most), clock()

    def take(self) -> bool:
        """Whether there was a token; it is gone then."""
        now = self._clock()
        self._there = min(self._most, self._there + self._rate * (now - self._at))
        self._at = now
        if self._there < 1:
            return False
        self._there -= 1
        return True
