"""The four methods and their knobs (spec section 2, comparison B)."""

from typing import Any

import pytest
import torch

from sab_visualiser.model.config import ModelConfig
from sab_visualiser.model.network import Network

torch.set_num_threads(1)


def network_of(**changes: Any) -> Network:
    torch.manual_seed(0)
    config = ModelConfig(**{"hidden_size": 6, "attention_size": 4, "k_att": 1, **changes})
    return Network(3, 5, config).double()


def inputs_of(steps: int = 12) -> torch.Tensor:
    return torch.randn(2, steps, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(1))


def test_the_read_out_sees_state_and_summary() -> None:
    network = network_of()
    out = network(inputs_of())
    expected = network.readout(torch.cat((out.hidden_BTD, out.summary_BTD), dim=2))
    torch.testing.assert_close(out.outputs_BTC, expected, rtol=1e-12, atol=1e-12)
    assert out.outputs_BTC.shape == (2, 12, 5)
    assert network.readout.weight.shape == (5, 12)


@pytest.mark.parametrize(
    ("method", "k_top", "k_trunc", "normalizer"),
    [
        ("sab", 5, 5, "shift"),
        ("tbptt", 0, 5, "shift"),
        ("bptt", 0, None, "shift"),
        ("attention", 1 << 30, None, "softmax"),
    ],
)
def test_a_method_sets_the_knobs_that_define_it(method: str, k_top: int, k_trunc: int | None, normalizer: str) -> None:
    network = network_of(method=method)
    knobs = network.knobs()
    assert (knobs.k_top, knobs.k_trunc, knobs.normalizer) == (k_top, k_trunc, normalizer)
    assert network.config.k_top == 5


def test_bptt_is_a_plain_lstm() -> None:
    network, inputs = network_of(method="bptt"), inputs_of()
    lstm = torch.nn.LSTM(3, 6, batch_first=True).double()
    with torch.no_grad():
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
            getattr(lstm, f"{name}_l0").copy_(getattr(network.layer, name))
    torch.testing.assert_close(network(inputs).hidden_BTD, lstm(inputs)[0])


def test_C24_attention_reads_every_memory_with_weights_that_sum_to_one() -> None:
    tape = network_of(method="attention")(inputs_of()).tape
    for t, choice in enumerate(tape.choices):
        assert choice is not None
        assert choice.chosen == t + 1
        assert bool((choice.weights_BE > 0).all())
        torch.testing.assert_close(choice.weights_BE.sum(1), torch.ones(2, dtype=torch.float64))


def test_tbptt_sends_nothing_over_a_cut_and_bptt_does() -> None:
    for method, reached in (("tbptt", False), ("bptt", True)):
        network, inputs = network_of(method=method), inputs_of().requires_grad_()
        network(inputs).outputs_BTC[:, -1].sum().backward()
        assert inputs.grad is not None
        assert bool(inputs.grad[:, :9].any()) is reached
        assert bool(inputs.grad[:, 9:].any())


def test_knobs_turn_on_the_next_call() -> None:
    network, inputs = network_of(), inputs_of()
    before = network(inputs).outputs_BTC
    network.set_knobs(k_top=1, k_trunc=None, k_att=3)
    after = network(inputs)
    assert not torch.equal(after.outputs_BTC, before)
    assert (after.tape.knobs.k_top, after.tape.cuts, after.tape.memory_steps) == (1, (), (-1, 2, 5, 8))
    network.set_knobs(k_top=5, k_trunc=5, k_att=1)
    assert torch.equal(network(inputs).outputs_BTC, before)


@pytest.mark.parametrize(
    ("method", "name", "value"),
    [
        ("tbptt", "k_top", 3),
        ("bptt", "k_top", 3),
        ("bptt", "k_trunc", 5),
        ("attention", "k_top", 3),
        ("attention", "k_trunc", 5),
    ],
)
def test_a_method_refuses_to_give_up_what_defines_it(method: str, name: str, value: int) -> None:
    network = network_of(method=method)
    before = network.knobs()
    with pytest.raises(ValueError, match=rf"{name} = {value}: method '{method}' keeps"):
        network.set_knobs(**{name: value})
    assert network.knobs() == before


def test_every_method_lets_k_att_change_and_tbptt_its_k_trunc() -> None:
    for method in ("sab", "tbptt", "bptt", "attention"):
        network = network_of(method=method)
        network.set_knobs(k_att=4)
        assert network.knobs().k_att == 4
    network = network_of(method="tbptt")
    network.set_knobs(k_trunc=2)
    assert network(inputs_of(5)).tape.cuts == (1, 3)


def test_a_refused_change_changes_nothing_at_all() -> None:
    network = network_of()
    before = network.knobs()
    with pytest.raises(ValueError, match="k_att = 0"):
        network.set_knobs(k_top=2, k_att=0)
    with pytest.raises(TypeError, match="hidden_size"):
        network.set_knobs(k_top=2, hidden_size=9)
    assert network.knobs() == before


def test_knock_outs_and_phase_reach_the_layer() -> None:
    network, inputs = network_of(), inputs_of()
    everything = [(11, source) for source in range(-1, 11)]
    assert not network(inputs, knocked_out=everything).summary_BTD[:, 11].any()
    assert network(inputs, phase=2).tape.cuts == (1, 6, 11)
