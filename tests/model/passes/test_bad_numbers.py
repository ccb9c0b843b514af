"""Numbers that float32 can hardly hold, on both backends: the plain loop's result, or one that shows it is none."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from sab_visualiser.model.passes.tape import Weights
from sab_visualiser.model.proof.witness import dense_forward
from sab_visualiser.model.sab import SAB
from tests.oracles.small_layers import BACKENDS, gradients, inputs_of, layer_of

torch.set_num_threads(1)
both = pytest.mark.parametrize("backend", BACKENDS)
forms = pytest.mark.parametrize("normalizer", ["shift", "softmax"])


def dense_hidden(layer: SAB, inputs: Tensor) -> Tensor:
    """The plain loop in float64 on the same weights."""
    weights = Weights(*(None if w is None else w.detach().double() for w in layer.weights()))  # type: ignore[arg-type]
    return dense_forward(weights, inputs.double(), layer.knobs())[0]


@both
@forms
@pytest.mark.parametrize("scale", [1e2, 1e4, 1e8, 1e20, 1e30])
def test_very_large_scores_choose_as_the_plain_loop_does(backend: str, normalizer: str, scale: float) -> None:
    layer = layer_of(backend, normalizer=normalizer, k_trunc=None)
    with torch.no_grad():
        layer.weight_score.mul_(scale)
        layer.weight_key.mul_(4)
    hidden = layer(inputs_of()).hidden_BTD
    assert torch.isfinite(hidden).all()
    assert torch.allclose(hidden.double(), dense_hidden(layer, inputs_of()), rtol=1e-3, atol=1e-3)
    for name, gradient in gradients(layer, inputs_of()).items():
        assert not torch.isnan(gradient).any(), name


@both
@forms
def test_scores_beyond_float32_are_not_passed_off_as_numbers(backend: str, normalizer: str) -> None:
    layer = layer_of(backend, normalizer=normalizer)
    with torch.no_grad():
        layer.weight_score.fill_(3e38)
        layer.bias_ih.fill_(2.0)
        layer.weight_key.fill_(3.0)
        layer.weight_query.fill_(3.0)
    tape = layer(inputs_of()).tape
    scores = torch.cat([choice.scores_BE.flatten() for choice in tape.choices if choice is not None])
    assert not torch.isfinite(scores).all(), "the case must overflow"
    for t, choice in enumerate(tape.choices):
        if choice is not None:
            bad_B = ~torch.isfinite(choice.scores_BE).all(1)
            assert torch.isnan(tape.hidden_TBD[t][bad_B]).any(1).all(), t


@both
@forms
def test_nan_spoils_its_example_from_its_step_on_and_no_other(backend: str, normalizer: str) -> None:
    layer, inputs = layer_of(backend, normalizer=normalizer), inputs_of()
    clean = layer(inputs).hidden_BTD
    inputs[2, 4, 1] = torch.nan
    hidden = layer(inputs).hidden_BTD
    others = [0, 1, 3, 4]
    assert torch.allclose(hidden[others], clean[others], atol=1e-6)
    assert torch.allclose(hidden[2, :4], clean[2, :4], atol=1e-6)
    assert torch.isnan(hidden[2, 4:]).all()


@both
@forms
def test_nan_reaches_every_weight_that_it_should(backend: str, normalizer: str) -> None:
    inputs = inputs_of()
    inputs[2, 4, 1] = torch.nan
    found = gradients(layer_of(backend, normalizer=normalizer), inputs)
    for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_query", "weight_key", "weight_score"):
        assert torch.isnan(found[name]).any(), name
    assert torch.isfinite(found["inputs"][[0, 1, 3, 4]]).all()


@both
@pytest.mark.parametrize("value", [torch.inf, -torch.inf, 1e30, -1e30])
def test_infinite_and_huge_inputs_saturate_as_in_the_plain_loop(backend: str, value: float) -> None:
    layer, inputs = layer_of(backend), inputs_of()
    inputs[1, 3] = 0
    inputs[1, 3, 0] = value
    expected = dense_hidden(layer, inputs)
    hidden = layer(inputs).hidden_BTD.double()
    assert torch.equal(torch.isnan(hidden), torch.isnan(expected))
    assert torch.allclose(hidden, expected, rtol=1e-3, atol=1e-3, equal_nan=True)
