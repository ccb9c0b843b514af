"""The parts of a batch and the threads that walk them, one each."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from typing import TypeVarTuple

import torch

from sab_visualiser.model.config import require_int
from sab_visualiser.model.passes.fused.team import torch_team

Arguments = TypeVarTuple("Arguments")
LEAST_ROWS_PER_THREAD = 8
"""Below this a thread costs more than it saves."""

_wanted: list[int] = []


@cache
def _pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads, thread_name_prefix="sab-kernel")


@cache
def _cores() -> int:
    """Asked once: the system takes 24 µs to answer, and every pass wants to know."""
    return os.cpu_count() or 1


def parts(rows: int, threads: int) -> list[tuple[int, int]]:
    """Split `rows` into at most `threads` runs of nearly equal length."""
    count = max(1, min(threads, rows // LEAST_ROWS_PER_THREAD))
    edges = [rows * part // count for part in range(count + 1)]
    return list(pairwise(edges))


def set_loop_threads(threads: int | None) -> None:
    """How many threads the fused loops may use, apart from torch's own; None follows torch's thread count.

    The loops meet once a pass, so a second thread pays on busy cores too, where a second thread of torch crawls.

    Raises:
        ValueError: `threads` is below 1.
    """
    if threads is not None:
        require_int("threads", threads, 1, "the number of cores is a good choice")
    _wanted[:] = [] if threads is None else [threads]


def loop_threads() -> int:
    """Threads of the next pass: what was asked for, but never more than there are cores to run them."""
    return max(1, min(_wanted[0] if _wanted else torch.get_num_threads(), _cores()))


def run_parts(
    kernel: Callable[[int, int, *Arguments], None], rows: int, arguments: Callable[[], tuple[*Arguments]]
) -> None:
    """Call `kernel(first, last, *arguments())` for each part, one thread each."""
    split = parts(rows, loop_threads())
    if len(split) == 1:
        kernel(0, rows, *arguments())
        return
    calls = [(first, last, *arguments()) for first, last in split]
    team = torch_team() if torch.get_num_threads() > 1 else None
    if team is not None:
        team(lambda part: kernel(*calls[part]), len(calls))
        return
    for done in [_pool(len(calls)).submit(kernel, *call) for call in calls]:
        done.result()
