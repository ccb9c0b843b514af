"""A packed trace is smaller and the very same: every column, bit for bit, in the same order."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sab_visualiser.app.wire.codec import decode, encode
from sab_visualiser.app.wire.packing import (
    FORMAT,
    SentTrace,
    as_array,
    from_bytes,
    pack,
    snapshot_content,
    to_bytes,
    unpack,
)
from sab_visualiser.app.wire.requests import ProbeRequest, RunSpec
from sab_visualiser.app.worker.record import record_of
from sab_visualiser.app.worker.translate import run_config
from sab_visualiser.model.training.trainer import Trainer
from tests.fakes.traces import trace

FRAME_BYTES = 32_000


def recorded(steps: int, update: int = 0, **model: Any) -> Any:
    """What a worker would send: a copy task of that many steps in all."""
    spec = {
        "task": {"name": "copy", "T": steps - 20},
        "model": {"hidden_size": 24, "attention_size": 16, "k_att": 1, **model},
        "training": {"batch_size": 8},
    }
    trainer = Trainer(run_config(RunSpec.model_validate(spec)))
    while trainer.update < update:
        trainer.step()
    return record_of(trainer.network, trainer.task, trainer.config.task, ProbeRequest(preset="x"), update)


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
    back: Any = from_bytes(to_bytes(columns))
    assert list(back) == list(columns)
    for name in columns:
        assert same(back[name], columns[name]), name


def test_columns_that_are_not_packed_pass_as_they_are() -> None:
    columns = trace(3)
    assert unpack(columns) == columns


@pytest.mark.parametrize("update", [0, 30])
@pytest.mark.parametrize("k_att", [1, 2])
def test_a_stream_frame_of_two_hundred_steps_stays_below_32_kb(update: int, k_att: int) -> None:
    columns = recorded(200, update, k_top=5, k_att=k_att)
    assert len(encode({"kind": "snapshot", "run": "r" * 17, "trace": as_array(to_bytes(columns))})) < FRAME_BYTES


def test_numbers_that_are_not_finite_survive() -> None:
    columns = recorded(40)
    columns["edges"]["credit"][:2] = [np.nan, np.inf]
    columns["edges"]["credit_hidden"][:2] = columns["edges"]["credit"][:2]
    back = unpack(pack(columns))
    assert same(back["edges"]["credit"], columns["edges"]["credit"])


HEAD = {"kind": "snapshot", "run": "r1", "attempt": 1, "seq": 7, "update": 3}
TINY = st.floats(width=32)


@given(data=st.data(), steps=st.integers(1, 12))
def test_any_record_comes_back_to_the_bit(data: st.DataObject, steps: int) -> None:
    pairs = data.draw(st.lists(st.tuples(st.integers(0, steps - 1), st.integers(-1, steps - 1)), unique=True))
    pairs = sorted(pair for pair in pairs if pair[1] < pair[0])

    def floats(size: int) -> Any:
        return np.array(data.draw(st.lists(TINY, min_size=size, max_size=size)), np.float32)

    record: Any = {**trace(3), "steps": steps, "paths": [], "loss_T": floats(steps)}
    record["attention"] = {
        "reader": np.array([reader for reader, _ in pairs], np.uint16),
        "source": np.array([source for _, source in pairs], np.int16),
        "weight": floats(len(pairs)),
        "score": floats(len(pairs)),
    }
    record["edges"] = {name: column[:0] for name, column in record["edges"].items()}
    back: Any = from_bytes(to_bytes(record))
    for name in record:
        assert same(back[name], record[name]), name
    for name in ("weight", "score"):
        assert back["attention"][name].tobytes() == record["attention"][name].tobytes(), "signs of zero and NaN"


@pytest.mark.parametrize("packed", [True, False])
def test_a_snapshot_of_version_0_1_is_read_as_if_it_had_been_sent_today(packed: bool) -> None:
    record: Any = trace(3)
    old = {**HEAD, "data": {**(pack(record) if packed else record), "run": "r1"}}
    content = snapshot_content(decode(encode(old)))
    assert content == snapshot_content({**HEAD, "trace": as_array(to_bytes(record))})
    assert decode(content)["format"] == FORMAT


def test_the_server_passes_on_the_bytes_that_the_worker_packed() -> None:
    content = to_bytes(trace(3))
    sent = SentTrace(content, preset="copy")
    assert decode(sent.frame())["trace"].tobytes() == content
    assert sent.record()["preset"] == "copy"
    assert sent.record()["run"] is None
