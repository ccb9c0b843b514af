"""Which weights learn at which rate, and how the rate falls towards the end of a training."""

from __future__ import annotations

import math
from itertools import groupby
from typing import Any

from sab_visualiser.model.config import TrainingConfig
from sab_visualiser.model.network import Network

SCORER = ("weight_key", "weight_query", "weight_score")
"""The weights that have a learning rate of their own."""
SETTLED = 0.02
"""What the learning rate has come down to at the last update, as a share of the one in force."""


def decayed(training: TrainingConfig, update: int) -> float:
    """What is left of the learning rate after `update` updates, as a share: 1, then half a cosine down to 2 %.

    Args:
        training: `rate_decay` is the share of `updates`, at their end, over which it falls.
        update: Updates made so far.

    Source: the constant part and the late fall are the warm-up–stable–decay schedule without its warm-up, as in
    Hu et al. 2024 (arXiv 2404.06395); measured in docs/adr/0011-a-training-that-does-not-break.md.
    """
    falling = training.rate_decay * training.updates
    left = training.updates - update
    if falling <= 0 or left >= falling:
        return 1.0
    return SETTLED + (1 - SETTLED) * 0.5 * (1 - math.cos(math.pi * max(left, 0) / falling))


def rate_groups(network: Network, training: TrainingConfig) -> list[dict[str, Any]]:
    """Neighbouring weights of one learning rate, in the order of the network: a checkpoint counts them in it.

    Returns:
        Groups of torch.optim, each with its weights and `share`, what its rate is of the learning rate.
    """
    shares = [
        (weight, training.scorer_rate if name.rpartition(".")[2] in SCORER else 1.0)
        for name, weight in network.named_parameters()
    ]
    grouped = groupby(shares, key=lambda pair: pair[1])
    return [{"params": [weight for weight, _ in pairs], "share": share} for share, pairs in grouped]
