"""A long text read by one `torch.nn.LSTM` in double precision, a row at a time: the plain loop behind `task.carry`.

It knows nothing of windows that are drawn, batches, tapes or kernels: it walks along the text, keeps (h, c), and
forgets it where the text begins anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from sab_visualiser.model.network import Network

Passed = tuple[float, dict[str, Tensor]]
"""Loss of an update in nats, and the gradient on each weight by its name in `Network`."""


class Plain:
    """An LSTM and a read-out of h alone, which is what a network that reads no memory is."""

    def __init__(self, symbols: int, size: int) -> None:
        self.lstm = nn.LSTM(symbols, size, batch_first=True).double()
        self.readout = nn.Linear(size, symbols).double()

    def take(self, network: Network) -> None:
        """Have the weights of a network."""
        layer, size = network.layer, network.layer.hidden_size
        for name, weight in self._weights().items():
            given = network.readout.weight[:, :size] if name == "readout.weight" else _named(network)[name]
            weight.data.copy_(given.detach())
        assert layer.k_top == 0, "a network that reads no memory"

    def nats(self, text: Sequence[int], state: tuple[Tensor, Tensor] | None) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Summed cross-entropy of each next character, and the state after the last one that was read."""
        read, asked = torch.tensor(text[:-1]), torch.tensor(text[1:])
        inputs = functional.one_hot(read, self.lstm.input_size).double().unsqueeze(0)
        hidden, after = self.lstm(inputs, state)
        return functional.cross_entropy(self.readout(hidden[0]), asked, reduction="sum"), after

    def gradients(self) -> dict[str, Tensor]:
        """By the names of `Network`; that of the read-out for h alone."""
        grads = {name: weight.grad for name, weight in self._weights().items()}
        return {name: grad.clone() for name, grad in grads.items() if grad is not None}

    def _weights(self) -> dict[str, Tensor]:
        of_lstm = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        found = {f"layer.{name}": dict(self.lstm.named_parameters())[f"{name}_l0"] for name in of_lstm}
        return {**found, "readout.weight": self.readout.weight, "readout.bias": self.readout.bias}


def _named(network: Network) -> dict[str, Tensor]:
    return dict(network.named_parameters())


def updates(plain: Plain, network: Network, text: Sequence[int], begins: Sequence[int], T: int) -> Iterator[Passed]:
    """What each update passes back, with the weights that the network has just then.

    Args:
        plain: The LSTM.
        network: Whose weights are taken before each update.
        text: The part that training reads.
        begins: Where each row begins.
        T: Characters that are read in an update.
    """
    places: list[int] = list(begins)
    states: list[tuple[Tensor, Tensor] | None] = [None] * len(places)
    while True:
        plain.take(network)
        plain.lstm.zero_grad()
        plain.readout.zero_grad()
        loss = torch.zeros((), dtype=torch.float64)
        for row, begin in enumerate(begins):
            if places[row] + T >= len(text):
                places[row], states[row] = begin % T, None
            nats, (hidden, cell) = plain.nats(text[places[row] : places[row] + T + 1], states[row])
            loss = loss + nats / (len(places) * T)
            places[row] += T
            states[row] = hidden.detach(), cell.detach()
        loss.backward()  # type: ignore[no-untyped-call]
        yield float(loss.detach()), plain.gradients()
