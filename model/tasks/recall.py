"""Recall: read key–value pairs, wait, see one of the keys again, and say its value.

With `items` = n pairs; the keys of a sequence are distinct, values may repeat:

    step     0  1  2  3 … 2n−2 2n−1    2n … 2n+T−1    2n+T
    input    c  5  a  2 …  f    5      ·  …    ·        a
    target   ·  ·  ·  · …  ·    ·      ·  …    ·        2
    source                                              3

The true source is the step of the value: the microstate there can know both, for the key passed just before.
One question a sequence keeps the picture readable.
"""

from __future__ import annotations

import torch
from torch import Tensor

from sab_visualiser.model.tasks.base import Batch
from sab_visualiser.model.tasks.symbols import ALPHABET, SymbolTask

KEYS = ALPHABET
"""Keys there are, hence the most pairs a sequence can hold."""
BLANK = KEYS + ALPHABET


class RecallTask(SymbolTask):
    """Say the value that stood beside the key seen last; length 2 · items + T + 1.

    Symbols in the order of their numbers: 8 keys (letters), 8 values (digits), the blank.

    Source: spec section 6.
    """

    name = "recall"
    input_size = BLANK + 1
    output_size = BLANK + 1
    symbol_names = (*"abcdefgh", *"12345678", "·")

    def batch(self, batch_size: int, generator: torch.Generator) -> Batch:
        """Draw `batch_size` fresh sequences."""
        order_BK = torch.rand(batch_size, KEYS, generator=generator).argsort(dim=1, stable=True)
        keys_BN = order_BK[:, : self.items]
        values_BN = KEYS + torch.randint(ALPHABET, (batch_size, self.items), generator=generator)
        asked_B1 = torch.randint(self.items, (batch_size, 1), generator=generator)

        symbols_BT = torch.full((batch_size, self.steps), BLANK, dtype=torch.int64)
        symbols_BT[:, 0 : 2 * self.items : 2] = keys_BN
        symbols_BT[:, 1 : 2 * self.items : 2] = values_BN
        symbols_BT[:, -1:] = keys_BN.gather(1, asked_B1)
        return self._complete(symbols_BT)

    def _complete(self, symbols_BT: Tensor) -> Batch:
        keys_BN, values_BN = symbols_BT[:, 0 : 2 * self.items : 2], symbols_BT[:, 1 : 2 * self.items : 2]
        asked_B1 = (keys_BN == symbols_BT[:, -1:]).int().argmax(dim=1, keepdim=True)
        targets_BT = torch.full_like(symbols_BT, BLANK)
        targets_BT[:, -1:] = values_BN.gather(1, asked_B1)
        scored_BT = torch.zeros(symbols_BT.shape, dtype=torch.bool)
        scored_BT[:, -1] = True
        sources: tuple[dict[int, tuple[int, ...]], ...] = tuple(
            {self.steps - 1: (2 * pair + 1,)} for (pair,) in asked_B1.tolist()
        )
        return Batch(None, targets_BT, scored_BT, symbols_BT, sources, self.input_size)

    def _check_answerable(self, symbols_BT: Tensor) -> None:
        pairs, asked = symbols_BT[0, : 2 * self.items].tolist(), int(symbols_BT[0, -1])
        if asked not in pairs[0::2]:
            raise ValueError(f"inputs[{self.steps - 1}] = {asked}: must be one of the keys {pairs[0::2]} before it")

    @property
    def default_loss_step(self) -> int:
        """The last step, where the value is asked for."""
        return self.steps - 1
