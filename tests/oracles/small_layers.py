"""Small float32 layers on either backend, and all their gradients by name, for tests of what should not be passed."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from sab_visualiser.model.sab import SAB

BACKENDS = ("numba", "torch")
SIZES: dict[str, Any] = {"attention_size": 4, "k_top": 2, "k_trunc": 3, "k_att": 1}


def layer_of(backend: str, **changes: Any) -> SAB:
    torch.manual_seed(3)
    return SAB(3, 6, backend=backend, **{**SIZES, **changes})


def inputs_of(batch: int = 5, steps: int = 9) -> Tensor:
    return torch.randn(batch, steps, 3, generator=torch.Generator().manual_seed(4))


def gradients(layer: SAB, inputs: Tensor, **call: Any) -> dict[str, Tensor]:
    """Gradients of a plain loss on everything, by name; the layer's own .grad is left alone."""
    inputs = inputs.detach().requires_grad_()
    hidden, summary, *_ = layer(inputs, **call)
    return grads_of((hidden.square().sum() + summary.sin().sum()), layer, inputs)


def grads_of(loss: Tensor, layer: SAB, inputs: Tensor) -> dict[str, Tensor]:
    named = {"inputs": inputs, **dict(layer.named_parameters())}
    found = torch.autograd.grad(loss, list(named.values()))
    return dict(zip(named, found, strict=True))


def same(one: dict[str, Tensor], two: dict[str, Tensor], tolerance: float = 1e-6) -> bool:
    """Whether gradients agree, relative to the largest number of each; with tolerance 0 to the last bit."""
    pairs = [(one[name], two[name]) for name in one | two]
    return all(float((left - right).abs().max()) <= tolerance * float(right.abs().max()) for left, right in pairs)
