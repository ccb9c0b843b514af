"""The walks in Triton's interpreter, on the CPU, as a backend that tests take by name; and cases that suit it.

The interpreter runs the very kernels a GPU would, a statement at a time for every program in turn. What it cannot show
is speed, and what happens where threads do not wait for each other (test_accesses.py does).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
from torch import Tensor

from sab_visualiser.model.backends import registered
from sab_visualiser.model.passes.backend import Target
from sab_visualiser.model.passes.tape import Knobs, KnockedOut, State, Tape, Weights
from sab_visualiser.model.passes.triton.backend import TritonBackend
from sab_visualiser.model.passes.triton.tiles import Tiles
from tests.oracles.cases import Case

NAME = "interpreted"
SMALL = Tiles(rows=2, depth=4, memories=4)
"""Of several pieces each, so that a small case has more than one of everything."""


class Interpreted(TritonBackend):
    """Takes a CPU, and tiles of the test's choice."""

    name = NAME

    def __init__(self, tiles: Tiles) -> None:
        self._tiles = tiles

    def why_not(self, target: Target) -> str | None:
        return None

    def forward(
        self,
        weights: Weights,
        inputs: Tensor,
        knobs: Knobs,
        phase: int = 0,
        knocked_out: KnockedOut | None = None,
        *,
        keep: bool = True,
        state: State | None = None,
    ) -> Tape:
        from sab_visualiser.model.passes.triton import passes

        return passes.forward_pass(weights, inputs, knobs, phase, knocked_out, state=state, tiles=self._tiles)


@contextmanager
def interpreted(tiles: Tiles = SMALL) -> Iterator[None]:
    """While this is open, there is a backend "interpreted"."""
    with registered(Interpreted(tiles)), np.errstate(all="ignore"):  # infinity − infinity is meant
        yield


def case(**changes: Any) -> Case:
    """A small case in which everything happens: several tiles, cuts, memories that are not chosen, and no near ties."""
    plain = Case(
        steps=6,
        batch=3,
        inputs=2,
        hidden=5,
        attention=4,
        k_top=2,
        k_trunc=3,
        k_att=1,
        phase=0,
        form=("paper", "shift"),
        initial_memory=True,
        flat=False,
        scale=1.0,
        knocked_out=(),
        seed=1,
    )
    return replace(plain, **changes)
