"""The layer written down plainly and left to autograd: slow, dense, and an independent witness.

Self-check and benchmarks compare the real layer with it. It shares no arithmetic with the backends
(model/passes); only knobs and weights have the same types. Never used for training.
"""

from __future__ import annotations

import torch
from torch import Tensor

from sab_visualiser.model.config import Rule
from sab_visualiser.model.passes.tape import Knobs, Weights


def dense_forward(
    weights: Weights, inputs_BTI: Tensor, knobs: Knobs, phase: int = 0, rule: Rule = "sab"
) -> tuple[Tensor, Tensor]:
    """Final states h and summaries s of a batch, with autograd's own graph behind them.

    Args:
        weights: Parameters that may require gradient.
        inputs_BTI: B ≥ 1, T ≥ 1.
        knobs: As for the layer.
        phase: Shifts the cuts.
        rule: Which edges carry gradient (spec section 2).

    Returns:
        hidden_BTD, summary_BTD.

    Source: spec sections 1, 2 and 5.
    """
    batch, steps, _ = inputs_BTI.shape
    zero_BD = inputs_BTI.new_zeros(batch, weights.weight_hh.shape[1])
    hidden_BD, cell_BD = zero_BD, zero_BD
    memories = [zero_BD] if knobs.initial_memory else []
    cuts = knobs.cuts(steps, phase) if rule in ("sab", "truncated") else ()
    hidden, summaries = [], []
    for t in range(steps):
        if t in cuts:
            hidden_BD, cell_BD = hidden_BD.detach(), cell_BD.detach()
        gates_BG = inputs_BTI[:, t] @ weights.weight_ih.T + weights.bias_ih
        gates_BG = gates_BG + hidden_BD @ weights.weight_hh.T + weights.bias_hh
        i, f, g, o = gates_BG.chunk(4, dim=1)
        cell_BD = f.sigmoid() * cell_BD + i.sigmoid() * g.tanh()
        provisional_BD = o.sigmoid() * cell_BD.tanh()
        summary_BD = zero_BD
        if memories and knobs.k_top:
            memories_BMD = torch.stack(memories, dim=1)
            weights_BM = normalise(scores(weights, memories_BMD, provisional_BD, knobs), knobs)
            summary_BD = (weights_BM.unsqueeze(2) * memories_BMD).sum(1)
        hidden_BD = provisional_BD + summary_BD
        hidden.append(hidden_BD)
        summaries.append(summary_BD)
        if (t + 1) % knobs.k_att == 0:
            memories.append(hidden_BD if rule in ("sab", "full") else hidden_BD.detach())
    return torch.stack(hidden, dim=1), torch.stack(summaries, dim=1)


def scores(weights: Weights, memories_BMD: Tensor, provisional_BD: Tensor, knobs: Knobs) -> Tensor:
    """Raw scores of all memories, (B, M)."""
    if knobs.variant == "release":
        query_BMD = provisional_BD.unsqueeze(1).expand_as(memories_BMD)
        return torch.cat((query_BMD, memories_BMD), dim=2).tanh() @ weights.weight_score
    assert weights.weight_key is not None
    assert weights.weight_query is not None
    query_B1A = (provisional_BD @ weights.weight_query.T).unsqueeze(1)
    return (memories_BMD @ weights.weight_key.T + query_B1A).tanh() @ weights.weight_score


def normalise(scores_BM: Tensor, knobs: Knobs) -> Tensor:
    """Sparse attention weights of all memories, (B, M); 0 where a memory is not chosen."""
    memories, k_top = scores_BM.shape[1], knobs.k_top
    order_BM = scores_BM.argsort(dim=1, descending=True, stable=True)
    chosen_BM = torch.zeros_like(scores_BM, dtype=torch.bool).scatter(1, order_BM[:, :k_top], True)
    ranked_BM = scores_BM.gather(1, order_BM)
    if knobs.normalizer == "softmax":
        return scores_BM.masked_fill(~chosen_BM, -torch.inf).softmax(dim=1)
    if knobs.variant == "release":
        if memories <= k_top:
            return scores_BM
        rest_BM = (scores_BM - (ranked_BM[:, k_top - 1 : k_top] + 1e-7)).relu()
        return rest_BM / (rest_BM.sum(1, keepdim=True) + 1e-7)
    if memories > k_top:
        delta_B1 = ranked_BM[:, k_top : k_top + 1]
    else:
        delta_B1 = scores_BM.gather(1, scores_BM.argmin(dim=1, keepdim=True)) - 0.1
    rest_BM = (scores_BM - delta_B1).relu() * chosen_BM
    return rest_BM / (rest_BM.sum(1, keepdim=True) + 1e-8)
