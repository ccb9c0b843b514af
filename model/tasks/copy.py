"""Copy: read a few symbols, wait, and say them again in order.

With `items` = n, and ▸ the marker (spec section 6; n = 10 is the classic task):

    step     0 … n−1        n … n+T−2     n+T−1   n+T … T+2n−1
    input    F C A …  H     ·  ·  …  ·      ▸      ·  ·  …  ·
    target   ·  · … · ·     ·  ·  …  ·      ·      F  C  A … H
    source                                         0  1  2 … n−1

Between the last symbol and its first repetition lie T steps: T−1 blanks and the marker.
"""

from __future__ import annotations

import torch
from torch import Tensor

from sab_visualiser.model.config import TaskConfig
from sab_visualiser.model.tasks.base import Batch
from sab_visualiser.model.tasks.symbols import ALPHABET, MARKER, SequenceTask


class CopyTask(SequenceTask):
    """Repeat `items` symbols of an alphabet of 8 after T steps; length T + 2 · items.

    Source: spec section 6.
    """

    name = "copy"

    def __init__(self, config: TaskConfig) -> None:
        super().__init__(config)
        self._sources: dict[int, tuple[int, ...]] = {
            self.default_loss_step + item: (item,) for item in range(self.items)
        }

    def batch(self, batch_size: int, generator: torch.Generator) -> Batch:
        """Draw `batch_size` fresh sequences."""
        items_BN = torch.randint(ALPHABET, (batch_size, self.items), generator=generator)
        symbols_BT = self._blank_BT(batch_size)
        symbols_BT[:, : self.items] = items_BN
        symbols_BT[:, self.default_loss_step - 1] = MARKER
        return self._complete(symbols_BT)

    def _complete(self, symbols_BT: Tensor) -> Batch:
        return self._sequence_batch(symbols_BT, symbols_BT[:, : self.items], (self._sources,) * len(symbols_BT))
