"""The stupid loop: SAB written out example by example, step by step, with autograd doing all the derivatives.

Nothing is shared with the package: no buffers, no batching, no deferred gradients. Every vector that travels over an
edge passes through a copy whose gradient is kept, so that tests can compare edges, not only sums.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor


@dataclass
class Reading:
    """One memory as one reader saw it: `copy` carries exactly what this skip edge carries."""

    reader: int
    source: int
    copy: Tensor
    score: float
    weight: float
    chosen: bool
    is_delta: bool


@dataclass
class Walk:
    """All that one example left behind."""

    hidden: list[Tensor] = field(default_factory=list)
    cell: list[Tensor] = field(default_factory=list)
    summary: list[Tensor] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    local_hidden: dict[int, Tensor] = field(default_factory=dict)
    local_cell: dict[int, Tensor] = field(default_factory=dict)


@dataclass(frozen=True)
class Setting:
    """All that a walk depends on beside weights and inputs."""

    k_top: int
    k_trunc: int | None
    k_att: int
    normalizer: str = "shift"
    variant: str = "paper"
    initial_memory: bool = True
    phase: int = 0
    rule: str = "sab"
    knocked_out: Collection[tuple[int, int]] = ()
    window: int | None = None
    """The loss step from which the one cut lies k_trunc steps back; None cuts in blocks."""
    sum_floor: float = 0.0
    """Of Σr + ε in the gradient on scores; the weights themselves never know of it."""

    def cuts(self, t: int) -> bool:
        """Whether the local state is detached on entry of step t."""
        if self.k_trunc is None or self.rule not in ("sab", "truncated"):
            return False
        if self.window is not None:
            return t == self.window - self.k_trunc + 1
        return (t + 1 - self.phase) % self.k_trunc == 0


def dense_sab(
    weights: Mapping[str, Tensor], inputs: Tensor, setting: Setting, state: tuple[Tensor, Tensor] | None = None
) -> list[Walk]:
    """Run every example of `inputs` (B, T, I) by itself, from `state`: h and c before step 0, each (B, D)."""
    walks = []
    for number, example in enumerate(inputs):
        walk = Walk()
        size = weights["weight_hh"].shape[1]
        hidden = cell = inputs.new_zeros(size)
        if state is not None:
            hidden, cell = state[0][number], state[1][number]
        memories: list[tuple[int, Tensor]] = [(-1, inputs.new_zeros(size))] if setting.initial_memory else []
        for t, seen in enumerate(example):
            if t > 0:
                cut = setting.cuts(t)
                hidden, cell = (x.detach().requires_grad_() if cut else copy_of(x) for x in (hidden, cell))
                if not cut:
                    walk.local_hidden[t], walk.local_cell[t] = hidden, cell
            gates = (
                weights["weight_ih"] @ seen + weights["bias_ih"] + weights["weight_hh"] @ hidden + weights["bias_hh"]
            )
            i, f, g, o = gates.split(size)
            cell = copy_of(f.sigmoid() * cell + i.sigmoid() * g.tanh())
            provisional = o.sigmoid() * cell.tanh()
            summary = inputs.new_zeros(size)
            if setting.k_top > 0 and memories:
                summary = read(weights, walk, t, provisional, memories, setting)
            hidden = copy_of(provisional + summary)
            walk.hidden.append(hidden)
            walk.cell.append(cell)
            walk.summary.append(summary)
            if (t + 1) % setting.k_att == 0:
                memories = [*memories, (t, hidden)]
        walks.append(walk)
    return walks


def read(
    weights: Mapping[str, Tensor],
    walk: Walk,
    t: int,
    provisional: Tensor,
    memories: list[tuple[int, Tensor]],
    setting: Setting,
) -> Tensor:
    """Score every memory, weigh, and sum."""
    k_top, variant = setting.k_top, setting.variant
    gone = {source for reader, source in setting.knocked_out if reader == t}
    carries = setting.rule in ("sab", "full")
    copies = [copy_of(memory) if carries else memory.detach().clone() for _, memory in memories]
    if variant == "paper":
        scores = [
            weights["weight_score"] @ torch.tanh(weights["weight_key"] @ m + weights["weight_query"] @ provisional)
            for m in copies
        ]
    else:
        scores = [weights["weight_score"] @ torch.tanh(torch.cat((provisional, m))) for m in copies]
    order = sorted(range(len(scores)), key=lambda j: (-scores[j].item(), j))
    chosen, delta = order[:k_top], None
    kept = [j for j in chosen if memories[j][0] not in gone]
    one = torch.ones((), dtype=provisional.dtype)
    shares: dict[int, Tensor] = {}
    if setting.normalizer == "softmax":
        total = sum(((scores[j] - scores[order[0]].item()).exp() for j in kept), 0 * one)
        shares = {j: (scores[j] - scores[order[0]].item()).exp() / total for j in kept}
    elif variant == "release" and len(scores) <= k_top:
        shares = {j: scores[j] for j in kept}
    else:
        if variant == "release":
            delta, epsilon = order[k_top - 1], 1e-7
            threshold = scores[delta] + 1e-7
        elif len(scores) > k_top:
            delta, epsilon = order[k_top], 1e-8
            threshold = scores[delta]
        else:
            delta, epsilon = min(range(len(scores)), key=lambda j: (scores[j].item(), j)), 1e-8
            threshold = scores[delta] - 0.1
        rest = {j: (scores[j] - threshold).relu() for j in kept}
        total = sum(rest.values(), 0 * one) + epsilon
        shares = {j: share_of(r, total, setting.sum_floor) for j, r in rest.items()}
    for j, (source, _) in enumerate(memories):
        weight = shares[j].item() if j in shares else 0.0
        reading = Reading(t, source, copies[j], scores[j].item(), weight, j in chosen, j == delta)
        walk.readings.append(reading)
    return sum((share * copies[j] for j, share in shares.items()), torch.zeros_like(provisional))


def share_of(rest: Tensor, total: Tensor, sum_floor: float) -> Tensor:
    """r / Σr; with a floor the same number, whose change is measured against the floor where Σr is below it."""
    share = rest / total
    if sum_floor <= total.item():
        return share
    change = (rest - rest.detach()) - share.detach() * (total - total.detach())
    return share.detach() + change / sum_floor


def copy_of(vector: Tensor) -> Tensor:
    """The same numbers as a new node of the graph, whose gradient is kept."""
    copy = vector * 1
    if copy.requires_grad:
        copy.retain_grad()
    return copy
