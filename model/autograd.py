"""Hangs a backend's two passes into torch's autograd, as one operation of the layer."""

from __future__ import annotations

from typing import Protocol, cast

import torch
from torch import Tensor
from torch.autograd.function import Function, once_differentiable

from sab_visualiser.model.backends import backward_pass, forward_pass
from sab_visualiser.model.passes.backend import Backend
from sab_visualiser.model.passes.tape import Knobs, KnockedOut, State, Tape, Weights


class Call:
    """What one call of the layer carries into and out of autograd beside tensors; after it, `tape` is there."""

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

    def set_materialize_grads(self, value: bool) -> None:
        """Whether outputs that nobody used send zeros back, or None."""


class SABFunction(Function):
    """Both passes under rule sab. Gradient: to the inputs, to the initial state and to every parameter."""

    @staticmethod
    def forward(
        ctx: Context,
        call: Call,
        inputs: Tensor,
        hidden_BD: Tensor | None,
        cell_BD: Tensor | None,
        *weights: Tensor | None,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Run the forward pass and leave its tape on `call`; h, s, and c of the last step."""
        tape = forward_pass(
            call.backend,
            Weights(*cast(tuple[Tensor, ...], weights)),
            inputs,
            call.knobs,
            call.phase,
            call.knocked_out,
            keep=call.keep,
            state=None if hidden_BD is None or cell_BD is None else State(hidden_BD, cell_BD),
        )
        call.tape = ctx.tape = tape
        ctx.sum_floor = call.sum_floor
        # Saved only so that autograd notices weights or states that were changed in place before the backward pass.
        ctx.save_for_backward(tape.hidden_TBD, tape.summary_TBD, *weights)
        ctx.set_materialize_grads(False)
        # Batch-first views of step-first storage, as torch.nn.LSTM returns them: no copy.
        return tape.hidden_TBD.transpose(0, 1), tape.summary_TBD.transpose(0, 1), tape.last_cell_BD.clone()

    @staticmethod
    @once_differentiable
    def backward(
        ctx: Context, d_hidden_BTD: Tensor | None, d_summary_BTD: Tensor | None, d_last_cell_BD: Tensor | None
    ) -> tuple[Tensor | None, ...]:
        """Run the backward pass; what nobody used arrives as None."""
        _ = ctx.saved_tensors
        tape, inputs = ctx.tape, ctx.needs_input_grad[1]
        gradients = backward_pass(
            tape,
            _given(d_hidden_BTD, tape),
            _given(d_summary_BTD, tape),
            inputs=inputs,
            sum_floor=ctx.sum_floor,
            d_last_cell_BD=d_last_cell_BD,
        )
        d_inputs_BTI = gradients.inputs_BTI if inputs else None
        return None, d_inputs_BTI, *(gradients.initial or (None, None)), *gradients.weights


def _given(d_states_BTD: Tensor | None, tape: Tape) -> Tensor:
    """What arrived at the states, or zeros."""
    return torch.zeros_like(tape.hidden_TBD).transpose(0, 1) if d_states_BTD is None else d_states_BTD
