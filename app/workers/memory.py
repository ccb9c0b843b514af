"""How much memory there is, and what share of it one training or one question may take.

Reads what the system says; what fits is judged in app/runs/fits.py, and a worker limits itself to it when it starts.
"""

from __future__ import annotations

import contextlib
import math
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sab_visualiser.app.runs.fits import Room
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.workers.compute import Computing

SHARE = 0.5
"""Of the memory that is free now, where nobody set a limit."""
WORKER_ROOM = 2
"""A worker may take so many times the limit: an estimate is rough, and a network that was asked about stays."""
GOOD_FOR_S = 0.25
"""The system is asked again after so long: in a storm of knobs that was a quarter of what the server did."""
MIB, KIB = 1 << 20, 1 << 10
GROUP = Path("/sys/fs/cgroup")
GROUPS = (
    ("memory.max", "memory.current"),
    ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
)
"""Where both versions of control groups say what a container may take, and takes."""


class Memory:
    """What one training or one question may take.

    Args:
        settings: `memory_mb`; 0 leaves it to what is free.
        computing: Knows whether workers run the fused loops, which need half as much.
        ask: The system, for the bytes that are free.
        clock: Seconds that never go back.
    """

    def __init__(
        self,
        settings: Settings,
        computing: Computing,
        ask: Callable[[], int] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._own = settings.memory_mb * MIB
        self._computing = computing
        self._ask, self._clock = ask or free_bytes, clock
        self._free, self._asked = 0, -math.inf

    def room(self) -> Room:
        """As it is now, or was a moment ago."""
        if not self._own and self._clock() - self._asked >= GOOD_FOR_S:
            self._free, self._asked = self._ask(), self._clock()
        return Room(self._own or int(SHARE * self._free), self._computing.fused)


def own_room(settings: Settings) -> Room:
    """What a training in this very process may take; the fused loops run it unless somebody switched them off."""
    return Room(settings.memory_mb * MIB or int(SHARE * free_bytes()), os.environ.get("SAB_BACKEND") != "torch")


def worker_bytes(settings: Settings) -> int:
    """What a worker that starts now may take beside what its libraries take."""
    return WORKER_ROOM * (settings.memory_mb * MIB or int(SHARE * free_bytes()))


def free_bytes(proc: Path = Path("/proc"), group: Path = GROUP) -> int:
    """Memory that programs may still take: of the machine, or of the container where that is less.

    Args:
        proc: Where Linux tells of itself.
        group: Where it tells of the container.
    """
    return min(_free_bytes(proc, group))


def _free_bytes(proc: Path, group: Path) -> Iterator[int]:
    with contextlib.suppress(OSError, ValueError, StopIteration):
        lines = (proc / "meminfo").read_text().splitlines()
        yield KIB * int(next(line.split()[1] for line in lines if line.startswith("MemAvailable:")))
    for most, used in GROUPS:
        with contextlib.suppress(OSError, ValueError):  # "max" is no number: no limit
            yield max(int((group / most).read_text()) - int((group / used).read_text()), 0)
    yield os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
