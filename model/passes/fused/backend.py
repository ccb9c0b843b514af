"""The row of backend "numba". Nothing here loads Numba before somebody asks whether it works."""

from __future__ import annotations

import os
from functools import cache, partial

import torch
from torch import Tensor

from sab_visualiser.model.config import Rule
from sab_visualiser.model.passes.backend import Backend, ReadOut, Target
from sab_visualiser.model.passes.tape import Gradients, Knobs, KnockedOut, Observer, State, Tape, Weights


@cache
def why_no_numba() -> str | None:
    """Why the fused loops cannot run here, in one line; None when they can. SAB_BACKEND=torch switches them off."""
    if os.environ.get("SAB_BACKEND") == "torch":
        return "switched off by SAB_BACKEND=torch"
    try:
        from sab_visualiser.model.passes.fused import check  # costs half a second: only when asked for

        if check.switched_off():
            return "NUMBA_DISABLE_JIT is set: unset it"
        if check.double(21) != 42:
            return "a compiled function gives a wrong number"
        from sab_visualiser.model.passes.fused import passes  # noqa: F401
    except Exception as error:  # a broken installation raises whatever it likes
        return " ".join(f"{type(error).__name__}: {error}".split())
    return None


class NumbaBackend(Backend):
    """Compiled loops for float32 on a CPU, the paper's variant."""

    name = "numba"
    words = "fused loops"

    def why_not(self, target: Target) -> str | None:
        """What does not suit; for a target that suits, what is wrong with this installation."""
        if target.dtype != torch.float32:
            return f"its loops are for float32, the weights are {target.dtype}"
        if target.device != "cpu":
            return f"its loops run on the CPU, the weights are on {target.device}"
        if target.variant != "paper":
            return "its loops know the paper's variant only"
        return why_no_numba()

    def forward(
        self,
        weights: Weights,
        inputs: Tensor,
        knobs: Knobs,
        phase: int = 0,
        knocked_out: KnockedOut | None = None,
        *,
        keep: bool = True,
        state: State | None = None,
    ) -> Tape:
        """One call of the loops for each thread."""
        from sab_visualiser.model.passes.fused import passes

        return passes.forward_pass(weights, inputs, knobs, phase, knocked_out, keep=keep, state=state)

    def backward(
        self,
        tape: Tape,
        d_hidden_BTD: Tensor,
        d_summary_BTD: Tensor,
        rule: Rule = "sab",
        observer: Observer | None = None,
        *,
        inputs: bool = True,
        sum_floor: float = 0.0,
        d_last_cell_BD: Tensor | None = None,
    ) -> Gradients:
        """One call of the loops for each thread; gradients on the gates are kept only for ∂L/∂inputs."""
        from sab_visualiser.model.passes.fused import passes

        back = partial(passes.backward_pass, inputs=inputs, sum_floor=sum_floor, d_last_cell_BD=d_last_cell_BD)
        return back(tape, d_hidden_BTD, d_summary_BTD, rule, observer)

    def observe(self, tape: Tape, d_hidden_BTD: Tensor, d_summary_BTD: Tensor, rule: Rule, observer: Observer) -> None:
        """No gradient of a weight is computed."""
        from sab_visualiser.model.passes.fused import passes

        passes.observe(tape, d_hidden_BTD, d_summary_BTD, rule, observer)

    def read_out(self, weights: Weights) -> ReadOut | None:
        """In register tiles, where states fill whole vectors."""
        from sab_visualiser.model.passes.fused.readout import FusedReadout, fits

        apply: ReadOut = FusedReadout.apply
        return apply if fits(weights.weight_hh.shape[1]) else None
