"""What a process that trains settles once at its start: threads, and memory that it keeps.

Nobody calls this in the server or in a person's own script.
"""

from __future__ import annotations

import ctypes
import os
import sys

import torch

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
