"""A sequence that begins with a state: what a long text read in pieces hands from each piece to the next."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.func import functional_call

from sab_visualiser.model import backends
from sab_visualiser.model.passes.plain.passes import backward_pass
from sab_visualiser.model.passes.tape import State, StepGradient, Tape
from sab_visualiser.model.sab import SAB
from tests.oracles.cases import CASES, FORMS, RULES, Case, close, stacked
from tests.oracles.small_layers import BACKENDS, inputs_of, layer_of

torch.set_num_threads(1)
PROPERTY = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
NEAR_TIE = 0.02
"""Below this sum of r, `shift` divides by so little that float32 rounding shows (spec section 3)."""
both = pytest.mark.parametrize("backend", BACKENDS)


def state_of(batch: int = 5, size: int = 6, seed: int = 8) -> State:
    hidden, cell = torch.randn(2, batch, size, generator=torch.Generator().manual_seed(seed))
    return State(hidden, cell)


def with_gradient(*tensors: Tensor) -> list[Tensor]:
    return [tensor.detach().clone().requires_grad_() for tensor in tensors]


@PROPERTY
@given(case=CASES, rule=st.sampled_from(RULES))
def test_states_and_every_gradient_equal_the_plain_loop_that_began_there(case: Case, rule: str) -> None:
    layer, (inputs, d_hidden, d_summary), begun = case.layer(), case.data(), case.state()
    d_last = case.state()[0].flip(0)
    out = layer(inputs, case.phase, case.knocked_out, state=begun)
    got = backward_pass(out.tape, d_hidden, d_summary, rule, d_last_cell_BD=d_last)  # type: ignore[arg-type]
    inputs, *before = with_gradient(inputs, *begun)
    walks = case.oracle(layer, inputs, rule, state=(before[0], before[1]))
    hidden, summary = stacked(walks, "hidden"), stacked(walks, "summary")
    cell = stacked(walks, "cell")[:, -1]
    assert close(out.hidden_BTD, hidden)
    assert close(out.summary_BTD, summary)
    assert torch.equal(out.state.hidden_BD, out.hidden_BTD[:, -1])
    assert close(out.state.cell_BD, cell)
    loss = (hidden * d_hidden + summary * d_summary).sum() + (cell * d_last).sum()
    wanted = [inputs, *before, *layer.parameters()]
    expected = torch.autograd.grad(loss, wanted, allow_unused=True, materialize_grads=True)
    largest = max(g.abs().max().item() for g in expected)
    assert got.initial is not None
    by_name = {name: g for name, g in got.weights._asdict().items() if g is not None}
    ours = [got.inputs_BTI, *got.initial, *(by_name[name] for name, _ in layer.named_parameters())]
    for mine, theirs in zip(ours, expected, strict=True):
        assert close(mine, theirs, largest)


@PROPERTY
@given(case=CASES.filter(lambda case: case.form[0] == "paper"), rule=st.sampled_from(RULES))
def test_the_fused_loops_begin_and_end_like_the_plain_ones(case: Case, rule: Any) -> None:
    plain, (inputs, d_hidden, d_summary), begun = case.layer(), case.data(), case.state()
    fused = case.layer().float()
    fused.backend = "numba"
    plain.load_state_dict({name: value.double() for name, value in fused.state_dict().items()})
    inputs, d_hidden, d_summary, *before = (x.float() for x in (inputs, d_hidden, d_summary, *begun))
    d_last = before[0].flip(0)
    doubled = [x.double() for x in (inputs, d_hidden, d_summary, *before, d_last)]
    expected = plain(doubled[0], case.phase, case.knocked_out, state=(doubled[3], doubled[4]))
    got = fused(inputs, case.phase, case.knocked_out, state=(before[0], before[1]))
    assume(smallest_sum(expected.tape) >= NEAR_TIE and same_choice(expected.tape, got.tape))
    assert close(got.hidden_BTD.double(), expected.hidden_BTD, tolerance=1e-4)
    assert close(got.state.cell_BD.double(), expected.state.cell_BD, tolerance=1e-4)
    theirs = backward_pass(expected.tape, doubled[1], doubled[2], rule, d_last_cell_BD=doubled[5])
    mine = backends.backward_pass(got.tape, d_hidden, d_summary, rule, d_last_cell_BD=d_last)
    assert mine.initial is not None
    assert theirs.initial is not None
    pairs = list(zip([mine.inputs_BTI, *mine.initial, *mine.weights], [theirs.inputs_BTI, *theirs.initial,
                     *theirs.weights], strict=True))  # fmt: skip
    largest = max(float(right.abs().max()) for _, right in pairs if right is not None)
    for left, right in pairs:
        assert left is not None
        assert right is not None
        assert close(left.double(), right, largest, tolerance=1e-4)


def smallest_sum(tape: Tape) -> float:
    sums = [float(c.total_B1.min()) for c in tape.choices if c is not None and c.total_B1 is not None]
    return min(sums, default=1.0)


def same_choice(left: Tape, right: Tape) -> bool:
    return all(
        choice is None or torch.equal(torch.as_tensor(left.places(t)), torch.as_tensor(right.places(t)))
        for t, choice in enumerate(left.choices)
    )


@both
def test_without_reading_and_cuts_it_is_the_lstm_of_torch_from_its_state_to_its_state(backend: str) -> None:
    dtype, tolerance = (torch.float64, 1e-12) if backend == "torch" else (torch.float32, 1e-5)
    layer = layer_of(backend, k_top=0, k_trunc=None).to(dtype)
    lstm = torch.nn.LSTM(3, 6, batch_first=True, dtype=dtype)
    shared = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    lstm.load_state_dict({f"{name}_l0": getattr(layer, name).detach() for name in shared})
    inputs = inputs_of().to(dtype)
    ours = with_gradient(*(x.to(dtype) for x in (inputs, *state_of())))
    theirs = with_gradient(*ours)
    out = layer(ours[0], state=(ours[1], ours[2]))
    expected, (last_h, last_c) = lstm(theirs[0], (theirs[1].unsqueeze(0), theirs[2].unsqueeze(0)))
    for mine, other in zip((out.hidden_BTD, *out.state), (expected, last_h[0], last_c[0]), strict=True):
        assert close(mine, other, tolerance=tolerance)
    losses = [
        hidden.square().sum() + 2 * h.sin().sum() + 3 * c.cos().sum()
        for hidden, h, c in ((out.hidden_BTD, *out.state), (expected, last_h[0], last_c[0]))
    ]
    mine = torch.autograd.grad(losses[0], [*ours, *(getattr(layer, name) for name in shared)])
    other = torch.autograd.grad(losses[1], [*theirs, *(getattr(lstm, f"{name}_l0") for name in shared)])
    for left, right in zip(mine, other, strict=True):
        assert close(left, right, tolerance=tolerance)


@both
def test_a_text_in_two_pieces_is_the_text_in_one_where_no_memory_is_read(backend: str) -> None:
    layer, inputs = layer_of(backend, k_top=0, k_trunc=None), inputs_of(steps=11)
    whole, pieces = with_gradient(inputs, inputs)
    once = layer(whole).hidden_BTD
    first = layer(pieces[:, :4])
    second = layer(pieces[:, 4:], state=first.state)
    twice = torch.cat((first.hidden_BTD, second.hidden_BTD), dim=1)
    assert torch.allclose(once, twice, atol=1e-6)
    weights = [layer.weight_ih, layer.weight_hh, layer.bias_ih, layer.bias_hh]
    expected = torch.autograd.grad(once.square().sum(), [whole, *weights])
    got = torch.autograd.grad(twice.square().sum(), [pieces, *weights])
    for mine, theirs in zip(got, expected, strict=True):
        assert close(mine, theirs, tolerance=1e-5)
    carried = layer(inputs[:, 4:], state=layer(inputs[:, :4]).state.detached()).hidden_BTD
    assert torch.equal(carried, second.hidden_BTD)


@both
def test_a_state_of_zeros_is_no_state(backend: str) -> None:
    layer, inputs = layer_of(backend), inputs_of()
    without, zeros = layer(inputs), layer(inputs, state=(torch.zeros(5, 6), torch.zeros(5, 6)))
    assert torch.equal(without.hidden_BTD, zeros.hidden_BTD)
    assert not torch.equal(without.hidden_BTD, layer(inputs, state=state_of()).hidden_BTD)
    weights = list(layer.parameters())
    for one, two in zip(*(torch.autograd.grad(out.hidden_BTD.sum(), weights) for out in (without, zeros)), strict=True):
        assert torch.equal(one, two)


@both
def test_memories_are_as_empty_as_at_the_start(backend: str) -> None:
    layer, inputs = layer_of(backend), inputs_of()
    first = layer(inputs)
    tape = layer(inputs, state=first.state).tape
    assert tape.memory_steps == first.tape.memory_steps
    assert not tape.memories_BMD[:, 0].any()
    assert all(torch.equal(tape.memories_BMD[:, m], tape.hidden_TBD[m - 1]) for m in range(1, len(tape.memory_steps)))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("k_trunc", [None, 1])
def test_gradcheck_passes_from_state_to_state(form: tuple[str, str], k_trunc: int | None) -> None:
    torch.manual_seed(0)
    kind: Any = {"variant": form[0], "normalizer": form[1]}
    layer = SAB(1, 2, attention_size=2, k_top=2, k_trunc=None, k_att=1, **kind).double()
    names = [name for name, _ in layer.named_parameters()]
    if k_trunc is not None:  # a cut is no derivative; step 0 has none
        layer.k_trunc = k_trunc
    steps = 5 if k_trunc is None else 1

    def run(inputs: Tensor, hidden: Tensor, cell: Tensor, *weights: Tensor) -> tuple[Tensor, ...]:
        named = dict(zip(names, weights, strict=True))
        out = functional_call(layer, named, (inputs,), {"state": (hidden, cell)})
        return out.hidden_BTD, out.summary_BTD, *out.state

    inputs = torch.randn(1, steps, 1, dtype=torch.float64)
    weights = [2 * p for p in layer.parameters()]
    assert torch.autograd.gradcheck(run, with_gradient(inputs, *(x.double() for x in state_of(1, 2)), *weights))


@both
def test_a_pass_that_keeps_little_ends_in_the_same_state(backend: str) -> None:
    layer, inputs = layer_of(backend), inputs_of(steps=8)
    with torch.no_grad():
        for steps in (1, 2, 7, 8):
            little, much = (layer(inputs[:, :steps], keep=keep, state=state_of()).state for keep in (False, True))
            assert torch.equal(little.hidden_BD, much.hidden_BD)
            assert torch.equal(little.cell_BD, much.cell_BD)


@both
def test_what_is_done_to_the_given_state_afterwards_does_not_reach_the_pass(backend: str) -> None:
    layer, inputs, given = layer_of(backend), inputs_of(), state_of()
    weights = list(layer.parameters())
    expected = torch.autograd.grad(layer(inputs, state=state_of()).hidden_BTD.sum(), weights)
    loss = layer(inputs, state=given).hidden_BTD.sum()
    given.hidden_BD.fill_(7)
    given.cell_BD.fill_(7)
    for mine, theirs in zip(torch.autograd.grad(loss, weights), expected, strict=True):
        assert torch.equal(mine, theirs)


@both
def test_observers_see_no_edge_into_the_initial_state_and_the_cell_gradient_that_comes_from_behind(
    backend: str,
) -> None:
    layer, inputs = layer_of(backend), inputs_of()
    out = layer(inputs, state=state_of())
    seen: list[StepGradient] = []
    d_last, zeros = torch.ones(5, 6), torch.zeros_like(out.hidden_BTD)
    backends.backward_pass(out.tape, zeros, zeros, "sab", seen.append, d_last_cell_BD=d_last)
    assert [step.step for step in seen] == list(reversed(range(9)))
    assert torch.equal(seen[0].cell_BD, d_last)
    assert not seen[0].own_cell_BD.any()
    assert seen[-1].local_hidden_BD is None
    assert seen[-1].local_cell_BD is None


BAD_STATES = [
    ((torch.zeros(5, 7), torch.zeros(5, 6)), ValueError, r"state h is \(5, 7\).*must be \(5, 6\) \(B, D\)"),
    ((torch.zeros(5, 6), torch.zeros(4, 6)), ValueError, r"state c is \(4, 6\)"),
    ((torch.zeros(1, 5, 6), torch.zeros(1, 5, 6)), ValueError, r"state h is \(1, 5, 6\)"),
    ((torch.zeros(5, 6).double(), torch.zeros(5, 6)), ValueError, r"state h is .*float64.*must be .*float32"),
    ((torch.zeros(5, 6), torch.zeros(5, 6, device="meta")), ValueError, r"state c is .*on meta: must be .*on cpu"),
    (torch.zeros(2, 5, 6), TypeError, r"state = Tensor: must be two tensors \(h, c\)"),
    ((torch.zeros(5, 6),), TypeError, r"state = tuple: must be two tensors"),
    ((torch.zeros(5, 6), None), TypeError, r"state = tuple: must be two tensors"),
]


@pytest.mark.parametrize(("state", "kind", "says"), BAD_STATES)
def test_an_unfit_state_is_refused_with_the_reason(state: Any, kind: type[Exception], says: str) -> None:
    with pytest.raises(kind, match=says):
        layer_of("auto")(inputs_of(), state=state)
