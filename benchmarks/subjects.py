"""The networks whose updates are timed: ours, PyTorch's LSTM, and SAB left to autograd.

All read the same random inputs, score the same random targets and step the same optimiser; only the layer differs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from model.config import ModelConfig
from model.dense import dense_forward
from model.network import Network

FEATURES = 10
CLASSES = 10
CLIP_NORM = 1.0


@dataclass(frozen=True)
class Shape:
    """Sizes of one measured update (spec section 8): examples, hidden units, steps, attention units."""

    T: int
    B: int = 64
    D: int = 128
    A: int = 32
    k_top: int = 5
    k_trunc: int = 5
    k_att: int = 1

    def config(self) -> ModelConfig:
        """The model of that shape."""
        return ModelConfig(
            hidden_size=self.D, attention_size=self.A, k_top=self.k_top, k_trunc=self.k_trunc, k_att=self.k_att
        )


def update_of(kind: str, shape: Shape) -> Callable[[], None]:
    """A function that makes one update: forward, backward, clip, Adam.

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

    def update() -> None:
        optimizer.zero_grad(set_to_none=True)
        loss = cross_entropy(read(inputs_BTI).flatten(0, 1), targets_BT.flatten())
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(parameters, CLIP_NORM)
        optimizer.step()

    return update


def backend_of(shape: Shape) -> str:
    """What "auto" stands for here."""
    return str(Network(FEATURES, CLASSES, shape.config()).layer.extra_repr())


def _lstm(shape: Shape) -> tuple[list[nn.Module], Callable[[Tensor], Tensor]]:
    layer = nn.LSTM(FEATURES, shape.D, batch_first=True)
    readout = nn.Linear(shape.D, CLASSES)

    def read(inputs_BTI: Tensor) -> Tensor:
        outputs: Tensor = readout(layer(inputs_BTI)[0])
        return outputs

    return [layer, readout], read


def _sab(kind: str, shape: Shape) -> tuple[list[nn.Module], Callable[[Tensor], Tensor]]:
    network = Network(FEATURES, CLASSES, shape.config(), backend="torch" if kind == "sab-torch" else "auto")

    def read(inputs_BTI: Tensor) -> Tensor:
        return network(inputs_BTI).outputs_BTC  # type: ignore[no-any-return]

    def read_dense(inputs_BTI: Tensor) -> Tensor:
        hidden_BTD, summary_BTD = dense_forward(network.layer.weights(), inputs_BTI, network.knobs())
        return network.read_out(hidden_BTD, summary_BTD)

    return [network], read_dense if kind == "dense" else read
