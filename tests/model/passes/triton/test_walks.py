"""The walks of backend "triton", interpreted, give the numbers of the plain loop under every rule and option."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from sab_visualiser.model import backends
from sab_visualiser.model.passes.plain import passes as reference
from sab_visualiser.model.passes.tape import StepGradient, Tape
from sab_visualiser.model.passes.triton.tiles import Tiles
from sab_visualiser.model.sab import SAB
from tests.model.passes.fused.test_passes import numbers
from tests.model.passes.triton.interpreted import NAME, case, interpreted
from tests.oracles.cases import CASES, RULES, Case
from tests.oracles.on_a_backend import distance, in_float32, rounded

pytestmark = pytest.mark.slow

TILES = st.builds(
    Tiles,
    rows=st.sampled_from((1, 2, 4, 16)),
    depth=st.sampled_from((1, 4, 16)),
    memories=st.sampled_from((2, 4, 8)),
    resident=st.booleans(),
)
WIDE = case(steps=12, batch=2, hidden=16, attention=8, k_top=3, k_trunc=4)


def on_the_walks(layer: SAB, case: Case) -> SAB:
    """The same weights, rounded, on the walks."""
    return in_float32(layer, case, NAME)


def hold_to_the_oracle(case: Case, rule: str, sum_floor: float = 0.0, begun: bool = False) -> None:
    """Both walks against the plain loop and autograd, in float64."""
    found = distance(case, rule, NAME, sum_floor=sum_floor, begun=begun)
    assert found.holds, found


@settings(max_examples=12, deadline=None)
@given(
    case=CASES.filter(lambda case: case.form[0] == "paper"),
    rule=st.sampled_from(RULES),
    tiles=TILES,
    begun=st.booleans(),
)
def test_states_and_every_gradient_equal_the_plain_loop(case: Case, rule: str, tiles: Tiles, begun: bool) -> None:
    with interpreted(tiles):
        hold_to_the_oracle(case, rule, begun=begun)


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_on_many_memories(rule: str) -> None:
    with interpreted(Tiles(rows=2, depth=8, memories=4)):
        hold_to_the_oracle(WIDE, rule)


@pytest.mark.parametrize(
    "changes",
    [
        {"form": ("paper", "softmax")},
        {"k_top": 0},
        {"k_top": 1},
        {"k_top": 20},
        {"k_trunc": 1},
        {"k_trunc": None},
        {"k_att": 3, "phase": 2},
        {"initial_memory": False},
        {"flat": True},
        {"knocked_out": ((3, 0), (4, -1), (5, 2))},
        {"knocked_out": ((3, 0), (3, 1), (3, 2), (3, -1)), "form": ("paper", "softmax")},
        {"steps": 1},
        {"batch": 1, "hidden": 1, "attention": 1, "inputs": 1},
        {"k_top": 20, "flat": True},
    ],
    ids=str,
)
def test_every_option_by_itself(changes: dict[str, Any]) -> None:
    with interpreted():
        hold_to_the_oracle(case(**changes), "sab")


def test_sixteen_examples_a_tile_go_through_the_products_of_the_device() -> None:
    with interpreted(Tiles(rows=16, depth=16, memories=8)):
        hold_to_the_oracle(case(batch=3, hidden=12), "sab")


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("hidden", [1, 5, 16])
def test_a_matrix_that_is_held_gives_what_one_that_is_streamed_gives(rule: str, hidden: int) -> None:
    with interpreted(Tiles(rows=2, depth=4, memories=4, resident=True)):
        hold_to_the_oracle(case(hidden=hidden), rule, begun=True)


def test_the_floor_of_the_backward_pass() -> None:
    with interpreted():
        hold_to_the_oracle(case(scale=0.5), "sab", sum_floor=0.3)


def test_a_state_to_begin_with_gets_its_gradient_and_is_no_memory() -> None:
    with interpreted():
        hold_to_the_oracle(case(), "sab", begun=True)


@pytest.mark.parametrize("rule", ["sab", "truncated"])
def test_an_observer_sees_the_vectors_that_the_readable_passes_show(rule: str) -> None:
    drawn = case(steps=9, hidden=6, k_trunc=4, scale=2.0, knocked_out=((5, 3), (7, -1)))
    layer, (inputs, d_hidden, d_summary, *_) = rounded(drawn)
    mine: list[StepGradient] = []
    theirs: list[StepGradient] = []
    with interpreted():
        tape = on_the_walks(layer, drawn)(inputs.float(), 0, drawn.knocked_out).tape
        back = (d_hidden.float(), d_summary.float(), rule)
        backends.observe(tape, *back, mine.append)  # type: ignore[arg-type]
        reference.backward_pass(tape, *back, theirs.append)  # type: ignore[arg-type]
    assert [step.step for step in mine] == [step.step for step in theirs] == list(reversed(range(9)))
    for left, right in zip(mine, theirs, strict=True):
        for name in StepGradient.__slots__:
            a, b = getattr(left, name), getattr(right, name)
            assert (a is None) == (b is None), (left.step, name)
            if isinstance(a, Tensor):
                assert torch.allclose(a.double(), b.double(), rtol=1e-4, atol=1e-5), (left.step, name)


def test_one_cut_as_a_window_has_it_and_what_follows_the_last_step() -> None:
    drawn = case(steps=7, k_trunc=3)
    layer, (inputs, d_hidden, d_summary, _, d_last) = rounded(drawn)
    with interpreted():
        tape = on_the_walks(layer, drawn)(inputs.float()).tape
        tape = replace(tape, cuts=tape.knobs.window(5))
        back = (d_hidden.float(), d_summary.float())
        mine = numbers(backends.backward_pass(tape, *back, d_last_cell_BD=d_last.float()))
        theirs = numbers(reference.backward_pass(tape, *back, d_last_cell_BD=d_last.float()))
        assert all(torch.allclose(mine[name], theirs[name], rtol=1e-4, atol=1e-5) for name in theirs)
        with pytest.raises(ValueError, match=r"cuts = \(1, 2, 5\): must be evenly spaced.*use backend 'torch'"):
            backends.backward_pass(replace(tape, cuts=(1, 2, 5)), *back)


def test_symbols_give_the_gradients_of_their_rows() -> None:
    torch.manual_seed(2)
    symbols = torch.randint(4, (2, 6), generator=torch.Generator().manual_seed(1))
    with interpreted():
        layer = SAB(4, 6, attention_size=4, k_top=2, k_att=1, normalizer="softmax", backend=NAME)
        found = [gradients_of(layer, inputs) for inputs in (symbols, torch.eye(4)[symbols])]
    assert all(torch.allclose(a, b, rtol=1e-5, atol=1e-6) for a, b in zip(*found, strict=True))


def gradients_of(layer: SAB, inputs: Tensor) -> list[Tensor]:
    out = layer(inputs)
    return list(torch.autograd.grad(out.hidden_BTD.square().sum(), list(layer.parameters())))


def test_nan_comes_out_as_nan_from_its_step_on() -> None:
    drawn = case(batch=1)
    layer, (inputs, *_) = rounded(drawn)
    inputs[0, 3, 0] = torch.nan
    with interpreted():
        hidden = on_the_walks(layer, drawn)(inputs.float()).hidden_BTD
    assert torch.isfinite(hidden[0, :3]).all()
    assert torch.isnan(hidden[0, 3:]).all()


def test_scores_that_are_nan_spoil_the_weights_and_stay_in_bounds() -> None:
    layer, (inputs, *_) = rounded(case())
    twin = on_the_walks(layer, case())
    with interpreted(), torch.no_grad():
        twin.weight_score.fill_(torch.nan)
        tape = twin(inputs.float()).tape
    assert torch.isnan(tape.hidden_TBD).all()
    assert all(0 <= int(place) < len(tape.memory_steps) for place in places_of(tape))


def places_of(tape: Tape) -> list[int]:
    found = [places for t in range(len(tape.choices)) if (places := tape.places(t)) is not None]
    return [int(place) for places in found for place in places.flatten()]
