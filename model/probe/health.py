"""Is the attention of a network alive? Shares that tell of a scorer that can no longer learn (spec section 9).

Measured on a batch with one forward pass; a long sequence is measured on fewer examples, so that it stays cheap.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from sab_visualiser.model.network import Network
from sab_visualiser.model.passes.tape import Tape
from sab_visualiser.model.tasks.base import Batch

SATURATED = 0.99
"""|tanh| beyond which a unit of the scorer passes on less than 2 % of its gradient."""
NEAR_TIE = 1e-4
"""Σr, as a share of the range of the scores, below which rounding drowns the gradient on scores."""
MOST_UNITS = 4_000_000
"""Units of the scorer looked at; beyond them fewer examples are measured."""


@dataclass(frozen=True)
class Health:
    """How a batch was read; a share is None where there was nothing to have it of.

    Attributes:
        saturated: Share of the scorer's units beyond ±0.99, over all pairs of a reader and a memory; None for the
            release variant, whose scorer has no units of its own.
        dead: Share of readers, among those with a memory to read, whose weights are all exactly 0.
        near_tied: Share of the same readers whose Σr is below 1e-4 of the range of their scores (shift).
        largest_state: Largest |h| of any unit at any step.
        examples: How many examples were measured.
    """

    saturated: float | None
    dead: float | None
    near_tied: float | None
    largest_state: float
    examples: int


def health(network: Network, batch: Batch) -> Health:
    """Measure a network on a batch without touching it.

    Source: spec section 9.
    """
    steps, width = batch.steps, network.layer.weight_score.shape[0]
    pairs = max(1, steps * len(network.knobs().memory_steps(steps)) // 2)
    examples = max(1, min(len(batch.inputs), MOST_UNITS // (pairs * width)))
    with torch.no_grad():
        tape = network(batch.inputs[:examples].to(network.layer.weight_hh.device)).tape
    largest = float(tape.hidden_TBD.abs().max())
    if network.knobs().k_top == 0:
        return Health(None, None, None, largest, examples)
    return Health(*_shares(tape), largest, examples)


def _shares(tape: Tape) -> tuple[float | None, float | None, float | None]:
    """Saturated units, dead readers, near-tied readers."""
    paper, shift = tape.knobs.variant == "paper", tape.knobs.normalizer == "shift"
    readers = dead = tied = units = saturated = 0
    sources = torch.tensor(tape.memory_steps)
    for t, choice in enumerate(tape.choices):
        if choice is None:
            continue
        readers += len(choice.weights_BE)
        dead += int((choice.weights_BE == 0).all(1).sum())
        if not paper:
            continue
        memories = int((sources < t).sum())
        units_BMA = torch.tanh(tape.keys_BMA[:, :memories] + tape.queries_TBA[t].unsqueeze(1))
        units += units_BMA.numel()
        saturated += int((units_BMA.abs() > SATURATED).sum())
        if shift and choice.total_B1 is not None:
            scores_BM = units_BMA @ tape.weights.weight_score
            range_B = scores_BM.amax(1) - scores_BM.amin(1)
            tied += int((choice.total_B1.squeeze(1) < NEAR_TIE * range_B).sum())
    return (
        saturated / units if units else None,
        dead / readers if readers else None,
        tied / readers if readers and paper and shift else None,
    )
