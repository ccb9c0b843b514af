"""Event files are read back by TensorBoard's own reader: of a training, and of the curves that a run left."""

from __future__ import annotations

import importlib.util
import math
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch

from sab_visualiser.app.offline.elsewhere import tensorboard
from sab_visualiser.app.offline.elsewhere.tensorboard import Events
from sab_visualiser.app.runs.curves import Curves
from sab_visualiser.app.runs.shapes import Spec
from sab_visualiser.app.runs.verdict_words import Verdict
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.wire.requests import RunSpec
from sab_visualiser.model.contract import LOOK_EVERY
from sab_visualiser.model.training.trainer import Trainer, UpdateResult
from tests.app.commands.running import run_sab
from tests.app.export.traces import metrics

SPEC = cast(Spec, RunSpec().model_dump(mode="json"))
VERDICT = Verdict(word="learning", label="learning", sentence="It gets better.", advice="Let it train.", update=2)
SMALL = ("--task", "copy", "--set", "task.T=5", "--set", "model.hidden_size=8", "--set", "model.attention_size=4")
needs_tensorboard = pytest.mark.skipif(
    importlib.util.find_spec("tensorboard") is None, reason="tensorboard is not installed: the extra [tensorboard]"
)


def read(folder: Path) -> Any:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    found = EventAccumulator(str(folder), size_guidance={"scalars": 0, "tensors": 0})
    found.Reload()
    return found


def scalars(folder: Path) -> dict[str, list[tuple[int, float]]]:
    found = read(folder)
    return {tag: [(each.step, each.value) for each in found.Scalars(tag)] for tag in found.Tags()["scalars"]}


def text(folder: Path, tag: str) -> str:
    (event,) = read(folder).Tensors(f"{tag}/text_summary")
    return str(event.tensor_proto.string_val[0], "utf-8")


def known(updates: Any, column: Any) -> list[tuple[int, float]]:
    pairs = zip(updates, np.asarray(column, np.float32), strict=True)
    return [(int(update), float(value)) for update, value in pairs if math.isfinite(value)]


def hyperparameters(folder: Path) -> dict[str, Any]:
    from tensorboard.plugins.hparams.metadata import SESSION_START_INFO_TAG
    from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData

    content = read(folder).summary_metadata[SESSION_START_INFO_TAG].plugin_data.content
    fields = HParamsPluginData.FromString(content).session_start_info.hparams
    return {name: getattr(value, value.WhichOneof("kind")) for name, value in fields.items()}


@needs_tensorboard
def test_curves_of_a_run_come_back_by_update_and_what_was_not_finite_is_left_out(tmp_path: Path) -> None:
    curves = cast(Curves, metrics())
    with Events(tmp_path, SPEC, "a/run ·") as events:
        events.curves(curves)
        events.end(VERDICT, 3)
    assert events.folder == tmp_path / "a-run"
    found = scalars(events.folder)
    for name in tensorboard.FIGURES:
        assert found.get(f"training/{name}", []) == known(curves["update"], cast(Any, curves)[name])
    assert {tag.partition("/")[0] for tag in found} == {"training", "batch", "fresh", "health"}
    looks = curves["looks"]
    for group in ("health", "fresh"):
        for name, column in cast(Any, looks)[group].items():
            assert found.get(f"{group}/{name}", []) == known(looks["update"], column)
    assert text(events.folder, "verdict") == "**learning.** It gets better. Let it train."
    assert '"k_top"' in text(events.folder, "configuration")


@needs_tensorboard
def test_a_training_leaves_loss_norm_rate_fresh_metrics_health_verdict_and_settings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("train", *SMALL, "--updates", "255", "--tensorboard", str(tmp_path), "--json")
    code, _, err = run_sab(capsys, *words)
    assert code == 0, err
    (folder,) = tmp_path.iterdir()
    assert folder.name == "copy-T=5-sab-seed-0"
    found = scalars(folder)
    for tag in ("training/loss", "training/gradient_norm", "training/learning_rate", "batch/accuracy"):
        assert [step for step, _ in found[tag]] == list(range(1, 256)), tag
    assert [step for step, _ in found["fresh/accuracy"]] == [LOOK_EVERY, 2 * LOOK_EVERY]
    assert {step for step, _ in found["health/saturated"]} >= {0, LOOK_EVERY, 2 * LOOK_EVERY}
    assert text(folder, "verdict").startswith("**")
    settings = hyperparameters(folder)
    assert (settings["task.T"], settings["task.name"], settings["model.hidden_size"]) == (5.0, "copy", 8.0)


@needs_tensorboard
def test_two_runs_of_one_name_are_two_folders(tmp_path: Path) -> None:
    for _ in range(2):
        with Events(tmp_path, SPEC, "copy"):
            pass
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy", "copy-2"]


@needs_tensorboard
def test_a_training_that_diverges_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    step = Trainer.step

    def poisoned(self: Trainer) -> UpdateResult:
        with torch.no_grad():
            next(self.network.parameters()).fill_(math.nan)
        return step(self)

    monkeypatch.setattr(Trainer, "step", poisoned)
    words = ("train", *SMALL, "--updates", "60", "--tensorboard", str(tmp_path))
    code, _, err = run_sab(capsys, *words)
    assert (code, err.count("\n")) == (1, 1)
    (folder,) = tmp_path.iterdir()
    assert text(folder, "verdict").startswith("diverged: update 25: the loss has been non-finite since update 1")
    found = scalars(folder)
    assert "training/loss" not in found
    assert found["training/skipped"] == [(update, 1.0) for update in range(1, 26)]


def test_without_the_extra_it_is_said_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tensorboard, "PACKAGE", "a_package_that_nobody_has")
    with pytest.raises(UserError) as refused:
        Events(tmp_path, SPEC)
    assert refused.value.problem.status == 501
    code, out, err = run_sab(capsys, "train", "--updates", "1", "--tensorboard", str(tmp_path))
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "pip install 'sab-visualiser[tensorboard]'" in err
    assert list(tmp_path.iterdir()) == []
