"""Hangs a backend's two passes into torch's autograd, as one operation of the layer."""

from __future__ import annotations

from typing import Protocol, cast

from torch import Tensor
from torch.autograd.function import Function, once_differentiable

from sab_visualiser.model.backends import backward_pass, forward_pass
from sab_visualiser.model.passes.backend import Backend
from sab_visualiser.model.passes.tape import Knobs, KnockedOut, Tape, Weights


class Call:
    """What one call of the layer carries into and out of autograd beside tensors."""

    def __init__(
        self, backend: Backend, knobs: Knobs, phase: int, knocked_out: KnockedOut, *, keep: bool, sum_floor: float
    ) -> None:
        self.backend, self.knobs, self.phase, self.knocked_out = backend, knobs, phase, knocked_out
        self.keep, self.sum_floor = keep, sum_floor
        self.tape: Tape | None = None


class Context(Protocol):
    """What torch hands from the forward to the backward pass of an operation."""

    tape: Tape
    sum_floor: float
    saved_tensors: tuple[Tensor, ...]
    needs_input_grad: tuple[bool, ...]

    def save_for_backward(self, *tensors: Tensor | None) -> None:
        """Watch tensors for changes in place."""


class SABFunction(Function):
    """Both passes under rule sab. Gradient: to the inputs and to every parameter."""

    @staticmethod
    def forward(ctx: Context, call: Call, inputs_BTI: Tensor, *weights: Tensor | None) -> tuple[Tensor, Tensor]:
        """Run the forward pass and leave its tape on `call`."""
        tape = forward_pass(
            call.backend,
            Weights(*cast(tuple[Tensor, ...], weights)),
            inputs_BTI,
            call.knobs,
            call.phase,
            call.knocked_out,
            keep=call.keep,
        )
        call.tape = ctx.tape = tape
        ctx.sum_floor = call.sum_floor
        # Saved only so that autograd notices weights or states that were changed in place before the backward pass.
        ctx.save_for_backward(tape.hidden_TBD, tape.summary_TBD, *weights)
        # Batch-first views of step-first storage, as torch.nn.LSTM returns them: no copy.
        return tape.hidden_TBD.transpose(0, 1), tape.summary_TBD.transpose(0, 1)

    @staticmethod
    @once_differentiable
    def backward(ctx: Context, d_hidden_BTD: Tensor, d_summary_BTD: Tensor) -> tuple[Tensor | None, ...]:
        """Run the backward pass."""
        _ = ctx.saved_tensors
        inputs = ctx.needs_input_grad[1]
        gradients = backward_pass(ctx.tape, d_hidden_BTD, d_summary_BTD, inputs=inputs, sum_floor=ctx.sum_floor)
        return None, gradients.inputs_BTI if inputs else None, *gradients.weights
