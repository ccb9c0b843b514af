"""What tasks made of symbols share: inputs by symbol, cross-entropy at every step, accuracy where scored.

Each task draws for itself where the symbols stand in a sequence.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional

from sab_visualiser.model.contract.tasks import ALPHABET as ALPHABET
from sab_visualiser.model.tasks.base import Batch, Task

BLANK = ALPHABET
"""The symbol of a step with nothing to read, and the target of a step with nothing to say."""
MARKER = ALPHABET + 1
"""The symbol that asks for the answer."""
SYMBOL_NAMES = (*"ABCDEFGH", "·", "▸")
"""Display names of the alphabet, the blank and the marker, in the order of their numbers."""


class SymbolTask(Task):
    """A task whose inputs and targets are symbols; every step has a target and takes part in the loss."""

    kind: Literal["classes", "values"] = "classes"

    def loss_BT(self, outputs_BTC: Tensor, batch: Batch) -> Tensor:
        """Cross-entropy at every step, in nats."""
        return functional.cross_entropy(outputs_BTC.transpose(1, 2), batch.targets_BT, reduction="none")

    def loss(self, outputs_BTC: Tensor, batch: Batch) -> Tensor:
        """Mean cross-entropy over all steps and examples, in nats."""
        # Class by class, as the read-out leaves them: views there, copies for outputs in another order.
        outputs_CN = outputs_BTC.permute(2, 1, 0).flatten(1)
        targets_N = batch.targets_BT.t().flatten()
        return functional.cross_entropy(outputs_CN.unsqueeze(0), targets_N.unsqueeze(0))

    def metrics(self, outputs_BTC: Tensor, batch: Batch, loss: float | None = None) -> dict[str, float]:
        """Return `accuracy` on the scored steps (0 to 1) and `ce`, the mean over all steps (nats)."""
        hits_BT = self.predictions_BT(outputs_BTC) == batch.targets_BT
        return {
            "accuracy": float(hits_BT[batch.scored_BT].float().mean()),
            "ce": float(self.loss(outputs_BTC, batch)) if loss is None else loss,
        }

    def predictions_BT(self, outputs_BTC: Tensor) -> Tensor:
        """Return the symbol with the largest output at every step (int64)."""
        return outputs_BTC.argmax(dim=-1)

    def batch_from(self, inputs: Sequence[object]) -> Batch:
        """Make a batch of one from symbols a person chose; targets and true sources follow from them.

        Args:
            inputs: One symbol number a step.

        Raises:
            ValueError: The length is not the task's, a symbol does not exist, or the question has no answer.
        """
        if len(inputs) != self.steps:
            raise ValueError(f"inputs of {len(inputs)} steps: this {self.name} task takes {self.steps}")
        for step, symbol in enumerate(inputs):
            if isinstance(symbol, bool) or not isinstance(symbol, int) or not 0 <= symbol < self.input_size:
                raise ValueError(f"inputs[{step}] = {symbol!r}: must be a symbol from 0 to {self.input_size - 1}")
        symbols_BT = torch.tensor([inputs], dtype=torch.int64)
        self._check_answerable(symbols_BT)
        return self._complete(symbols_BT)

    @abstractmethod
    def _complete(self, symbols_BT: Tensor) -> Batch:
        """Add to input symbols what follows from them: targets and true sources."""

    def _check_answerable(self, symbols_BT: Tensor) -> None:
        """Raise ValueError where symbols that a person chose ask for something that is not there."""
        _ = symbols_BT


class SequenceTask(SymbolTask):
    """A symbol task that repeats a whole sequence at its end: `ce10` looks at those last steps alone."""

    input_size = ALPHABET + 2
    output_size = ALPHABET + 2
    symbol_names = SYMBOL_NAMES

    def metrics(self, outputs_BTC: Tensor, batch: Batch, loss: float | None = None) -> dict[str, float]:
        """Return `accuracy` and `ce10` on the repeated symbols, `ce` over all steps (nats)."""
        said_BNC, asked_BN = outputs_BTC[:, -self.items :], batch.targets_BT[:, -self.items :]
        return {
            "accuracy": float((self.predictions_BT(said_BNC) == asked_BN).float().mean()),
            "ce10": float(functional.cross_entropy(said_BNC.transpose(1, 2), asked_BN)),
            "ce": float(self.loss(outputs_BTC, batch)) if loss is None else loss,
        }

    @property
    def default_loss_step(self) -> int:
        """The step of the first repeated symbol."""
        return self.steps - self.items

    def _blank_BT(self, batch_size: int) -> Tensor:
        return torch.full((batch_size, self.steps), BLANK, dtype=torch.int64)

    def _sequence_batch(
        self, symbols_BT: Tensor, answers_BN: Tensor, true_sources: tuple[dict[int, tuple[int, ...]], ...]
    ) -> Batch:
        targets_BT = self._blank_BT(len(symbols_BT))
        targets_BT[:, -self.items :] = answers_BN
        scored_BT = torch.zeros(symbols_BT.shape, dtype=torch.bool)
        scored_BT[:, -self.items :] = True
        return Batch(None, targets_BT, scored_BT, symbols_BT, true_sources, self.input_size)
