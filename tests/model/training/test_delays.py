"""Mixed delays: every update of a run with T_min draws its own delay; all that is looked at keeps the longest."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import get_args

import pytest
import torch

from sab_visualiser.model.config import Method, ModelConfig, RunConfig, TaskConfig, TaskName, TrainingConfig
from sab_visualiser.model.contract import TASKS as FACTS
from sab_visualiser.model.contract import delay_words, sequence_steps
from sab_visualiser.model.tasks import make_task
from sab_visualiser.model.tasks.base import Batch
from sab_visualiser.model.training.checkpoint import Checkpoint, dumps, loads
from sab_visualiser.model.training.trainer import Trainer, UpdateResult

MIXED = RunConfig(
    TaskConfig("copy", 9, 2, T_min=2),
    ModelConfig(hidden_size=8, attention_size=4, k_top=2, k_trunc=3, k_att=1),
    TrainingConfig(batch_size=4, learning_rate=1e-2, seed=3, phase="random"),
)
TASKS: tuple[TaskName, ...] = tuple(name for name in get_args(TaskName) if FACTS[name].has_delay)


def figures(results: list[UpdateResult]) -> list[str]:
    return [repr(replace(result, seconds=0.0)) for result in results]


def lengths(trainer: Trainer, updates: int, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Steps of the batches that the next updates train on."""
    seen: list[int] = []
    passes = trainer._passes

    def spy(batch: Batch, *rest: object) -> object:
        seen.append(batch.steps)
        return passes(batch, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(trainer, "_passes", spy)
    list(trainer.updates(updates))
    return seen


def test_every_delay_from_t_min_to_t_comes_about_equally_often(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = Counter(steps - 4 for steps in lengths(Trainer(MIXED), 400, monkeypatch))
    assert sorted(drawn) == list(range(2, 10))
    # 400 draws of 8 delays: 50 each, standard deviation 6.6.
    assert all(20 < count < 80 for count in drawn.values())


def test_the_seed_decides_which_delay_comes_when(monkeypatch: pytest.MonkeyPatch) -> None:
    other = replace(MIXED, training=replace(MIXED.training, seed=4))
    first, again, third = (lengths(Trainer(run), 30, monkeypatch) for run in (MIXED, MIXED, other))
    assert first == again
    assert first != third


def test_delays_come_from_a_stream_of_their_own() -> None:
    """Weights and phases of the run are those of the run with one delay; only the length of its batches differs."""
    fixed = Trainer(replace(MIXED, task=replace(MIXED.task, T_min=None)))
    mixed = Trainer(MIXED)
    pairs = zip(fixed.network.parameters(), mixed.network.parameters(), strict=True)
    assert all(torch.equal(one, two) for one, two in pairs)
    list(fixed.updates(3))
    list(mixed.updates(3))
    assert torch.equal(fixed.state_dict()["generators"]["phase"], mixed.state_dict()["generators"]["phase"])
    assert "delays" not in fixed.state_dict()["generators"]


def test_t_min_equal_to_t_is_the_fixed_delay_to_the_last_bit() -> None:
    fixed, equal = (Trainer(replace(MIXED, task=replace(MIXED.task, T_min=T_min))) for T_min in (None, 9))
    assert figures(list(fixed.updates(5))) == figures(list(equal.updates(5)))


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize("method", ["sab", "tbptt", "bptt", "attention"])
def test_every_task_and_method_trains_on_mixed_delays(
    name: TaskName, method: Method, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = None if name == "adding" else 2
    task = TaskConfig(name, 6, items, T_min=3)
    trainer = Trainer(RunConfig(task, replace(MIXED.model, method=method), MIXED.training))
    seen = set(lengths(trainer, 40, monkeypatch))
    assert seen == {sequence_steps(replace(task, T=T)) for T in range(3, 7)}


def test_what_is_probed_and_evaluated_has_the_longest_delay() -> None:
    trainer = Trainer(MIXED)
    list(trainer.updates(4))
    assert trainer.task.probe_batch().steps == 9 + 4
    assert torch.equal(
        trainer.task.probe_batch().inputs_BTI, make_task(TaskConfig("copy", 9, 2)).probe_batch().inputs_BTI
    )


def test_a_mixed_run_goes_on_from_a_checkpoint_bit_for_bit() -> None:
    trainer = Trainer(MIXED)
    list(trainer.updates(7))
    resumed = loads(dumps(Checkpoint.of(trainer))).trainer()
    assert figures(list(resumed.updates(12))) == figures(list(trainer.updates(12)))
    assert dumps(Checkpoint.of(resumed)) == dumps(Checkpoint.of(trainer))


@pytest.mark.parametrize(
    ("task", "words"),
    [
        (TaskConfig("copy", 9, 2, T_min=10), r"task\.T_min = 10: must be 1 … 9, for copy with T = 9; lower it"),
        (TaskConfig("denoise", 9, 4, T_min=3), r"task\.T_min = 3: must be 4 … 9, for denoise with T = 9; lower it"),
        (TaskConfig("adding", 9, T_min=1), r"task\.T_min = 1: must be 2 … 9, for adding"),
    ],
)
def test_a_shortest_delay_that_the_task_cannot_have_is_refused(task: TaskConfig, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Trainer(replace(MIXED, task=task))


def test_a_shortest_delay_below_one_is_no_delay() -> None:
    with pytest.raises(ValueError, match=r"task\.T_min = 0: must be an integer ≥ 1"):
        TaskConfig("copy", 9, T_min=0)


def test_captions_tell_of_mixed_delays_in_a_word() -> None:
    assert delay_words(30, 1) == "delays 1–30 mixed"
    assert delay_words(30, None) == delay_words(30, 30) == ""
