"""Looks at fresh examples: they change nothing, and a bound must hold on two of them in a row."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

import pytest
from torch import Tensor

from sab_visualiser.model.config import ModelConfig, RunConfig, TaskConfig, TrainingConfig
from sab_visualiser.model.contract import LOOK_EVERY, TASKS, example_until, parse_until
from sab_visualiser.model.network import Network
from sab_visualiser.model.probe.health import Health, health
from sab_visualiser.model.tasks import Batch, Task
from sab_visualiser.model.training import looks
from sab_visualiser.model.training.looks import Goal, Look, Watch, fresh
from sab_visualiser.model.training.trainer import Trainer, UpdateResult

RUN = RunConfig(
    TaskConfig("copy", 6, 2, T_min=2),
    ModelConfig(hidden_size=8, attention_size=4, k_top=2, k_trunc=3, k_att=1),
    TrainingConfig(batch_size=4, learning_rate=1e-2, seed=3, until="accuracy ≥ 0.5"),
)
RESULT = UpdateResult(1, 0.0, {}, 1.0, False, False, 1e-3, 0.0)


def seen(update: int, accuracy: float | None) -> Look:
    health = Health(0.0, 0.0, 0.0, 1.0, 1)
    return Look(update, health, {}, None, None, None if accuracy is None else {"accuracy": accuracy})


def test_looking_changes_no_later_update() -> None:
    watched, alone = Trainer(RUN), Trainer(RUN)
    watch = Watch(watched)
    for _ in range(4):
        watch.look()
        fresh(watched)
        result = watched.step()
        watch.note(result)
        assert replace(result, seconds=0) == replace(alone.step(), seconds=0)


def test_fresh_examples_are_looked_at_every_so_many_updates_and_health_always() -> None:
    trainer = Trainer(RUN)
    watch = Watch(trainer)
    first = watch.look()
    assert (first.update, first.fresh, first.norm_median, first.moved["scorer"]) == (0, None, None, None)
    assert first.health == health(trainer.network, trainer.task.probe_batch())
    trainer.update = LOOK_EVERY
    assert watch.look().fresh == fresh(trainer)


def test_the_band_of_gradient_norms_is_of_the_last_updates_and_one_that_is_not_a_number_is_the_worst() -> None:
    trainer = Trainer(RUN)
    watch = Watch(trainer)
    for norm in [1e9] * 50 + [float(at) for at in range(1, LOOK_EVERY + 1)]:
        watch.note(replace(RESULT, gradient_norm=norm))
    look = watch.look()
    # 125 norms from 1 to 125: half of them are at most 63, and 99 of 100 at most 124; the first fifty are forgotten.
    assert (look.norm_median, look.norm_p99) == (63.0, 124.0)
    watch.note(replace(RESULT, gradient_norm=math.nan))
    watch.note(replace(RESULT, gradient_norm=math.nan))
    assert watch.look().norm_p99 == math.inf
    assert watch.look().norm_median == 65.0


def test_every_update_and_every_seed_has_fresh_examples_and_the_same_update_the_same_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn: list[Tensor] = []

    def examine(_network: Network, _task: Task, batches: Iterable[Batch]) -> dict[str, float]:
        (batch,) = batches
        assert batch.symbols_BT is not None
        drawn.append(batch.symbols_BT)
        return {}

    monkeypatch.setattr(looks, "examine", examine)
    one, other = Trainer(RUN), Trainer(replace(RUN, training=replace(RUN.training, seed=4)))
    fresh(one)
    fresh(one)
    fresh(other)
    one.step()
    fresh(one)
    first, again, of_other, later = drawn
    assert (first == again).all()
    assert not (first == of_other).all()
    assert not (first == later).all()
    assert first.shape[1] == 6 + 4, "looks are at the longest delay"


def test_a_bound_must_hold_on_two_looks_in_a_row() -> None:
    goal = Goal(Trainer(RUN))
    figures = [0.9, None, 0.4, 0.6, None, 0.7]
    assert [goal.reached(seen(at, figure)) for at, figure in enumerate(figures)] == [*[False] * 5, True]
    assert goal.words() == "accuracy ≥ 0.5 held on 2 looks in a row at 128 fresh examples"


@pytest.mark.parametrize(("carry", "words"), [(True, ", state carried from one window to the next"), (False, "")])
def test_why_a_run_ended_says_whether_the_state_was_carried(carry: bool, words: str) -> None:
    task = TaskConfig("char", 6, carry=carry)
    goal = Goal(Trainer(RunConfig(task, RUN.model, replace(RUN.training, until="bpc ≤ 3"))))
    assert goal.words() == f"bpc ≤ 3 held on 2 looks in a row at 128 held-out examples{words}"


def test_a_run_without_a_bound_never_reaches_one() -> None:
    goal = Goal(Trainer(replace(RUN, training=replace(RUN.training, until=None))))
    assert not any(goal.reached(seen(at, 1.0)) for at in range(3))


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
