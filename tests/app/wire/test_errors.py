"""Bad input is named by field, value, range and remedy, whoever sends it."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from pydantic import BaseModel

from sab_visualiser.app.wire.errors import UserError, describe, shorten, validate
from sab_visualiser.app.wire.requests import Command, ProbeRequest, RunSpec
from sab_visualiser.model.contract import TaskName

RELEASE_SHIFT = "the release variant has shift only"
RELEASE_METHOD = "needs a softmax, which variant release has not"

BAD: list[tuple[type[BaseModel], Any, str, str]] = [
    (RunSpec, {"model": {"k_top": -1}}, "model.k_top", "0 … 10000, whole number"),
    (RunSpec, {"model": {"k_trunc": -1}}, "model.k_trunc", "0 … 100000, whole number"),
    (RunSpec, {"model": {"k_trunc": 2.5}}, "model.k_trunc", "0 … 100000, whole number"),
    (RunSpec, {"model": {"k_trunc": 5.0}}, "model.k_trunc", "0 … 100000, whole number"),
    (RunSpec, {"model": {"k_trunc": "5"}}, "model.k_trunc", "0 … 100000, whole number"),
    (RunSpec, {"model": {"k_att": 0}}, "model.k_att", "1 … 10000, whole number"),
    (RunSpec, {"model": {"k_top": True}}, "model.k_top", "0 … 10000, whole number"),
    (RunSpec, {"model": {"k_top": 10**23}}, "model.k_top", "0 … 10000, whole number"),
    (RunSpec, {"model": {"k_top": None}}, "model.k_top", "0 … 10000, whole number"),
    (RunSpec, {"model": {"method": "gru"}}, "model.method", "one of sab, tbptt, bptt, attention"),
    (RunSpec, {"task": {"T": 0}}, "task.T", "1 … 1024, whole number"),
    (RunSpec, {"task": {"name": "chess"}}, "task.name", f"one of {', '.join(get_args(TaskName))}"),
    (RunSpec, {"task": {"name": "adding", "T": 1}}, "task.T", "adding needs 2 … 1024"),
    (RunSpec, {"task": {"name": "adding", "items": 3}}, "task.items", "adding always marks two numbers"),
    (RunSpec, {"task": {"name": "denoise", "T": 9}}, "task.T", "denoise needs 10 … 1024"),
    (RunSpec, {"task": {"name": "recall", "items": 9}}, "task.items", "recall has 8 keys"),
    (RunSpec, {"model": {"variant": "release", "normalizer": "softmax"}}, "model.normalizer", RELEASE_SHIFT),
    (RunSpec, {"model": {"variant": "release", "method": "attention"}}, "model.method", RELEASE_METHOD),
    (RunSpec, {"training": {"learning_rate": float("nan")}}, "training.learning_rate", "more than 0 … 1e+22, number"),
    (RunSpec, {"training": {"learning_rate": float("inf")}}, "training.learning_rate", "more than 0 … 1e+22, number"),
    (RunSpec, {"training": {"learning_rate": True}}, "training.learning_rate", "more than 0 … 1e+22, number"),
    (RunSpec, {"training": {"learning_rate": 0}}, "training.learning_rate", "more than 0 … 1e+22, number"),
    (RunSpec, {"training": {"seed": -1}}, "training.seed", "0 … 2147483647, whole number"),
    (RunSpec, {"k_top": 1}, "k_top", "unknown key"),
    (RunSpec, {"model": {"topk": 1}}, "model.topk", "unknown key"),
    (RunSpec, {"name": "a\x00b"}, "name", "text, at most 200 characters, no control characters"),
    (RunSpec, [1], "body", "Input should be an object"),
    (RunSpec, b"{oops", "body", "one JSON object"),
    (RunSpec, b'{"name":"\\ud800"}', "body", "one JSON object"),
    (
        Command,
        {"type": "explode"},
        "type",
        "one of set_parameters, pause, resume, step, stop, checkpoint, reset, reseed",
    ),
    (Command, {"type": "set_parameters"}, "parameters", "set_parameters needs a knob"),
    (Command, {"type": "set_parameters", "parameters": {"k_top": -3}}, "parameters.k_top", "0 … 10000, whole number"),
    (Command, {"type": "set_parameters", "parameters": {"seed": 3}}, "parameters.seed", "unknown key"),
    (Command, {"type": "pause", "parameters": {"k_top": 3}}, "parameters", "pause takes none"),
    (ProbeRequest, {}, "run, checkpoint, preset", "name exactly one of them"),
    (ProbeRequest, {"preset": "copy", "example": 99}, "example", "0 … 15, whole number"),
    (ProbeRequest, {"preset": "copy", "knocked_out": [[3, -2]]}, "knocked_out.0.1", "-1 … 100000, whole number"),
    (ProbeRequest, {"preset": "copy", "rules": ["nonsense"]}, "rules.0", "one of sab, truncated, full"),
    (ProbeRequest, {"preset": "../etc"}, "preset", "text matching ^[0-9a-z_-]{1,64}$"),
]


@pytest.mark.parametrize(("model", "values", "field", "allowed"), BAD, ids=lambda value: str(value)[:40])
def test_a_bad_value_is_named_with_field_value_range_and_remedy(
    model: type[BaseModel], values: Any, field: str, allowed: str
) -> None:
    with pytest.raises(UserError) as caught:
        validate(model, values)
    problem = caught.value.problem
    assert problem.status == 422
    assert [(entry.field, entry.range) for entry in problem.errors] == [(field, allowed)]
    assert problem.errors[0].remedy
    assert describe(problem.errors[0]) in problem.detail


def test_every_bad_field_is_reported_at_once() -> None:
    with pytest.raises(UserError) as caught:
        validate(RunSpec, {"model": {"k_top": -1, "k_att": 0}, "oops": 1})
    assert {entry.field for entry in caught.value.problem.errors} == {"model.k_top", "model.k_att", "oops"}


def test_an_empty_body_is_the_default_spec() -> None:
    spec = validate(RunSpec, {})
    assert (spec.task.name, spec.task.T, spec.model.k_top, spec.model.k_trunc, spec.model.k_att) == (
        "copy",
        50,
        5,
        5,
        2,
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        (10**30, str(10**30)),
        ("x" * 200, "x" * 79 + "…"),
        (7, 7),
        (None, None),
    ],
)
def test_a_value_is_shown_as_given_but_never_breaks_json_or_the_line(value: object, shown: object) -> None:
    assert shorten(value) == shown
