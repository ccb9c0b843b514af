"""The two ways to score a memory, each with its hand-written gradient: additive (paper) and split (release).

Both have the form a = f(key + query): a key is made once, when its memory is written, a query once a step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from sab_visualiser.model.passes.tape import Weights


@dataclass(frozen=True, slots=True)
class ScoreGradients:
    """Gradients on the scorer's parameters; the last two are None for the release variant."""

    weight_score: Tensor
    weight_key: Tensor | None
    weight_query: Tensor | None


class Scorer(Protocol):
    """What the forward and backward pass ask of a score; `key_size` is A (1 in the release variant)."""

    key_size: int

    def key(self, memory_BD: Tensor) -> Tensor:
        """Key of a memory, (B, A)."""

    def query(self, provisional_BD: Tensor, out: Tensor) -> Tensor:
        """Query of a provisional state, written into `out` (B, A)."""

    def scores(self, keys_BMA: Tensor, query_BA: Tensor) -> Tensor:
        """Scores of all given memories, (B, M)."""

    def key_gradients(self, keys_BEA: Tensor, query_BA: Tensor, d_scores_BE: Tensor) -> Tensor:
        """∂L/∂key of E columns, (B, E, A); their sum over E is ∂L/∂query. Remembers its share of ∂L/∂weight_score."""

    def to_memory(self, d_keys_NA: Tensor, memory_ND: Tensor) -> Tensor:
        """∂L/∂memory through the key, (N, D)."""

    def to_provisional(self, d_query_BA: Tensor, provisional_BD: Tensor) -> Tensor:
        """∂L/∂provisional state through the query, (B, D)."""

    def parameter_gradients(
        self, d_keys_NA: Tensor, memory_ND: Tensor, d_query_NA: Tensor, provisional_ND: Tensor
    ) -> ScoreGradients:
        """Gradients on the parameters, each one large product over all memories or all steps."""


class AdditiveScorer:
    """The paper's score w_sᵀ tanh(W_k m + W_q ĥ). Source: spec section 1, step 3."""

    def __init__(self, weights: Weights) -> None:
        assert weights.weight_key is not None
        assert weights.weight_query is not None
        self._score_A, self._key_AD, self._query_AD = weights.weight_score, weights.weight_key, weights.weight_query
        self.key_size = self._score_A.shape[0]
        self._d_score_A = torch.zeros_like(self._score_A)
        self._scratch = self._score_A.new_empty(0)

    def key(self, memory_BD: Tensor) -> Tensor:
        """W_k m."""
        return memory_BD @ self._key_AD.t()

    def query(self, provisional_BD: Tensor, out: Tensor) -> Tensor:
        """W_q ĥ."""
        return torch.mm(provisional_BD, self._query_AD.t(), out=out)

    def scores(self, keys_BMA: Tensor, query_BA: Tensor) -> Tensor:
        """w_sᵀ tanh(key + query)."""
        if self._scratch.numel() < keys_BMA.numel():  # one buffer for all steps: fresh pages cost more than the sum
            self._scratch = keys_BMA.new_empty(2 * keys_BMA.numel())
        hidden_BMA = self._scratch[: keys_BMA.numel()].view(keys_BMA.shape)
        torch.add(keys_BMA, query_BA.unsqueeze(1), out=hidden_BMA)
        return hidden_BMA.tanh_() @ self._score_A

    def key_gradients(self, keys_BEA: Tensor, query_BA: Tensor, d_scores_BE: Tensor) -> Tensor:
        """da · w_s · (1 − tanh²), the same for key and query."""
        hidden_BEA = (keys_BEA + query_BA.unsqueeze(1)).tanh_()
        self._d_score_A.addmv_(hidden_BEA.flatten(0, 1).t(), d_scores_BE.flatten())
        slope_BEA = torch.addcmul(self._score_A, hidden_BEA.square_(), self._score_A, value=-1)
        return slope_BEA.mul_(d_scores_BE.unsqueeze(2))

    def to_memory(self, d_keys_NA: Tensor, memory_ND: Tensor) -> Tensor:
        """W_kᵀ d_key."""
        return d_keys_NA @ self._key_AD

    def to_provisional(self, d_query_BA: Tensor, provisional_BD: Tensor) -> Tensor:
        """W_qᵀ d_query."""
        return d_query_BA @ self._query_AD

    def parameter_gradients(
        self, d_keys_NA: Tensor, memory_ND: Tensor, d_query_NA: Tensor, provisional_ND: Tensor
    ) -> ScoreGradients:
        """Outer products with the memories and the provisional states."""
        return ScoreGradients(self._d_score_A, d_keys_NA.t() @ memory_ND, d_query_NA.t() @ provisional_ND)


class SplitScorer:
    """The release's score w_tᵀ tanh([ĥ ; m]): a number of ĥ plus a number of m. Source: spec section 5."""

    key_size = 1

    def __init__(self, weights: Weights) -> None:
        query_D, key_D = weights.weight_score.chunk(2)
        self._query_D1, self._key_D1 = query_D.unsqueeze(1), key_D.unsqueeze(1)

    def key(self, memory_BD: Tensor) -> Tensor:
        """The memory's own number."""
        return memory_BD.tanh() @ self._key_D1

    def query(self, provisional_BD: Tensor, out: Tensor) -> Tensor:
        """The provisional state's own number."""
        return torch.mm(provisional_BD.tanh(), self._query_D1, out=out)

    def scores(self, keys_BMA: Tensor, query_BA: Tensor) -> Tensor:
        """Their sum."""
        return keys_BMA.squeeze(2) + query_BA

    def key_gradients(self, keys_BEA: Tensor, query_BA: Tensor, d_scores_BE: Tensor) -> Tensor:
        """The score's own gradient, for the score is the sum of key and query."""
        return d_scores_BE.unsqueeze(2)

    def to_memory(self, d_keys_NA: Tensor, memory_ND: Tensor) -> Tensor:
        """Through the tanh of the memory."""
        return d_keys_NA * (1 - memory_ND.tanh().square()) * self._key_D1.t()

    def to_provisional(self, d_query_BA: Tensor, provisional_BD: Tensor) -> Tensor:
        """Through the tanh of the provisional state."""
        return d_query_BA * (1 - provisional_BD.tanh().square()) * self._query_D1.t()

    def parameter_gradients(
        self, d_keys_NA: Tensor, memory_ND: Tensor, d_query_NA: Tensor, provisional_ND: Tensor
    ) -> ScoreGradients:
        """Both halves of w_t."""
        d_query_D1, d_key_D1 = provisional_ND.tanh().t() @ d_query_NA, memory_ND.tanh().t() @ d_keys_NA
        return ScoreGradients(torch.cat((d_query_D1, d_key_D1)).squeeze(1), None, None)


def scorer_for(weights: Weights) -> Scorer:
    """The score that these weights are for: additive where there is a `weight_key`, else split."""
    return SplitScorer(weights) if weights.weight_key is None else AdditiveScorer(weights)
