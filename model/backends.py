"""Which code runs a pass: backend "torch" (any device, any dtype) or the fused loops of backend "numba".

"auto" takes the fused loops for float32 on a CPU in the paper's variant when Numba works, else "torch". Whatever wrote
a tape also goes back over it. Deliberately not here: the passes themselves (passes/plain, passes/fused).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from typing import Any, Literal, get_args

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from sab_visualiser.model.config import Rule, require_choice
from sab_visualiser.model.passes.plain import passes as reference
from sab_visualiser.model.passes.tape import Gradients, Knobs, KnockedOut, Observer, Tape, Weights

Backend = Literal["auto", "torch", "numba"]


@cache
def why_no_numba() -> str | None:
    """Why the fused loops cannot run here, in one line; None when they can. SAB_BACKEND=torch switches them off."""
    if os.environ.get("SAB_BACKEND") == "torch":
        return "switched off by SAB_BACKEND=torch"
    try:
        from sab_visualiser.model.passes.fused import check as numba_probe  # costs half a second: only when asked for

        if numba_probe.double(21) != 42:
            return "a compiled function gives a wrong number"
        from sab_visualiser.model.passes.fused import passes as fused  # noqa: F401
    except Exception as error:  # a broken installation raises whatever it likes
        return " ".join(f"{type(error).__name__}: {error}".split())
    return None


def resolve_backend(backend: str, weights: Weights | None = None) -> Literal["torch", "numba"]:
    """Which backend a name stands for.

    Args:
        backend: `auto`, `torch` or `numba`.
        weights: What it shall run on; None asks for float32 on a CPU in the paper's variant.

    Raises:
        ValueError: The name is unknown, or `numba` was asked for by name where it cannot run.
    """
    require_choice("backend", backend, get_args(Backend))
    if backend == "torch":
        return "torch"
    reason = why_not_fused(weights)
    if reason is None:
        return "numba"
    if backend == "numba":
        raise ValueError(f"backend = 'numba': {reason}; use 'auto' or 'torch'")
    return "torch"


def why_not_fused(weights: Weights | None = None) -> str | None:
    """Why the fused loops do not run on these weights (None: on any), in one line; None when they do."""
    return _unsuited(weights) or why_no_numba()


def _unsuited(weights: Weights | None) -> str | None:
    if weights is None:
        return None
    if weights.weight_hh.dtype != torch.float32:
        return f"its loops are for float32, the weights are {weights.weight_hh.dtype}"
    if weights.weight_hh.device.type != "cpu":
        return f"its loops run on the CPU, the weights are on {weights.weight_hh.device}"
    return "its loops know the paper's variant only" if weights.weight_key is None else None


def forward_pass(
    backend: Literal["torch", "numba"],
    weights: Weights,
    inputs_BTI: Tensor,
    knobs: Knobs,
    phase: int = 0,
    knocked_out: KnockedOut | None = None,
    *,
    keep: bool = True,
) -> Tape:
    """Run the network over a batch with the given backend; see `sab_visualiser.model.passes.plain.passes.forward_pass`.

    `keep=False` lets backend "numba" forget the inner states as it goes; nobody can go back over such a tape.
    """
    if backend == "numba":
        from sab_visualiser.model.passes.fused import passes as fused

        return fused.forward_pass(weights, inputs_BTI, knobs, phase, knocked_out, keep=keep)
    return reference.forward_pass(weights, inputs_BTI, knobs, phase, knocked_out)


def backward_pass(
    tape: Tape,
    d_hidden_BTD: Tensor,
    d_summary_BTD: Tensor,
    rule: Rule = "sab",
    observer: Observer | None = None,
    *,
    inputs: bool = True,
) -> Gradients:
    """Send gradients back over a tape with the backend that wrote it; see passes/plain/passes.py.

    `inputs=False` promises that nobody will ask for ∂L/∂inputs.
    """
    if tape.fused is not None:
        from sab_visualiser.model.passes.fused import passes as fused

        return fused.backward_pass(tape, d_hidden_BTD, d_summary_BTD, rule, observer, inputs=inputs)
    return reference.backward_pass(tape, d_hidden_BTD, d_summary_BTD, rule, observer)


def observe(tape: Tape, d_hidden_BTD: Tensor, d_summary_BTD: Tensor, rule: Rule, observer: Observer) -> None:
    """As `backward_pass`, for the observer alone."""
    if tape.fused is not None:
        from sab_visualiser.model.passes.fused import passes as fused

        fused.observe(tape, d_hidden_BTD, d_summary_BTD, rule, observer)
    else:
        reference.backward_pass(tape, d_hidden_BTD, d_summary_BTD, rule, observer)


def fused_readout(backend: str, weights: Weights) -> Callable[..., Tensor] | None:
    """The read-out in register tiles, (h, s, V, b) → y (C, T, B), states step first; None where weights do not suit."""
    if resolve_backend(backend, weights) != "numba":
        return None
    from sab_visualiser.model.passes.fused.readout import FusedReadout, fits

    return FusedReadout.apply if fits(weights.weight_hh.shape[1]) else None


class Call:
    """What one call of the layer carries into and out of autograd beside tensors."""

    def __init__(
        self, backend: Literal["torch", "numba"], knobs: Knobs, phase: int, knocked_out: KnockedOut, keep: bool
    ) -> None:
        self.backend, self.knobs, self.phase, self.knocked_out, self.keep = backend, knobs, phase, knocked_out, keep
        self.tape: Tape | None = None


class SABFunction(torch.autograd.Function):
    """Hangs both passes into autograd, under rule sab. Gradient: to the inputs and to every parameter."""

    @staticmethod
    def forward(ctx: Any, call: Call, inputs_BTI: Tensor, *weights: Tensor | None) -> tuple[Tensor, Tensor]:
        """Run `forward_pass` and leave its tape on `call`."""
        tape = forward_pass(
            call.backend,
            Weights(*weights),  # type: ignore[arg-type]
            inputs_BTI,
            call.knobs,
            call.phase,
            call.knocked_out,
            keep=call.keep,
        )
        call.tape = ctx.tape = tape
        # Saved only so that autograd notices weights or states that were changed in place before the backward pass.
        ctx.save_for_backward(tape.hidden_TBD, tape.summary_TBD, *weights)
        # Batch-first views of step-first storage, as torch.nn.LSTM returns them: no copy.
        return tape.hidden_TBD.transpose(0, 1), tape.summary_TBD.transpose(0, 1)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, d_hidden_BTD: Tensor, d_summary_BTD: Tensor) -> tuple[Tensor | None, ...]:
        """Run `backward_pass` under rule sab."""
        _ = ctx.saved_tensors
        gradients = backward_pass(ctx.tape, d_hidden_BTD, d_summary_BTD, inputs=ctx.needs_input_grad[1])
        return None, gradients.inputs_BTI if ctx.needs_input_grad[1] else None, *gradients.weights
