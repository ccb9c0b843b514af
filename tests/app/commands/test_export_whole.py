"""`sab export` of what is no panel: a network as ONNX, the training of a run or a preset for TensorBoard."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from tests.app.commands.running import run_sab

PRESETS = Path(__file__).resolve().parents[3] / "static" / "presets"


def needs(*packages: str) -> pytest.MarkDecorator:
    gone = [name for name in packages if importlib.util.find_spec(name) is None]
    return pytest.mark.skipif(bool(gone), reason=f"not installed: {', '.join(gone)}")


@needs("onnx", "onnxscript")
def test_a_preset_and_its_checkpoint_are_the_same_onnx_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run_sab(capsys, "export", "copy", "--format", "onnx", "--json")
    assert (code, err) == (0, "")
    told = json.loads(out)
    assert told["file"].startswith("sab-copy-u")
    first = Path(told["file"]).read_bytes()
    assert len(first) == told["size_bytes"]
    code, _, err = run_sab(capsys, "export", str(PRESETS / "copy.safetensors"), "-o", "cell.onnx")
    assert (code, err) == (0, "")
    assert Path("cell.onnx").read_bytes() == first


@needs("tensorboard")
def test_the_training_of_a_preset_becomes_an_event_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, err = run_sab(capsys, "export", "copy", "--format", "tensorboard", "-o", str(tmp_path), "--json")
    assert (code, err) == (0, "")
    (folder,) = tmp_path.iterdir()
    assert json.loads(out) == {"file": str(folder), "size_bytes": sum(f.stat().st_size for f in folder.iterdir())}
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    found = EventAccumulator(str(folder), size_guidance={"scalars": 0})
    found.Reload()
    assert len(found.Scalars("training/loss")) > 1000


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("copy", "--format", "onnx", "--panel", "paths"), '--panel = "paths": left out beside --format onnx'),
        (("copy", "--format", "onnx", "--k-trunc", "5"), "--k-trunc"),
        (("copy", "--format", "onnx", "--k-top", "0", "--loss-step", "3"), "--loss-step"),
        (("copy", "--format", "onnx", "--server", "http://127.0.0.1:1"), "--server"),
        (("copy", "--format", "onnx", "--update", "100"), "only of a run"),
        (("copy", "--format", "onnx", "--k-att", "0"), "k_att"),
        (("copy-50", "--format", "onnx"), "one that is trained: copy, release"),
        (("r9", "--format", "onnx", "--data-dir", "nowhere"), "RUN"),
        (("none.safetensors", "--format", "onnx"), "a file that exists"),
        (("release", "--format", "tensorboard"), "without the history"),
        (("copy", "--format", "tensorboard", "--update", "3"), "--update"),
        (("copy", "--format", "csv"), "--panel = null: one of attention, gradients"),
    ],
)
def test_what_means_nothing_here_is_one_line_and_nothing_is_written(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    words: tuple[str, ...],
    says: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run_sab(capsys, "export", *words)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert says in err
    assert list(tmp_path.iterdir()) == []
