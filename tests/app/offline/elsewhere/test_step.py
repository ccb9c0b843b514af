"""The step that is exported, repeated over a sequence, is the network: every variant, normaliser, method and knob."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from sab_visualiser.app.offline.elsewhere.step import Step
from sab_visualiser.model.config import ModelConfig
from sab_visualiser.model.contract import ALL_MEMORIES
from sab_visualiser.model.network import Network
from sab_visualiser.model.passes.tape import Tape

STEPS, BATCH = 13, 4
CONFIGS = {
    "the usual one": ModelConfig(hidden_size=6, attention_size=4, k_top=3, k_att=2),
    "a memory every step": ModelConfig(hidden_size=6, attention_size=4, k_top=3, k_att=1),
    "one memory read": ModelConfig(hidden_size=6, attention_size=4, k_top=1, k_att=1),
    "more read than there are": ModelConfig(hidden_size=6, attention_size=4, k_top=50, k_att=2),
    "no initial memory": ModelConfig(hidden_size=6, attention_size=4, k_top=2, k_att=3, initial_memory=False),
    "softmax": ModelConfig(hidden_size=6, attention_size=4, k_top=3, k_att=2, normalizer="softmax"),
    "softmax, nothing at first": ModelConfig(
        hidden_size=6, attention_size=4, k_top=2, k_att=3, normalizer="softmax", initial_memory=False
    ),
    "release": ModelConfig(hidden_size=6, k_top=3, k_att=1, variant="release"),
    "release that reads nothing": ModelConfig(hidden_size=6, k_top=1, k_att=1, variant="release"),
    "attention": ModelConfig(method="attention", hidden_size=6, attention_size=4, k_att=1),
    "tbptt": ModelConfig(method="tbptt", hidden_size=6),
}


def dense_weights(tape: Tape, capacity: int) -> Tensor:
    """The weights of a pass by place, 0 where nothing was read."""
    batch = tape.hidden_TBD.shape[1]
    weights_TBM = tape.hidden_TBD.new_zeros(len(tape.choices), batch, capacity)
    for t, choice in enumerate(tape.choices):
        places_BE = tape.places(t)
        if choice is not None and places_BE is not None:
            weights_TBM[t].scatter_add_(1, places_BE, choice.weights_BE)
    return weights_TBM.transpose(0, 1)


def walked(step: Step, inputs_BTI: Tensor, capacity: int) -> tuple[Tensor, Tensor]:
    """Outputs and weights of a loop over all steps."""
    state, outputs, weights = step.start(len(inputs_BTI), capacity), [], []
    for inputs_BI in inputs_BTI.unbind(1):
        outputs_BC, weights_BM, *after = step(inputs_BI, *state)
        state = type(state)(*after)
        outputs.append(outputs_BC)
        weights.append(weights_BM)
    return torch.stack(outputs, 1), torch.stack(weights, 1)


@pytest.mark.parametrize("spare", [0, 4])
@pytest.mark.parametrize("name", CONFIGS)
@torch.no_grad()
def test_a_loop_of_steps_is_the_forward_pass(name: str, spare: int) -> None:
    torch.manual_seed(5)
    network = Network(3, 5, CONFIGS[name], backend="torch").double()
    for weight in network.parameters():
        weight.mul_(2)  # scores that differ
    capacity = max(len(network.knobs().memory_steps(STEPS)), 1)
    inputs_BTI = torch.randn(BATCH, STEPS, 3, dtype=torch.float64)
    expected = network(inputs_BTI)
    outputs_BTC, weights_BTM = walked(Step(network), inputs_BTI, capacity + spare)
    torch.testing.assert_close(outputs_BTC, expected.outputs_BTC, rtol=1e-7, atol=1e-9)
    torch.testing.assert_close(weights_BTM, dense_weights(expected.tape, capacity + spare), rtol=1e-7, atol=1e-9)


@torch.no_grad()
def test_the_state_counts_what_is_written_and_holds_it_where_the_weights_say() -> None:
    network = Network(3, 5, CONFIGS["no initial memory"], backend="torch")
    step, inputs_BTI = Step(network), torch.randn(1, 7, 3)
    state, hidden = step.start(1, 2), []
    for inputs_BI in inputs_BTI.unbind(1):
        _, _, *after = step(inputs_BI, *state)
        state = type(state)(*after)
        hidden.append(state.hidden_BD)
    assert (int(state.step), int(state.written)) == (7, 2)
    torch.testing.assert_close(state.memories_BMD[0], torch.cat((hidden[2], hidden[5])))


def test_every_memory_is_read_by_the_method_that_reads_all() -> None:
    assert Step(Network(3, 5, CONFIGS["attention"])).knobs.k_top == ALL_MEMORIES
