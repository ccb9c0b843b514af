"""Checkpoints: what goes in comes out, and nothing else gets in."""

from __future__ import annotations

import json
import math
import os
import pickle
import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors import torch as safetensors

from sab_visualiser.model.config import ModelConfig, RunConfig, TaskConfig, TrainingConfig
from sab_visualiser.model.training import checkpoint as checkpoints
from sab_visualiser.model.training.checkpoint import Checkpoint, CheckpointError, dumps, load, loads, save
from sab_visualiser.model.training.checkpoint_format import MAX_HEADER_BYTES, pack
from sab_visualiser.model.training.trainer import Trainer

CONFIG = RunConfig(
    TaskConfig("copy", 4, 2),
    ModelConfig(hidden_size=6, attention_size=3, k_top=2, k_trunc=3, k_att=1),
    TrainingConfig(batch_size=3, seed=5, phase="random"),
)


def trained(config: RunConfig = CONFIG, updates: int = 3) -> Trainer:
    trainer = Trainer(config)
    list(trainer.updates(updates))
    return trainer


def losses(trainer: Trainer, count: int = 4) -> list[str]:
    return [result.loss.hex() for result in trainer.updates(count)]


@pytest.fixture(scope="module")
def good() -> bytes:
    return dumps(Checkpoint.of(trained(), {"accuracy": 0.5, "loss": 1.25}))


def header_of(data: bytes) -> dict[str, Any]:
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    assert isinstance(header, dict)
    return header


def with_header(data: bytes, header: dict[str, Any]) -> bytes:
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data[8 + int.from_bytes(data[:8], "little") :]


def repacked(data: bytes, change: Callable[[dict[str, Any], dict[str, Any]], None]) -> bytes:
    """The same checkpoint with document and tensors changed, and a digest that fits: a careful forger's file."""
    document = json.loads(header_of(data)["__metadata__"]["sab_checkpoint"])
    tensors = safetensors.load(data)
    change(document, tensors)
    document.pop("sha256", None)
    return pack(document, tensors)


def test_a_checkpoint_comes_back_as_it_was(good: bytes) -> None:
    trainer = trained()
    back = loads(good)
    assert back.config == CONFIG
    assert back.update == 3
    assert back.metrics == {"accuracy": 0.5, "loss": 1.25}
    assert back.parameters == trainer.parameters()
    assert back.resumable
    for name, weight in trainer.network.state_dict().items():
        assert torch.equal(back.state["weights"][name], weight)


def test_training_goes_on_from_a_checkpoint_bit_for_bit() -> None:
    trainer = trained()
    trainer.set_parameters(k_top=1, k_trunc=None, learning_rate=7e-3, clip_norm=0.1)
    list(trainer.updates(2))
    resumed = loads(dumps(Checkpoint.of(trainer))).trainer()
    assert resumed.parameters() == trainer.parameters()
    assert losses(resumed) == losses(trainer)
    for name, weight in trainer.network.state_dict().items():
        assert torch.equal(resumed.network.state_dict()[name], weight)


@pytest.mark.parametrize("method", ["sab", "tbptt", "bptt", "attention"])
@pytest.mark.parametrize("updates", [0, 2])
def test_every_method_comes_back_before_and_after_its_first_update(method: Any, updates: int) -> None:
    trainer = trained(replace(CONFIG, model=replace(CONFIG.model, method=method)), updates)
    assert losses(loads(dumps(Checkpoint.of(trainer))).trainer()) == losses(trainer)


def test_a_release_network_comes_back() -> None:
    trainer = trained(replace(CONFIG, model=replace(CONFIG.model, variant="release")))
    assert losses(loads(dumps(Checkpoint.of(trainer))).trainer()) == losses(trainer)


def test_the_network_of_a_checkpoint_says_the_same_with_the_knobs_in_force() -> None:
    trainer = trained()
    trainer.set_parameters(k_top=1, k_att=2)
    network = loads(dumps(Checkpoint.of(trainer))).network()
    inputs_BTI = trainer.task.probe_batch().inputs_BTI
    assert network.knobs() == trainer.network.knobs()
    with torch.no_grad():
        assert torch.equal(network(inputs_BTI).outputs_BTC, trainer.network(inputs_BTI).outputs_BTC)


def test_the_weights_only_form_has_the_network_but_cannot_go_on_training(good: bytes) -> None:
    small = loads(dumps(loads(good).weights_only()))
    assert not small.resumable
    assert small.update == 3
    assert len(dumps(small)) < len(good) / 2
    inputs_BTI = trained().task.probe_batch().inputs_BTI
    with torch.no_grad():
        one, two = small.network()(inputs_BTI).outputs_BTC, loads(good).network()(inputs_BTI).outputs_BTC
    assert torch.equal(one, two)
    with pytest.raises(CheckpointError, match="weights only"):
        small.trainer()


def test_equal_checkpoints_are_equal_bytes(good: bytes) -> None:
    assert dumps(loads(good)) == good == dumps(Checkpoint.of(trained(), {"loss": 1.25, "accuracy": 0.5}))


def test_a_metric_that_is_not_finite_stays_valid_json_and_comes_back_as_nan() -> None:
    data = dumps(Checkpoint.of(trained(), {"loss": math.inf, "accuracy": math.nan}))
    assert b"NaN" not in data[:4000]
    assert all(math.isnan(value) for value in loads(data).metrics.values())


def test_weights_that_are_not_finite_are_never_written() -> None:
    trainer = trained()
    with torch.no_grad():
        next(trainer.network.parameters())[0, 0] = math.inf
    assert Checkpoint.of(trained()).finite
    assert not Checkpoint.of(trainer).finite
    with pytest.raises(CheckpointError, match=r"network\..*non-finite"):
        dumps(Checkpoint.of(trainer))


def test_the_bundled_size_of_network_is_well_under_two_megabytes() -> None:
    trainer = Trainer(RunConfig())
    assert len(dumps(Checkpoint.of(trainer).weights_only())) < 600_000


@pytest.mark.parametrize("size", [0, 5, 8, 100, 2000, -1])
def test_a_file_cut_short_is_refused(good: bytes, size: int) -> None:
    with pytest.raises(CheckpointError):
        loads(good[:size])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (struct.pack("<Q", 2**62) + b"{}", "header of 4611686018427387904 bytes"),
        (struct.pack("<Q", MAX_HEADER_BYTES + 1) + b" " * (MAX_HEADER_BYTES + 1), "at most 1048576"),
        (struct.pack("<Q", 4) + b"null", "not a JSON object"),
        (struct.pack("<Q", 5) + b"{oops", "not valid JSON"),
        (struct.pack("<Q", 100_000) + b"[" * 100_000, "not valid JSON"),
        (pickle.dumps({"weights": [1.0]}), "header of"),
        (safetensors.save({"w": torch.zeros(2)}), "not written by this program"),
        (safetensors.save({"w": torch.zeros(2)}, {"sab_checkpoint": '{"schema": 2}'}), "schema 2"),
        (safetensors.save({"w": torch.zeros(2)}, {"sab_checkpoint": '{"schema": true}'}), "schema True"),
        (safetensors.save({"w": torch.zeros(2)}, {"sab_checkpoint": '{"schema": NaN}'}), "not valid JSON"),
        (safetensors.save({"w": torch.zeros(2)}, {"sab_checkpoint": '{"schema": 1}'}), "config: 'config'"),
        (safetensors.save({f"{n}": torch.zeros(1) for n in range(1001)}, {"a": "b"}), "1001 tensors"),
    ],
)
def test_what_is_no_checkpoint_is_refused_with_a_reason(data: bytes, message: str) -> None:
    with pytest.raises(CheckpointError, match=message):
        loads(data)


Change = Callable[[dict[str, Any], dict[str, Any]], Any]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d, t: d["config"]["model"].update(hidden_size=7), r"is F32 .*the config asks for"),
        (lambda d, t: d["config"]["model"].update(hidden_size=10**12), r"config"),
        (lambda d, t: d["config"]["model"].update(k_top=-1), r"config: k_top = -1"),
        (lambda d, t: d["config"]["model"].update(colour="red"), r"config: .*colour"),
        (lambda d, t: d["config"]["task"].update(name="chess"), r"config: task\.name = 'chess'"),
        (lambda d, t: d["config"]["task"].update(name="recall"), r"the config asks for"),
        (lambda d, t: d["config"].pop("training"), r"config: 'training'"),
        (lambda d, t: d.update(update=-1), r"update = -1"),
        (lambda d, t: d.update(update=True), r"update = True"),
        (lambda d, t: d.update(skipped_total=10**30), r"skipped_total"),
        (lambda d, t: d.update(metrics={"loss": "low"}), r"metrics\.loss = 'low'"),
        (lambda d, t: d.update(metrics=None), r"metrics"),
        (lambda d, t: d["parameters"].update(k_top=-3), r"k_top = -3"),
        (lambda d, t: d["parameters"].update(k_top=2.0), r"parameters\.k_top = 2\.0"),
        (lambda d, t: d["parameters"].update(learning_rate=None), r"parameters\.learning_rate = None"),
        (lambda d, t: d["parameters"].update(learning_rate=-1.0), r"learning_rate = -1\.0"),
        (lambda d, t: d["parameters"].update(speed=1), r"parameters: must be exactly"),
        (lambda d, t: d["parameters"].pop("k_att"), r"parameters: must be exactly"),
        (lambda d, t: t.pop("network.layer.weight_hh"), r"network\.layer\.weight_hh: is missing"),
        (lambda d, t: t.pop("opt.0.exp_avg"), r"opt\.0\.exp_avg: is missing"),
        (lambda d, t: t.pop("rng.phase"), r"rng\.phase: is missing"),
        (lambda d, t: t.update(extra=torch.zeros(1)), r"extra: the config has no such tensor"),
        (lambda d, t: t.update({"opt.99.step": torch.zeros(())}), r"opt\.99\.step: the config has no"),
        (lambda d, t: t.update({"network.readout.bias": torch.zeros(10).double()}), r"is F64 \(10,\)"),
        (lambda d, t: t["network.readout.bias"].fill_(math.nan), r"network\.readout\.bias: .*non-finite"),
        (lambda d, t: t["opt.1.exp_avg_sq"].fill_(math.inf), r"opt\.1\.exp_avg_sq: .*non-finite"),
        (lambda d, t: t.update({"rng.batches": torch.zeros(7, dtype=torch.uint8)}), r"rng\.batches: is U8"),
        (lambda d, t: t["rng.batches"].fill_(255), r"training state"),
    ],
)
def test_a_forged_checkpoint_is_refused_with_a_reason(good: bytes, change: Change, message: str) -> None:
    with pytest.raises(CheckpointError, match=message):
        loads(repacked(good, change))


def test_overlapping_offsets_are_refused(good: bytes) -> None:
    header = header_of(good)
    header["network.readout.bias"]["data_offsets"] = header["opt.0.step"]["data_offsets"]
    with pytest.raises(CheckpointError, match="cannot be read"):
        loads(with_header(good, header))


def test_bytes_after_the_end_are_refused(good: bytes) -> None:
    with pytest.raises(CheckpointError, match="cannot be read"):
        loads(good + b"\0")


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_flipped_bit_is_ever_loaded(good: bytes, data: st.DataObject) -> None:
    damaged = bytearray(good)
    damaged[data.draw(st.integers(0, len(good) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    try:
        back = loads(bytes(damaged))
    except CheckpointError:
        return
    assert dumps(back) == good  # the flip hit white space or the like


def test_a_saved_file_loads_and_an_error_names_the_file(tmp_path: Path, good: bytes) -> None:
    path = tmp_path / "run.safetensors"
    save(loads(good), path)
    assert path.read_bytes() == good
    assert dumps(load(path)) == good
    path.write_bytes(good[:-1])
    with pytest.raises(CheckpointError, match=r"^run\.safetensors: "):
        load(path)


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_save_that_fails_leaves_the_old_file_whole_and_no_rubbish(
    tmp_path: Path, good: bytes, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError("disk full")

    path = tmp_path / "run.safetensors"
    save(loads(good), path)
    if call == "fsync":
        monkeypatch.setattr(os, "fsync", fail)
    else:
        monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        save(Checkpoint.of(trained(updates=1)), path)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == good


def test_the_content_reaches_the_disk_before_the_name_and_the_folder_after(
    tmp_path: Path, good: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    fsync, rename = os.fsync, Path.replace

    def noted_fsync(descriptor: int) -> None:
        calls.append("folder" if Path(f"/proc/self/fd/{descriptor}").is_dir() else "file")
        fsync(descriptor)

    def noted_replace(self: Path, target: Path) -> Path:
        calls.append("rename")
        return rename(self, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(Path, "replace", noted_replace)
    save(loads(good), tmp_path / "run.safetensors")
    assert calls == ["file", "rename", "folder"]


def test_nothing_in_the_module_can_unpickle() -> None:
    for module in ("checkpoint", "checkpoint_format", "checkpoint_checks"):
        source = Path(checkpoints.__file__).with_name(f"{module}.py").read_text(encoding="utf-8")
        assert "import pickle" not in source
        assert "torch.load" not in source
