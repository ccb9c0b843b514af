"""The floor of Σr in the gradient on scores, an option of training: held to a plain loop of its own.

Spec section 9. States, weights and all that a probe shows never know of it.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from sab_visualiser.model import backends
from sab_visualiser.model.config import ModelConfig, RunConfig, TaskConfig, TrainingConfig
from sab_visualiser.model.passes.plain.passes import backward_pass
from sab_visualiser.model.probe.trace import Probe, trace
from sab_visualiser.model.sab import SAB
from sab_visualiser.model.training.trainer import Trainer
from tests.model.passes.fused.test_passes import float32_of
from tests.oracles.cases import CASES, Case, close, stacked
from tests.oracles.on_a_backend import FLOAT32, NEAR_TIE, same_choice, tolerance_of

FLOORS = st.sampled_from((1e-3, 0.05, 0.3, 2.0))
SHIFT = CASES.filter(lambda case: case.form[1] == "shift")
PAPER = CASES.filter(lambda case: case.form == ("paper", "shift"))
RUN = RunConfig(
    TaskConfig("copy", 6, 2),
    ModelConfig(hidden_size=16, attention_size=4, k_top=2, k_trunc=3, k_att=1),
    TrainingConfig(batch_size=8, learning_rate=1e-2, seed=3),
)


def gradients(layer: SAB, case: Case, sum_floor: float) -> dict[str, torch.Tensor]:
    """Of every parameter and the inputs, through autograd, in the dtype of the layer."""
    inputs, d_hidden, d_summary = (x.to(layer.weight_hh.dtype) for x in case.data())
    inputs.requires_grad_()
    out = layer(inputs, case.phase, case.knocked_out, sum_floor=sum_floor)
    wanted = [inputs, *layer.parameters()]
    found = torch.autograd.grad((out.hidden_BTD * d_hidden + out.summary_BTD * d_summary).sum(), wanted)
    return dict(zip(["inputs", *(name for name, _ in layer.named_parameters())], found, strict=True))


@settings(max_examples=60, deadline=None)
@given(case=SHIFT, sum_floor=FLOORS)
def test_with_a_floor_every_gradient_equals_the_plain_loop(case: Case, sum_floor: float) -> None:
    layer, (inputs, d_hidden, d_summary) = case.layer(), case.data()
    got = gradients(layer, case, sum_floor)
    inputs.requires_grad_()
    walks = case.oracle(layer, inputs, sum_floor=sum_floor)
    loss = (stacked(walks, "hidden") * d_hidden + stacked(walks, "summary") * d_summary).sum()
    wanted = [inputs, *layer.parameters()]
    expected = torch.autograd.grad(loss, wanted, allow_unused=True, materialize_grads=True)
    largest = max(g.abs().max().item() for g in expected)
    for (name, gradient), plain in zip(got.items(), expected, strict=True):
        assert close(gradient, plain, largest), name


@settings(max_examples=60, deadline=None)
@given(case=PAPER, sum_floor=FLOORS)
def test_the_fused_loops_agree_with_the_plain_passes_under_a_floor(case: Case, sum_floor: float) -> None:
    layer = case.layer()
    layer.load_state_dict({name: value.float().double() for name, value in layer.state_dict().items()})
    inputs, d_hidden, d_summary = (x.float().double() for x in case.data())
    plain = layer(inputs, case.phase, case.knocked_out).tape
    fused = float32_of(layer, case)(inputs.float(), case.phase, case.knocked_out).tape
    if not same_choice(plain, fused):
        return
    theirs = backward_pass(plain, d_hidden, d_summary, sum_floor=sum_floor).weights._asdict()
    mine = backends.backward_pass(fused, d_hidden.float(), d_summary.float(), sum_floor=sum_floor).weights._asdict()
    largest = max(float(value.abs().max()) for value in theirs.values())
    tolerance = FLOAT32 if sum_floor >= NEAR_TIE else tolerance_of(plain)
    for name, expected in theirs.items():
        assert float((mine[name] - expected).abs().max()) <= tolerance * max(largest, 1e-6), name


@pytest.mark.parametrize("backend", ["torch", "numba"])
def test_a_floor_that_no_sum_falls_below_changes_no_bit(backend: str) -> None:
    torch.manual_seed(0)
    layer = SAB(3, 16, attention_size=8, k_top=2, k_trunc=3, k_att=1, backend=backend)
    case = Case(9, 3, 3, 16, 8, 2, 3, 1, 0, ("paper", "shift"), True, False, 1.0, (), seed=1)
    least = min(
        float(c.total_B1.min()) for c in layer(case.data()[0].float()).tape.choices if c and c.total_B1 is not None
    )
    exact, below, above = (gradients(layer, case, floor) for floor in (0.0, least / 2, 10.0))
    assert all(torch.equal(exact[name], below[name]) for name in exact)
    assert any(not torch.equal(exact[name], above[name]) for name in exact), "a floor that binds must be felt"


def test_the_floor_bounds_the_gradient_of_scores_that_nearly_tie() -> None:
    torch.manual_seed(0)
    layer = SAB(3, 16, attention_size=8, k_top=2, k_trunc=None, k_att=1, backend="torch").double()
    with torch.no_grad():
        layer.weight_score.mul_(1e-9)
    case = Case(9, 3, 3, 16, 8, 2, None, 1, 0, ("paper", "shift"), True, False, 1.0, (), seed=1)
    exact, floored = (gradients(layer, case, floor)["weight_score"].norm() for floor in (0.0, 0.1))
    assert exact > 1e5 * floored


def test_what_a_probe_shows_is_the_exact_gradient_whatever_the_training_does() -> None:
    floored = Trainer(replace(RUN, training=replace(RUN.training, sum_floor=5.0)))
    exact = Trainer(RUN)
    shown = [trace(one.network, one.task, one.task.probe_batch(), Probe()) for one in (floored, exact)]
    norms = [one.gradient_norm["sab"] for one in shown]
    assert (norms[0] == norms[1]).all()
    list(floored.updates(2))
    list(exact.updates(2))
    pairs = zip(floored.network.parameters(), exact.network.parameters(), strict=True)
    assert any(not torch.equal(one, two) for one, two in pairs)
