"""How often somebody may be wrong: ten times a minute, then every further wrong token or code is told to wait.

A right one passes all the same. Its 256 bits are what guessing fails at; were right ones kept out as well, ten wrong
requests would shut out everybody behind the same proxy, and any other user of this machine could do it to its owner.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

MOST, WINDOW_S = 10, 60.0
MOST_PEERS = 4096
"""Peers that are remembered; the one that was wrong the longest ago goes."""


class Tries:
    """Failures by peer.

    Args:
        clock: Seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failed: dict[str, deque[float]] = {}

    def fail(self, peer: str) -> float:
        """Note one more; 0, or the seconds to wait when there were too many."""
        now = self._clock()
        times = self._failed.pop(peer, deque())
        while times and times[0] <= now - WINDOW_S:
            times.popleft()
        wait = 0.0 if len(times) < MOST else times[0] + WINDOW_S - now
        if not wait:
            times.append(now)
        self._failed[peer] = times
        while len(self._failed) > MOST_PEERS:
            del self._failed[next(iter(self._failed))]
        return wait
