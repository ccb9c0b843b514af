"""What a process that trains settles once at its start: threads, and memory that it keeps.

Nobody calls this in the server or in a person's own script.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import sys
from pathlib import Path

import torch

from sab_visualiser.model import card

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
KEEP_BELOW_BYTES = 1 << 30
THREADS = 1
LOOP_THREADS = min(2, os.cpu_count() or 1)
"""The loops of a pass meet once, at its end, so a second thread pays even on busy cores; a second thread of torch,
which meets after every operation, does not."""


def prepare(threads: int = THREADS, loop_threads: int = LOOP_THREADS) -> None:
    """Settle threads and memory of this process.

    Args:
        threads: Of torch, ≥ 1.
        loop_threads: Of the fused loops, ≥ 1.
    """
    from sab_visualiser.model.passes.fused.threads import set_loop_threads

    torch.set_num_threads(threads)
    set_loop_threads(loop_threads)
    keep_freed_memory()


NICER = 5
"""Steps by which a worker lets others go first: the server and the browser are waited for, a training is not."""
KILLED_FIRST = 500
"""Of 1000: where the machine is out of memory, the kernel ends a worker and not the server."""
MORE_BYTES = 256 << 20
"""Addresses that libraries reserve and never use: stacks and arenas of threads that start later."""


def give_way() -> None:
    """Let server and browser go first, and be the first to go when memory is short; safe where a system has neither."""
    with contextlib.suppress(OSError):
        os.nice(NICER)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(KILLED_FIRST))


def limit_memory(size_bytes: int) -> None:
    """Take at most so much more from now on: what is beyond it is a MemoryError here, and not the end of others.

    Args:
        size_bytes: Beside what libraries have by now, so it is called last before the work begins.
    """
    with contextlib.suppress(OSError, ValueError, StopIteration):
        lines = Path("/proc/self/status").read_text().splitlines()
        now = 1024 * int(next(line.split()[1] for line in lines if line.startswith("VmSize:")))
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        wanted = now + MORE_BYTES + size_bytes
        if hard == resource.RLIM_INFINITY or wanted < hard:
            resource.setrlimit(resource.RLIMIT_AS, (wanted, wanted))


def out_of_memory(error: BaseException) -> bool:
    """Whether memory was refused: torch has no error of its own for that of a CPU."""
    if isinstance(error, MemoryError) or card.out_of_memory(error):
        return True
    return isinstance(error, RuntimeError) and "can't allocate memory" in str(error)


def keep_freed_memory() -> bool:
    """Let the C library keep what an update frees, for the next update needs just as much; True where it understood.

    By default glibc gives blocks of megabytes back to the system at once, and fetching them again, page by page, took a
    fifth of an update.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library
        return False
    return bool(mallopt(M_MMAP_THRESHOLD, KEEP_BELOW_BYTES) and mallopt(M_TRIM_THRESHOLD, KEEP_BELOW_BYTES))
