"""Small pieces around the fused loops: the plan of a sequence, threads, and what an observer gets to see.

Deliberately not here: the loops (model/passes/fused/loops.py) and the passes (model/passes/fused/passes.py).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from typing import Any, overload

import numpy as np
import torch
from numpy.typing import NDArray

from sab_visualiser.model.config import require_int
from sab_visualiser.model.passes.fused.team import torch_team
from sab_visualiser.model.passes.tape import Choice, FusedState, Knobs, KnockedOut, Observer, StepGradient, Tape

Array = NDArray[Any]
LEAST_ROWS_PER_THREAD = 8
"""Below this a thread costs more than it saves."""

_wanted: list[int] = []


@cache
def _pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads, thread_name_prefix="sab-kernel")


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
    return max(1, min(_wanted[0] if _wanted else torch.get_num_threads(), os.cpu_count() or 1))


def run_parts(kernel: Callable[..., None], rows: int, arguments: Callable[[], tuple[Any, ...]]) -> None:
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


def memory_of_step(memory_steps: tuple[int, ...], steps: int) -> Array:
    """For each step, the memory that its state is written to; −1 for none."""
    places = np.full(steps, -1, np.int32)
    for place, step in enumerate(memory_steps):
        if step >= 0:
            places[step] = place
    return places


def column_counts(knobs: Knobs, memory_steps: tuple[int, ...], steps: int) -> Array:
    """For each step, how many memories it looks at: the chosen ones, and δ's where that is one more."""
    written = np.searchsorted(np.array(memory_steps, np.int64), np.arange(steps), side="left")
    one_more = (written > knobs.k_top) & (knobs.normalizer == "shift") & (knobs.k_top > 0)
    return (np.minimum(written, knobs.k_top) + one_more).astype(np.int32)


def gone(knocked_out: KnockedOut | None, memory_steps: tuple[int, ...], steps: int) -> Array:
    """(T, M) True where the skip edge is knocked out; (0, 0) when none is."""
    if not knocked_out:
        return np.zeros((0, 0), np.bool_)
    table = np.zeros((steps, len(memory_steps)), np.bool_)
    for reader, sources in knocked_out.items():
        if reader < steps:
            table[reader] = [source in sources for source in memory_steps]
    return table


class FusedChoices(Sequence[Choice | None]):
    """The choices of a fused pass in the form that readers of a tape expect, made when asked for."""

    def __init__(self, state: FusedState, knobs: Knobs, memories: int) -> None:
        self._state, self._knobs, self._memories = state, knobs, memories
        self._made: dict[int, Choice] = {}

    def __len__(self) -> int:
        return len(self._state.counts)

    @overload
    def __getitem__(self, index: int) -> Choice | None: ...
    @overload
    def __getitem__(self, index: slice) -> list[Choice | None]: ...
    def __getitem__(self, index: int | slice) -> Choice | list[Choice | None] | None:
        """The choice of one step, or of a range of steps."""
        if isinstance(index, slice):
            return [self[t] for t in range(*index.indices(len(self)))]
        count = int(self._state.counts[index])
        if count == 0:
            return None
        if index not in self._made:
            self._made[index] = self._make(index, count)
        return self._made[index]

    def _make(self, index: int, count: int) -> Choice:
        state = self._state
        columns_BE = state.columns_TBE[index, :, :count].astype(np.int64)
        first_row_B1 = np.arange(len(columns_BE))[:, None] * self._memories
        return Choice(
            kind="shift" if self._knobs.normalizer == "shift" else "softmax",
            rows_E=torch.from_numpy((columns_BE + first_row_B1).ravel()),
            weights_BE=torch.from_numpy(state.weights_TBE[index, :, :count].copy()),
            scores_BE=torch.from_numpy(state.values_TBE[index, :, :count].copy()),
            chosen=min(self._knobs.k_top, count),
            total_B1=torch.from_numpy(state.total_TB[index, :, None].copy()),
            delta_B1=torch.from_numpy(state.delta_TB[index, :, None].astype(np.int64)),
        )


class Seen:
    """Vectors that the backward loops leave for an observer; arrays of length 0 when there is none."""

    def __init__(self, tape: Tape, columns: int, watched: bool) -> None:
        steps, batch, size = tape.hidden_TBD.shape
        steps = steps if watched else 0
        self._states = [torch.zeros(steps, batch, size) for _ in range(5)]
        self._skip_TBED = torch.zeros(steps, batch, columns, size)

    def arrays(self) -> tuple[Array, ...]:
        """In the order of the kernel's last six arguments."""
        return (*(state.numpy() for state in self._states), self._skip_TBED.numpy())

    def tell(self, observer: Observer, tape: Tape, cut: Array, skip_edges: bool) -> None:
        """Replay the steps to the observer, last first."""
        hidden_TBD, cell_TBD, own_TBD, local_hidden_TBD, local_cell_TBD = self._states
        for t in reversed(range(len(hidden_TBD))):
            open_edge = t > 0 and not cut[t]
            places_BE = tape.places(t)
            skip = None if places_BE is None or not skip_edges else self._skip_TBED[t, :, : places_BE.shape[1]]
            observer(
                StepGradient(
                    step=t,
                    hidden_BD=hidden_TBD[t],
                    cell_BD=cell_TBD[t],
                    own_cell_BD=own_TBD[t],
                    local_hidden_BD=local_hidden_TBD[t] if open_edge else None,
                    local_cell_BD=local_cell_TBD[t] if open_edge else None,
                    skip_BED=skip,
                    places_BE=places_BE,
                )
            )
