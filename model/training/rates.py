"""Which weights learn at which rate, and how the rate falls towards the end of a training."""

from __future__ import annotations

import math
from itertools import groupby
from typing import Any

import torch
from torch import Tensor

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


def optimizer_of(network: Network, training: TrainingConfig, *, fused: bool) -> torch.optim.Adam:
    """Adam, with decoupled weight decay where the training asks for it.

    Args:
        network: Whose weights.
        training: `learning_rate`, `scorer_rate` and `weight_decay` are read.
        fused: Whether one loop goes over all weights: the same numbers to the last bits, in less time.

    Returns:
        The optimiser; each of its groups says in `share` what its rate is of the learning rate.

    Source: Loshchilov and Hutter 2019 (arXiv 1711.05101); biases and w_s do not shrink: attention does not depend on
    the length of w_s, and the noise of a short one would weigh more.
    """
    kind = torch.optim.AdamW if training.weight_decay > 0 else torch.optim.Adam
    return kind(_groups(network, training), lr=training.learning_rate, fused=fused, weight_decay=0.0)


def _groups(network: Network, training: TrainingConfig) -> list[dict[str, Any]]:
    """Neighbouring weights of one rate and decay, in the order of the network: a checkpoint counts them in it."""

    def kind(pair: tuple[str, Tensor]) -> tuple[float, float]:
        name, weight = pair
        share = training.scorer_rate if name.rpartition(".")[2] in SCORER else 1.0
        return share, training.weight_decay if weight.dim() == 2 else 0.0

    return [
        {"params": [weight for _, weight in pairs], "share": share, "weight_decay": decay}
        for (share, decay), pairs in groupby(network.named_parameters(), key=kind)
    ]
