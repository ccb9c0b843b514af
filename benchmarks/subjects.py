"""The networks whose updates are timed: ours, PyTorch's LSTM, and SAB left to autograd.

All read the same random inputs, score the same random targets and step the same optimiser; only the layer differs.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from benchmarks.shapes import Shape
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


class Subject(NamedTuple):
    """A network as it is measured: its modules, inputs and targets, and how it reads inputs into outputs (B, T, C)."""

    modules: list[nn.Module]
    inputs: Tensor
    targets_BT: Tensor
    read: Callable[[Tensor], Tensor]

    def parameters(self) -> list[nn.Parameter]:
        """Of all modules."""
        return [weight for module in self.modules for weight in module.parameters()]

    def loss(self) -> Tensor:
        """Of one forward pass."""
        return cross_entropy(self.read(self.inputs).flatten(0, 1), self.targets_BT.flatten())


def subject_of(kind: str, shape: Shape, device: str = "cpu") -> Subject:
    """A network, drawn on the CPU and moved; kinds as in `update_of`."""
    torch.manual_seed(0)
    inputs = torch.randint(shape.inputs, (shape.B, shape.T))
    if shape.inputs == 1:
        inputs = torch.rand(shape.B, shape.T, 1)
    elif kind != "sab-symbols":
        inputs = torch.nn.functional.one_hot(inputs, shape.inputs).float()
    targets_BT = torch.randint(shape.classes, (shape.B, shape.T))
    modules, read = _lstm(shape) if kind == "lstm" else _sab(kind, shape)
    return Subject([module.to(device) for module in modules], inputs.to(device), targets_BT.to(device), read)


def update_of(kind: str, shape: Shape) -> Callable[[], float]:
    """A function that makes one update (forward, backward, clip, Adam) and returns the seconds of both passes.

    Args:
        kind: sab (the backend that "auto" chooses, on one-hot inputs), sab-symbols (the same on symbols, as runs
            train), sab-torch, lstm (full backpropagation), or dense (autograd).
        shape: Sizes.
    """
    subject = subject_of(kind, shape)
    parameters = subject.parameters()
    optimizer = torch.optim.Adam(parameters, lr=1e-3)

    def update() -> float:
        started = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(subject.loss())
        passes = time.perf_counter() - started
        nn.utils.clip_grad_norm_(parameters, CLIP_NORM)
        optimizer.step()
        return passes

    return update


def layer_of(shape: Shape) -> str:
    """The layer in words, with the backend that "auto" stands for here."""
    layer = Network(shape.inputs, shape.classes, config_of(shape)).layer
    return f"{layer.extra_repr()}, backend={resolve_backend('auto', layer.weights())!r}"


def _lstm(shape: Shape) -> tuple[list[nn.Module], Callable[[Tensor], Tensor]]:
    layer = nn.LSTM(shape.inputs, shape.D, batch_first=True)
    readout = nn.Linear(shape.D, shape.classes)

    def read(inputs_BTI: Tensor) -> Tensor:
        outputs: Tensor = readout(layer(inputs_BTI)[0])
        return outputs

    return [layer, readout], read


def _sab(kind: str, shape: Shape) -> tuple[list[nn.Module], Callable[[Tensor], Tensor]]:
    backend = {"sab-torch": "torch", "sab-triton": "triton"}.get(kind, "auto")
    network = Network(shape.inputs, shape.classes, config_of(shape), backend=backend)

    def read(inputs: Tensor) -> Tensor:
        return network(inputs).outputs_BTC  # type: ignore[no-any-return]

    def read_dense(inputs_BTI: Tensor) -> Tensor:
        hidden_BTD, summary_BTD = dense_forward(network.layer.weights(), inputs_BTI, network.knobs())
        return network.read_out(hidden_BTD, summary_BTD)

    return [network], read_dense if kind == "dense" else read
