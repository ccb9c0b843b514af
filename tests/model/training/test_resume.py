"""Resuming: a trainer's state is a copy, and a trainer that loads it goes on with the very same bits."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from sab_visualiser.model.config import Method, ModelConfig, RunConfig, TaskConfig, TrainingConfig
from sab_visualiser.model.training.trainer import NONFINITE_LOSSES, DivergedError, Trainer, UpdateResult

RUN = RunConfig(
    TaskConfig("copy", 4, 2),
    ModelConfig(hidden_size=8, attention_size=4, k_top=2, k_trunc=3, k_att=1),
    TrainingConfig(batch_size=4, learning_rate=1e-2, seed=3, phase="random"),
)


def same(one: dict[str, Tensor], two: dict[str, Tensor]) -> bool:
    return one.keys() == two.keys() and all(torch.equal(one[name], two[name]) for name in one)


def figures(results: list[UpdateResult]) -> list[str]:
    """All that must repeat, to the last bit: everything but the time it took."""
    return [repr(replace(result, seconds=0.0)) for result in results]


def test_a_state_loaded_into_a_new_trainer_goes_on_bit_for_bit() -> None:
    trainer = Trainer(RUN)
    list(trainer.updates(4))
    trainer.set_parameters(k_top=1, learning_rate=5e-3)
    list(trainer.updates(3))
    state = trainer.state_dict()
    expected = list(trainer.updates(5))

    resumed = Trainer(RUN)
    resumed.load_state_dict(state)
    assert resumed.update == 7
    assert resumed.parameters() == state["parameters"]
    assert figures(list(resumed.updates(5))) == figures(expected)
    assert same(resumed.state_dict()["weights"], trainer.state_dict()["weights"])


@pytest.mark.parametrize("method", ["tbptt", "bptt", "attention"])
def test_every_method_can_be_resumed(method: Method) -> None:
    run = replace(RUN, model=replace(RUN.model, method=method))
    trainer, resumed = Trainer(run), Trainer(run)
    trainer.step()
    resumed.load_state_dict(trainer.state_dict())
    assert figures([trainer.step()]) == figures([resumed.step()])


def test_counters_survive_a_resume() -> None:
    trainer, resumed = Trainer(RUN), Trainer(RUN)
    with torch.no_grad():
        next(trainer.network.parameters()).fill_(math.nan)  # W_ih: one column alone reaches only who reads its symbol
    list(trainer.updates(NONFINITE_LOSSES - 1))
    resumed.load_state_dict(trainer.state_dict())
    assert resumed.skipped_total == NONFINITE_LOSSES - 1
    with pytest.raises(DivergedError):
        resumed.step()


def test_a_state_is_a_copy_that_training_does_not_change() -> None:
    trainer = Trainer(RUN)
    trainer.step()
    state = trainer.state_dict()
    before = {name: tensor.clone() for name, tensor in {**state["weights"], **state["optimizer"]}.items()}
    generator = state["generators"]["batches"].clone()
    trainer.step()
    assert same(before, {**state["weights"], **state["optimizer"]})
    assert torch.equal(generator, state["generators"]["batches"])
