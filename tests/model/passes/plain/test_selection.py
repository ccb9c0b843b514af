"""Which memories are chosen and how they are weighed, ties and knock-outs included (spec sections 1.4, 4, 5)."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from sab_visualiser.model.passes.plain.selection import columns_of, largest, score_gradients, weigh
from sab_visualiser.model.passes.tape import Knobs
from sab_visualiser.model.sab import SAB
from tests.oracles.cases import FORMS

torch.set_num_threads(1)
TIED_SCORES = st.lists(st.integers(-2, 2), min_size=1, max_size=9)


@settings(max_examples=100, deadline=None)
@given(scores=TIED_SCORES, count=st.integers(1, 9))
def test_C25_of_equal_scores_the_earlier_memory_is_chosen(scores: list[int], count: int) -> None:
    count = min(count, len(scores))
    values, places = largest(torch.tensor([scores], dtype=torch.float64), count)
    order = sorted(range(len(scores)), key=lambda m: (-scores[m], m))[:count]
    assert places[0].tolist() == order
    assert values[0].tolist() == [scores[m] for m in order]


@settings(max_examples=100, deadline=None)
@given(scores=TIED_SCORES, k_top=st.integers(1, 9), seed=st.integers(0, 99))
def test_C25_ties_with_delta_get_no_weight_and_gradients_sum_to_zero(scores: list[int], k_top: int, seed: int) -> None:
    knobs = Knobs(k_top, None, 1)
    columns = columns_of(torch.tensor([scores], dtype=torch.float64), knobs)
    choice = weigh(columns, knobs, None, None)
    ordered = sorted(scores, reverse=True)
    delta = ordered[k_top] if len(scores) > k_top else ordered[-1] - 0.1
    for score, weight in zip(columns.scores_BE[0].tolist(), choice.weights_BE[0].tolist(), strict=True):
        assert (weight > 0) == (score > delta)
    direction = torch.randn(columns.scores_BE.shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))
    gradient = score_gradients(choice, direction)
    assert gradient.sum().item() == pytest.approx(0, abs=1e-9)
    assert not gradient[0, choice.weights_BE[0] == 0][:-1].any()


def attended(
    layer: SAB, inputs: torch.Tensor, t: int, knocked_out: tuple[tuple[int, int], ...] = ()
) -> dict[int, float]:
    tape = layer(inputs, 0, knocked_out).tape
    choice, places = tape.choices[t], tape.places(t)
    assert choice is not None
    assert places is not None
    pairs = zip(places[0].tolist(), choice.weights_BE[0].tolist(), strict=True)
    return {tape.memory_steps[place]: weight for place, weight in list(pairs)[: choice.chosen]}


def layer_and_inputs(form: tuple[str, str] = FORMS[0], k_top: int = 3) -> tuple[SAB, torch.Tensor]:
    torch.manual_seed(4)
    variant, normalizer = form
    layer = SAB(
        2,
        6,
        attention_size=4,
        k_top=k_top,
        k_att=1,
        variant=variant,  # type: ignore[arg-type]
        normalizer=normalizer,  # type: ignore[arg-type]
    )
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.mul_(2)
    return layer.double(), torch.randn(1, 10, 2, dtype=torch.float64)


@pytest.mark.parametrize("form", FORMS[:2])
@pytest.mark.parametrize("t", [2, 9])
def test_a_knocked_out_edge_leaves_the_others_in_proportion(form: tuple[str, str], t: int) -> None:
    layer, inputs = layer_and_inputs(form)
    before = attended(layer, inputs, t)
    gone = max(before, key=lambda source: before[source])
    after = attended(layer, inputs, t, ((t, gone),))
    rest = sum(weight for source, weight in before.items() if source != gone)
    assert set(after) == set(before)
    assert after[gone] == 0
    for source, weight in before.items():
        assert source == gone or after[source] == pytest.approx(weight / rest, abs=1e-6)


@pytest.mark.parametrize("form", FORMS)
def test_a_reader_without_any_edge_left_attends_to_nothing(form: tuple[str, str]) -> None:
    layer, inputs = layer_and_inputs(form)
    everything = tuple((9, source) for source in range(-1, 9))
    out = layer(inputs, 0, everything)
    assert not out.summary_BTD[:, 9].any()
    out.hidden_BTD.sum().backward()
    assert all(p.grad is not None and bool(p.grad.isfinite().all()) for p in layer.parameters())


@pytest.mark.parametrize("form", FORMS)
def test_pairs_that_are_not_chosen_change_nothing(form: tuple[str, str]) -> None:
    layer, inputs = layer_and_inputs(form)
    plain = layer(inputs)
    other = sorted(set(range(-1, 9)) - set(attended(layer, inputs, 9)))
    pairs = [(9, source) for source in other] + [(3, 7), (50, 1), (0, 0)]
    assert torch.equal(layer(inputs, 0, pairs).hidden_BTD, plain.hidden_BTD)


def test_undoing_a_knock_out_restores_every_number() -> None:
    layer, inputs = layer_and_inputs()
    before = layer(inputs).hidden_BTD
    assert not torch.equal(layer(inputs, 0, [(4, 1), (4, 2), (4, 3), (4, -1)]).hidden_BTD, before)
    assert torch.equal(layer(inputs).hidden_BTD, before)


def test_the_release_choice_does_not_depend_on_the_current_state() -> None:
    layer, inputs = layer_and_inputs(FORMS[2], k_top=2)
    changed = inputs.clone()
    changed[:, 9] += 3
    assert attended(layer, inputs, 9) == pytest.approx(attended(layer, changed, 9), abs=1e-9)


def test_the_release_chooses_one_fewer_than_k_top_and_with_one_nothing() -> None:
    layer, inputs = layer_and_inputs(FORMS[2], k_top=3)
    assert sum(weight > 0 for weight in attended(layer, inputs, 9).values()) == 2
    layer.k_top = 1
    assert set(attended(layer, inputs, 9).values()) == {0.0}


def test_the_release_uses_raw_scores_while_memories_are_few() -> None:
    layer, inputs = layer_and_inputs(FORMS[2], k_top=5)
    with torch.no_grad():
        layer.weight_score.neg_()
    choice = layer(inputs).tape.choices[3]
    assert choice is not None
    assert torch.equal(choice.weights_BE, choice.scores_BE)
    assert bool((choice.weights_BE < 0).any())
