"""Recorded passes: what makes a new recording, what a replay sees, and what happens when a device refuses.

The recorder here acts as a CUDA graph does, on the CPU: a replay runs what was recorded, with the knobs and the tensors
of then, into the tensors of then, whatever Python says now.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, get_args

import pytest
import torch
from torch import Tensor

from sab_visualiser.model.config import ModelConfig, RunConfig, TaskConfig, TrainingConfig
from sab_visualiser.model.contract import TASKS, TaskName, usual_T
from sab_visualiser.model.passes.tape import Knobs
from sab_visualiser.model.training import graphs
from sab_visualiser.model.training.graphs import KEPT, STALE, Passes, RecordedPasses
from sab_visualiser.model.training.trainer import Trainer

SMALL = RunConfig(
    TaskConfig("copy", 4, 2),
    ModelConfig(hidden_size=8, attention_size=4, k_top=2, k_trunc=3, k_att=1),
    TrainingConfig(batch_size=4, learning_rate=1e-2, seed=3),
)
NAMES = ("k_top", "k_trunc", "k_att")


def tensors_of(passes: Passes) -> list[Tensor | None]:
    return [passes.outputs_BTC, passes.loss, *passes.gradients, *(passes.state or ())]


class FakeRecorder:
    """Records for one trainer; refuses from the recording number `refuse_from` on."""

    def __init__(self, trainer: Trainer, refuse_from: int | None = None) -> None:
        self.layer, self.refuse_from = trainer.network.layer, refuse_from
        self.recorded, self.replayed = 0, 0

    def record(self, work: Callable[[], Passes]) -> tuple[Passes, Callable[[], None]]:
        if self.refuse_from is not None and self.recorded >= self.refuse_from:
            raise RuntimeError("operation not permitted when stream is capturing\nsecond line")
        self.recorded += 1
        frozen = {name: getattr(self.layer, name) for name in NAMES}
        passes = work()
        for tensor in tensors_of(passes):
            assert tensor is not None
            tensor.fill_(torch.nan)  # a recording alone has computed nothing yet

        def replay() -> None:
            self.replayed += 1
            now = {name: getattr(self.layer, name) for name in NAMES}
            self._set(frozen)
            again = work()
            self._set(now)
            for kept, fresh in zip(tensors_of(passes), tensors_of(again), strict=True):
                assert kept is not None
                assert fresh is not None
                kept.copy_(fresh)

        return passes, replay

    def _set(self, knobs: dict[str, Any]) -> None:
        for name, value in knobs.items():
            setattr(self.layer, name, value)


def recorded(config: RunConfig = SMALL, refuse_from: int | None = None) -> tuple[Trainer, FakeRecorder]:
    """A trainer whose passes go through a fake recorder."""
    trainer = Trainer(config)
    recorder = FakeRecorder(trainer, refuse_from)
    trainer._passes = RecordedPasses(
        trainer._forward_and_backward, recorder, trainer._weights, trainer._passes.most_kept
    )
    return trainer, recorder


def same_updates(one: Trainer, two: Trainer, count: int) -> bool:
    pairs = zip(one.updates(count), two.updates(count), strict=True)
    return all(replace(left, seconds=0.0) == replace(right, seconds=0.0) for left, right in pairs)


@pytest.mark.parametrize("name", get_args(TaskName))
def test_recorded_training_is_plain_training_bit_for_bit(name: TaskName) -> None:
    T = usual_T(name, None) if TASKS[name].data else 6
    config = replace(SMALL, task=TaskConfig(name, T, None if TASKS[name].items is None else 2))
    trainer, recorder = recorded(config)
    assert same_updates(trainer, Trainer(config), 6)
    assert (recorder.recorded, recorder.replayed) == (1, 6)
    for (key, value), other in zip(trainer.state_dict()["weights"].items(), trainer.network.parameters(), strict=True):
        assert torch.equal(value, other), key


def test_a_knob_that_is_turned_makes_a_new_recording_and_one_turned_back_does_not() -> None:
    trainer, recorder = recorded()
    plain = Trainer(SMALL)
    for knobs in ({"k_top": 1}, {"k_trunc": None}, {"k_att": 2}, {"k_top": 2, "k_trunc": 3, "k_att": 1}):
        assert same_updates(trainer, plain, 2)
        trainer.set_parameters(**knobs)
        plain.set_parameters(**knobs)
    assert same_updates(trainer, plain, 2)
    assert recorder.recorded == 4, "the last knobs are those of the first recording"


def test_learning_rate_and_clip_norm_are_no_part_of_a_recording() -> None:
    trainer, recorder = recorded()
    plain = Trainer(SMALL)
    for learning_rate in (1e-2, 1e-3):
        trainer.set_parameters(learning_rate=learning_rate, clip_norm=1e-3)
        plain.set_parameters(learning_rate=learning_rate, clip_norm=1e-3)
        assert same_updates(trainer, plain, 2)
    assert recorder.recorded == 1


def test_each_phase_has_a_recording_of_its_own() -> None:
    config = replace(SMALL, training=replace(SMALL.training, phase="random"))
    trainer, recorder = recorded(config)
    assert same_updates(trainer, Trainer(config), 20)
    assert recorder.recorded == 3


def test_another_shape_or_other_storage_of_the_weights_makes_a_new_recording() -> None:
    trainer, recorder = recorded()
    trainer.step()
    small = trainer.task.batch(2, torch.Generator().manual_seed(0))
    trainer._passes(small, 0, trainer.network.knobs())
    assert recorder.recorded == 2
    trainer.step()
    assert recorder.recorded == 2
    weight = trainer.network.layer.weight_hh
    weight.data = weight.data.clone()
    trainer.step()
    assert recorder.recorded == 3


def test_weights_that_are_loaded_are_seen_by_the_next_replay() -> None:
    trainer, recorder = recorded()
    plain = Trainer(SMALL)
    start = plain.state_dict()
    assert same_updates(trainer, plain, 3)
    trainer.load_state_dict(start)
    plain.load_state_dict(start)
    assert same_updates(trainer, plain, 3)
    assert recorder.recorded == 1


def test_only_a_few_recordings_are_kept_and_used_ones_are_not_pushed_out() -> None:
    trainer, recorder = recorded()
    batch = trainer.task.batch(4, torch.Generator().manual_seed(0))
    for phase in [*range(KEPT + 2)] * 2:
        trainer._passes(batch, phase, trainer.network.knobs())
    assert len(trainer._passes) == recorder.recorded == KEPT, "what finds no room simply runs"
    assert recorder.replayed == 2 * KEPT
    for _ in range(STALE):
        trainer._passes(batch, 1, trainer.network.knobs())
    trainer._passes(batch, KEPT, trainer.network.knobs())
    assert len(trainer._passes) == KEPT
    assert recorder.recorded == KEPT + 1, "one that nobody uses any more makes room"


def test_mixed_delays_keep_a_recording_for_each_length() -> None:
    run = replace(SMALL, task=TaskConfig("copy", KEPT + 4, 2, T_min=1))
    trainer, recorder = recorded(run)
    list(trainer.updates(120))
    assert recorder.recorded == len(trainer._passes) == KEPT + 4
    assert same_updates(trainer, _after(run, 120), 5)


def _after(run: RunConfig, updates: int) -> Trainer:
    trainer = Trainer(run)
    list(trainer.updates(updates))
    return trainer


@pytest.mark.parametrize("refuse_from", [0, 1])
def test_a_refused_recording_changes_no_number_and_is_told(refuse_from: int) -> None:
    trainer, recorder = recorded(refuse_from=refuse_from)
    trainer.network.layer.backend = "torch"
    plain = Trainer(SMALL)
    plain.network.layer.backend = "torch"
    assert same_updates(trainer, plain, 2)
    trainer.set_parameters(k_top=1)
    plain.set_parameters(k_top=1)
    assert same_updates(trainer, plain, 2)
    assert recorder.recorded == refuse_from
    assert trainer._passes.refused == "RuntimeError: operation not permitted when stream is capturing"
    assert len(trainer._passes) == 0


def test_nothing_is_recorded_on_a_cpu() -> None:
    assert graphs.recorder_for(torch.device("cpu")) is None
    trainer = Trainer(SMALL)
    trainer.step()
    assert len(trainer._passes) == 0
    assert trainer._passes.refused is None


def test_knobs_can_be_part_of_a_key() -> None:
    assert hash(Knobs(2, None, 1)) == hash(Knobs(2, None, 1))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device here")
def test_a_recorded_cuda_run_has_the_numbers_of_the_cpu() -> None:
    on_cpu, on_gpu = Trainer(SMALL), Trainer(SMALL, "cuda")
    on_cpu.network.layer.backend = "torch"
    for left, right in zip(on_cpu.updates(10), on_gpu.updates(10), strict=True):
        assert right.loss == pytest.approx(left.loss, rel=1e-3)
        assert right.gradient_norm == pytest.approx(left.gradient_norm, rel=1e-2)
    assert on_gpu._passes.refused is None
    assert len(on_gpu._passes) == 1
