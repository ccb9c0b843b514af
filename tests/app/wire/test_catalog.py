from __future__ import annotations

from typing import Any, get_args

import pytest
from pydantic import ValidationError

from sab_visualiser.app.wire.requests import TaskName, TaskSpec
from sab_visualiser.model.config import TaskConfig
from sab_visualiser.model.contract import sequence_steps, task_list
from sab_visualiser.model.tasks import make_task

TASKS = task_list()
CASES = [
    ("copy", 20, 5),
    ("copy", 50, None),
    ("adding", 9, None),
    ("recall", 4, 2),
    ("recall", 30, None),
    ("denoise", 12, 7),
    ("char", 30, None),
    ("pixels", 64, None),
]


@pytest.mark.parametrize(("name", "steps", "items"), CASES)
def test_the_length_of_a_sequence_is_that_of_the_model(name: TaskName, steps: int, items: int | None) -> None:
    built = make_task(TaskConfig(name=name, T=steps, items=items))
    assert sequence_steps(TaskSpec(name=name, T=steps, items=items)) == built.steps


def test_every_task_is_described_with_its_own_metrics() -> None:
    import torch

    assert [task["name"] for task in TASKS] == list(get_args(TaskName))
    for task in TASKS:
        T = max(12, task["parameters"][0]["minimum"])
        built = make_task(TaskConfig(name=task["name"], T=T, items=None))
        batch = built.probe_batch()
        outputs = torch.zeros(*batch.inputs_BTI.shape[:2], built.output_size)
        assert {metric["name"] for metric in task["metrics"]} == set(built.metrics(outputs, batch)), task["name"]
        assert task["true_sources"]


OTHER = {"items": 2, "T_min": 12, "permuted": 5, "carry": True}
"""A value that is not the default, by the field of a task that has a default which every task takes."""


@pytest.mark.parametrize("task", TASKS, ids=lambda task: str(task["name"]))
def test_the_fields_that_a_task_is_said_to_take_are_those_that_it_does_not_refuse(task: dict[str, Any]) -> None:
    others = {**OTHER, "T": task["parameters"][0]["maximum"], "data": "hamlet" if task["name"] == "char" else "digits"}
    assert {"name", *others} == set(TaskSpec.model_fields), "a new field of a task has another value here"
    for field, value in others.items():
        spec = {"name": task["name"], "T": task["parameters"][0]["maximum"], field: value}
        if field in task["fields"]:
            TaskSpec.model_validate(spec)
        else:
            with pytest.raises(ValidationError, match=f"task.{field} = "):
                TaskSpec.model_validate(spec)


@pytest.mark.parametrize("task", TASKS, ids=lambda task: str(task["name"]))
def test_every_default_and_limit_is_accepted(task: dict[str, object]) -> None:
    parameters = task["parameters"]
    assert isinstance(parameters, list)
    for parameter in parameters:
        for value in (parameter["default"], parameter["minimum"], parameter["maximum"]):
            length = parameters[0]
            spec = {"name": task["name"], "T": min(200, length["maximum"]), parameter["name"]: value}
            if task["name"] == "denoise" and parameter["name"] == "T":
                spec |= {"items": 1}
            TaskSpec.model_validate(spec)
