"""Looks at fresh examples: they change nothing, and a bound must hold on two of them in a row."""

from __future__ import annotations

from dataclasses import replace

import pytest
from torch import Tensor

from sab_visualiser.model.config import ModelConfig, RunConfig, TaskConfig, TrainingConfig
from sab_visualiser.model.contract import TASKS, example_until, parse_until
from sab_visualiser.model.network import Network
from sab_visualiser.model.tasks import Batch, Task
from sab_visualiser.model.training import looks
from sab_visualiser.model.training.looks import LOOK_EVERY, Goal, look
from sab_visualiser.model.training.trainer import Trainer

RUN = RunConfig(
    TaskConfig("copy", 6, 2, T_min=2),
    ModelConfig(hidden_size=8, attention_size=4, k_top=2, k_trunc=3, k_att=1),
    TrainingConfig(batch_size=4, learning_rate=1e-2, seed=3, until="accuracy ≥ 0.5"),
)


def test_looking_changes_no_later_update() -> None:
    watched, alone = Trainer(RUN), Trainer(RUN)
    for _ in range(4):
        look(watched)
        assert replace(watched.step(), seconds=0) == replace(alone.step(), seconds=0)


def test_every_update_and_every_seed_has_fresh_examples_and_the_same_update_the_same_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn: list[Tensor] = []

    def evaluate(_network: Network, _task: Task, batch: Batch) -> dict[str, float]:
        assert batch.symbols_BT is not None
        drawn.append(batch.symbols_BT)
        return {}

    monkeypatch.setattr(looks, "evaluate", evaluate)
    one, other = Trainer(RUN), Trainer(replace(RUN, training=replace(RUN.training, seed=4)))
    look(one)
    look(one)
    look(other)
    one.step()
    look(one)
    first, again, of_other, later = drawn
    assert (first == again).all()
    assert not (first == of_other).all()
    assert not (first == later).all()
    assert first.shape[1] == 6 + 4, "looks are at the longest delay"


def test_a_bound_must_hold_on_two_looks_in_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = iter([0.9, 0.4, 0.6, 0.7])
    monkeypatch.setattr(looks, "look", lambda trainer: {"accuracy": next(seen)})
    trainer = Trainer(RUN)
    goal = Goal(trainer)
    reached = []
    for update in range(1, 4 * LOOK_EVERY + 1):
        trainer.update = update
        if goal.reached(trainer):
            reached.append(update)
    assert reached == [4 * LOOK_EVERY]
    assert goal.words() == "accuracy ≥ 0.5 held on 2 looks in a row at 128 fresh examples"


def test_a_run_without_a_bound_never_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "look", lambda trainer: pytest.fail("nobody asked for a look"))
    trainer = Trainer(replace(RUN, training=replace(RUN.training, until=None)))
    goal = Goal(trainer)
    trainer.update = LOOK_EVERY
    assert not goal.reached(trainer)


@pytest.mark.parametrize("words", ["accuracy ≥ 0.99", "accuracy>=0.99", " accuracy ≥ 9.9e-1 "])
def test_a_bound_may_be_written_as_people_write_it(words: str) -> None:
    assert str(parse_until(words, "copy")) == "accuracy ≥ 0.99"


@pytest.mark.parametrize("task", list(TASKS))
def test_the_example_of_every_task_is_a_bound_that_it_accepts(task: str) -> None:
    words = example_until(task).removeprefix("write for example ")  # type: ignore[arg-type]
    assert str(parse_until(words, task)) == words  # type: ignore[arg-type]


def test_a_figure_that_is_not_a_number_is_never_good_enough() -> None:
    assert not parse_until("accuracy ≥ 0.5", "copy").reached({"accuracy": float("nan")})
    assert not parse_until("mse ≤ 0.5", "adding").reached({"mse": float("nan")})


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("mse ≤ 0.1", "copy has the metrics accuracy, ce10, ce"),
        ("accuracy ≤ 0.5", "accuracy is better when it is higher; write accuracy ≥ 0.5"),
        ("ce ≥ 0.5", "ce is better when it is lower; write ce ≤ 0.5"),
        ("accuracy ≥ 1.5", "accuracy is a share, more than 0 … 1"),
        ("accuracy ≥ 0", "accuracy is a share, more than 0 … 1"),
    ],
)
def test_a_bound_that_cannot_be_is_refused_with_what_to_write(words: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Trainer(replace(RUN, training=replace(RUN.training, until=words)))
