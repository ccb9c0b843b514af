"""What is kept beside a trainer: its last finite state, and the one before an update that takes long."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
import torch

from sab_visualiser.model.config import ModelConfig, RunConfig, TaskConfig, TrainingConfig
from sab_visualiser.model.training.checkpoint import Checkpoint
from sab_visualiser.model.training.kept import LONG_S, Kept
from sab_visualiser.model.training.trainer import Trainer, UpdateResult

TINY = RunConfig(
    TaskConfig("copy", 4, 2), ModelConfig(hidden_size=6, attention_size=4), TrainingConfig(batch_size=3, seed=3)
)


class Slow(Trainer):
    """Says that its updates take long, and stands still inside one when told to."""

    seconds = 2 * LONG_S

    def __init__(self) -> None:
        super().__init__(TINY)
        self.inside, self.go_on = threading.Event(), threading.Event()
        self.go_on.set()

    def step(self) -> UpdateResult:
        result = super().step()
        self.inside.set()
        assert self.go_on.wait(10)
        return replace(result, seconds=self.seconds)


def same(one: Checkpoint, two: Checkpoint) -> bool:
    weights = one.state["weights"], two.state["weights"]
    optimizer = one.state["optimizer"], two.state["optimizer"]
    return one.update == two.update and all(
        torch.equal(left[name], right[name]) for left, right in (weights, optimizer) for name in left
    )


def stands_inside(trainer: Slow, kept: Kept) -> threading.Thread:
    """A thread in which an update is under way, for as long as the test wants."""
    trainer.inside.clear()
    trainer.go_on.clear()
    thread = threading.Thread(target=kept.step, daemon=True)
    thread.start()
    assert trainer.inside.wait(10)
    return thread


def test_the_state_before_a_long_update_can_be_had_inside_it_and_training_goes_on_from_there_bit_for_bit() -> None:
    trainer = Slow()
    kept = Kept(trainer)
    kept.step()
    finished = Checkpoint.of(trainer)
    stands_inside(trainer, kept)
    state = kept.take()
    assert state is not None
    assert same(state, finished)
    assert not same(state, Checkpoint.of(trainer)), "the weights have moved already"
    again = state.trainer()
    again.step()
    assert same(Checkpoint.of(again), Checkpoint.of(trainer))


def test_an_update_whose_state_was_taken_does_not_end() -> None:
    trainer = Slow()
    kept = Kept(trainer)
    kept.step()
    thread = stands_inside(trainer, kept)
    assert kept.take() is not None
    trainer.go_on.set()
    thread.join(0.2)
    assert thread.is_alive()
    kept.give_back()
    thread.join(10)
    assert not thread.is_alive()


@pytest.mark.parametrize("seconds", [LONG_S / 2, 0.0])
def test_no_copy_is_made_for_updates_that_are_short(seconds: float) -> None:
    trainer = Slow()
    trainer.seconds = seconds
    kept = Kept(trainer)
    kept.step()
    thread = stands_inside(trainer, kept)
    assert kept.take() is None
    kept.give_back()
    trainer.go_on.set()
    thread.join(10)
    assert trainer.update == 2


def test_while_something_looks_the_state_is_that_of_now() -> None:
    trainer = Trainer(TINY)
    kept = Kept(trainer)
    kept.step()
    found: list[Checkpoint | None] = []
    with kept.looking():
        taker = threading.Thread(target=lambda: found.append(kept.take()))
        taker.start()
        taker.join(10)
        kept.give_back()
    (state,) = found
    assert state is not None
    assert same(state, Checkpoint.of(trainer))
