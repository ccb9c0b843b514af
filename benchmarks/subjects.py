"""The networks whose updates are timed: ours, PyTorch's LSTM, and SAB left to autograd.

All read the same random inputs, score the same random targets and step the same optimiser; only the layer differs.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from benchmarks.shapes import CLASSES, FEATURES, Shape
from sab_visualiser.model.backends import resolve_backend
from sab_visualiser.model.config import ModelConfig
from sab_visualiser.model.network import Network
from sab_visualiser.model.proof.witness import dense_forward

CLIP_NORM = 1.0


def config_of(shape: Shape) -> ModelConfig:
    """The model of that shape."""
    return ModelConfig(
        hidden_size=shape.D,
        attention_size=shape.A,
        k_top=shape.k_top,
        k_trunc=shape.k_trunc,
        k_att=shape.k_att,
    )


def update_of(kind: str, shape: Shape) -> Callable[[], float]:
    """A function that makes one update (forward, backward, clip, Adam) and returns the seconds of both passes.

    Args:
        kind: sab (the backend that "auto" chooses), sab-torch, lstm (full backpropagation), or dense (autograd).
        shape: Sizes.
    """
    torch.manual_seed(0)
    inputs_BTI = torch.nn.functional.one_hot(torch.randint(FEATURES, (shape.B, shape.T)), FEATURES).float()
    targets_BT = torch.randint(CLASSES, (shape.B, shape.T))
    modules, read = _lstm(shape) if kind == "lstm" else _sab(kind, shape)
    parameters = [weight for module in modules for weight in module.parameters()]
    optimizer = torch.optim.Adam(parameters, lr=1e-3)

    def update() -> float:
        started = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        loss = cross_entropy(read(inputs_BTI).flatten(0, 1), targets_BT.flatten())
        torch.autograd.backward(loss)
        passes = time.perf_counter() - started
        nn.utils.clip_grad_norm_(parameters, CLIP_NORM)
        optimizer.step()
        return passes

    return update


def layer_of(shape: Shape) -> str:
    """The layer in words, with the backend that "auto" stands for here."""
    layer = Network(FEATURES, CLASSES, config_of(shape)).layer
    return f"{layer.extra_repr()}, backend={resolve_backend('auto', layer.weights())!r}"


def _lstm(shape: Shape) -> tuple[list[nn.Module], Callable[[Tensor], Tensor]]:
    layer = nn.LSTM(FEATURES, shape.D, batch_first=True)
    readout = nn.Linear(shape.D, CLASSES)

    def read(inputs_BTI: Tensor) -> Tensor:
        outputs: Tensor = readout(layer(inputs_BTI)[0])
        return outputs

    return [layer, readout], read


def _sab(kind: str, shape: Shape) -> tuple[list[nn.Module], Callable[[Tensor], Tensor]]:
    network = Network(FEATURES, CLASSES, config_of(shape), backend="torch" if kind == "sab-torch" else "auto")

    def read(inputs_BTI: Tensor) -> Tensor:
        return network(inputs_BTI).outputs_BTC  # type: ignore[no-any-return]

    def read_dense(inputs_BTI: Tensor) -> Tensor:
        hidden_BTD, summary_BTD = dense_forward(network.layer.weights(), inputs_BTI, network.knobs())
        return network.read_out(hidden_BTD, summary_BTD)

    return [network], read_dense if kind == "dense" else read
