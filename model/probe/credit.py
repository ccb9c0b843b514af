"""How much gradient arrives at each step and travels over each edge: collected as vectors, measured in float64.

Exact zero, tiny and non-finite stay three different things: norms are never rounded, clipped or replaced here.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from sab_visualiser.model.passes.tape import StepGradient, Tape

REACH_SHARE = 1e-6
"""A step is within reach when its gradient norm is above this share of the largest one (spec section 4)."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Edges:
    """Edges that carry credit, one row each: latest reader first, its local edge before its skip edges.

    Attributes:
        skip_E: True for a skip edge, False for a local one.
        reader_E: Step t; source_E the step the gradient goes to.
        credit_E: Norm of all that the edge carries, in units of the loss per unit of state.
        credit_hidden_E: Norm of what it brings to h of the source.
        credit_cell_E: Norm of what it brings to c of the source; NaN for a skip edge, which brings nothing there.
        chosen_E: False for the δ memory of a reader that did not choose it; True for local edges.
        weight_E: Attention weight; NaN for a local edge.
    """

    skip_E: NDArray[np.bool_]
    reader_E: Ints
    source_E: Ints
    credit_E: Floats
    credit_hidden_E: Floats
    credit_cell_E: Floats
    chosen_E: NDArray[np.bool_]
    weight_E: Floats

    def __len__(self) -> int:
        return len(self.credit_E)

    @property
    def skip_credit(self) -> float:
        """Sum of the finite credits of all skip edges."""
        return fsum(self.credit_E[self.skip_E & np.isfinite(self.credit_E)])


class CreditObserver:
    """Collects one example's gradient norms and, if asked, edge credits during a backward pass.

    Args:
        tape: The pass that is being observed.
        edges: Collect edges too (three times the work).
        example: Which example of the batch.

    Source: spec section 4.
    """

    def __init__(self, tape: Tape, *, edges: bool = True, example: int = 0) -> None:
        self._tape, self._edges, self._example = tape, edges, example
        steps = tape.hidden_TBD.shape[0]
        self._hidden: list[Tensor | None] = [None] * steps
        self._cell: list[Tensor | None] = [None] * steps
        self._local: list[tuple[int, Tensor, Tensor]] = []
        self._skip: list[tuple[int, Tensor, Tensor]] = []

    def __call__(self, gradient: StepGradient) -> None:
        """Keep the vectors of one step."""
        one, t = self._example, gradient.step
        self._hidden[t], self._cell[t] = gradient.hidden_BD[one], gradient.cell_BD[one]
        if not self._edges:
            return
        if gradient.local_hidden_BD is not None and gradient.local_cell_BD is not None:
            self._local.append((t, gradient.local_hidden_BD[one], gradient.local_cell_BD[one]))
        if gradient.skip_BED is not None and gradient.places_BE is not None:
            self._skip.append((t, gradient.skip_BED[one], gradient.places_BE[one]))

    def hidden_norms(self) -> Floats:
        """‖∂L/∂h_t‖₂ of every step."""
        return _norms(self._hidden)

    def cell_norms(self) -> Floats:
        """‖∂L/∂c_t‖₂ of every step."""
        return _norms(self._cell)

    def edges(self) -> Edges:
        """All edges whose credit is not exactly zero; the initial memory is never an edge."""
        local, skip = self._local_columns(), self._skip_columns()
        columns = [np.concatenate(pair) for pair in zip(local, skip, strict=True)]
        order = np.lexsort((columns[2], columns[0], -columns[1]))
        listed = order[columns[3][order] != 0]  # NaN is not zero, so what is not finite stays listed
        return Edges(*(column[listed] for column in columns))

    def _local_columns(self) -> tuple[NDArray[np.generic], ...]:
        count = len(self._local)
        reader = np.array([t for t, _, _ in self._local], dtype=np.int64)
        hidden = _norms([h for _, h, _ in self._local])
        cell = _norms([c for _, _, c in self._local])
        both = _norms([torch.cat((h, c)) for _, h, c in self._local])
        no, yes = np.zeros(count, dtype=bool), np.ones(count, dtype=bool)
        return no, reader, reader - 1, both, hidden, cell, yes, np.full(count, np.nan)

    def _skip_columns(self) -> tuple[NDArray[np.generic], ...]:
        if not self._skip:
            return (
                np.zeros(0, bool),
                *(np.zeros(0, np.int64),) * 2,
                *(np.zeros(0),) * 3,
                np.zeros(0, bool),
                np.zeros(0),
            )
        choices = [choice for t, _, _ in self._skip if (choice := self._tape.choices[t]) is not None]
        counts = [len(places_E) for _, _, places_E in self._skip]
        reader = np.repeat([t for t, _, _ in self._skip], counts)
        places = torch.cat([places_E for _, _, places_E in self._skip]).cpu().numpy()
        source = np.array(self._tape.memory_steps, dtype=np.int64)[places]
        credit = _norm(torch.cat([vectors_ED for _, vectors_ED, _ in self._skip]))
        weight = torch.cat([choice.weights_BE[self._example] for choice in choices]).cpu().double().numpy()
        pairs = zip(counts, choices, strict=True)
        chosen = np.concatenate([np.arange(count) < choice.chosen for count, choice in pairs])
        real = source >= 0
        nowhere = np.full(int(real.sum()), np.nan)
        yes = np.ones_like(nowhere, dtype=bool)
        return yes, reader[real], source[real], credit[real], credit[real], nowhere, chosen[real], weight[real]


def reach(norms: Floats) -> tuple[tuple[int, int], ...]:
    """Steps whose gradient norm is above 1e−6 of the largest, as closed intervals, latest first.

    Args:
        norms: One gradient norm a step. Norms that are not finite neither set the largest nor count as reached.

    Source: spec section 4.
    """
    finite = np.isfinite(norms)
    largest = norms[finite].max(initial=0.0)
    reached = np.flatnonzero(finite & (norms > REACH_SHARE * largest))
    if not len(reached):
        return ()
    runs = np.split(reached, np.flatnonzero(np.diff(reached) > 1) + 1)
    return tuple((int(run[0]), int(run[-1])) for run in reversed(runs))


def _norm(vectors_ND: Tensor) -> Floats:
    """Norms of the rows, summed in float64 so that small parts of float32 vectors do not vanish when squared."""
    norms: Floats = torch.linalg.vector_norm(vectors_ND.cpu().double(), dim=1).numpy()
    return norms


def _norms(vectors: list[Tensor | None] | list[Tensor]) -> Floats:
    kept = [vector for vector in vectors if vector is not None]
    return _norm(torch.stack(kept)) if kept else np.zeros(0)
