"""How long the gradient of an update is, and how far it moves the weights, as a share of their length.

The step is the one that Adam takes, from its own moments. Nothing is copied before an update: Adam keeps all that the
last step was made of.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import utils

from sab_visualiser.model.network import Network
from sab_visualiser.model.training.rates import SCORER

GROUPS = ("recurrent", "scorer", "readout")


def total_norm(gradients: Sequence[Tensor], clip_norm: float) -> Tensor:
    """L2 norm of all gradients together.

    Args:
        gradients: At least one.
        clip_norm: What they are to be clipped to; 0 for not at all.

    Returns:
        A scalar; inf or NaN where a gradient is. From 2e19 on the squares of float32 are infinite: what is clipped is
        measured in units of its largest entry then, for clipping brings it back; what is not stays inf, since Adam
        squares it too.
    """
    norm = utils.get_total_norm(gradients)
    if clip_norm <= 0 or not bool(torch.isinf(norm)):
        return norm
    largest = torch.stack([gradient.abs().max() for gradient in gradients]).max()
    if not bool(torch.isfinite(largest)):
        return norm
    return utils.get_total_norm([gradient / largest for gradient in gradients]) * largest


def moved(network: Network, optimizer: torch.optim.Adam) -> dict[str, float | None]:
    """‖update‖ / ‖weight‖ of the last update that moved weights.

    Args:
        network: Whose weights; biases count with the weights that they are added to.
        optimizer: Of the trainer; decoupled weight decay is a part of its step.

    Returns:
        For `recurrent` (the LSTM cell), `scorer` (W_k, W_q, w_s) and `readout` a share, 0 or more; None where nothing
        of the group is in use, or before the first update.

    Source: Kingma and Ba 2015, algorithm 1; spec section 9 measures it since the last look, which depends on how
    often one looks (docs/adr/0012-verdict-and-health.md).
    """
    rate_of = {id(weight): group for group in optimizer.param_groups for weight in group["params"]}
    squares: dict[str, list[tuple[Tensor, Tensor]]] = {name: [] for name in GROUPS}
    for name, weight in network.named_parameters():
        state = optimizer.state.get(weight)
        if state:
            step = _step(weight.detach(), state, rate_of[id(weight)])
            squares[_group(name)].append((step.square().sum(), weight.detach().square().sum()))
    if network.knobs().k_top == 0:
        squares["scorer"] = []
    return {name: _ratio(pairs) for name, pairs in squares.items()}


def _group(name: str) -> str:
    part, _, last = name.rpartition(".")
    return "readout" if part.startswith("readout") else "scorer" if last in SCORER else "recurrent"


def _step(weight: Tensor, state: dict[str, Any], group: dict[str, Any]) -> Tensor:
    """What was taken from a weight."""
    count, (beta1, beta2) = float(state["step"]), group["betas"]
    mean, variance = state["exp_avg"] / (1 - beta1**count), state["exp_avg_sq"] / (1 - beta2**count)
    stepped: Tensor = group["lr"] * mean / (variance.sqrt() + group["eps"])
    # A share of the weight as it was before, which is what it is now with both steps put back.
    shrunk = group["lr"] * group["weight_decay"]
    whole: Tensor = stepped + shrunk * (weight + stepped) / (1 - shrunk)
    return whole


def _ratio(pairs: list[tuple[Tensor, Tensor]]) -> float | None:
    if not pairs:
        return None
    steps, weights = zip(*pairs, strict=True)
    length = float(torch.stack(weights).sum())
    return (float(torch.stack(steps).sum()) / length) ** 0.5 if length > 0 else None
