"""`python compile_for.py 90`: compile both walks for a card of compute capability 9.0, with no card at hand.

Prints one line a kernel: its name and the shared memory it wants.
"""

from __future__ import annotations

import sys
from typing import Any

import torch
from triton.backends.compiler import GPUTarget
from triton.runtime import driver

from sab_visualiser.model.passes.tape import KnobValues
from sab_visualiser.model.passes.triton import passes
from sab_visualiser.model.passes.triton.tiles import Tiles
from sab_visualiser.model.sab import SAB


class Card:
    """All that the compiler asks of a driver."""

    def get_current_device(self) -> int:
        return 0

    def get_current_stream(self, device: int = 0) -> int:
        return 0

    def get_current_target(self) -> Any:
        return GPUTarget("cuda", int(sys.argv[1]), 32)

    def get_active_torch_device(self) -> torch.device:
        return torch.device("cpu")


class Compiled:
    """Stands in for a kernel: compiles it for the arguments of a launch, and launches nothing."""

    def __init__(self, kernel: Any) -> None:
        self._kernel = kernel

    def __getitem__(self, grid: tuple[int, ...]) -> Any:
        def compile_it(*arguments: Any, **options: Any) -> None:
            found = self._kernel.warmup(*arguments, grid=grid, **options)
            print(self._kernel.__name__, found.metadata.shared)

        return compile_it


def main() -> None:
    """Five shapes: an example a tile, several, so many that products are made by `tl.dot`, one of everything, and W_hh
    held in registers.

    An integer that is 1 is a constant for the compiler, which the interpreter does not know.
    """
    driver.set_active(Card())
    for name in ("forward_walk", "backward_walk"):
        setattr(passes, name, Compiled(getattr(passes, name)))
    many, one = (2, 9, 20), (1, 1, 1)
    shapes: list[tuple[KnobValues, tuple[int, int, int], Tiles]] = [
        ({"k_att": 1, "k_top": 5}, many, Tiles(1, 16, 16)),
        ({"k_att": 2, "k_top": 1, "normalizer": "softmax", "initial_memory": False}, many, Tiles(4, 4, 8)),
        ({"k_att": 2, "k_top": 3}, many, Tiles(16, 16, 8)),
        ({"k_att": 1, "k_top": 1}, one, Tiles(1, 64, 128)),
        ({"k_att": 1, "k_top": 5}, (2, 9, 64), Tiles(1, 64, 64, resident=True)),
    ]
    for knobs, (batch, steps, hidden), tiles in shapes:
        layer = SAB(3, hidden, attention_size=8, **knobs)
        gone = {3: frozenset((0,))}
        tape = passes.forward_pass(layer.weights(), torch.zeros(batch, steps, 3), layer.knobs(), 0, gone, tiles=tiles)
        back = torch.zeros(batch, steps, hidden)
        passes.backward_pass(tape, back, back, "local")
        passes.backward_pass(tape, back, back, "sab", lambda _: None)


if __name__ == "__main__":
    main()
