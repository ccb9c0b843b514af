"""What leaves the worker says the same as the trace, fits the contract, and asking leaves no mark."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sab_visualiser.app.wire.errors import UserError, validate
from sab_visualiser.app.wire.requests import ProbeRequest, RunSpec
from sab_visualiser.app.wire.trace import Trace
from sab_visualiser.app.wire.trace_json import trace_json
from sab_visualiser.app.worker.record import curve_columns, narrow, probe_record, record_of, snapshot_record
from sab_visualiser.app.worker.translate import run_config
from sab_visualiser.model.contract import TASKS, TaskName
from sab_visualiser.model.training.checkpoint import Checkpoint, save
from sab_visualiser.model.training.trainer import Trainer, UpdateResult
from tests.app.worker.conftest import TINY

RESULT = UpdateResult(7, 0.5, {"accuracy": 1.0}, 1.0, clipped=False, skipped=False, learning_rate=0.002, seconds=0.1)


@pytest.fixture
def trainer() -> Trainer:
    return Trainer(run_config(RunSpec.model_validate(TINY)))


def ask(trainer: Trainer, **fields: Any) -> dict[str, Any]:
    request = validate(ProbeRequest, {"run": "r1", **fields})
    return trace_json(record_of(trainer.network, trainer.task, trainer.config.task, request, trainer.update))


def test_C10_a_norm_beyond_float32_travels_as_its_largest_number_and_an_infinite_one_as_infinite() -> None:
    results = [replace(RESULT, gradient_norm=norm) for norm in (1e38, 1e39, math.inf, math.nan)]
    norms = curve_columns(results)["gradient_norm"]
    assert norms.dtype == np.float32
    np.testing.assert_array_equal(norms, np.array([1e38, np.finfo(np.float32).max, np.inf, np.nan], np.float32))


def test_a_snapshot_fits_the_contract(trainer: Trainer) -> None:
    trace = trace_json(snapshot_record(trainer))
    parsed = Trace.model_validate_json(json.dumps(trace, allow_nan=False))
    assert parsed.steps == 8
    assert parsed.loss_step == 6
    assert len(parsed.loss_T) == len(parsed.inputs) == len(parsed.gradient_norm["full"]) == 8
    assert parsed.memories == [-1, 0, 1, 2, 3, 4, 5, 6]
    assert parsed.cuts == [2, 5]
    assert parsed.true_sources == {"6": [0], "7": [1]}
    assert all(edge.source >= 0 for edge in parsed.edges)


@pytest.mark.parametrize("task", get_args(TaskName))
def test_every_task_can_be_recorded(task: TaskName) -> None:
    items = {} if TASKS[task].items is None else {"items": 2}
    length = {} if TASKS[task].data else {"T": 6}
    spec = RunSpec.model_validate({**TINY, "task": {"name": task, **length, **items}})
    trace = trace_json(snapshot_record(Trainer(run_config(spec))))
    assert Trace.model_validate_json(json.dumps(trace, allow_nan=False)).task.name == task


def test_knobs_of_a_question_are_answered_and_forgotten(trainer: Trainer) -> None:
    before = {name: value.clone() for name, value in trainer.network.state_dict().items()}
    knobs = trainer.network.knobs()
    narrow_view = ask(trainer, k_top=1, k_trunc=0, loss_step=7)
    assert narrow_view["parameters"]["k_top"] == 1
    assert narrow_view["cuts"] == []
    assert max(np.unique(narrow_view["attention"]["reader"], return_counts=True)[1]) == 1
    assert trainer.network.knobs() == knobs
    assert all(torch.equal(value, before[name]) for name, value in trainer.network.state_dict().items())
    assert all(parameter.grad is None for parameter in trainer.network.parameters())


def test_a_knocked_out_edge_changes_the_answer_and_undoing_it_restores_every_number(trainer: Trainer) -> None:
    plain = ask(trainer, loss_step=6)
    edge = next(edge for edge in plain["edges"] if edge["kind"] == "skip" and edge["weight"])
    without = ask(trainer, loss_step=6, knocked_out=[[edge["reader"], edge["source"]]])
    assert without["loss"] != plain["loss"]
    assert ask(trainer, loss_step=6) == plain


def test_no_loss_step_means_the_tasks_own_and_null_the_whole_loss(trainer: Trainer) -> None:
    assert ask(trainer)["loss_step"] == 6
    whole = ask(trainer, loss_step=None)
    assert whole["loss_step"] is None
    assert whole["gradient_norm"]["full"] != ask(trainer)["gradient_norm"]["full"]


def test_a_step_beyond_the_sequence_is_refused_by_name(trainer: Trainer) -> None:
    with pytest.raises(UserError, match="loss_step = 8: 0 … 7"):
        ask(trainer, loss_step=8)


def test_a_knob_that_the_method_fixes_is_refused_by_name() -> None:
    spec = RunSpec.model_validate({**TINY, "model": {**TINY["model"], "method": "bptt"}})
    with pytest.raises(UserError, match="k_top = 2: fixed for method bptt"):
        ask(Trainer(run_config(spec)), k_top=2)


def test_a_stored_network_answers_like_the_one_in_training(trainer: Trainer, tmp_path: Path) -> None:
    trainer.step()
    path = tmp_path / "state.safetensors"
    save(Checkpoint.of(trainer), path)
    stored = trace_json(probe_record(path, ProbeRequest(checkpoint="x", loss_step=6)))
    assert stored == ask(trainer, loss_step=6)


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_narrowing_keeps_zero_tiny_and_non_finite_apart(value: float) -> None:
    out = float(narrow(np.array([value]))[0])
    assert (out == 0) == (value == 0)
    assert np.isfinite(out) == np.isfinite(value)
    if np.isfinite(value) and 1e-30 < abs(value) < 1e30:
        assert out == pytest.approx(value, rel=1e-6)
