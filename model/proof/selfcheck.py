"""The identities of spec section 3, measured on the weights at hand: proof that a picture can be trusted.

Everything runs in float64 on copies on the CPU; the network is never touched. What a difference is relative to is the
largest number on the expected side.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from sab_visualiser.model.config import Rule
from sab_visualiser.model.network import Network
from sab_visualiser.model.passes.plain.passes import backward_pass, forward_pass
from sab_visualiser.model.passes.plain.selection import PAPER_EPSILON
from sab_visualiser.model.passes.tape import Knobs, StepGradient, Tape, Weights
from sab_visualiser.model.proof.witness import dense_forward
from sab_visualiser.model.tasks.base import Batch, Task

TOLERANCE = 1e-6
"""Largest relative difference that float64 may show (spec section 3)."""


@dataclass(frozen=True)
class Identity:
    """One statement, and how far the weights at hand are from it."""

    name: str
    statement: str
    difference: float
    tolerance: float = TOLERANCE

    @property
    def holds(self) -> bool:
        """Whether the difference is within the tolerance; a difference that is not a number is not."""
        return self.difference <= self.tolerance


class SelfCheck:
    """All identities of one network on one example.

    Args:
        network: Any network; it is copied.
        task: Its task.
        batch: A batch; example 0 is used.
    """

    def __init__(self, network: Network, task: Task, batch: Batch) -> None:
        self._network = copy.deepcopy(network).cpu().double().requires_grad_(False)
        self._task = task
        one = batch.example(0)
        self._inputs = one.inputs_BTI.double()
        self._batch = one
        self._weights = self._network.layer.weights()
        self._knobs = self._network.knobs()

    def identities(self) -> list[Identity]:
        """Measure them all; a second or two for the longest sequences."""
        return list(self._measure())

    def _measure(self) -> Iterator[Identity]:
        k = self._knobs
        no_memory, no_cut = replace(k, k_top=0), replace(k, k_trunc=None)
        yield Identity(
            "oracle", "backend = dense loop under autograd: states and all gradients", self._against_dense(k)
        )
        lstm = replace(k, k_top=0, k_trunc=None)
        yield Identity("lstm", "k_top = 0 without cuts = torch.nn.LSTM: states and gradients", self._against_lstm(lstm))
        statement = "k_top = 0: rule sab = rule truncated"
        yield Identity("sab-truncated", statement, self._between_rules(no_memory, "sab", "truncated"))
        yield Identity("sab-full", "no cut: rule sab = rule full", self._between_rules(no_cut, "sab", "full"))
        arrivals = "read-out + local edge + skip edges = ∂L/∂h at every step, as vectors"
        yield Identity("arrivals", arrivals, self._arrivals(k))
        yield Identity("causality", "changing x_t changes nothing before t", self._causality(k), 0.0)
        if k.variant == "paper":
            sums = "attention weights are ≥ 0 and sum to Σr / (Σr + 1e-8)"
            yield Identity("weights", sums, self._weight_sums(k))

    def _gradients_at_readout(self, hidden_BTD: Tensor, summary_BTD: Tensor) -> tuple[Tensor, Tensor]:
        states = (hidden_BTD.detach().requires_grad_(), summary_BTD.detach().requires_grad_())
        loss = self._task.loss(self._network.readout(torch.cat(states, dim=2)), self._batch)
        d_hidden_BTD, d_summary_BTD = torch.autograd.grad(loss, states)
        return d_hidden_BTD, d_summary_BTD

    def _ours(self, knobs: Knobs, rule: Rule) -> tuple[Tape, tuple[Tensor, Tensor], list[Tensor]]:
        tape = forward_pass(self._weights, self._inputs, knobs)
        at_readout = self._gradients_at_readout(tape.hidden_TBD.transpose(0, 1), tape.summary_TBD.transpose(0, 1))
        gradients = backward_pass(tape, *at_readout, rule=rule)
        return tape, at_readout, [g for g in (gradients.inputs_BTI, *gradients.weights) if g is not None]

    def _against_dense(self, knobs: Knobs) -> float:
        tape, at_readout, ours = self._ours(knobs, "sab")
        inputs = self._inputs.clone().requires_grad_()
        leaves = [None if w is None else w.detach().clone().requires_grad_() for w in self._weights]
        hidden_BTD, summary_BTD = dense_forward(Weights(*leaves), inputs, knobs)  # type: ignore[arg-type]
        wanted = [inputs, *(leaf for leaf in leaves if leaf is not None)]
        theirs = _grad((hidden_BTD * at_readout[0]).sum() + (summary_BTD * at_readout[1]).sum(), wanted)
        states = (tape.hidden_TBD.transpose(0, 1), tape.summary_TBD.transpose(0, 1))
        return _difference([*states, *ours], [hidden_BTD, summary_BTD, *theirs])

    def _against_lstm(self, knobs: Knobs) -> float:
        tape, (d_hidden_BTD, _), ours = self._ours(knobs, "sab")
        size = self._weights.weight_hh.shape[1]
        lstm = nn.LSTM(self._inputs.shape[2], size, batch_first=True, dtype=torch.float64)
        names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        lstm.load_state_dict({f"{name}_l0": getattr(self._weights, name) for name in names})
        inputs = self._inputs.clone().requires_grad_()
        hidden_BTD, _ = lstm(inputs)
        theirs = _grad((hidden_BTD * d_hidden_BTD).sum(), [inputs, *lstm.parameters()])
        return _difference([tape.hidden_TBD.transpose(0, 1), *ours[:5]], [hidden_BTD, *theirs])

    def _between_rules(self, knobs: Knobs, left: Rule, right: Rule) -> float:
        return _difference(self._ours(knobs, left)[2], self._ours(knobs, right)[2])

    def _arrivals(self, knobs: Knobs) -> float:
        tape, at_readout, _ = self._ours(knobs, "sab")
        steps: list[StepGradient] = []
        backward_pass(tape, *at_readout, observer=lambda step: steps.append(_copied(step)))
        expected = torch.stack([step.hidden_BD for step in reversed(steps)], dim=1)
        arrived = at_readout[0].clone()
        for step in steps:
            if step.local_hidden_BD is not None:
                arrived[:, step.step - 1] += step.local_hidden_BD
            if step.skip_BED is not None and step.places_BE is not None:
                for column, position in enumerate(step.places_BE[0].tolist()):
                    source = tape.memory_steps[position]
                    if source >= 0:
                        arrived[:, source] += step.skip_BED[:, column]
        return _difference([arrived], [expected])

    def _causality(self, knobs: Knobs) -> float:
        changed = self._inputs.clone()
        middle = changed.shape[1] // 2
        changed[:, middle] += 1
        before = forward_pass(self._weights, self._inputs, knobs).hidden_TBD[:middle]
        after = forward_pass(self._weights, changed, knobs).hidden_TBD[:middle]
        return float((before - after).abs().max()) if middle else 0.0

    def _weight_sums(self, knobs: Knobs) -> float:
        worst = 0.0
        for choice in forward_pass(self._weights, self._inputs, knobs).choices:
            if choice is not None:
                total_B = choice.weights_BE.sum(1)
                expected_B = torch.ones_like(total_B)
                if choice.total_B1 is not None:
                    expected_B = 1 - PAPER_EPSILON / choice.total_B1[:, 0]
                worst = max(worst, float((total_B - expected_B).abs().max()), -float(choice.weights_BE.min()))
        return worst


def _copied(step: StepGradient) -> StepGradient:
    """The pass may reuse its buffers for the next step."""

    def copied(tensor: Tensor | None) -> Tensor | None:
        return None if tensor is None else tensor.clone()

    return StepGradient(
        step=step.step,
        hidden_BD=step.hidden_BD.clone(),
        cell_BD=step.cell_BD.clone(),
        own_cell_BD=step.own_cell_BD.clone(),
        local_hidden_BD=copied(step.local_hidden_BD),
        local_cell_BD=copied(step.local_cell_BD),
        skip_BED=copied(step.skip_BED),
        places_BE=copied(step.places_BE),
    )


def _grad(scalar: Tensor, wanted: list[Tensor]) -> list[Tensor]:
    found = torch.autograd.grad(scalar, wanted, allow_unused=True)
    return [torch.zeros_like(w) if g is None else g for g, w in zip(found, wanted, strict=True)]


def _difference(ours: list[Tensor], theirs: list[Tensor]) -> float:
    """Largest difference relative to the largest number of each expected tensor; NaN when a number is not finite."""
    worst = 0.0
    for mine, other in zip(ours, theirs, strict=True):
        mine, other = mine.detach(), other.detach()
        scale = max(float(other.abs().max()), 1e-300)
        difference = float((mine - other).abs().max()) / scale
        if difference != difference:
            return difference
        worst = max(worst, difference)
    return worst
