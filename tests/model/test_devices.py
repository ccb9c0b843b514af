"""Devices: which there are, what `auto` takes and why, and that the place of a network changes none of its numbers."""

from __future__ import annotations

import re
from typing import Any

import pytest
import torch

from sab_visualiser.model import card, devices
from sab_visualiser.model.card import Card
from sab_visualiser.model.config import ModelConfig, RunConfig, TaskConfig, TrainingConfig
from sab_visualiser.model.contract import TASKS, run_cost, sizes_of, usual_T
from sab_visualiser.model.devices import DeviceError, may_use_a_gpu, present, resolve_device
from sab_visualiser.model.passes.fused import backend as fused_backend
from sab_visualiser.model.passes.plain.selection import largest
from sab_visualiser.model.passes.triton import backend as triton_backend
from sab_visualiser.model.probe.trace import trace
from sab_visualiser.model.training.checkpoint import Checkpoint, dumps, loads
from sab_visualiser.model.training.reading import evaluate
from sab_visualiser.model.training.trainer import Trainer

SMALL = RunConfig(
    TaskConfig("copy", 4, 2),
    ModelConfig(hidden_size=8, attention_size=4, k_top=2, k_trunc=3, k_att=1),
    TrainingConfig(batch_size=4, learning_rate=1e-2, seed=3),
)
ELSEWHERE = [name for name in present() if name != "cpu"]
needs_another_device = pytest.mark.skipif(not ELSEWHERE, reason="this machine has no device but its CPU")


def machine(monkeypatch: pytest.MonkeyPatch, *extra: str, loops: str | None = None, walks: str | None = None) -> None:
    """Pretend to be a machine with these devices beside the CPU, and with these reasons against loops and walks."""
    monkeypatch.setattr(devices, "present", lambda: {"cpu": "2 cores", **dict.fromkeys(extra, "a GPU")})
    monkeypatch.setattr(fused_backend, "why_no_numba", lambda: loops)
    monkeypatch.setattr(triton_backend, "why_no_triton", lambda: walks)
    monkeypatch.setattr(card, "found", lambda: Card("a GPU") if "cuda" in extra else Card(why_not="no driver"))
    monkeypatch.setattr(card, "failing", lambda device: None)
    monkeypatch.setattr(card, "free_bytes", lambda: (80_000_000_000, 81_000_000_000))


def of_size(batch: int, hidden: int, **model: Any) -> RunConfig:
    return RunConfig(SMALL.task, ModelConfig(hidden_size=hidden, **model), TrainingConfig(batch_size=batch))


def test_the_cpu_is_always_there() -> None:
    assert present()["cpu"].endswith("cores")
    assert resolve_device("cpu").device == torch.device("cpu")


@pytest.mark.parametrize("name", ["cuda", "mps"])
def test_a_device_that_is_not_here_is_refused_with_those_that_are(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    machine(monkeypatch)
    why = r" \(no driver\)" if name == "cuda" else ""
    with pytest.raises(DeviceError, match=rf"^device = '{name}': this machine has cpu{why}; use 'auto' or 'cpu'$"):
        resolve_device(name)


@pytest.mark.parametrize("name", ["gpu", "cuda:1", "", "CPU"])
def test_a_name_that_is_none_is_refused_with_the_names_there_are(name: str) -> None:
    with pytest.raises(ValueError, match=r"must be one of auto, cpu, cuda, mps; use 'auto' or 'cpu'"):
        resolve_device(name)


def test_auto_stays_with_the_fused_loops_and_names_what_else_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    machine(monkeypatch, "mps")
    place = resolve_device("auto")
    assert (place.device.type, place.backend, place.as_wished) == ("cpu", "numba", True)
    assert place.why == "fused loops on 2 cores; mps (a GPU) is there too, taken when named"


def test_before_there_is_a_run_auto_says_by_which_rule_it_will_choose(monkeypatch: pytest.MonkeyPatch) -> None:
    machine(monkeypatch, "cuda")
    place = resolve_device("auto")
    assert (place.device.type, place.backend, place.as_wished) == ("cpu", "numba", True)
    assert place.why == (
        "fused loops on 2 cores; cuda (a GPU) is there too, taken when named; "
        "auto takes it where batch_size × hidden_size is 30,000 or more"
    )


@pytest.mark.parametrize(("batch", "hidden", "device"), [(64, 128, "cpu"), (300, 100, "cuda"), (299, 100, "cpu")])
def test_auto_takes_a_gpu_from_the_measured_size_on(
    monkeypatch: pytest.MonkeyPatch, batch: int, hidden: int, device: str
) -> None:
    machine(monkeypatch, "cuda")
    place = resolve_device("auto", of_size(batch, hidden))
    assert place.device.type == device
    assert place.because == place.why.split("; ")[-1]
    assert place.why == (
        ("kernels that walk all steps in one launch on a GPU" if device == "cuda" else "fused loops on 2 cores; ")
        + ("; " if device == "cuda" else "cuda (a GPU) is there too, taken when named; ")
        + f"auto takes it where batch_size × hidden_size is 30,000 or more, and here it is {batch * hidden:,}"
    )
    machine(monkeypatch)
    assert resolve_device("auto", of_size(batch, hidden)).device.type == "cpu"


def test_a_card_that_is_there_and_does_not_work_is_told_and_the_cpu_trains(monkeypatch: pytest.MonkeyPatch) -> None:
    machine(monkeypatch)
    monkeypatch.setattr(card, "found", lambda: Card(why_not="RuntimeError: the driver is too old", troubled=True))
    for config in (None, of_size(300, 100)):
        place = resolve_device("auto", config)
        assert (place.device.type, place.backend, place.as_wished) == ("cpu", "numba", True)
        assert place.why == "fused loops on 2 cores; cuda cannot be used: RuntimeError: the driver is too old"
    with pytest.raises(DeviceError, match=r"this machine has cpu \(RuntimeError: the driver is too old\); use 'auto'"):
        resolve_device("cuda")


def test_a_card_that_computes_nothing_leaves_the_run_to_the_cpu_or_refuses_it(monkeypatch: pytest.MonkeyPatch) -> None:
    machine(monkeypatch, "cuda")
    monkeypatch.setattr(card, "failing", lambda device: "CUDA error: no kernel image")
    place = resolve_device("auto", of_size(300, 100))
    assert (place.device.type, place.backend, place.as_wished) == ("cpu", "numba", False)
    assert place.why.endswith("; auto would take cuda, but a GPU computes nothing: CUDA error: no kernel image")
    with pytest.raises(
        DeviceError, match=r"^device = 'cuda': a GPU computes nothing: CUDA error: no kernel image; use"
    ):
        resolve_device("cuda", of_size(2, 8))


def test_kernels_that_take_the_whole_device_with_them_are_told_with_the_way_around_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    machine(monkeypatch, "cuda", walks="CUDA error: an illegal memory access")
    tried = iter((None, "CUDA error: an illegal memory access"))
    monkeypatch.setattr(card, "failing", lambda device: next(tried))
    with pytest.raises(DeviceError, match=r"since its kernels were tried \(CUDA error: an illegal .*SAB_BACKEND=torch"):
        resolve_device("cuda")


@pytest.mark.parametrize("free", [70_000_000, 60_000_000_000])
def test_a_run_begins_on_a_gpu_only_where_its_estimate_is_free(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    machine(monkeypatch, "cuda")
    monkeypatch.setattr(card, "free_bytes", lambda: (free, 80_000_000_000))
    config = of_size(300, 100)
    words = run_cost(sizes_of(config.task, config.model, 300)).words()
    place = resolve_device("auto", config)
    assert (place.device.type, place.as_wished) == (("cuda", True) if free > 1e9 else ("cpu", False))
    if free < 1e9:
        why = f"the estimate for this training is {words}, and of the 80 GB of a GPU 70 MB are free; lower "
        assert f"; auto would take cuda, but {why}" in place.why
        with pytest.raises(DeviceError, match=re.escape(why)):
            resolve_device("cuda", config)


def test_auto_takes_a_gpu_where_the_fused_loops_cannot_run(monkeypatch: pytest.MonkeyPatch) -> None:
    machine(monkeypatch, "cuda", loops="ImportError: no numba")
    place = resolve_device("auto")
    assert (place.device.type, place.backend, place.as_wished) == ("cuda", "triton", True)
    assert place.why == "kernels that walk all steps in one launch on a GPU"


@pytest.mark.parametrize("reason", ["triton is not installed", "this card has compute capability 7.0"])
def test_a_gpu_without_our_kernels_takes_the_next_best_and_says_why(
    monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    machine(monkeypatch, "cuda", walks=reason)
    place = resolve_device("cuda")
    assert (place.device.type, place.backend, place.as_wished) == ("cuda", "torch", False)
    assert place.why == (
        "PyTorch's operations on a GPU, recorded as CUDA graphs; "
        f"kernels that walk all steps in one launch cannot run: {reason}"
    )


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        ({"variant": "release"}, "its kernels know the paper's variant only"),
        ({"hidden": 600}, "its walks hold hidden_size up to 512 in registers, this one is 600"),
        ({"k_top": 65}, "its walks hold k_top up to 64 in registers, this one is 65"),
    ],
)
def test_a_run_that_our_kernels_do_not_take_is_told_so_and_misses_nothing(
    monkeypatch: pytest.MonkeyPatch, model: dict[str, Any], reason: str
) -> None:
    machine(monkeypatch, "cuda")
    place = resolve_device("cuda", of_size(8, model.pop("hidden", 16), **model))
    assert (place.backend, place.as_wished) == ("torch", True)
    assert place.why.endswith(f"cannot run: {reason}")


def test_mps_is_taken_by_name_and_said_to_be_untried(monkeypatch: pytest.MonkeyPatch) -> None:
    machine(monkeypatch, "mps")
    place = resolve_device("mps")
    assert (place.device.type, place.backend) == ("mps", "torch")
    assert place.why == "PyTorch's operations on a GPU, which no test of this program has seen"


def test_only_a_training_that_stays_on_the_cpu_is_limited_in_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    machine(monkeypatch, "cuda")
    assert [may_use_a_gpu(name) for name in ("auto", "cpu", "cuda")] == [True, False, True]
    machine(monkeypatch)
    assert not may_use_a_gpu("auto")


def test_a_broken_numba_on_a_cpu_is_told_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    machine(monkeypatch, loops="ImportError: no numba")
    place = resolve_device("auto")
    assert (place.device.type, place.backend, place.as_wished) == ("cpu", "torch", False)
    assert "ImportError: no numba" in place.why
    assert "same numbers, slower" in place.why


def test_a_trainer_says_what_computes_its_updates() -> None:
    assert Trainer(SMALL).engine == "cpu, fused loops"
    release = RunConfig(SMALL.task, ModelConfig(variant="release", hidden_size=8), SMALL.training)
    assert Trainer(release).engine == "cpu, PyTorch's operations (its loops know the paper's variant only)"


def test_a_batch_that_is_in_place_is_not_copied() -> None:
    batch = Trainer(SMALL).task.probe_batch(2)
    assert batch.to(torch.device("cpu")) is batch
    copied = batch.copy()
    assert copied.inputs_BTI.data_ptr() != batch.inputs_BTI.data_ptr()
    assert torch.equal(copied.inputs_BTI, batch.inputs_BTI)
    assert copied.true_sources == batch.true_sources


def test_a_batch_moves_as_a_whole() -> None:
    for name in TASKS:
        T = usual_T(name, None) if TASKS[name].data else 4
        run = RunConfig(TaskConfig(name, T, None if TASKS[name].items is None else 2), SMALL.model, SMALL.training)
        moved = Trainer(run).task.probe_batch(2).to(torch.device("meta"))
        tensors = (moved.inputs_BTI, moved.targets_BT, moved.scored_BT, moved.symbols_BT)
        assert {t.device.type for t in tensors if t is not None} == {"meta"}


def test_the_choice_made_for_other_devices_is_that_of_the_cpu_also_where_scores_tie() -> None:
    """Off the CPU the scores are sorted, stably; here the same sort is held against the way the CPU goes."""
    generator = torch.Generator().manual_seed(5)
    for _ in range(50):
        scores_BM = torch.randint(4, (3, 9), generator=generator).float()
        values_BE, places_BE = largest(scores_BM, 4)
        sorted_BE, order_BE = scores_BM.sort(dim=1, descending=True, stable=True)
        assert torch.equal(values_BE, sorted_BE[:, :4])
        assert torch.equal(places_BE, order_BE[:, :4])


@needs_another_device
@pytest.mark.parametrize("name", ELSEWHERE)
def test_training_evaluation_trace_and_checkpoint_work_there_with_the_numbers_of_the_cpu(name: str) -> None:
    here, there = Trainer(SMALL), Trainer(SMALL, name)
    here.network.layer.backend = "torch"
    for (key, one), two in zip(here.network.state_dict().items(), there.network.state_dict().values(), strict=True):
        assert torch.equal(one, two.cpu()), key
    for left, right in zip(here.updates(3), there.updates(3), strict=True):
        assert right.loss == pytest.approx(left.loss, rel=1e-3)
    probe = here.task.probe_batch()
    assert evaluate(there.network, there.task, probe)["loss"] == pytest.approx(
        evaluate(here.network, here.task, probe)["loss"], rel=1e-2
    )
    found = trace(there.network, there.task, probe)
    assert found.nonfinite == 0
    back = loads(dumps(Checkpoint.of(there)))
    assert back.trainer().device.type == "cpu"
    assert back.trainer(name).device.type == name
    assert {w.device.type for w in back.network(name).parameters()} == {name}
