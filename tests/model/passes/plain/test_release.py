"""Variant "release" against the released formula written out in plain Python numbers (spec section 5)."""

from __future__ import annotations

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import Tensor

from sab_visualiser.model.passes.tape import Tape
from sab_visualiser.model.sab import SAB
from tests.oracles.release_loop import EPSILON, Pass, release_loop, sparse_attention

torch.set_num_threads(1)


def release(k_top: int, k_att: int = 1, size: int = 3, seed: int = 0, scale: float = 1.0, **more: int | None) -> SAB:
    torch.manual_seed(seed)
    form = {"variant": "release", "backend": "torch", **more}
    layer = SAB(2, size, k_top=k_top, k_att=k_att, **form).double()  # type: ignore[arg-type]
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.mul_(scale)
    return layer


def inputs_of(batch: int, steps: int, seed: int = 1) -> Tensor:
    return torch.randn(batch, steps, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def plain(layer: SAB, inputs: Tensor) -> list[Pass]:
    named = {name: (w if w.dim() == 2 else w[None]).tolist() for name, w in layer.state_dict().items()}
    return [release_loop(named, example, layer.k_top, layer.k_att) for example in inputs.tolist()]


def weights_of(tape: Tape, t: int) -> Tensor:
    """Attention weights of all memories that step t could read, (B, M)."""
    choice, places = tape.choices[t], tape.places(t)
    assert choice is not None
    assert places is not None
    memories = sum(step < t for step in tape.memory_steps)
    return torch.zeros(len(places), memories, dtype=torch.float64).scatter_(1, places, choice.weights_BE)


def near(actual: Tensor, expected: list[list[list[float]]], tolerance: float) -> bool:
    return torch.allclose(actual, torch.tensor(expected, dtype=torch.float64), rtol=tolerance, atol=tolerance)


@settings(max_examples=80, deadline=None)
@given(
    steps=st.integers(1, 9),
    batch=st.integers(1, 3),
    size=st.integers(1, 4),
    k_top=st.sampled_from((1, 2, 3, 5, 20)),
    k_att=st.integers(1, 4),
    seed=st.integers(0, 10_000),
    scale=st.sampled_from((0.5, 1.0, 3.0)),
)
def test_states_summaries_and_weights_are_those_of_the_released_formula(
    steps: int, batch: int, size: int, k_top: int, k_att: int, seed: int, scale: float
) -> None:
    layer, inputs = release(k_top, k_att, size, seed, scale), inputs_of(batch, steps, seed)
    hidden, summary, tape, _ = layer(inputs)
    expected = plain(layer, inputs)
    sums = [float(c.total_B1.min()) for c in tape.choices if c is not None and c.total_B1 is not None]
    assume(min(sums, default=1.0) > 1e-5 or k_top == 1)  # else the last bit of a sum decides a quotient
    assert near(hidden, [one.hidden for one in expected], 1e-7)
    assert near(summary, [one.summary for one in expected], 1e-7)
    for t in range(steps):
        assert near(weights_of(tape, t)[:, None], [[one.weights[t]] for one in expected], 1e-7), t


def test_C24_while_memories_are_few_the_raw_scores_are_the_weights_negative_ones_too() -> None:
    layer, inputs = release(k_top=6, scale=2.0), inputs_of(2, 6)
    tape = layer(inputs).tape
    seen = torch.cat([weights_of(tape, t).flatten() for t in range(6)])
    assert bool((seen < 0).any())
    for t, choice in enumerate(tape.choices):
        assert choice is not None
        assert choice.kind == "raw", t
        assert torch.equal(choice.weights_BE, choice.scores_BE)
    assert near(layer(inputs).hidden_BTD, [one.hidden for one in plain(layer, inputs)], 1e-12)


def test_the_step_after_the_memories_outnumber_k_top_is_normalised() -> None:
    layer, inputs = release(k_top=3, scale=2.0), inputs_of(2, 8)
    kinds = [choice.kind for choice in layer(inputs).tape.choices if choice is not None]
    assert kinds == ["raw"] * 3 + ["shift"] * 5


@pytest.mark.parametrize("k_att", [1, 2])
def test_C25_with_k_top_one_nothing_is_read_once_there_are_two_memories(k_att: int) -> None:
    layer, inputs = release(k_top=1, k_att=k_att, scale=3.0), inputs_of(2, 9)
    hidden, summary, tape, _ = layer(inputs)
    for t in range(9):
        memories = sum(step < t for step in tape.memory_steps)
        weights = weights_of(tape, t)
        assert memories == 1 or not weights.any(), t
    assert not summary.any(), "the only memory that is ever read is the zero one"
    assert near(hidden, [one.hidden for one in plain(layer, inputs)], 1e-12)


@pytest.mark.parametrize("k_top", [2, 3, 5])
def test_C25_at_most_one_fewer_than_k_top_are_read_and_the_shares_sum_to_one(k_top: int) -> None:
    tape = release(k_top=k_top, scale=3.0)(inputs_of(3, 12)).tape
    for t in range(k_top, 12):
        weights = weights_of(tape, t)
        assert bool(((weights > 0).sum(1) <= k_top - 1).all())
        total = torch.as_tensor(tape.choices[t].total_B1)
        assert torch.allclose(weights.sum(1), 1 - EPSILON / total[:, 0], atol=1e-12)


@pytest.mark.parametrize(
    ("scores", "k_top", "read"),
    [
        ([1.0, 1.0, 1.0, 1.0], 2, [0, 0, 0, 0]),  # all equal: nothing
        ([2.0, 1.0, 1.0, 0.0], 2, [1, 0, 0, 0]),  # tie at δ
        ([2.0, 2.0, 1.0, 0.0], 2, [0, 0, 0, 0]),  # the two largest tie, so both are δ
        ([2.0, 2.0, 1.0, 0.0], 3, [1, 1, 0, 0]),
        ([1.0, 1.0 + 5e-8, 0.0], 2, [0, 0, 0]),  # closer than ε counts as equal
        ([3.0, -1.0], 2, [1, 1]),  # as many memories as k_top: raw
    ],
)
def test_C25_ties_are_as_the_released_formula_has_them(scores: list[float], k_top: int, read: list[int]) -> None:
    from sab_visualiser.model.passes.plain.selection import columns_of, weigh
    from sab_visualiser.model.passes.tape import Knobs

    knobs = Knobs(k_top, None, 1, variant="release")
    columns = columns_of(torch.tensor([scores], dtype=torch.float64), knobs)
    choice = weigh(columns, knobs, None, None)
    found = torch.zeros(1, len(scores), dtype=torch.float64)
    places = torch.arange(len(scores))[None] if columns.places_BE is None else columns.places_BE
    found.scatter_(1, places, choice.weights_BE)
    expected = torch.tensor([sparse_attention(scores, k_top)], dtype=torch.float64)
    assert torch.allclose(found, expected, rtol=1e-9, atol=1e-12)
    assert [int(weight != 0) for weight in found[0]] == read


@settings(max_examples=60, deadline=None)
@given(
    scores=st.lists(st.integers(-3, 3).map(float), min_size=1, max_size=8),
    k_top=st.integers(1, 9),
    shift=st.sampled_from((0.0, 0.25)),
)
def test_C25_scores_full_of_ties_are_weighed_by_the_released_formula(
    scores: list[float], k_top: int, shift: float
) -> None:
    from sab_visualiser.model.passes.plain.selection import columns_of, weigh
    from sab_visualiser.model.passes.tape import Knobs

    knobs = Knobs(k_top, None, 1, variant="release")
    scores = [score + shift * (index % 2) for index, score in enumerate(scores)]
    columns = columns_of(torch.tensor([scores], dtype=torch.float64), knobs)
    weights = weigh(columns, knobs, None, None).weights_BE
    places = torch.arange(len(scores))[None] if columns.places_BE is None else columns.places_BE
    found = torch.zeros(1, len(scores), dtype=torch.float64).scatter_(1, places, weights)
    assert torch.allclose(found, torch.tensor([sparse_attention(scores, k_top)], dtype=torch.float64), atol=1e-12)


def test_cuts_are_those_of_the_release() -> None:
    tape = release(k_top=3, k_trunc=4)(inputs_of(1, 13)).tape
    assert tape.cuts == tuple(t for t in range(1, 13) if (t + 1) % 4 == 0)


@pytest.mark.parametrize("k_top", [1, 2, 4, 20])
def test_gradients_of_the_released_formula_are_its_finite_differences(k_top: int) -> None:
    layer, inputs = release(k_top=k_top, scale=2.0, k_trunc=None), inputs_of(1, 6)
    hidden, summary, *_ = layer(inputs)
    (hidden.square().sum() + summary.sin().sum()).backward()

    def loss() -> float:
        (one,) = plain(layer, inputs)
        states, sums = (torch.tensor(rows, dtype=torch.float64) for rows in (one.hidden, one.summary))
        return float(states.square().sum() + sums.sin().sum())

    for name, parameter in layer.named_parameters():
        assert parameter.grad is not None
        flat, gradient, step = parameter.detach().view(-1), parameter.grad.view(-1), 1e-6
        for index in range(0, flat.numel(), 5):
            before = float(flat[index])
            flat[index] = before + step
            above = loss()
            flat[index] = before - step
            below = loss()
            flat[index] = before
            assert (above - below) / (2 * step) == pytest.approx(float(gradient[index]), rel=1e-4, abs=1e-6), name
