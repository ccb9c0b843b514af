"""Inputs a person sends are refused with field, value, range and remedy, or they are read exactly as they came."""

from __future__ import annotations

from typing import Any

import pytest

from sab_visualiser.app.wire.columns import TraceRecord
from sab_visualiser.app.wire.errors import UserError, validate
from sab_visualiser.app.wire.requests import ProbeRequest, RunSpec
from sab_visualiser.app.worker.record import record_of
from sab_visualiser.app.worker.translate import run_config
from sab_visualiser.model.training.trainer import Trainer

COPY = {"name": "copy", "T": 4, "items": 3}
ADDING = {"name": "adding", "T": 4}
RECALL = {"name": "recall", "T": 2, "items": 2}
GOOD_COPY = [2, 0, 7, 8, 8, 8, 9, 8, 8, 8]


def ask(task: dict[str, Any], inputs: Any) -> TraceRecord:
    model = {"hidden_size": 6, "attention_size": 4, "k_top": 2, "k_att": 1}
    trainer = Trainer(run_config(RunSpec.model_validate({"task": task, "model": model})))
    request = validate(ProbeRequest, {"preset": "own", "inputs": inputs})
    return record_of(trainer.network, trainer.task, trainer.config.task, request, 0)


def test_good_inputs_are_read_as_they_came_and_bring_their_own_targets_and_sources() -> None:
    columns = ask(COPY, GOOD_COPY)
    assert columns["inputs"] == GOOD_COPY
    assert columns["targets"] == [8] * 7 + [2, 0, 7]
    assert columns["true_sources"] == {"7": [0], "8": [1], "9": [2]}
    pairs = [[0.5, 0], [0.25, 1], [0.5, 0], [1.0, 1]]
    assert ask(ADDING, pairs)["true_sources"] == {"3": [1, 3]}
    assert ask(ADDING, pairs)["targets"][-1] == pytest.approx(1.25)


@pytest.mark.parametrize(
    ("task", "inputs"),
    [
        (COPY, []),
        (COPY, GOOD_COPY[:-1]),
        (COPY, [*GOOD_COPY, 8]),
        (COPY, [10, *GOOD_COPY[1:]]),
        (COPY, [-1, *GOOD_COPY[1:]]),
        (COPY, [[1.0], *([[0.0]] * 9)]),
        (COPY, "CAH"),
        (COPY, [1.5, *GOOD_COPY[1:]]),
        (COPY, [None, *GOOD_COPY[1:]]),
        (COPY, [float("nan"), *GOOD_COPY[1:]]),
        (ADDING, [[0.5, 0]] * 4),
        (ADDING, [[0.5, 1]] * 4),
        (ADDING, [[0.5, 1], [0.5, 1], [0.5, 2], [0.5, 0]]),
        (ADDING, [[0.5], [0.5, 1], [0.5, 1], [0.5, 0]]),
        (ADDING, [[float("inf"), 1], [0.5, 1], [0.5, 0], [0.5, 0]]),
        (ADDING, [1, 2, 3, 4]),
        (RECALL, [2, 12, 0, 9, 16, 16, 5]),
        (RECALL, [2, 12, 0, 9, 16, 16, 16]),
    ],
)
def test_bad_inputs_are_refused_by_name(task: dict[str, Any], inputs: Any) -> None:
    with pytest.raises(UserError) as caught:
        ask(task, inputs)
    problem = caught.value.problem
    assert problem.status == 422
    assert all(error.field.startswith("inputs") for error in problem.errors)
    assert all(error.range and error.remedy for error in problem.errors)
