"""The row of backend "torch"."""

from __future__ import annotations

from torch import Tensor

from sab_visualiser.model.config import Rule
from sab_visualiser.model.passes.backend import Backend, Target
from sab_visualiser.model.passes.plain.passes import NAME, backward_pass, forward_pass
from sab_visualiser.model.passes.tape import Gradients, Knobs, KnockedOut, Observer, State, Tape, Weights


class TorchBackend(Backend):
    """PyTorch's operations: any device, any floating dtype, both variants."""

    name = NAME
    words = "PyTorch's operations"

    def why_not(self, target: Target) -> str | None:
        """It runs everywhere."""
        return None

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
        """Keeps the inner states in any case."""
        return forward_pass(weights, inputs, knobs, phase, knocked_out, state=state)

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
        """Gradients on the inputs are made only when somebody asks."""
        return backward_pass(
            tape, d_hidden_BTD, d_summary_BTD, rule, observer, sum_floor=sum_floor, d_last_cell_BD=d_last_cell_BD
        )
