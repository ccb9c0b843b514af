"""Inputs that a person chose: the task finds out what it asks by itself, or says why it cannot."""

from __future__ import annotations

import math

import pytest
import torch

from sab_visualiser.model.config import TaskConfig
from sab_visualiser.model.tasks import make_task
from sab_visualiser.model.tasks.adding import AddingTask
from sab_visualiser.model.tasks.symbols import SymbolTask


@pytest.mark.parametrize(
    "config",
    [
        TaskConfig("copy", 7),
        TaskConfig("copy", 1, 1),
        TaskConfig("adding", 2),
        TaskConfig("adding", 15),
        TaskConfig("recall", 1, 1),
        TaskConfig("recall", 4, 8),
        TaskConfig("denoise", 25, 3),
        TaskConfig("denoise", 1, 1),
    ],
    ids=lambda config: f"{config.name}-{config.T}-{config.items}",
)
def test_inputs_given_by_hand_get_the_targets_and_true_sources_of_a_drawn_batch(config: TaskConfig) -> None:
    task = make_task(config)
    assert isinstance(task, AddingTask | SymbolTask)
    drawn = task.batch(9, torch.Generator().manual_seed(5))
    for example in range(9):
        one = drawn.example(example)
        source = one.inputs_BTI if one.symbols_BT is None else one.symbols_BT
        made = task.batch_from(source[0].tolist())
        assert torch.equal(made.inputs_BTI, one.inputs_BTI)
        assert torch.equal(made.targets_BT.nan_to_num(-1), one.targets_BT.nan_to_num(-1))
        assert torch.equal(made.scored_BT, one.scored_BT)
        assert made.true_sources == one.true_sources


@pytest.mark.parametrize(
    ("config", "inputs", "message"),
    [
        (TaskConfig("copy", 1, 1), [0, 9], r"2 steps: this copy task takes 3"),
        (TaskConfig("copy", 1, 1), [0, 10, 8], r"inputs\[1\] = 10: must be a symbol from 0 to 9"),
        (TaskConfig("copy", 1, 1), [-1, 9, 8], r"inputs\[0\] = -1"),
        (TaskConfig("copy", 1, 1), [True, 9, 8], r"inputs\[0\] = True"),
        (TaskConfig("copy", 1, 1), [[0.5], 9, 8], r"inputs\[0\] = \[0\.5\]"),
        (TaskConfig("denoise", 3, 2), [0, 8, 8, 9, 8, 8], r"1 symbols in their first 3 steps: .* exactly 2"),
        (TaskConfig("recall", 1, 2), [0, 8, 1, 9, 16, 2], r"inputs\[5\] = 2: must be one of the keys \[0, 1\]"),
        (TaskConfig("adding", 2), [[0.1, 1.0], [0.2, 0.0]], r"1 marks: adding sums exactly two"),
        (TaskConfig("adding", 2), [[0.1, 0.5], [0.2, 1.0]], r"mark must be 0 or 1"),
        (TaskConfig("adding", 2), [[math.nan, 1.0], [0.2, 1.0]], r"pair of finite numbers"),
        (TaskConfig("adding", 2), [1, 2], r"inputs\[0\] = 1: must be a pair"),
        (TaskConfig("adding", 2), [[0.1, 1.0]], r"1 steps: this adding task takes 2"),
    ],
)
def test_inputs_that_cannot_be_asked_say_why(config: TaskConfig, inputs: list[object], message: str) -> None:
    task = make_task(config)
    assert isinstance(task, AddingTask | SymbolTask)
    with pytest.raises(ValueError, match=message):
        task.batch_from(inputs)
