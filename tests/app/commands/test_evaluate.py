"""`sab evaluate` runs a stored network at any length and says what that took."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sab_visualiser.model.config import ModelConfig, RunConfig, TaskConfig, TrainingConfig
from sab_visualiser.model.training import checkpoint
from sab_visualiser.model.training.checkpoint import Checkpoint
from sab_visualiser.model.training.trainer import Trainer
from tests.app.commands.running import run_sab


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    model = ModelConfig(hidden_size=16, attention_size=4, k_top=2)
    trainer = Trainer(RunConfig(TaskConfig("copy", 4, 2), model, TrainingConfig(batch_size=2)))
    checkpoint.save(Checkpoint.of(trainer), tmp_path / "network.safetensors")
    return tmp_path / "network.safetensors"


def test_a_network_is_measured_far_beyond_the_length_it_was_trained_on(
    stored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run_sab(capsys, "evaluate", str(stored), "--T", "1500", "--examples", "3", "--json")
    found = json.loads(out)
    assert code == 0
    assert (found["steps"], found["examples"]) == (1504, 3)
    assert 0 <= found["metrics"]["accuracy"] <= 1
    assert found["seconds"] > 0


def test_the_same_seed_gives_the_same_figures_and_a_person_reads_units(
    stored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [run_sab(capsys, "evaluate", str(stored), "--k-top", "1", "--seed", "5")[1].splitlines() for _ in range(2)]
    assert lines[0][0] == lines[1][0]
    assert "MiB at the peak" in lines[0][1]


def test_what_is_no_checkpoint_ends_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, said = run_sab(capsys, "evaluate", str(tmp_path / "missing.safetensors"))
    assert code == 2
    assert "a checkpoint file" in said
    (tmp_path / "bad.safetensors").write_bytes(b"no")
    code, _, said = run_sab(capsys, "evaluate", str(tmp_path / "bad.safetensors"))
    assert code == 2
    assert len(said.strip().splitlines()) == 1


def test_a_knob_out_of_range_is_named(stored: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, said = run_sab(capsys, "evaluate", str(stored), "--k-att", "0")
    assert code == 2
    assert "k-att" in said
