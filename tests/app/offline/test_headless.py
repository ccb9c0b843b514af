"""Training without a page: the result it returns, when it stops, what it keeps and what it says."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
import torch

from sab_visualiser.app.offline import train as headless
from sab_visualiser.app.offline.train import Listeners, train
from sab_visualiser.model.config import ModelConfig, RunConfig, TaskConfig, TrainingConfig
from sab_visualiser.model.contract import LOOK_EVERY
from sab_visualiser.model.training import checkpoint
from sab_visualiser.model.training.checkpoint import CheckpointError
from sab_visualiser.model.training.looks import fresh, look_due
from sab_visualiser.model.training.reading import evaluate
from sab_visualiser.model.training.trainer import DivergedError, Trainer, UpdateResult

CONFIG = RunConfig(
    TaskConfig("copy", 2, 1),
    ModelConfig(hidden_size=8, attention_size=4, k_top=2, k_trunc=3, k_att=1),
    TrainingConfig(batch_size=4, learning_rate=1e-2, updates=7),
)


def updates(count: int, config: RunConfig = CONFIG) -> RunConfig:
    return replace(config, training=replace(config.training, updates=count))


@pytest.fixture
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(headless, "EVALUATE_EVERY", 3)


def test_the_result_is_the_contracts_and_valid_json() -> None:
    result = train(CONFIG)
    assert list(result) == ["updates", "seconds", "metrics", "ended", "verdict", "health", "checkpoint", "engine"]
    assert result["updates"] == 7
    assert result["seconds"] > 0
    assert result["checkpoint"] is None
    assert {"accuracy", "ce10", "ce", "loss"} <= set(result["metrics"])
    assert json.loads(json.dumps(result, allow_nan=False)) == result


def test_the_metrics_are_those_of_the_final_weights_on_256_probe_examples() -> None:
    trainer = Trainer(CONFIG)
    list(trainer.updates(7))
    expected = evaluate(trainer.network, trainer.task, trainer.task.probe_batch(256))
    assert train(CONFIG)["metrics"] == expected


def test_a_task_without_accuracy_says_null_and_has_its_own_metric_beside() -> None:
    metrics = train(updates(2, replace(CONFIG, task=TaskConfig("adding", 5))))["metrics"]
    assert metrics["accuracy"] is metrics["ce10"] is metrics["ce"] is None
    assert metrics["mse"] == pytest.approx(metrics["loss"])


def until(words: str, count: int = 2000) -> RunConfig:
    return replace(CONFIG, training=replace(CONFIG.training, updates=count, until=words))


def test_training_ends_once_its_bound_has_held_on_two_looks() -> None:
    seen: list[int] = []
    config = until("accuracy ≥ 0.9")
    result = train(config, listeners=Listeners(on_update=lambda r: seen.append(r.update)))
    assert result["updates"] < 2000
    assert result["updates"] % LOOK_EVERY == 0
    assert result["ended"] == "accuracy ≥ 0.9 held on 2 looks in a row at 128 fresh examples"
    assert result["verdict"]["label"] == f"learned at {result['updates']:,}"
    assert result["health"]["saturated"] is not None
    assert seen == list(range(1, result["updates"] + 1))
    trainer = Trainer(config)
    held = [fresh(trainer)["accuracy"] >= 0.9 for _ in trainer.updates(result["updates"]) if look_due(trainer.update)]
    assert held[-2:] == [True, True]
    assert not any(one and two for one, two in pairwise(held[:-1]))


def test_a_loss_has_to_fall_to_its_bound() -> None:
    result = train(until("ce ≤ 0.5"))
    assert result["metrics"]["ce"] <= 0.6
    assert result["updates"] < 2000


def test_a_bound_that_is_never_reached_lets_the_training_go_on_to_its_end() -> None:
    result = train(until("accuracy ≥ 0.99", 300))
    assert (result["updates"], result["ended"]) == (300, None)
    assert result["verdict"]["word"] in ("learning", "at chance")


def test_a_bound_on_a_metric_the_task_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match=r"training\.until = mse ≤ 0\.1: copy has the metrics accuracy, ce10, ce;"):
        train(until("mse ≤ 0.1"))


def test_the_checkpoint_holds_the_final_weights_and_metrics(tmp_path: Path) -> None:
    result = train(CONFIG, output=tmp_path / "new" / "folder")
    saved = checkpoint.load(Path(result["checkpoint"]))
    assert Path(result["checkpoint"]).parent == tmp_path / "new" / "folder"
    assert saved.update == 7
    assert saved.metrics == result["metrics"]
    assert saved.config == CONFIG


def test_a_run_resumed_is_the_run_uninterrupted(tmp_path: Path) -> None:
    whole = train(updates(9), output=tmp_path / "whole")
    half = train(updates(4), output=tmp_path / "half")
    rest = train(updates(9), output=tmp_path / "rest", resume=Path(half["checkpoint"]))
    assert rest["updates"] == 9
    assert rest["metrics"] == whole["metrics"]
    assert Path(rest["checkpoint"]).read_bytes() == Path(whole["checkpoint"]).read_bytes()


def test_a_checkpoint_of_another_config_is_not_resumed(tmp_path: Path) -> None:
    path = Path(train(CONFIG, output=tmp_path)["checkpoint"])
    with pytest.raises(ValueError, match=r"resume = checkpoint\.safetensors: belongs to another config"):
        train(replace(CONFIG, task=TaskConfig("copy", 3, 1)), resume=path)
    path.write_bytes(b"rubbish!")
    with pytest.raises(CheckpointError):
        train(CONFIG, resume=path)


@pytest.mark.usefixtures("_often")
def test_divergence_is_raised_and_the_last_finite_checkpoint_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = Trainer.step

    def poisoned(self: Trainer) -> UpdateResult:
        if self.update == 4:
            with torch.no_grad():
                next(self.network.parameters()).fill_(math.nan)
        return step(self)

    monkeypatch.setattr(Trainer, "step", poisoned)
    with pytest.raises(DivergedError, match="update 29"):
        train(updates(100), output=tmp_path)
    assert checkpoint.load(tmp_path / headless.CHECKPOINT_NAME).update == 3


def test_a_terminal_gets_a_progress_bar_on_standard_error_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    train(CONFIG)
    said = capsys.readouterr()
    assert said.out == ""
    assert "copy T=2" in said.err
    assert "7/7" in said.err


def test_without_a_terminal_nothing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    train(CONFIG)
    said = capsys.readouterr()
    assert said.out == said.err == ""
