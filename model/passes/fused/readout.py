"""The read-out y = V [h ; s] + b over all steps at once, forward and backward, in the register tiles of tiles.py.

Its products are a hundred times longer than wide, which a BLAS likes so little that they took a quarter of an update.
Where a size does not fill whole vectors, model/network.py falls back to torch's own linear map.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from sab_visualiser.model.passes.fused.kernels.compiled import Floats, kept_code
from sab_visualiser.model.passes.fused.threads import run_parts

with kept_code():
    from sab_visualiser.model.passes.fused.kernels.arrays import Halves, ReadoutHalves, ReadoutSums
    from sab_visualiser.model.passes.fused.kernels.readout_loops import readout_gradient_part, readout_part
    from sab_visualiser.model.passes.fused.kernels.tiles import PAD, packed, padded


def fits(hidden_size: int) -> bool:
    """Whether states of this size fill whole vectors, so that no tile reaches beyond their end."""
    return hidden_size % PAD == 0


def rows_of(states_TBD: Tensor) -> Floats:
    """The numbers as (T·B, D)."""
    return np.ascontiguousarray(states_TBD.detach().numpy()).reshape(-1, states_TBD.shape[2])


class Context(Protocol):
    """What torch hands from the forward to the backward pass of an operation."""

    saved_tensors: tuple[Tensor, Tensor, Tensor]

    def save_for_backward(self, *tensors: Tensor) -> None:
        """Keep tensors for the way back."""


class FusedReadout(torch.autograd.Function):
    """y = V [h ; s] + b, float32 on a CPU: states step first, y class first. First order only."""

    @staticmethod
    def forward(ctx: Context, hidden_TBD: Tensor, summary_TBD: Tensor, weight_CD: Tensor, bias_C: Tensor) -> Tensor:
        """Compute y (C, T, B); `weight_CD` is V, (C, 2D)."""
        steps, batch, _ = hidden_TBD.shape
        states = Halves(rows_of(hidden_TBD), rows_of(summary_TBD))
        matrix = ReadoutHalves(*(packed(half.T) for half in np.split(weight_CD.detach().numpy(), 2, axis=1)))
        bias = np.zeros(padded(len(bias_C)), np.float32)
        bias[: len(bias_C)] = bias_C.detach().numpy()
        outputs_CN = np.empty((len(bias_C), steps * batch), np.float32)
        run_parts(readout_part, steps * batch, lambda: (states, matrix, bias, outputs_CN))
        ctx.save_for_backward(hidden_TBD, summary_TBD, weight_CD)
        return torch.from_numpy(outputs_CN).view(-1, steps, batch)

    @staticmethod
    @once_differentiable
    def backward(ctx: Context, d_outputs_CTB: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """∂L/∂h, ∂L/∂s, ∂L/∂V, ∂L/∂b."""
        hidden_TBD, summary_TBD, weight_CD = ctx.saved_tensors
        states, shape = Halves(rows_of(hidden_TBD), rows_of(summary_TBD)), hidden_TBD.shape
        matrix = ReadoutHalves(*(packed(half) for half in np.split(weight_CD.detach().numpy(), 2, axis=1)))
        classes, size = weight_CD.shape[0], shape[2]
        d_outputs_CN = np.ascontiguousarray(d_outputs_CTB.detach().numpy()).reshape(classes, -1)
        d_states = Halves(*np.empty((2, *states.hidden.shape), np.float32))
        sums: list[ReadoutSums] = []

        def sums_of_a_part() -> ReadoutSums:
            sums.append(ReadoutSums(*(np.zeros(n, np.float32) for n in (classes * size, classes * size, classes))))
            return sums[-1]

        run_parts(
            readout_gradient_part,
            len(states.hidden),
            lambda: (d_outputs_CN, states, matrix, d_states, sums_of_a_part()),
        )
        d_of_hidden, d_of_summary, d_bias = (sum(arrays[1:], arrays[0]) for arrays in zip(*sums, strict=True))
        d_weight = np.concatenate([d_of_hidden.reshape(classes, size), d_of_summary.reshape(classes, size)], axis=1)
        d_hidden, d_summary = (torch.from_numpy(array.reshape(shape)) for array in d_states)
        return d_hidden, d_summary, torch.from_numpy(d_weight), torch.from_numpy(d_bias)
