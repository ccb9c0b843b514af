"""Whether the walks give right numbers on a device: small layers through both passes, beside PyTorch's operations.

A compiler, a driver or a card of which nobody here has heard shows itself before a network learns from it.
"""

from __future__ import annotations

import torch
from torch import Tensor

from sab_visualiser.model.passes.plain import passes as plain
from sab_visualiser.model.passes.tape import Gradients, Knobs, Tape, Weights
from sab_visualiser.model.passes.triton import passes

TOLERANCE = 1e-3
"""Relative to the largest number of each tensor; softmax, whose gradient does not amplify rounding."""
BATCH, STEPS, INPUTS, ATTENTION = 3, 7, 2, 8
SIZES = (16, 72)
"""D of a layer whose W_hh is held in registers, and of one whose is streamed."""
KNOBS = Knobs(k_top=2, k_trunc=3, k_att=1, normalizer="softmax")


def wrong_number(device: torch.device) -> str | None:
    """Which number differs from that of PyTorch's operations, in one line; None when none does."""
    return next(filter(None, (_wrong_at(device, hidden) for hidden in SIZES)), None)


def _wrong_at(device: torch.device, hidden: int) -> str | None:
    weights, inputs, d_hidden_BTD, d_summary_BTD = _case(device, hidden)
    ours, theirs = (room.forward_pass(weights, inputs, KNOBS) for room in (passes, plain))
    back = (d_hidden_BTD, d_summary_BTD)
    found = _named(ours, passes.backward_pass(ours, *back))
    for name, expected in _named(theirs, plain.backward_pass(theirs, *back)).items():
        difference = float((found[name] - expected).abs().max() / expected.abs().max().clamp(min=1e-6))
        if not difference <= TOLERANCE:
            return f"a small layer gives a wrong number here: {name} is off by {difference:.1e} of its largest"
    return None


def _case(device: torch.device, hidden: int) -> tuple[Weights, Tensor, Tensor, Tensor]:
    """Weights, inputs, and gradients on states and summaries; drawn on the CPU, so that they are the same anywhere."""
    generator = torch.Generator().manual_seed(1)

    def drawn(*shape: int) -> Tensor:
        return (torch.rand(shape, generator=generator) - 0.5).to(device)

    gates = 4 * hidden
    weights = Weights(
        weight_ih=drawn(gates, INPUTS),
        weight_hh=drawn(gates, hidden),
        bias_ih=drawn(gates),
        bias_hh=drawn(gates),
        weight_score=drawn(ATTENTION),
        weight_key=drawn(ATTENTION, hidden),
        weight_query=drawn(ATTENTION, hidden),
    )
    states = (BATCH, STEPS, hidden)
    return weights, drawn(BATCH, STEPS, INPUTS), drawn(*states), drawn(*states)


def _named(tape: Tape, gradients: Gradients) -> dict[str, Tensor]:
    """States, summaries and gradients by name."""
    found = {"hidden": tape.hidden_TBD, "summary": tape.summary_TBD}
    return found | {name: one for name, one in gradients.weights._asdict().items() if one is not None}
