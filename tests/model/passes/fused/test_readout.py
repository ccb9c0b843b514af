"""The fused read-out is the linear map that it stands for, and so are its gradients."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from sab_visualiser.model.config import ModelConfig
from sab_visualiser.model.network import Network
from sab_visualiser.model.passes.fused import readout as fused_readout
from sab_visualiser.model.passes.fused import threads as fused_threads


def outcome(network: Network, states: list[Tensor], at_outputs: Tensor) -> list[Tensor]:
    """Outputs, and gradients on states and read-out."""
    network.zero_grad(set_to_none=True)
    leaves = [x.clone().requires_grad_() for x in states]
    outputs = network.read_out(*leaves)
    torch.autograd.backward(outputs, at_outputs.to(outputs.dtype))
    grads = [x.grad for x in (*leaves, network.readout.weight, network.readout.bias)]
    return [outputs.detach(), *(g.clone() for g in grads if g is not None)]


@pytest.mark.parametrize(("size", "classes", "batch", "steps"), [(16, 1, 1, 1), (32, 10, 3, 7), (64, 17, 9, 30)])
@pytest.mark.parametrize("threads", [1, 2])
def test_outputs_and_gradients_equal_torchs_linear_map_in_float64(
    size: int, classes: int, batch: int, steps: int, threads: int
) -> None:
    torch.manual_seed(size)
    network = Network(3, classes, ModelConfig(hidden_size=size))
    states = [torch.randn(steps, batch, size).transpose(0, 1) for _ in range(2)]
    at_outputs = torch.randn(batch, steps, classes)
    fused_threads.set_loop_threads(threads)
    try:
        got = outcome(network, states, at_outputs)
    finally:
        fused_threads.set_loop_threads(None)
    expected = outcome(network.double(), [x.double() for x in states], at_outputs)
    assert len(got) == len(expected) == 5
    for mine, theirs in zip(got, expected, strict=True):
        assert mine.dtype == torch.float32
        assert float((mine - theirs).abs().max()) <= 1e-5 * max(1.0, float(theirs.abs().max()))


def test_states_that_lie_batch_first_in_memory_give_the_same_numbers() -> None:
    network = Network(3, 4, ModelConfig(hidden_size=16))
    states = [torch.randn(2, 5, 16) for _ in range(2)]
    step_first = [x.transpose(0, 1).contiguous().transpose(0, 1) for x in states]
    at_outputs = torch.randn(2, 5, 4)
    for mine, theirs in zip(
        outcome(network, states, at_outputs), outcome(network, step_first, at_outputs), strict=True
    ):
        assert torch.equal(mine, theirs)


def test_a_size_that_does_not_fill_vectors_goes_to_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> Tensor:
        raise AssertionError

    monkeypatch.setattr(fused_readout.FusedReadout, "apply", never)
    network = Network(3, 4, ModelConfig(hidden_size=15))
    assert network.read_out(torch.zeros(1, 2, 15), torch.zeros(1, 2, 15)).shape == (1, 2, 4)
