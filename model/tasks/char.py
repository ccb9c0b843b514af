"""Next character: read a piece of a text and say, at every character, the one that follows.

A sequence begins anywhere; unless `task.carry` is set, the network knows nothing of what stands before it:

    step     0  1  2  3  4  …  T−1
    input    W  h  o  '  s  …   e
    target   h  o  '  s  ␣  …   ?

Training draws from the first nine tenths of the text, wherever a sequence fits. Probes and evaluation read the last
tenth, which no update ever sees, in sequences that follow one another without an overlap. There is no true source.

With `task.carry` a training reads on: row b of a batch has a place of its own in the text, and each update reads the
next T characters from there. Only the state goes on, memories do not (model/training/reading.py).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional

from sab_visualiser.model.config import TaskConfig
from sab_visualiser.model.contract import data_name
from sab_visualiser.model.contract.data import symbol_names
from sab_visualiser.model.tasks.base import NO_TARGET, Batch, Task
from sab_visualiser.model.tasks.data import text_named

STREAMS = 8
"""Streams in which the held-out part is read where the state is carried: each begins once with nothing."""


class CharTask(Task):
    """Predict the next character of a text; length T, one-hot over the alphabet of the text.

    Source: spec section 6.
    """

    name = "char"
    kind: Literal["classes", "values"] = "classes"

    def __init__(self, config: TaskConfig) -> None:
        super().__init__(config)
        self._facts, self._symbols_N = text_named(data_name(config))
        self.input_size = self.output_size = len(self._facts.symbols)
        self.symbol_names = symbol_names(self._facts.symbols)
        self._places = {symbol: place for place, symbol in enumerate(self._facts.symbols)}

    def batch(self, batch_size: int, generator: torch.Generator) -> Batch:
        """Draw `batch_size` pieces of the part that training reads."""
        return self._pieces(torch.randint(self._facts.training - self.steps, (batch_size,), generator=generator))

    def held_out(self, count: int, size: int, generator: torch.Generator) -> Iterator[Batch]:
        """Draw pieces of the held-out part, each once."""
        order_N = torch.randperm(self._facts.held_out(self.steps), generator=generator)[:count]
        for first in range(0, len(order_N), size):
            yield self._pieces(self._facts.training + order_N[first : first + size] * self.steps)

    def following(self, batch_size: int, update: int, seed: int) -> tuple[Batch, Tensor]:
        """The windows that are read after `update` updates where the state is carried.

        The rows begin at places that divide the part that training reads evenly, shifted by a number drawn from `seed`.
        Each reads window after window; where no further one fits, it begins anew within the first T characters.

        Args:
            batch_size: Rows, ≥ 1.
            update: Updates before, ≥ 0.
            seed: Of the shift.

        Returns:
            The windows, and whether each row begins anew (B,), with no state from before.
        """
        characters = self._facts.training
        shift = int(torch.randint(characters, (), generator=torch.Generator().manual_seed(seed)))
        begins_B = (shift + torch.arange(batch_size) * characters // batch_size) % characters
        first_B = begins_B % min(self.steps, characters - self.steps)
        windows_B = (characters - 1 - first_B) // self.steps
        window_B = (begins_B // self.steps + update) % windows_B
        return self._pieces(first_B + window_B * self.steps), (window_B == 0) | (update == 0)

    def examined(self, count: int, size: int, generator: torch.Generator) -> Iterator[Batch]:
        """As `held_out`; where the state is carried, `STREAMS` streams of windows that follow one another.

        Batch j holds window j of each stream; the streams divide neighbouring windows of the held-out part, each read
        once, and the last stream may be shorter.
        """
        if not self.config.carry:
            yield from self.held_out(count, size, generator)
            return
        there = self._facts.held_out(self.steps)
        count = min(count, there)
        begin = int(torch.randint(there - count + 1, (), generator=generator))
        long = math.ceil(count / min(STREAMS, size))
        for place in range(long):
            yield self._pieces(self._facts.training + (begin + torch.arange(place, count, long)) * self.steps)

    def batch_from(self, inputs: Sequence[object]) -> Batch:
        """Make a batch of one from a text a person chose; the target of the last character is not known.

        Args:
            inputs: From 2 to T characters, each as itself or as its place in the alphabet.

        Raises:
            ValueError: It is too short or too long, or the text of this network does not have one of the characters.
        """
        if not 2 <= len(inputs) <= self.steps:
            raise ValueError(f"inputs of {len(inputs)} characters: this char task takes 2 … {self.steps}")
        symbols_BT = torch.tensor([[self._place(step, symbol) for step, symbol in enumerate(inputs)]])
        targets_BT = torch.cat([symbols_BT[:, 1:], torch.full((1, 1), NO_TARGET)], dim=1)
        return self._complete(symbols_BT, targets_BT)

    def loss_BT(self, outputs_BTC: Tensor, batch: Batch) -> Tensor:
        """Cross-entropy at every step, in nats; 0 where a step has no target."""
        return functional.cross_entropy(
            outputs_BTC.transpose(1, 2), batch.targets_BT, reduction="none", ignore_index=NO_TARGET
        )

    def loss(self, outputs_BTC: Tensor, batch: Batch) -> Tensor:
        """Mean cross-entropy over all steps and examples, in nats."""
        outputs_CN = outputs_BTC.permute(2, 1, 0).flatten(1)
        targets_N = batch.targets_BT.t().flatten()
        return functional.cross_entropy(outputs_CN.unsqueeze(0), targets_N.unsqueeze(0), ignore_index=NO_TARGET)

    def metrics(self, outputs_BTC: Tensor, batch: Batch, loss: float | None = None) -> dict[str, float]:
        """Return `bpc`, bits per character, and `accuracy`, the share of characters that were said (0 to 1)."""
        nats = float(self.loss(outputs_BTC, batch)) if loss is None else loss
        hits_BT = self.predictions_BT(outputs_BTC) == batch.targets_BT
        return {"bpc": nats / math.log(2), "accuracy": float(hits_BT[batch.scored_BT].float().mean())}

    def predictions_BT(self, outputs_BTC: Tensor) -> Tensor:
        """Return the character with the largest output at every step (int64)."""
        return outputs_BTC.argmax(dim=-1)

    @property
    def default_loss_step(self) -> int:
        """The last step, which has all the others behind it."""
        return self.steps - 1

    def _pieces(self, first_B: Tensor) -> Batch:
        piece_BT = self._symbols_N[first_B.unsqueeze(1) + torch.arange(self.steps + 1)].long()
        return self._complete(piece_BT[:, :-1].contiguous(), piece_BT[:, 1:].contiguous())

    def _complete(self, symbols_BT: Tensor, targets_BT: Tensor) -> Batch:
        scored_BT = targets_BT != NO_TARGET
        return Batch(None, targets_BT, scored_BT, symbols_BT, ({},) * len(symbols_BT), self.input_size)

    def _place(self, step: int, symbol: object) -> int:
        if isinstance(symbol, str) and symbol in self._places:
            return self._places[symbol]
        if isinstance(symbol, int) and not isinstance(symbol, bool) and 0 <= symbol < self.input_size:
            return symbol
        if isinstance(symbol, str):
            raise ValueError(
                f"inputs[{step}] = {symbol!r}: the network never saw this character; write one of"
                f" {''.join(self.symbol_names)}"
            )
        last = self.input_size - 1
        raise ValueError(f"inputs[{step}] = {symbol!r}: must be a character, or its place from 0 to {last}")
