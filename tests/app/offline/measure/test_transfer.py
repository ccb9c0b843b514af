"""Networks at other lengths: the figures of `sab evaluate`, the same examples for all, a bounded number at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sab_visualiser.app.offline import evaluate
from sab_visualiser.app.offline.measure.transfer import Asked, Source, transfer
from sab_visualiser.model.config import ModelConfig, RunConfig, TaskConfig, TrainingConfig
from sab_visualiser.model.contract import TASKS
from sab_visualiser.model.tasks.base import Batch
from sab_visualiser.model.training import checkpoint
from sab_visualiser.model.training.checkpoint import Checkpoint
from sab_visualiser.model.training.trainer import Trainer

Save = Callable[..., Source]
TASK = TaskConfig("copy", T=6, items=2)


@pytest.fixture
def save(tmp_path: Path) -> Save:
    def made(name: str, task: TaskConfig = TASK, seed: int = 0, **model: Any) -> Source:
        sizes = ModelConfig(hidden_size=10, attention_size=4, **model)
        trainer = Trainer(RunConfig(task, sizes, TrainingConfig(batch_size=2, seed=seed)))
        path = tmp_path / f"{name}.safetensors"
        checkpoint.save(Checkpoint.of(trainer), path)
        return Source(name, path)

    return made


def test_a_row_says_what_was_trained_where_it_was_measured_and_what_it_came_to(save: Save) -> None:
    mixed = save("mixed", replace(TASK, T_min=2), seed=3, k_top=1, k_att=3)
    attention = save("attention", method="attention")
    told: list[None] = []
    rows = transfer([mixed, attention], Asked((4, 9), 5, 7), lambda: told.append(None))
    assert len(rows) == len(told) == 4
    first, last = rows[0], rows[3]
    known = ("task", "method", "trained_T", "T_min", "T", "seed", "k_top", "k_att", "update", "examples", "run")
    assert [first[name] for name in known] == ["copy", "sab", 6, 2, 4, 3, 1, 3, 0, 5, "mixed"]
    assert [last[name] for name in known] == ["copy", "attention", 6, None, 9, 0, 10000, 2, 0, 5, "attention"]
    assert all(0 <= row["accuracy"] <= 1 and row["ce10"] > 0 and row["ce"] > 0 for row in rows)


def test_a_row_holds_the_figures_of_sab_evaluate(save: Save) -> None:
    source = save("one")
    (row,) = transfer([source], Asked((30,), 6, 4))
    found = evaluate.evaluate(source.file, {"T": 30}, {}, batch_size=6, seed=4)
    assert {name: row[name] for name in found["metrics"]} == found["metrics"]


def test_all_networks_are_measured_on_the_same_examples_a_chunk_at_a_time(
    save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Batch] = []

    def noted(batch: Batch) -> dict[str, float]:
        seen.append(batch)
        return {"accuracy": float(len(batch.inputs_BTI))}

    monkeypatch.setattr(evaluate, "CHUNK_STEPS", 4 * (20 + 4) + 1)
    monkeypatch.setattr(evaluate, "Examiner", lambda _network, _task: noted)
    rows = transfer([save("a"), save("b", seed=1)], Asked((20,), 10, 0))
    assert [len(batch.inputs_BTI) for batch in seen] == [4, 4, 2] * 2
    for one, other in zip(seen[:3], seen[3:], strict=True):
        assert one.inputs_BTI.equal(other.inputs_BTI)
    assert not seen[0].inputs_BTI.equal(seen[1].inputs_BTI)
    assert [row["accuracy"] for row in rows] == [(4 * 4 + 4 * 4 + 2 * 2) / 10] * 2, "a mean over examples, not chunks"


def test_a_sequence_longer_than_a_chunk_is_measured_alone(save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluate, "CHUNK_STEPS", 10)
    (row,) = transfer([save("a")], Asked((50,), 2, 0))
    assert row["accuracy"] is not None


def test_a_task_with_other_metrics_has_null_where_it_has_none(save: Save) -> None:
    (row,) = transfer([save("sum", TaskConfig("adding", T=8))], Asked((12,), 4, 0))
    assert row["accuracy"] is row["ce10"] is row["ce"] is None
    assert row["mse"] == row["loss"] > 0


@pytest.mark.parametrize(
    ("task", "words"),
    [(TaskConfig("adding", T=6), "adding with 0 items"), (replace(TASK, items=3), "copy with 3 items")],
)
def test_networks_of_two_tasks_cannot_be_compared(save: Save, task: TaskConfig, words: str) -> None:
    with pytest.raises(ValueError, match=f"copy with 2 items, two on {words}"):
        transfer([save("one"), save("two", task)], Asked((6,), 1, 0))


def test_a_length_that_the_task_does_not_have_is_refused_before_anything_is_measured(
    save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluate, "Examiner", lambda *_: pytest.fail("nothing may be measured"))
    source = save("noise", TaskConfig("denoise", T=6, items=2))
    with pytest.raises(ValueError, match=r"task\.T = 1"):
        transfer([source], Asked((1, 6), 1, 0))


def test_a_task_without_a_delay_has_no_other_one(save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    source = save("one")
    monkeypatch.setitem(TASKS, "copy", replace(TASKS["copy"], has_delay=False))
    with pytest.raises(ValueError, match="no delay that could be another"):
        transfer([source], Asked((6,), 1, 0))
