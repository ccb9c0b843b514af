"""Pixels: read an image one pixel a step and say, at the last one, what it shows.

Row by row, or in one order that the seed `task.permuted` fixes for all images: then neighbours are far apart.

    step     0     1     2    …   T−2   T−1
    input    0.00  0.31  0.81 …   0.25  0.00
    target   –     –     –    …   –     3

A step reads how bright its pixel is, as a number from 0 to 1 a channel: brightness has an order, and one-hot inputs
would hide from the network that 0.5 lies between 0.4 and 0.6. Training draws from the images of the training part,
probes and evaluation from those of the test part. There is no true source.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional

from sab_visualiser.model.config import TaskConfig
from sab_visualiser.model.contract import data_name, pixel_order
from sab_visualiser.model.tasks.base import NO_TARGET, Batch, Task, is_number
from sab_visualiser.model.tasks.data import images_named


class PixelsTask(Task):
    """Name the class of an image; one step a pixel, one input a channel.

    Source: spec section 6.
    """

    name = "pixels"
    kind: Literal["classes", "values"] = "classes"

    def __init__(self, config: TaskConfig) -> None:
        super().__init__(config)
        self._facts, pixels_NPI, self._labels_N, self._brightest = images_named(data_name(config))
        self.shape = self._facts.shape
        self._pixels_NPI = pixels_NPI
        self._order_T = torch.tensor(pixel_order(self.steps, config.permuted))
        self.input_size, self.output_size = self._facts.shape[2], len(self._facts.classes)
        self.symbol_names = self._facts.classes

    def batch(self, batch_size: int, generator: torch.Generator) -> Batch:
        """Draw `batch_size` images of the training part."""
        return self._images(torch.randint(self._facts.training, (batch_size,), generator=generator))

    def held_out(self, count: int, size: int, generator: torch.Generator) -> Iterator[Batch]:
        """Draw images of the test part, each once."""
        order_N = torch.randperm(self._facts.test, generator=generator)[:count]
        for first in range(0, len(order_N), size):
            yield self._images(self._facts.training + order_N[first : first + size])

    def batch_from(self, inputs: Sequence[object]) -> Batch:
        """Make a batch of one from pixels a person chose; what they show is not known, so there is no target.

        Args:
            inputs: How bright each pixel is, in the order of the steps: a number from 0 to 1, or a list with one for
                each channel.

        Raises:
            ValueError: The image has another size, or a pixel is no such number.
        """
        if len(inputs) != self.steps:
            rows, columns, _ = self.shape
            raise ValueError(f"inputs of {len(inputs)} pixels: an image has {rows} × {columns}, that is {self.steps}")
        pixels = [self._pixel(step, pixel) for step, pixel in enumerate(inputs)]
        return self._complete(torch.tensor([pixels], dtype=torch.float32), torch.tensor([NO_TARGET]))

    def loss_BT(self, outputs_BTC: Tensor, batch: Batch) -> Tensor:
        """Cross-entropy at the last step, in nats, 0 before it."""
        last_B1 = functional.cross_entropy(
            outputs_BTC[:, -1], batch.targets_BT[:, -1], reduction="none", ignore_index=NO_TARGET
        ).unsqueeze(1)
        return torch.cat([outputs_BTC.new_zeros(len(last_B1), self.steps - 1), last_B1], dim=1)

    def loss(self, outputs_BTC: Tensor, batch: Batch) -> Tensor:
        """Mean cross-entropy of the answers over the examples, in nats; 0 for an image that has no label."""
        return self.loss_BT(outputs_BTC, batch)[:, -1].mean()

    def metrics(self, outputs_BTC: Tensor, batch: Batch, loss: float | None = None) -> dict[str, float]:
        """Return `accuracy`, the share of images that were named (0 to 1), and `ce` (nats)."""
        hits_B = outputs_BTC[:, -1].argmax(dim=-1) == batch.targets_BT[:, -1]
        labelled_B = batch.targets_BT[:, -1] != NO_TARGET
        return {
            "accuracy": float(hits_B[labelled_B].float().mean()),
            "ce": float(self.loss(outputs_BTC, batch)) if loss is None else loss,
        }

    def predictions_BT(self, outputs_BTC: Tensor) -> Tensor:
        """Return the class with the largest output at every step (int64); only the last one is trained."""
        return outputs_BTC.argmax(dim=-1)

    @property
    def default_loss_step(self) -> int:
        """The last step, where the class is asked for."""
        return self.steps - 1

    def _images(self, places_B: Tensor) -> Batch:
        inputs_BTI = self._pixels_NPI[places_B][:, self._order_T].float() / self._brightest
        return self._complete(inputs_BTI, self._labels_N[places_B])

    def _complete(self, inputs_BTI: Tensor, labels_B: Tensor) -> Batch:
        targets_BT = torch.full(inputs_BTI.shape[:2], NO_TARGET)
        targets_BT[:, -1] = labels_B
        scored_BT = torch.zeros(targets_BT.shape, dtype=torch.bool)
        scored_BT[:, -1] = True
        return Batch(inputs_BTI, targets_BT, scored_BT, None, ({},) * len(labels_B))

    def _pixel(self, step: int, pixel: object) -> list[float]:
        values = pixel if isinstance(pixel, list | tuple) else [pixel]
        found = [float(value) for value in values if is_number(value) and 0 <= value <= 1]
        if len(found) != len(values) or len(values) != self.input_size:
            wanted = "a number" if self.input_size == 1 else f"{self.input_size} numbers"
            raise ValueError(f"inputs[{step}] = {pixel!r}: must be {wanted} from 0 to 1")
        return found
