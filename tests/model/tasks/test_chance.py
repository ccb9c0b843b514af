"""What guessing gives, and tasks that have no delay: what the table of tasks says of them is so."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
import torch

from sab_visualiser.model.config import TaskConfig
from sab_visualiser.model.contract import TASKS as FACTS
from sab_visualiser.model.contract import TaskName, answers_of, chance_of, task_rules, usual_T
from sab_visualiser.model.tasks import make_task
from sab_visualiser.model.tasks.data import text_named


@pytest.mark.parametrize("name", get_args(TaskName))
def test_chance_is_what_comes_of_knowing_all_that_needs_no_memory(name: TaskName) -> None:
    config = TaskConfig(name, usual_T(name, None) if name == "pixels" else 20)
    task = make_task(config)
    batch = next(task.held_out(4000, 4000, torch.Generator().manual_seed(1)))
    if name == "char":  # how often each character stands in the text is known, and nothing else
        symbols_N = text_named("hamlet").symbols_N
        outputs_BTC = symbols_N.bincount(minlength=task.output_size).log().expand(*batch.targets_BT.shape, -1)
    elif task.kind == "values":
        outputs_BTC = torch.ones(*batch.targets_BT.shape, 1)  # the mean of a sum of two numbers from 0 to 1
    else:
        # Every blank is said for sure; where something is asked, all answers there are get the same score.
        outputs_BTC = torch.nn.functional.one_hot(batch.targets_BT.clamp(min=0), task.output_size) * 60.0
        answers = torch.unique(batch.targets_BT[batch.scored_BT])
        guess_C = torch.full((task.output_size,), -60.0)
        guess_C[answers] = 0.0
        outputs_BTC[batch.scored_BT] = guess_C
        assert int(batch.scored_BT[0].sum()) == answers_of(config)
    found = {**task.metrics(outputs_BTC, batch), "loss": float(task.loss(outputs_BTC, batch))}
    assert set(chance_of(config)) <= set(found)
    assert {key: found[key] for key in chance_of(config)} == pytest.approx(chance_of(config), rel=0.06)


def test_a_task_without_a_delay_has_none_to_mix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FACTS, "copy", replace(FACTS["copy"], has_delay=False))
    task_rules(TaskConfig("copy", 20))
    with pytest.raises(ValueError, match=r"task\.T_min = 1: copy has no delay to mix; leave T_min out"):
        task_rules(TaskConfig("copy", 20, T_min=1))
