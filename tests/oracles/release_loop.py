"""The released code's forward pass in plain Python numbers: lists, `math`, and nothing else (spec section 5).

Written after the release's own sparse attention, `eps = 10e-8`, whose three lines it keeps in their order. It shares
nothing with tests/oracles/dense_sab.py, which holds the gradients.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import exp, tanh

EPSILON = 10e-8
Row = list[float]


@dataclass
class Pass:
    """States and summaries of one example, and what each step gave to each memory (oldest first, the zero one at 0)."""

    hidden: list[Row] = field(default_factory=list)
    summary: list[Row] = field(default_factory=list)
    weights: list[Row] = field(default_factory=list)


def sparse_attention(scores: Row, k_top: int) -> Row:
    """The release's weights of all memories."""
    if len(scores) <= k_top:
        return list(scores)
    delta = sorted(scores, reverse=True)[k_top - 1] + EPSILON
    rest = [max(score - delta, 0.0) for score in scores]
    total = sum(rest) + EPSILON
    return [each / total for each in rest]


def release_loop(weights: dict[str, list[Row]], example: list[Row], k_top: int, k_att: int) -> Pass:
    """Run one example.

    Args:
        weights: weight_ih, weight_hh as rows; bias_ih, bias_hh and weight_score as the only row of a list.
        example: Inputs, step by step.
        k_top: ≥ 1.
        k_att: A memory is written every k_att steps.
    """
    (bias_ih,), (bias_hh,), (score,) = weights["bias_ih"], weights["bias_hh"], weights["weight_score"]
    size = len(score) // 2
    hidden, cell, memories = [0.0] * size, [0.0] * size, [[0.0] * size]
    out = Pass()
    for t, seen in enumerate(example):
        gates = [
            dot(weights["weight_ih"][g], seen) + bias_ih[g] + dot(weights["weight_hh"][g], hidden) + bias_hh[g]
            for g in range(4 * size)
        ]
        i, f, g, o = (gates[part * size : (part + 1) * size] for part in range(4))
        cell = [sigmoid(f[d]) * cell[d] + sigmoid(i[d]) * tanh(g[d]) for d in range(size)]
        provisional = [sigmoid(o[d]) * tanh(cell[d]) for d in range(size)]
        scores = [dot(score, [tanh(x) for x in (*provisional, *memory)]) for memory in memories]
        shares = sparse_attention(scores, k_top)
        summary = [sum(share * memory[d] for share, memory in zip(shares, memories, strict=True)) for d in range(size)]
        hidden = [provisional[d] + summary[d] for d in range(size)]
        out.hidden.append(hidden)
        out.summary.append(summary)
        out.weights.append(shares)
        if (t + 1) % k_att == 0:
            memories.append(hidden)
    return out


def dot(left: Row, right: Row) -> float:
    """Σ left · right."""
    return sum(a * b for a, b in zip(left, right, strict=True))


def sigmoid(x: float) -> float:
    """Logistic function."""
    return 1 / (1 + exp(-x)) if x >= 0 else exp(x) / (1 + exp(x))  # exp of a large number has no float
