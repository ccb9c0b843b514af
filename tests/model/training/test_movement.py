"""How far an update moves the weights: what Adam's moments say is what a copy from before the update shows."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from sab_visualiser.model.config import ModelConfig, RunConfig, TaskConfig, TrainingConfig
from sab_visualiser.model.training.movement import GROUPS, moved
from sab_visualiser.model.training.trainer import Trainer

SCORER = {"layer.weight_key", "layer.weight_query", "layer.weight_score"}


def trainer_of(weight_decay: float = 0.0, **model: Any) -> Trainer:
    return Trainer(
        RunConfig(
            TaskConfig("copy", 6, 2),
            ModelConfig(hidden_size=8, attention_size=4, k_trunc=3, **model),
            TrainingConfig(
                batch_size=4,
                learning_rate=1e-2,
                scorer_rate=0.5,
                rate_decay=0.5,
                weight_decay=weight_decay,
                updates=8,
            ),
        )
    )


def loop(before: dict[str, torch.Tensor], after: dict[str, torch.Tensor]) -> dict[str, float]:
    """Length of the change over length of the weights, one number after the other."""
    found = {}
    for group in GROUPS:
        step = length = 0.0
        for name, weight in after.items():
            mine = "scorer" if name in SCORER else "readout" if name.startswith("readout") else "recurrent"
            if mine == group:
                for new, old in zip(weight.double().flatten().tolist(), before[name].double().flatten(), strict=True):
                    step += (new - float(old)) ** 2
                    length += new**2
        found[group] = (step / length) ** 0.5
    return found


@pytest.mark.parametrize("weight_decay", [0.0, 1.0])
def test_each_group_moves_as_far_as_a_copy_from_before_shows(weight_decay: float) -> None:
    trainer = trainer_of(weight_decay, k_top=2, k_att=1)
    for _ in range(8):
        before = {name: weight.clone() for name, weight in trainer.network.state_dict().items()}
        trainer.step()
        found = moved(trainer.network, trainer.optimizer)
        assert found == pytest.approx(loop(before, trainer.network.state_dict()), rel=1e-3)


def test_before_the_first_update_nothing_has_moved() -> None:
    trainer = trainer_of(k_top=2)
    assert moved(trainer.network, trainer.optimizer) == dict.fromkeys(GROUPS)


def test_a_scorer_that_is_not_in_use_does_not_move() -> None:
    trainer = trainer_of(method="tbptt")
    trainer.step()
    found = moved(trainer.network, trainer.optimizer)
    assert found["scorer"] is None
    assert found["recurrent"]


def test_the_last_update_that_moved_weights_counts_where_one_was_skipped() -> None:
    trainer = trainer_of(k_top=2)
    trainer.step()
    before = moved(trainer.network, trainer.optimizer)
    with torch.no_grad():
        kept = trainer.network.readout.bias.clone()
        trainer.network.readout.bias.fill_(float("nan"))
    assert trainer.step().skipped
    with torch.no_grad():
        trainer.network.readout.bias.copy_(kept)
    assert moved(trainer.network, trainer.optimizer) == before
