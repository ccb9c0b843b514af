"""The read-out y = V [h ; s] + b over all steps at once, forward and backward, in the register tiles of tiles.py.

Its products are a hundred times longer than wide, which a BLAS likes so little that they took a quarter of an update.
Deliberately not here: other devices and dtypes, and sizes that do not fill whole vectors (model/network.py falls back
to torch's own linear map there).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from sab_visualiser.model.passes.fused.compiled import Floats, kept_code
from sab_visualiser.model.passes.fused.parts import run_parts

with kept_code():
    from sab_visualiser.model.passes.fused.readout_loops import readout_gradient_part, readout_part
    from sab_visualiser.model.passes.fused.tiles import PAD, packed, padded


def fits(hidden_size: int) -> bool:
    """Whether states of this size fill whole vectors, so that no tile reaches beyond their end."""
    return hidden_size % PAD == 0


class FusedReadout(torch.autograd.Function):
    """y = V [h ; s] + b, float32 on a CPU: states step first, y class first. First order only."""

    @staticmethod
    def forward(ctx: Any, hidden_TBD: Tensor, summary_TBD: Tensor, weight_CD: Tensor, bias_C: Tensor) -> Tensor:
        """Compute y (C, T, B); `weight_CD` is V, (C, 2D)."""
        states = [np.ascontiguousarray(x.detach().numpy()) for x in (hidden_TBD, summary_TBD)]
        steps, batch, size = states[0].shape
        of_hidden, of_summary = np.split(weight_CD.detach().numpy(), 2, axis=1)
        bias = np.zeros(padded(len(bias_C)), np.float32)
        bias[: len(bias_C)] = bias_C.detach().numpy()
        outputs_CN = np.empty((len(bias_C), steps * batch), np.float32)
        shared = (*(x.reshape(-1, size) for x in states), packed(of_hidden.T), packed(of_summary.T), bias, outputs_CN)
        run_parts(readout_part, steps * batch, lambda: shared)
        ctx.save_for_backward(hidden_TBD, summary_TBD, weight_CD)
        return torch.from_numpy(outputs_CN).view(-1, steps, batch)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, d_outputs_CTB: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """∂L/∂h, ∂L/∂s, ∂L/∂V, ∂L/∂b."""
        hidden_TBD, summary_TBD, weight_CD = ctx.saved_tensors
        states = [np.ascontiguousarray(x.detach().numpy()) for x in (hidden_TBD, summary_TBD)]
        shape = states[0].shape
        classes, size = weight_CD.shape[0], shape[2]
        d_outputs_CN = np.ascontiguousarray(d_outputs_CTB.detach().numpy()).reshape(classes, -1)
        of_hidden, of_summary = np.split(weight_CD.detach().numpy(), 2, axis=1)
        d_hidden_ND, d_summary_ND = np.empty((2, shape[0] * shape[1], size), np.float32)
        shared = (
            *(d_outputs_CN, *(x.reshape(-1, size) for x in states), packed(of_hidden), packed(of_summary)),
            *(d_hidden_ND, d_summary_ND),
        )
        sums: list[tuple[Floats, Floats, Floats]] = []

        def arguments() -> tuple[Any, ...]:
            one, two, three = (np.zeros(count, np.float32) for count in (classes * size, classes * size, classes))
            sums.append((one, two, three))
            return (*shared, *sums[-1])

        run_parts(readout_gradient_part, len(d_hidden_ND), arguments)
        d_of_hidden, d_of_summary, d_bias = (sum(arrays[1:], arrays[0]) for arrays in zip(*sums, strict=True))
        d_weight = np.concatenate([d_of_hidden.reshape(classes, size), d_of_summary.reshape(classes, size)], axis=1)
        d_hidden, d_summary = (torch.from_numpy(array.reshape(shape)) for array in (d_hidden_ND, d_summary_ND))
        return d_hidden, d_summary, torch.from_numpy(d_weight), torch.from_numpy(d_bias)
