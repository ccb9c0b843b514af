"""A packed trace is smaller and the very same: every column, bit for bit, in the same order."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sab_visualiser.app.wire.codec import decode, encode
from sab_visualiser.app.wire.packing import pack, unpack
from sab_visualiser.app.wire.requests import ProbeRequest, RunSpec
from sab_visualiser.app.wire.trace_json import trace_json
from sab_visualiser.app.worker.record import columns_of
from sab_visualiser.app.worker.translate import run_config
from sab_visualiser.model.training.trainer import Trainer
from tests.fakes.traces import trace

FRAME_BYTES = 32_000


def recorded(steps: int, update: int = 0, **model: Any) -> dict[str, Any]:
    """What a worker would send: a copy task of that many steps in all."""
    spec = {
        "task": {"name": "copy", "T": steps - 20},
        "model": {"hidden_size": 24, "attention_size": 16, "k_att": 1, **model},
        "training": {"batch_size": 8},
    }
    trainer = Trainer(run_config(RunSpec.model_validate(spec)))
    while trainer.update < update:
        trainer.step()
    return columns_of(trainer.network, trainer.task, trainer.config.task, ProbeRequest(preset="x"), update)


def same(left: Any, right: Any) -> bool:
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, np.ndarray):
        return left.dtype == right.dtype and np.array_equal(left, right, equal_nan=left.dtype.kind == "f")
    return bool(left == right)


@pytest.mark.parametrize(
    "model",
    [{}, {"k_top": 0}, {"k_att": 3}, {"k_trunc": 0}, {"variant": "release"}, {"normalizer": "softmax"}, {"k_top": 60}],
)
def test_what_was_packed_comes_back_bit_for_bit(model: dict[str, Any]) -> None:
    columns = recorded(60, update=3, **model)
    back = unpack(decode(encode(pack(columns))))
    assert list(back) == list(columns)
    for name in columns:
        assert same(back[name], columns[name]), name


def test_columns_that_are_not_packed_pass_as_they_are() -> None:
    columns = trace(3)
    assert unpack(columns) is columns
    assert trace_json(pack({**columns, "edges": {**columns["edges"]}}))["attention"] == trace_json(columns)["attention"]


@pytest.mark.parametrize("update", [0, 30])
@pytest.mark.parametrize("k_att", [1, 2])
def test_a_stream_frame_of_two_hundred_steps_stays_below_32_kb(update: int, k_att: int) -> None:
    columns = recorded(200, update, k_top=5, k_att=k_att)
    assert len(encode({"kind": "snapshot", "run": "r" * 17, "data": pack(columns)})) < FRAME_BYTES


def test_numbers_that_are_not_finite_survive() -> None:
    columns = recorded(40)
    columns["edges"]["credit"][:2] = [np.nan, np.inf]
    columns["edges"]["credit_hidden"][:2] = columns["edges"]["credit"][:2]
    back = unpack(pack(columns))
    assert same(back["edges"]["credit"], columns["edges"]["credit"])
