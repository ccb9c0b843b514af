"""The registry of backends: one more row is one class and nothing else, and it is gone when it is taken out."""

from __future__ import annotations

from collections import Counter
from functools import partial

import pytest
import torch
from torch import Tensor

from sab_visualiser.model import backends
from sab_visualiser.model.backends import registered, resolve_backend
from sab_visualiser.model.config import ModelConfig, Rule
from sab_visualiser.model.network import Network
from sab_visualiser.model.passes.backend import Backend, ReadOut, Target
from sab_visualiser.model.passes.plain.backend import TorchBackend
from sab_visualiser.model.passes.tape import Gradients, Knobs, KnockedOut, Observer, State, Tape, Weights
from sab_visualiser.model.sab import SAB


class Counting(Backend):
    """Lets backend "torch" do the work, and counts."""

    name = "counting"
    words = "a count of calls"

    def __init__(self) -> None:
        self.calls = Counter[str]()
        self._plain = TorchBackend()

    def why_not(self, target: Target) -> str | None:
        return "it cannot count in float64" if target.dtype == torch.float64 else None

    def forward(
        self,
        weights: Weights,
        inputs: Tensor,
        knobs: Knobs,
        phase: int = 0,
        knocked_out: KnockedOut | None = None,
        *,
        keep: bool = True,
        state: State | None = None,
    ) -> Tape:
        self.calls["forward"] += 1
        return self._plain.forward(weights, inputs, knobs, phase, knocked_out, keep=keep, state=state)

    def backward(
        self,
        tape: Tape,
        d_hidden_BTD: Tensor,
        d_summary_BTD: Tensor,
        rule: Rule = "sab",
        observer: Observer | None = None,
        *,
        inputs: bool = True,
        sum_floor: float = 0.0,
        d_last_cell_BD: Tensor | None = None,
    ) -> Gradients:
        self.calls["backward"] += 1
        back = partial(self._plain.backward, inputs=inputs, sum_floor=sum_floor, d_last_cell_BD=d_last_cell_BD)
        return back(tape, d_hidden_BTD, d_summary_BTD, rule, observer)

    def read_out(self, weights: Weights) -> ReadOut | None:
        self.calls["read-out"] += 1
        return super().read_out(weights)


def layer_of(backend: str) -> SAB:
    torch.manual_seed(3)
    return SAB(3, 6, attention_size=4, k_top=2, k_trunc=3, k_att=1, backend=backend)


def states_and_gradient(layer: SAB) -> tuple[Tensor, Tensor]:
    hidden = layer(torch.ones(2, 9, 3)).hidden_BTD
    torch.autograd.backward(hidden.sum())
    assert layer.weight_hh.grad is not None
    return hidden.detach(), layer.weight_hh.grad


def test_a_registered_backend_runs_both_passes_of_a_layer_and_writes_its_name_on_the_tape() -> None:
    counting = Counting()
    with registered(counting):
        layer = layer_of("counting")
        got = states_and_gradient(layer)
        assert counting.calls == {"forward": 1, "backward": 1}
        assert layer(torch.ones(2, 9, 3)).tape.backend == "counting"
    for mine, theirs in zip(got, states_and_gradient(layer_of("torch")), strict=True):
        assert torch.equal(mine, theirs)


def test_it_is_asked_for_a_read_out_and_for_what_an_observer_sees() -> None:
    counting = Counting()
    with registered(counting):
        network = Network(3, 2, ModelConfig(hidden_size=6, attention_size=4), backend="counting")
        out = network(torch.ones(2, 9, 3))
        seen: list[int] = []
        backends.observe(out.tape, out.hidden_BTD, out.summary_BTD, "sab", lambda step: seen.append(step.step))
    assert counting.calls == {"forward": 1, "backward": 1, "read-out": 1}
    assert seen == list(reversed(range(9)))


def test_auto_never_takes_it_and_afterwards_its_name_is_unknown() -> None:
    before = backends.names()
    with registered(Counting()):
        assert backends.names() == (*before, "counting")
        assert resolve_backend("auto", layer_of("auto").weights()).name == "numba"
        assert resolve_backend("auto", layer_of("auto").double().weights()).name == "torch"
    assert backends.names() == before
    with pytest.raises(ValueError, match=r"^backend = 'counting': must be one of auto, numba, triton, torch$"):
        layer_of("counting")


def test_where_it_cannot_run_it_is_refused_with_its_own_reason() -> None:
    with registered(Counting()), pytest.raises(ValueError, match="cannot count in float64; use 'auto' or 'torch'"):
        layer_of("counting").double()(torch.ones(2, 9, 3, dtype=torch.float64))


@pytest.mark.parametrize("name", ["auto", "torch", "numba", "counting"])
def test_a_name_that_is_taken_is_refused(name: str) -> None:
    class Again(Counting):
        pass

    Again.name = name
    with registered(Counting()), pytest.raises(ValueError, match=f"backend = '{name}'"), registered(Again()):
        pass


def test_a_registration_ends_also_when_something_goes_wrong_inside() -> None:
    before = backends.names()
    with pytest.raises(RuntimeError), registered(Counting()):
        raise RuntimeError
    assert backends.names() == before
