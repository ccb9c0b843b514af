"""The ONNX file, run by onnxruntime in a loop, says what the network says; and it tells which network it is."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from sab_visualiser.app.offline.elsewhere import onnx_file
from sab_visualiser.app.offline.elsewhere.onnx_file import STATE, onnx_of
from sab_visualiser.app.version import VERSION
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.worker.translate import to_wire
from sab_visualiser.model.config import ModelConfig, RunConfig, TaskConfig
from sab_visualiser.model.tasks import make_task
from sab_visualiser.model.training import checkpoint
from sab_visualiser.model.training.checkpoint import Checkpoint
from sab_visualiser.model.training.trainer import Trainer
from tests.app.offline.elsewhere.test_step import dense_weights

ROOT = Path(__file__).resolve().parents[4]
PRESETS, PAGE = ROOT / "static" / "presets", ROOT / "docs" / "ecosystem.md"
missing = [name for name in (*onnx_file.PACKAGES, "onnxruntime") if importlib.util.find_spec(name) is None]
needs_onnx = pytest.mark.skipif(bool(missing), reason=f"not installed: {', '.join(missing)}; the extra [onnx]")


class Loop(NamedTuple):
    outputs_BTC: NDArray[np.float32]
    weights_BTM: NDArray[np.float32]


def run_over(body: bytes, inputs_BTI: NDArray[np.float32]) -> Loop:
    """Carry out the loop that docs/ecosystem.md tells a reader to write, as it stands there."""
    (loop,) = (
        code for code in re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.S) if "session.run" in code
    )
    assert '"step.onnx"' in loop
    names: dict[str, Any] = {"inputs": inputs_BTI, "body": body}
    exec(compile(loop.replace('"step.onnx"', "body"), PAGE.name, "exec"), names)
    return Loop(np.stack(names["outputs"], 1), np.stack(names["weights"], 1))


def untrained(**model: Any) -> Checkpoint:
    config = RunConfig(TaskConfig(name="copy", T=6), ModelConfig(hidden_size=12, attention_size=4, **model))
    return Checkpoint.of(Trainer(config))


@torch.no_grad()
def differences(stored: Checkpoint, body: bytes, examples: int = 16, **knobs: int) -> tuple[float, float]:
    """The largest difference of outputs, as a share of the largest output, and of weights."""
    network, task = stored.network(), make_task(stored.config.task)
    network.set_knobs(**knobs)
    batch = task.probe_batch(examples)
    expected = network(batch.inputs_BTI)
    found = run_over(body, batch.inputs_BTI.numpy())
    outputs_BTC = expected.outputs_BTC.numpy()
    read_BTM = dense_weights(expected.tape, found.weights_BTM.shape[2]).numpy()
    of_outputs = np.abs(found.outputs_BTC - outputs_BTC).max() / np.abs(outputs_BTC).max()
    return float(of_outputs), float(np.abs(found.weights_BTM - read_BTM).max())


@needs_onnx
@pytest.mark.parametrize("name", ["copy", "release"])
def test_a_loop_in_onnxruntime_says_what_the_fused_forward_pass_says(name: str) -> None:
    stored = checkpoint.load(PRESETS / f"{name}.safetensors")
    of_outputs, of_weights = differences(stored, onnx_of(stored, {}))
    assert of_outputs < 1e-4
    assert of_weights < 1e-4


@needs_onnx
@pytest.mark.parametrize(
    ("model", "examples"),
    [
        ({"normalizer": "softmax", "k_top": 2, "k_att": 3}, 1),
        ({"method": "attention", "k_att": 1}, 5),
        ({"method": "bptt"}, 1),
    ],
)
def test_other_methods_and_any_number_of_examples(model: dict[str, Any], examples: int) -> None:
    stored = untrained(**model)
    of_outputs, of_weights = differences(stored, onnx_of(stored, {}), examples)
    assert of_outputs < 1e-4
    assert of_weights < 1e-4


@needs_onnx
def test_knobs_that_are_named_are_those_of_the_file() -> None:
    stored = untrained(k_top=3, k_att=1)
    body = onnx_of(stored, {"k_top": 1, "k_att": 4})
    assert differences(stored, body, k_top=1, k_att=4)[0] < 1e-4
    assert differences(stored, onnx_of(stored, {}), k_top=3, k_att=1)[0] < 1e-4
    with pytest.raises(ValueError, match="keeps k_top"):
        onnx_of(untrained(method="tbptt"), {"k_top": 2})


@needs_onnx
def test_the_file_says_which_network_it_is_and_nothing_of_the_machine() -> None:
    import onnx

    stored = untrained(k_top=3)
    body = onnx_of(stored, {"k_top": 2})
    model = onnx.load_from_string(body)
    onnx.checker.check_model(model, full_check=True)
    props = {entry.key: entry.value for entry in model.metadata_props}
    assert json.loads(props["config"]) == stored.config.to_dict()
    assert json.loads(props["parameters"]) == to_wire({**stored.parameters, "k_top": 2})
    assert (props["update"], props["version"], model.producer_name) == ("0", VERSION, "SAB Visualiser")
    assert [each.name for each in model.graph.input] == ["x", *STATE]
    assert str(ROOT).encode() not in body
    assert b".py" not in body
    assert not [node.name for node in model.graph.node if node.metadata_props or node.doc_string]
    assert onnx_of(stored, {"k_top": 2}) == body


def test_without_the_extra_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx_file, "PACKAGES", ("a_package_that_nobody_has",))
    with pytest.raises(UserError, match=r"pip install 'sab-visualiser\[onnx\]'") as refused:
        onnx_of(untrained(), {})
    assert refused.value.problem.status == 501
