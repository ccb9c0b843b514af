from __future__ import annotations

from typing import get_args

import pytest

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
