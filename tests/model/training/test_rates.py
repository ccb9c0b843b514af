"""The learning rate: one of its own for the scorer, and a fall at the end of a training."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
import torch

from sab_visualiser.model.config import ModelConfig, RunConfig, TaskConfig, TrainingConfig
from sab_visualiser.model.training.checkpoint import Checkpoint, dumps, loads
from sab_visualiser.model.training.rates import SCORER, SETTLED, decayed
from sab_visualiser.model.training.trainer import Trainer

RUN = RunConfig(
    TaskConfig("copy", 6, 2),
    ModelConfig(hidden_size=16, attention_size=4, k_top=2, k_trunc=3, k_att=1),
    TrainingConfig(batch_size=8, learning_rate=1e-3, clip_norm=0, updates=10, seed=3),
)
SHRINK = ("weight_ih", "weight_hh", "weight_key", "weight_query", "weight")


def with_training(**changes: float) -> RunConfig:
    return replace(RUN, training=replace(RUN.training, **changes))  # type: ignore[arg-type]


def moved(run: RunConfig) -> dict[str, float]:
    """How far the first update moves each weight: Adam's first step is the rate wherever there is a gradient."""
    trainer = Trainer(run)
    before = {name: weight.detach().clone() for name, weight in trainer.network.named_parameters()}
    trainer.step()
    return {
        name: float((weight.detach() - before[name]).abs().max()) for name, weight in trainer.network.named_parameters()
    }


def test_the_scorer_moves_at_its_own_rate_and_nothing_else_does() -> None:
    for name, distance in moved(with_training(scorer_rate=0.3)).items():
        rate = 3e-4 if name.rpartition(".")[2] in SCORER else 1e-3
        assert distance == pytest.approx(rate, rel=1e-3), name


def test_one_rate_for_all_is_one_group_and_the_default() -> None:
    assert len(Trainer(RUN).optimizer.param_groups) == 1
    assert all(distance == pytest.approx(1e-3, rel=1e-3) for distance in moved(RUN).values())


def test_weights_shrink_beside_the_gradient_but_biases_and_the_score_do_not() -> None:
    with_decay, without = Trainer(with_training(weight_decay=0.5)), Trainer(RUN)
    before = {name: weight.detach().clone() for name, weight in without.network.named_parameters()}
    assert without.step().gradient_norm == with_decay.step().gradient_norm, "the gradient knows nothing of it"
    for (name, one), other in zip(with_decay.network.named_parameters(), without.network.parameters(), strict=True):
        shrunk = 1e-3 * 0.5 if name.rpartition(".")[2] in SHRINK else 0.0
        torch.testing.assert_close(one, other - shrunk * before[name], rtol=1e-5, atol=1e-8)


def test_without_decay_the_updates_are_those_of_plain_adam_to_the_bit() -> None:
    trainer = Trainer(RUN)
    assert type(trainer.optimizer) is torch.optim.Adam
    plain = Trainer(RUN)
    plain.optimizer = torch.optim.Adam([{"params": list(plain.network.parameters()), "share": 1.0}], fused=True)
    for _ in range(3):
        trainer.step()
        plain.step()
    assert all(
        torch.equal(one, two) for one, two in zip(trainer.network.parameters(), plain.network.parameters(), strict=True)
    )


def test_the_rate_stays_and_then_falls_to_its_end() -> None:
    training = TrainingConfig(updates=1000, rate_decay=0.3)
    shares = [decayed(training, update) for update in range(1001)]
    assert shares[:701] == [1.0] * 701
    assert all(later < earlier for earlier, later in pairwise(shares[700:]))
    assert shares[850] == pytest.approx((1 + SETTLED) / 2)
    assert shares[1000] == pytest.approx(SETTLED)
    assert decayed(training, 5000) == pytest.approx(SETTLED), "a run may be taken further than was planned"


def test_without_a_fall_the_rate_is_that_of_the_knob() -> None:
    assert {decayed(TrainingConfig(updates=10), update) for update in range(12)} == {1.0}
    trainer = Trainer(RUN)
    trainer.set_parameters(learning_rate=5e-4)
    assert {result.learning_rate for result in trainer.updates(3)} == {5e-4}


def test_a_turned_knob_falls_by_the_same_share() -> None:
    trainer = Trainer(with_training(rate_decay=1.0))
    trainer.set_parameters(learning_rate=1e-2)
    told = [result.learning_rate for result in trainer.updates(10)]
    assert told == [pytest.approx(1e-2 * decayed(trainer.config.training, update)) for update in range(10)]


def test_a_training_with_rates_of_its_own_goes_on_from_a_checkpoint_bit_for_bit() -> None:
    trainer = Trainer(with_training(scorer_rate=0.3, rate_decay=0.5, weight_decay=0.1))
    list(trainer.updates(4))
    resumed = loads(dumps(Checkpoint.of(trainer))).trainer()
    list(trainer.updates(5))
    list(resumed.updates(5))
    pairs = zip(trainer.network.parameters(), resumed.network.parameters(), strict=True)
    assert all(torch.equal(one, two) for one, two in pairs)
