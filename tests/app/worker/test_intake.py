"""B13: what stands in a checkpoint is judged as a request is, before anything of it is made; the prober answers on."""

from __future__ import annotations

import resource
from functools import cache
from typing import Any

import pytest

from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.wire.requests import RunSpec
from sab_visualiser.app.worker.answers import Networks, inspected
from sab_visualiser.app.worker.translate import run_config, told_spec
from sab_visualiser.model.training.checkpoint import Checkpoint, CheckpointError, dumps
from sab_visualiser.model.training.checkpoint_format import pack, read_header, read_tensors
from sab_visualiser.model.training.trainer import Trainer
from tests.app.worker.conftest import TINY
from tests.app.worker.test_answers import ask

LIMIT = 1 << 30
DEEP: list[Any] = []


@cache
def good() -> bytes:
    """A checkpoint that is accepted."""
    trainer = Trainer(run_config(RunSpec.model_validate(TINY)))
    trainer.step()
    return dumps(Checkpoint.of(trainer))


def forged(path: str, value: object) -> bytes:
    """The same with another value at a dotted place of its document, and a digest that agrees."""
    document, _ = read_header(good())
    tensors = read_tensors(good(), document)
    *parts, last = path.split(".")
    place = document
    for part in parts:
        place = place[part]
    if value is DEEP:
        place.pop(last)
    else:
        place[last] = value
    return pack(document, tensors)


LARGE, HUGE = 10**9, 10**30
Rows = list[tuple[str, Any]]


def rows(name: str, *values: Any) -> Rows:
    return [(name, value) for value in values]


TASK: Rows = [
    *rows("T", 0, -1, 5000, LARGE, HUGE, 1.5, "4", True, None, [4], {}),
    *rows("items", 0, -1, 51, LARGE, HUGE, "2", True, 2.5),
    *rows("T_min", 0, -3, 5, LARGE, HUGE, "1"),
    *rows("name", "", "copy ", "sort", 3, None, ["copy"]),
    ("unknown", 1),
]
MODEL: Rows = [
    *rows("hidden_size", 0, -1, 5000, LARGE, HUGE, "6", None),
    *rows("attention_size", 0, -1, 5000, LARGE, HUGE, "6", None),
    *rows("k_top", -1, 20_000, HUGE, "2", 1.5, None),
    *rows("k_trunc", -1, LARGE, HUGE, "3"),
    *rows("k_att", 0, -1, LARGE, HUGE, None),
    *[("normalizer", "exp"), ("variant", "new"), ("method", "sgd"), ("initial_memory", 1)],
]
TRAINING: Rows = [
    *rows("batch_size", 0, -1, 5000, LARGE, HUGE, "3"),
    *rows("learning_rate", 0, -1, 1e23, HUGE, "0.1", None),
    *rows("seed", -1, 2**31, 2**63, HUGE, "5", 1.0),
    *[("clip_norm", -1), ("clip_norm", 1e7), ("updates", 0), ("updates", HUGE), ("phase", "moving")],
    ("until", "accuracy = 1"),
]
PARTS: tuple[tuple[str, list[tuple[str, Any]]], ...] = (("task", TASK), ("model", MODEL), ("training", TRAINING))
CASES: list[tuple[str, Any]] = [
    *[(f"config.{part}.{name}", value) for part, listed in PARTS for name, value in listed],
    *rows("config", None, [], 5, {}, "config"),
    *[row for part in ("task", "model", "training") for row in rows(f"config.{part}", None, [], 7, DEEP)],
    *[(f"parameters.{name}", HUGE) for name in ("k_top", "k_trunc", "k_att", "learning_rate", "clip_norm")],
    *[(f"parameters.{name}", -1) for name in ("k_top", "k_trunc", "k_att", "learning_rate", "clip_norm")],
    *rows("update", -1, 2**53, HUGE, "1", True, None, 1.0),
    ("config.more", {"a": 1}),
    ("parameters.seed", 3),
    ("parameters", None),
]


def peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@pytest.mark.parametrize(("path", "value"), CASES, ids=lambda each: repr(each)[:30])
def test_B13_a_value_that_the_api_refuses_is_refused_inside_a_checkpoint_by_name(path: str, value: object) -> None:
    content = forged(path, value)
    before = peak_bytes()
    found = ask(None, "inspect", Networks(lambda _: content), checkpoint="c", limit=LIMIT)
    assert found["kind"] == "probe_failed"
    problem = found["problem"]
    assert problem["status"] == 422, problem
    assert problem["errors"], problem
    assert all(each["field"] and each["range"] and each["remedy"] for each in problem["errors"])
    assert peak_bytes() - before < 50 << 20
    assert ask(None, "inspect", Networks(lambda _: good()), checkpoint="c", limit=LIMIT)["kind"] == "probed"


def test_B13_the_small_file_that_took_21_gigabytes_is_refused_with_its_field() -> None:
    content = forged("config.task.items", LARGE)
    assert len(content) < 45_000
    with pytest.raises(UserError) as refusal:
        inspected(content, LIMIT)
    assert refusal.value.problem.errors[0].field == "task.items"


def test_B13_a_network_that_does_not_fit_is_refused_before_it_is_built() -> None:
    document, _ = read_header(good())
    document["config"]["model"]["hidden_size"] = 1024
    with pytest.raises(UserError, match="the network of this checkpoint needs about"):
        inspected(pack(document, read_tensors(good(), read_header(good())[0])), 10 << 20)


@pytest.mark.parametrize("method", ["sab", "tbptt", "bptt", "attention"])
def test_B13_what_a_run_of_our_own_leaves_passes_whatever_its_method_and_knobs(method: str) -> None:
    spec = RunSpec.model_validate({**TINY, "model": {**TINY["model"], "method": method, "k_trunc": 0}})
    trainer = Trainer(run_config(spec))
    trainer.step()
    content = dumps(Checkpoint.of(trainer))
    assert inspected(content, LIMIT) == {"spec": spec.model_dump(), "update": 1}
    assert told_spec(read_header(content)[0]) == spec


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("DefaultCPUAllocator: can't allocate memory: 1 bytes")])
def test_C11_memory_that_is_refused_is_told_and_the_next_question_is_answered(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetch(_: str) -> bytes:
        raise error

    found = ask(None, "inspect", Networks(fetch), checkpoint="c", limit=LIMIT)
    assert (found["kind"], found["problem"]["status"]) == ("probe_failed", 507)
    assert "SAB_MEMORY_MB" in found["problem"]["detail"]
    assert ask(None, "inspect", Networks(lambda _: good()), checkpoint="c", limit=LIMIT)["kind"] == "probed"


def test_B13_an_error_that_nobody_foresaw_is_told_as_our_mistake_and_ends_nothing() -> None:
    def fetch(_: str) -> bytes:
        raise ZeroDivisionError

    found = ask(None, "inspect", Networks(fetch), checkpoint="c", limit=LIMIT)
    assert (found["kind"], found["problem"]["status"]) == ("probe_failed", 500)


def test_B13_a_header_that_is_none_is_still_told_in_words() -> None:
    with pytest.raises(CheckpointError):
        inspected(b"\x80\x04pickle", LIMIT)
