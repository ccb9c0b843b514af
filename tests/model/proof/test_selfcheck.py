"""The self-check holds on a sound network and names the broken identity on an unsound one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor

from sab_visualiser.model.config import ModelConfig, TaskConfig
from sab_visualiser.model.network import Network
from sab_visualiser.model.passes.plain import passes as reference
from sab_visualiser.model.passes.tape import Gradients
from sab_visualiser.model.proof import selfcheck
from sab_visualiser.model.proof.selfcheck import SelfCheck
from sab_visualiser.model.tasks import Task, make_task


def network_and_task(**model: Any) -> tuple[Network, Task]:
    torch.manual_seed(3)
    task = make_task(TaskConfig("copy", 8, 3))
    config = ModelConfig(hidden_size=12, attention_size=6, **{"k_att": 1, "k_top": 3, "k_trunc": 4, **model})
    return Network(task.input_size, task.output_size, config), task


@pytest.mark.parametrize(
    "model",
    [{}, {"variant": "release"}, {"normalizer": "softmax"}, {"method": "bptt"}, {"method": "attention"}, {"k_top": 0}],
    ids=str,
)
def test_every_identity_holds_on_sound_weights(model: dict[str, Any]) -> None:
    network, task = network_and_task(**model)
    identities = SelfCheck(network, task, task.probe_batch()).identities()
    assert {i.name for i in identities} >= {"oracle", "lstm", "sab-truncated", "sab-full", "arrivals", "causality"}
    assert [i.name for i in identities if not i.holds] == []


def test_the_network_is_left_as_it_was() -> None:
    network, task = network_and_task()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    SelfCheck(network, task, task.probe_batch()).identities()
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    assert all(parameter.grad is None for parameter in network.parameters())


def test_a_wrong_gradient_is_found_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = reference.backward_pass

    def unsound(*arguments: Any, **options: Any) -> Gradients:
        gradients = sound(*arguments, **options)
        off: Tensor = gradients.weights.weight_hh * 1.001
        return replace(gradients, weights=gradients.weights._replace(weight_hh=off))

    monkeypatch.setattr(selfcheck, "backward_pass", unsound)
    network, task = network_and_task()
    broken = {i.name for i in SelfCheck(network, task, task.probe_batch()).identities() if not i.holds}
    assert broken == {"oracle", "lstm"}


def test_weights_that_are_not_numbers_hold_nothing() -> None:
    network, task = network_and_task()
    with torch.no_grad():
        network.layer.weight_hh.fill_(torch.nan)
    identities = {i.name: i.holds for i in SelfCheck(network, task, task.probe_batch()).identities()}
    assert not identities["oracle"]
    assert not identities["arrivals"]
