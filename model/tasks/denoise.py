"""Denoise: pick the few symbols out of a long stretch of noise, then say them in order.

With `items` = n; the symbols stand at n random steps p₀ < p₁ < … of the first T, · is the noise:

    step     0  …  p₀ … p₁ …  T−1     T     T+1  T+2 … T+n
    input    ·  ·  F ·  C  ·   ·      ▸      ·    ·  …  ·
    target   ·  ·  · ·  ·  ·   ·      ·      F    C  …  B
    source                                   p₀   p₁ …  pₙ₋₁

One noise symbol already makes the steps between worthless.
"""

from __future__ import annotations

import torch
from torch import Tensor

from sab_visualiser.model.config import TaskConfig
from sab_visualiser.model.tasks.base import Batch
from sab_visualiser.model.tasks.symbols import ALPHABET, MARKER, SequenceTask


class DenoiseTask(SequenceTask):
    """Repeat `items` symbols scattered over T steps of noise; length T + 1 + items.

    Source: spec section 6.
    """

    name = "denoise"

    def __init__(self, config: TaskConfig) -> None:
        super().__init__(config)
        self._noise_steps = config.T

    def batch(self, batch_size: int, generator: torch.Generator) -> Batch:
        """Draw `batch_size` fresh sequences."""
        order_BT = torch.rand(batch_size, self._noise_steps, generator=generator).argsort(dim=1, stable=True)
        places_BN = order_BT[:, : self.items].sort(dim=1).values
        items_BN = torch.randint(ALPHABET, (batch_size, self.items), generator=generator)
        symbols_BT = self._blank_BT(batch_size)
        symbols_BT.scatter_(1, places_BN, items_BN)
        symbols_BT[:, self._noise_steps] = MARKER
        return self._complete(symbols_BT)

    def _complete(self, symbols_BT: Tensor) -> Batch:
        written_BT = symbols_BT[:, : self._noise_steps] < ALPHABET
        places_BN = written_BT.nonzero()[:, 1].view(-1, self.items)
        first = self.default_loss_step
        sources: tuple[dict[int, tuple[int, ...]], ...] = tuple(
            {first + item: (place,) for item, place in enumerate(places)} for places in places_BN.tolist()
        )
        return self._sequence_batch(symbols_BT, symbols_BT.gather(1, places_BN), sources)

    def _check_answerable(self, symbols_BT: Tensor) -> None:
        written = int((symbols_BT[:, : self._noise_steps] < ALPHABET).sum())
        if written != self.items:
            raise ValueError(
                f"inputs hold {written} symbols in their first {self._noise_steps} steps: denoise asks for"
                f" exactly {self.items}"
            )
