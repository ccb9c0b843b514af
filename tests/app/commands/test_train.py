"""`sab train` builds the spec that the words ask for, and says in one line what it does not accept."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, get_args

import pytest

from sab_visualiser.app.commands.train import build_spec, until_words
from sab_visualiser.app.page.files import page_folder
from sab_visualiser.app.presets.bundled import Presets
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.model.contract import TaskName
from tests.app.commands.running import run_sab


def test_words_become_the_fields_of_the_run() -> None:
    spec = build_spec(
        "recall",
        ["task.T=12", "model.k_top=3", "model.initial_memory=false", "training.learning_rate=1e-3", "name=my run"],
        updates=7,
        seed=5,
    )
    assert (spec.task.name, spec.task.T) == ("recall", 12)
    assert (spec.model.k_top, spec.model.initial_memory) == (3, False)
    assert (spec.training.updates, spec.training.seed, spec.training.learning_rate) == (7, 5, 1e-3)
    assert spec.name == "my run"


def test_a_later_word_wins_and_an_option_wins_over_set() -> None:
    spec = build_spec("copy", ["task.T=10", "task.T=20", "training.seed=1"], seed=2)
    assert (spec.task.T, spec.training.seed) == (20, 2)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--set", "model.k_top=-1"], "model.k_top = -1: 0 … 10000"),
        (["--set", "model.k_top=1e23"], "0 … 10000"),
        (["--set", f"model.k_top={10**23}"], "0 … 10000"),
        (["--set", "model.k_top=true"], "model.k_top = true"),
        (["--set", "model.k_trunc=2.5"], "0 … 100000, whole number"),
        (["--set", "model.k_att=0"], "1 … 10000"),
        (["--set", "task.T=0"], "task.T = 0: 1 … 1024"),
        (["--set", "task.T=NaN"], 'task.T = "NaN": 1 … 1024'),
        (["--set", "training.learning_rate=Infinity"], "more than 0"),
        (["--set", "training.learning_rate=1e999"], "more than 0"),
        (["--set", "model.depth=2"], "unknown key; known here: method"),
        (["--set", "model.k_top.x=2"], "model.k_top"),
        (["--set", "task.T"], "name=value"),
        (["--task", "nonsense"], f"one of {', '.join(get_args(TaskName))}"),
        (["--updates", "0"], "training.updates = 0"),
        (["--seed", "-1"], "training.seed = -1"),
        (["--seed", "many"], "'--seed'"),
        (["--until", "accuracy=high"], "a finite number"),
        (["--until", "accuracy=NaN"], "a finite number"),
        (["--until", "mse=0.1"], "training.until"),
        (["--until", "accuracy=2"], "accuracy is a share, more than 0 … 1"),
        (
            ["--set", "training.until=soon"],
            "≥ or ≤, and a number; write for example accuracy ≥ 0.99",
        ),
        (["--set", "training.until=accuracy ≤ 0.5"], "accuracy is better when it is higher; write accuracy ≥ 0.5"),
        (["--set", "task.T=5", "--set", "task.T_min=6"], "task.T_min"),
        (["--preset", "chess"], "GET /api/presets"),
        (["--resume", "nothing.safetensors"], "a checkpoint file"),
        (["--nonsense"], "--help"),
    ],
)
def test_C23_what_is_not_accepted_is_one_line_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    code, out, err = run_sab(capsys, "train", *words)
    assert (code, out) == (2, "")
    assert err.startswith("sab: ")
    assert err.count("\n") == 1
    assert says in err


def test_until_takes_the_side_on_which_its_metric_is_better() -> None:
    assert until_words("accuracy=0.99", "copy") == "accuracy ≥ 0.99"
    assert until_words("mse=0.01", "adding") == "mse ≤ 0.01"
    assert build_spec("adding", [], until="mse=0.01").training.until == "mse ≤ 0.01"
    with pytest.raises(UserError, match="name=value"):
        until_words("0.99", "copy")


def test_a_preset_gives_the_fields_and_everything_else_stands_on_top_of_it() -> None:
    spec = build_spec(None, ["model.k_top=7", "task.T=12"], seed=9, preset="copy-10")
    assert spec.preset == "copy-10"
    assert (spec.task.name, spec.task.items, spec.task.T) == ("copy", 5, 12)
    assert (spec.model.k_top, spec.training.seed) == (7, 9)
    bundled = Presets(page_folder() / "static" / "presets").find("copy-10").spec["training"]
    assert spec.training.learning_rate == bundled["learning_rate"]


def test_the_goal_of_a_preset_stays_unless_until_says_another() -> None:
    assert (
        build_spec(None, ["training.until=accuracy ≥ 0.5"], until="accuracy=0.75").training.until == "accuracy ≥ 0.75"
    )
    assert build_spec(None, ["training.until=null"], preset="copy-10").training.until is None


def test_the_result_is_the_last_line_as_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    small = ["task.T=2", "task.items=1", "model.hidden_size=4", "model.attention_size=2", "training.batch_size=2"]
    words = [word for setting in small for word in ("--set", setting)]
    code, out, _ = run_sab(capsys, "train", *words, "--updates", "2", "--output", str(tmp_path / "new"), "--json")
    assert code == 0
    result = json.loads(out.splitlines()[-1], parse_constant=pytest.fail)
    assert set(result) == {"updates", "seconds", "metrics", "ended", "verdict", "health", "checkpoint", "engine"}
    assert result["updates"] == 2
    assert {"accuracy", "ce10", "ce", "loss"} <= set(result["metrics"])
    assert Path(result["checkpoint"]).is_file()


@pytest.fixture
def headless(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """sab_visualiser.app.offline.train with a `train` that does what a test wants."""
    fake: Any = ModuleType("sab_visualiser.app.offline.train")
    monkeypatch.setitem(sys.modules, "sab_visualiser.app.offline.train", fake)
    return SimpleNamespace(module=fake)


@pytest.mark.parametrize(
    ("trouble", "code", "says"),
    [
        (
            ValueError("until = mse: copy has\nthe metrics accuracy"),
            2,
            "until = mse: copy has the metrics accuracy",
        ),
        (PermissionError(13, "Permission denied", "somewhere"), 1, "Permission denied: somewhere"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (RuntimeError("CUDA error: out of memory\nand advice"), 1, "out of memory of the GPU; lower training.batch"),
        (
            RuntimeError("CUDA error: unspecified launch failure\nand advice"),
            1,
            "the GPU failed: RuntimeError: CUDA error: unspecified launch failure; --resume goes on from",
        ),
    ],
)
def test_trouble_while_training_is_one_line(
    capsys: pytest.CaptureFixture[str], headless: SimpleNamespace, trouble: BaseException, code: int, says: str
) -> None:
    def train(*_: object, **__: object) -> None:
        raise trouble

    headless.module.train = train
    ended, out, err = run_sab(capsys, "train", "--updates", "1")
    assert (ended, out) == (code, "")
    assert err == f"sab: {err.removeprefix('sab: ')}"
    assert err.count("\n") == 1
    assert says in err
