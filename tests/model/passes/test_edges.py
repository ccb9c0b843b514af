"""C24 and C26: knobs at and beyond the ends of a sequence, on both backends, beside the dense loop."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from sab_visualiser.model.passes.plain.passes import backward_pass
from sab_visualiser.model.sab import SAB
from tests.model.passes.test_bad_numbers import dense_hidden
from tests.oracles.cases import FORMS
from tests.oracles.small_layers import BACKENDS, gradients, inputs_of, layer_of

torch.set_num_threads(1)
STEPS = 9
MOST = STEPS
"""Memories that the last step can read: the empty one, and one for each step before."""
WHICH = [(backend, form) for backend in BACKENDS for form in FORMS if backend == "torch" or form[0] == "paper"]
"""The fused loops know the paper's variant only."""
layers = pytest.mark.parametrize(("backend", "form"), WHICH)


def layer(backend: str, form: tuple[str, str], **changes: Any) -> SAB:
    return layer_of(backend, variant=form[0], normalizer=form[1], **changes)


def weights_of(one: SAB, inputs: Tensor) -> list[Tensor]:
    """Of each step: the weights of the memories that it chose."""
    tape = one(inputs).tape
    return [choice.weights_BE[:, : choice.chosen] for choice in tape.choices if choice is not None]


@layers
@pytest.mark.parametrize("k_top", [MOST + 1, MOST + 3, 10_000])
def test_C24_more_k_top_than_memories_reads_them_all_and_says_how_many(
    backend: str, form: tuple[str, str], k_top: int
) -> None:
    inputs = inputs_of(steps=STEPS)
    more, all_of_them = layer(backend, form, k_top=k_top), layer(backend, form, k_top=MOST + 1)
    assert torch.equal(more(inputs).hidden_BTD, all_of_them(inputs).hidden_BTD)
    one, other = gradients(more, inputs), gradients(all_of_them, inputs)
    assert all(torch.equal(one[name], other[name]) for name in one)
    chosen = [weights.shape[1] for weights in weights_of(more, inputs)]
    assert max(chosen) == MOST
    assert chosen == sorted(chosen)


@layers
def test_C24_it_is_dense_attention_whose_weights_sum_to_one_or_the_raw_scores_of_the_release(
    backend: str, form: tuple[str, str]
) -> None:
    inputs = inputs_of(steps=STEPS)
    one = layer(backend, form, k_top=10_000)
    assert torch.allclose(one(inputs).hidden_BTD.double(), dense_hidden(one, inputs), rtol=1e-4, atol=1e-5)
    for step in weights_of(one, inputs):
        if form[0] == "release":
            assert bool((step.sum(1) - 1).abs().max() > 1e-3), "raw scores, as the release has them"
        else:
            assert torch.allclose(step.sum(1), torch.ones(len(step)), atol=1e-4)


def reach_of(one: SAB, from_step: int) -> list[bool]:
    """Whether a gradient of h at `from_step` arrives at h of each step, over local edges alone."""
    inputs = inputs_of(1, STEPS)
    out = one(inputs)
    found: dict[int, Tensor] = {}
    d_hidden = torch.zeros_like(out.hidden_BTD)
    d_hidden[0, from_step] = 1
    backward_pass(out.tape, d_hidden, torch.zeros_like(d_hidden), "truncated",
                  lambda gradient: found.__setitem__(gradient.step, gradient.hidden_BD.clone()))  # fmt: skip
    return [bool((found[t] != 0).any()) for t in range(STEPS)]


@pytest.mark.parametrize("k_trunc", [None, 1, 2, STEPS - 1, STEPS, STEPS + 1, 10_000])
def test_C26_the_local_gradient_goes_back_as_far_as_k_trunc_says_and_without_a_cut_to_the_beginning(
    k_trunc: int | None,
) -> None:
    one = layer("torch", FORMS[0], k_trunc=k_trunc)
    cuts = one(inputs_of(1, STEPS)).tape.cuts
    reached = reach_of(one, STEPS - 1)
    expected = [t >= (cuts[-1] if cuts else 0) for t in range(STEPS)]
    assert reached == expected
    assert (cuts == ()) == (k_trunc is None or k_trunc > STEPS)
