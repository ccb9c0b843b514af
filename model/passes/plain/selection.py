"""From scores to sparse attention weights, forward and backward (spec sections 1.4 and 5)."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from sab_visualiser.model.passes.tape import Choice, Knobs

PAPER_EPSILON = 1e-8
RELEASE_EPSILON = 1e-7
SMALL_MEMORY_MARGIN = 0.1
"""How far below the smallest score δ lies while there are no more memories than k_top."""


class Columns(NamedTuple):
    """The memories that a step looks at: scores, their memories (None: all, in order), how many are chosen."""

    scores_BE: Tensor
    places_BE: Tensor | None
    chosen: int


def largest(scores_BM: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """The `count` largest scores, descending, and their columns; of equal scores the earlier memory comes first.

    Args:
        scores_BM: Any scores, M ≥ count.
        count: 1 to M.
    """
    if scores_BM.device.type != "cpu":
        # Asking a GPU whether there are ties would wait for it at every step, and nothing recorded may ask at all.
        values_BE, places_BE = scores_BM.sort(dim=1, descending=True, stable=True)
        return values_BE[:, :count], places_BE[:, :count]
    # Tensor.topk is several times faster than a stable sort but leaves the order of equal scores open. One
    # extra value tells whether there are any; NaN looks like a tie too, which keeps the choice definite.
    values_BE, places_BE = scores_BM.topk(min(count + 1, scores_BM.shape[1]), dim=1)
    if not bool((values_BE[:, 1:] < values_BE[:, :-1]).all()):
        values_BE, places_BE = scores_BM.sort(dim=1, descending=True, stable=True)
    return values_BE[:, :count], places_BE[:, :count]


def columns_of(scores_BM: Tensor, knobs: Knobs) -> Columns:
    """The chosen memories and, after them, the δ memory where the paper's shift needs one more."""
    memories = scores_BM.shape[1]
    if memories <= knobs.k_top:
        return Columns(scores_BM, None, memories)
    one_more = knobs.variant == "paper" and knobs.normalizer == "shift"
    scores_BE, places_BE = largest(scores_BM, knobs.k_top + one_more)
    return Columns(scores_BE, places_BE, knobs.k_top)


def weigh(columns: Columns, knobs: Knobs, rows_E: Tensor | None, keep_BE: Tensor | None) -> Choice:
    """Normalise the scores of the columns into attention weights.

    Args:
        columns: From `columns_of`.
        knobs: Normaliser and variant in force.
        rows_E: Kept in the result.
        keep_BE: False where knocked out; what is left of a reader's r is normalised anew.
    """
    scores_BE, _, chosen = columns
    if knobs.normalizer == "softmax":
        return Choice("softmax", rows_E, _softmax(scores_BE, keep_BE), scores_BE, chosen)
    all_chosen = columns.places_BE is None
    if knobs.variant == "release" and all_chosen:  # the release returns the raw scores here
        weights_BE = scores_BE if keep_BE is None else scores_BE * keep_BE
        return Choice("raw", rows_E, weights_BE, scores_BE, chosen, keep_BE=keep_BE)
    if all_chosen:
        delta_B1 = scores_BE.argmin(dim=1, keepdim=True)
        threshold_B1 = scores_BE.gather(1, delta_B1) - SMALL_MEMORY_MARGIN
    else:
        delta_B1 = _last_column(scores_BE)
        threshold_B1 = scores_BE[:, -1:]
    epsilon = PAPER_EPSILON
    if knobs.variant == "release":
        threshold_B1, epsilon = threshold_B1 + RELEASE_EPSILON, RELEASE_EPSILON
    rest_BE = (scores_BE - threshold_B1).relu_()
    if keep_BE is not None:
        rest_BE *= keep_BE
    total_B1 = rest_BE.sum(1, keepdim=True).add_(epsilon)
    return Choice("shift", rows_E, rest_BE.div_(total_B1), scores_BE, chosen, total_B1, delta_B1)


def score_gradients(choice: Choice, d_weights_BE: Tensor, sum_floor: float = 0.0) -> Tensor:
    """∂L/∂scores of the columns, (B, E): through r, through δ and through the sum.

    Args:
        choice: What `weigh` returned.
        d_weights_BE: ∂L/∂weights.
        sum_floor: What Σr + ε is taken to be at least (shift); 0 is the exact gradient (spec section 9).
    """
    if choice.kind == "raw":
        return d_weights_BE if choice.keep_BE is None else d_weights_BE * choice.keep_BE
    weights_BE = choice.weights_BE
    mean_B1 = (d_weights_BE * weights_BE).sum(1, keepdim=True)
    if choice.kind == "softmax":
        return (d_weights_BE - mean_B1).mul_(weights_BE)
    assert choice.total_B1 is not None
    assert choice.delta_B1 is not None
    d_scores_BE = (d_weights_BE - mean_B1).div_(choice.total_B1.clamp(min=sum_floor)).mul_(weights_BE > 0)
    return d_scores_BE.scatter_add_(1, choice.delta_B1, d_scores_BE.sum(1, keepdim=True).neg_())


def _softmax(scores_BE: Tensor, keep_BE: Tensor | None) -> Tensor:
    """Softmax over the kept columns; all zero where none is kept."""
    if keep_BE is None:
        return scores_BE.softmax(1)
    weights_BE = scores_BE.masked_fill(~keep_BE, -torch.inf).softmax(1)
    return weights_BE.masked_fill(~keep_BE, 0.0)


def _last_column(scores_BE: Tensor) -> Tensor:
    """The last column of every example, as an index."""
    return torch.full((scores_BE.shape[0], 1), scores_BE.shape[1] - 1, device=scores_BE.device)
