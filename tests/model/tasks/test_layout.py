"""Losses and metrics do not depend on how outputs lie in memory, nor on whether the loss is known already."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from sab_visualiser.model.config import ModelConfig, TaskConfig, TaskName
from sab_visualiser.model.contract import TASKS as TASK_FACTS
from sab_visualiser.model.network import Network
from sab_visualiser.model.tasks import TASKS, make_task
from sab_visualiser.model.tasks.base import NO_TARGET

LAYOUTS = {"class by class": (2, 1, 0), "step by step": (1, 0, 2), "example by example": (0, 1, 2)}


def laid_out(outputs_BTC: Tensor, order: tuple[int, int, int]) -> Tensor:
    """The same numbers, axes of memory in the given order."""
    back = tuple(order.index(axis) for axis in range(3))
    return outputs_BTC.permute(order).contiguous().permute(back)


@pytest.mark.parametrize("name", sorted(TASKS))
@pytest.mark.parametrize("layout", LAYOUTS)
def test_outputs_in_any_layout_cost_the_same(name: TaskName, layout: str) -> None:
    task = make_task(TaskConfig(name, 64 if name == "pixels" else 6, 3 if TASK_FACTS[name].items else None))
    batch = task.batch(5, torch.Generator().manual_seed(1))
    plain = torch.randn(5, task.steps, task.output_size, generator=torch.Generator().manual_seed(2))
    outputs = laid_out(plain, LAYOUTS[layout])
    assert torch.equal(outputs, plain)
    expected = float(task.loss(plain, batch))
    loss = float(task.loss(outputs, batch))
    assert loss == pytest.approx(expected, rel=1e-6)
    assert torch.allclose(task.loss_BT(outputs, batch), task.loss_BT(plain, batch), rtol=1e-6)
    assert task.metrics(outputs, batch) == pytest.approx(task.metrics(plain, batch, expected), rel=1e-6)
    if task.kind == "classes":
        targets_N = batch.targets_BT.reshape(-1)
        by_hand = cross_entropy(plain.reshape(-1, task.output_size), targets_N, ignore_index=NO_TARGET)
        assert loss == pytest.approx(float(by_hand), rel=1e-6)


def test_the_read_out_is_that_of_its_matrix_and_lies_class_by_class() -> None:
    torch.manual_seed(0)
    network = Network(3, 4, ModelConfig(hidden_size=5, attention_size=2)).double()
    hidden, summary = torch.randn(2, 6, 7, 5, dtype=torch.float64).unbind(0)
    outputs = network.read_out(hidden, summary)
    assert torch.allclose(outputs, network.readout(torch.cat((hidden, summary), dim=2)), rtol=1e-12, atol=1e-12)
    assert outputs.permute(2, 1, 0).is_contiguous()
