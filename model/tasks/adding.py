"""Adding: a stream of numbers, two of them marked; say their sum at the end.

The first mark stands in the first half of the sequence (steps 0 … T//2 − 1), the second in the second half:

    step       0     1     2   …  T//2  …        T−1
    value     0.31  0.88  0.05 …  0.47  0.62 …  0.20
    mark       0     1     0   …   0     1   …   0
    target     –     –     –   …   –     –   …  1.50
    source                                      1 and the step of 0.62

Always saying 1 costs a mean squared error of 1/6.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import torch
from torch import Tensor

from sab_visualiser.model.tasks.base import Batch, Task, is_number


class AddingTask(Task):
    """Add the two marked of T numbers in [0, 1); length T, two input channels (value, mark).

    Source: spec section 6.
    """

    name = "adding"
    kind: Literal["classes", "values"] = "values"
    input_size = 2
    output_size = 1

    def batch(self, batch_size: int, generator: torch.Generator) -> Batch:
        """Draw `batch_size` fresh sequences."""
        half = self.steps // 2
        values_BT = torch.rand(batch_size, self.steps, generator=generator)
        first_B1 = torch.randint(half, (batch_size, 1), generator=generator)
        second_B1 = half + torch.randint(self.steps - half, (batch_size, 1), generator=generator)
        marked_B2 = torch.cat([first_B1, second_B1], dim=1)
        marks_BT = torch.zeros(batch_size, self.steps).scatter_(1, marked_B2, 1.0)

        return self._complete(torch.stack([values_BT, marks_BT], dim=2))

    def batch_from(self, inputs: Sequence[object]) -> Batch:
        """Make a batch of one from numbers a person chose; target and true sources follow from them.

        Args:
            inputs: One pair (value, mark) a step; the mark is 1 at two steps, 0 elsewhere.

        Raises:
            ValueError: The length is not the task's, an entry is no such pair, or the marks are not two.
        """
        if len(inputs) != self.steps:
            raise ValueError(f"inputs of {len(inputs)} steps: this adding task takes {self.steps}")
        for step, pair in enumerate(inputs):
            if not isinstance(pair, list | tuple) or len(pair) != 2 or not all(map(is_number, pair)):
                raise ValueError(f"inputs[{step}] = {pair!r}: must be a pair of finite numbers, value and mark")
            if pair[1] not in (0, 1):
                raise ValueError(f"inputs[{step}] = {pair!r}: the mark must be 0 or 1")
        inputs_BTI = torch.tensor([inputs], dtype=torch.float32)
        marks = int(inputs_BTI[..., 1].sum())
        if marks != 2:
            raise ValueError(f"inputs have {marks} marks: adding sums exactly two numbers")
        return self._complete(inputs_BTI)

    def _complete(self, inputs_BTI: Tensor) -> Batch:
        """Add to the inputs what follows from them: targets and true sources."""
        values_BT, marks_BT = inputs_BTI.unbind(dim=2)
        marked_B2 = marks_BT.nonzero()[:, 1].view(-1, 2)
        targets_BT = torch.full_like(values_BT, torch.nan)
        targets_BT[:, -1] = values_BT.gather(1, marked_B2).sum(dim=1)
        scored_BT = torch.zeros(values_BT.shape, dtype=torch.bool)
        scored_BT[:, -1] = True
        sources: tuple[dict[int, tuple[int, ...]], ...] = tuple(
            {self.steps - 1: (first, second)} for first, second in marked_B2.tolist()
        )
        return Batch(inputs_BTI, targets_BT, scored_BT, None, sources)

    def loss_BT(self, outputs_BTC: Tensor, batch: Batch) -> Tensor:
        """Squared error at the last step, 0 before it."""
        error_B1 = outputs_BTC[:, -1] - batch.targets_BT[:, -1:]
        silent_BT = outputs_BTC.new_zeros(len(error_B1), self.steps - 1)
        return torch.cat([silent_BT, error_B1.square()], dim=1)

    def loss(self, outputs_BTC: Tensor, batch: Batch) -> Tensor:
        """Mean squared error of the sum over the examples."""
        return (outputs_BTC[:, -1, 0] - batch.targets_BT[:, -1]).square().mean()

    def metrics(self, outputs_BTC: Tensor, batch: Batch, loss: float | None = None) -> dict[str, float]:
        """Return `mse`, the mean squared error of the sum."""
        return {"mse": float(self.loss(outputs_BTC, batch)) if loss is None else loss}

    def predictions_BT(self, outputs_BTC: Tensor) -> Tensor:
        """Return the value the network says at every step; only the last one is trained."""
        return outputs_BTC[..., 0]

    @property
    def default_loss_step(self) -> int:
        """The last step, where the sum is asked for."""
        return self.steps - 1
