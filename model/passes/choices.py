"""What every step read, kept as whole arrays, in the form that readers of a tape expect."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, overload

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from sab_visualiser.model.passes.tape import Choice, Knobs


class Stored(NamedTuple):
    """Columns of all steps: memories, scores and weights (T, B, C); Σr + ε and the column of δ (T, B)."""

    columns_TBC: Tensor
    values_TBC: Tensor
    weights_TBC: Tensor
    total_TB: Tensor
    delta_TB: Tensor


def column_counts(knobs: Knobs, memory_steps: tuple[int, ...], steps: int) -> NDArray[np.int32]:
    """For each step, how many memories it looks at: the chosen ones, and δ's where that is one more."""
    written = np.searchsorted(np.array(memory_steps, np.int64), np.arange(steps), side="left")
    one_more = (written > knobs.k_top) & (knobs.normalizer == "shift") & (knobs.k_top > 0)
    return (np.minimum(written, knobs.k_top) + one_more).astype(np.int32)


class StoredChoices(Sequence[Choice | None]):
    """The choices of a pass, each made when it is asked for and then kept.

    Args:
        stored: The arrays.
        counts: How many columns each step has.
        knobs: Those of the pass.
        memories: M.
    """

    def __init__(self, stored: Stored, counts: Sequence[int], knobs: Knobs, memories: int) -> None:
        self._stored, self._counts, self._knobs, self._memories = stored, counts, knobs, memories
        self._made: dict[int, Choice] = {}

    def __len__(self) -> int:
        return len(self._counts)

    @overload
    def __getitem__(self, index: int) -> Choice | None: ...
    @overload
    def __getitem__(self, index: slice) -> list[Choice | None]: ...
    def __getitem__(self, index: int | slice) -> Choice | list[Choice | None] | None:
        """The choice of one step, or of a range of steps."""
        if isinstance(index, slice):
            return [self[t] for t in range(*index.indices(len(self)))]
        count = int(self._counts[index])
        if count == 0:
            return None
        if index not in self._made:
            self._made[index] = self._make(index, count)
        return self._made[index]

    def _make(self, index: int, count: int) -> Choice:
        columns_BE = self._stored.columns_TBC[index, :, :count].long()
        first_row_B1 = columns_BE.new_tensor(range(len(columns_BE))).unsqueeze(1) * self._memories
        return Choice(
            kind="shift" if self._knobs.normalizer == "shift" else "softmax",
            rows_E=(columns_BE + first_row_B1).flatten(),
            weights_BE=self._stored.weights_TBC[index, :, :count].clone(),
            scores_BE=self._stored.values_TBC[index, :, :count].clone(),
            chosen=min(self._knobs.k_top, count),
            total_B1=self._stored.total_TB[index].unsqueeze(1).clone(),
            delta_B1=self._stored.delta_TB[index].long().unsqueeze(1),
        )
