"""The team of threads that torch has already, lent to the fused loops.

After an operation on several threads torch's OpenMP threads spin for milliseconds, waiting for the next one. Threads of
our own would have to share the cores with them: both parts of a pass then take nearly twice as long. So where torch
runs on GNU OpenMP, the parts are handed to the very threads that spin.
"""

from __future__ import annotations

import ctypes
import itertools
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

Team = Callable[[Callable[[int], None], int], None]
"""Calls a function with 0 … count − 1, each once, on the threads of the team, and returns when all are done."""

_CALLBACK = ctypes.CFUNCTYPE(None, ctypes.c_void_p)


@cache
def torch_team() -> Team | None:
    """Torch's team, or None where its OpenMP is not GNU's or cannot be found."""
    path = _library()
    if path is None:
        return None
    try:
        parallel = ctypes.CDLL(str(path)).GOMP_parallel
    except (OSError, AttributeError):
        return None

    def team(work: Callable[[int], None], count: int) -> None:
        numbers, errors = itertools.count(), list[BaseException]()

        def member(_: object) -> None:
            # A team may be smaller than asked for: each member takes parts until there are none.
            while (part := next(numbers)) < count:
                try:
                    work(part)
                except BaseException as error:  # nothing may escape into the C code that called
                    errors.append(error)

        parallel(_CALLBACK(member), None, count, 0)
        if errors:
            raise errors[0]

    return team


def _library() -> Path | None:
    """The libgomp that torch brought into this process."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        mapped = Path("/proc/self/maps").read_text().splitlines()
    except OSError:
        return None
    found = {words[-1] for line in mapped if "libgomp" in line and len(words := line.split()) > 5}
    return next((Path(path) for path in sorted(found) if "torch" in path), None)
