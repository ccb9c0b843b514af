"""Backend torch against the plain loop: spec section 3, identities 1, 2, 3, 5, 6 and float32."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from sab_visualiser.model.passes.plain.passes import backward_pass
from sab_visualiser.model.passes.tape import Gradients
from sab_visualiser.model.sab import SAB
from tests.oracles.cases import CASES, FORMS, RULES, Case, close, stacked

torch.set_num_threads(1)
PROPERTY = settings(max_examples=50, deadline=None)


def by_name(gradients: Gradients) -> dict[str, torch.Tensor]:
    return {name: g for name, g in gradients.weights._asdict().items() if g is not None}


@PROPERTY
@given(case=CASES, rule=st.sampled_from(RULES))
def test_states_and_every_gradient_equal_the_plain_loop_under_every_rule(case: Case, rule: str) -> None:
    layer, (inputs, d_hidden, d_summary) = case.layer(), case.data()
    out = layer(inputs, case.phase, case.knocked_out)
    got = backward_pass(out.tape, d_hidden, d_summary, rule)  # type: ignore[arg-type]
    inputs.requires_grad_()
    walks = case.oracle(layer, inputs, rule)
    hidden, summary = stacked(walks, "hidden"), stacked(walks, "summary")
    assert close(out.hidden_BTD, hidden)
    assert close(out.summary_BTD, summary)
    names = [name for name, _ in layer.named_parameters()]
    expected = torch.autograd.grad(
        (hidden * d_hidden + summary * d_summary).sum(),
        [inputs, *layer.parameters()],
        allow_unused=True,
        materialize_grads=True,
    )
    largest = max(g.abs().max().item() for g in expected)
    for name, gradient in zip(names, expected[1:], strict=True):
        assert close(by_name(got)[name], gradient, largest), name
    assert close(got.inputs_BTI, expected[0], largest)


@PROPERTY
@given(case=CASES)
def test_autograd_through_the_layer_gives_the_gradients_of_rule_sab(case: Case) -> None:
    layer, (inputs, d_hidden, d_summary) = case.layer(), case.data()
    inputs.requires_grad_()
    out = layer(inputs, case.phase)
    ((out.hidden_BTD * d_hidden).sum() + (out.summary_BTD * d_summary).sum()).backward()
    expected = backward_pass(out.tape, d_hidden, d_summary)
    assert inputs.grad is not None
    assert torch.equal(inputs.grad, expected.inputs_BTI)
    for name, parameter in layer.named_parameters():
        assert parameter.grad is not None
        assert torch.equal(parameter.grad, by_name(expected)[name])


def test_without_reading_and_cuts_it_is_the_lstm_of_torch() -> None:
    torch.manual_seed(3)
    layer = SAB(3, 7, k_top=0, k_trunc=None).double()
    lstm = torch.nn.LSTM(3, 7, batch_first=True).double()
    inputs = torch.randn(4, 11, 3, dtype=torch.float64, requires_grad=True)
    twin = inputs.detach().clone().requires_grad_()
    shared = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    with torch.no_grad():
        for name in shared:
            getattr(lstm, f"{name}_l0").copy_(getattr(layer, name))
    out, expected = layer(inputs), lstm(twin)[0]
    assert close(out.hidden_BTD, expected, tolerance=1e-12)
    assert not out.summary_BTD.any()
    direction = torch.randn_like(expected)
    (out.hidden_BTD * direction).sum().backward()
    (expected * direction).sum().backward()
    assert close(inputs.grad, twin.grad, tolerance=1e-12)  # type: ignore[arg-type]
    for name in shared:
        assert close(getattr(layer, name).grad, getattr(lstm, f"{name}_l0").grad, tolerance=1e-12), name


@PROPERTY
@given(case=CASES)
def test_rules_coincide_where_their_cuts_do(case: Case) -> None:
    inputs, d_hidden, d_summary = case.data()

    def gradients(rule: str, k_top: int, k_trunc: int | None, phase: int = case.phase) -> list[torch.Tensor]:
        layer = case.layer()
        layer.k_top, layer.k_trunc = k_top, k_trunc
        got = backward_pass(layer(inputs, phase).tape, d_hidden, d_summary, rule)  # type: ignore[arg-type]
        return [got.inputs_BTI, *by_name(got).values()]

    def same(a: list[torch.Tensor], b: list[torch.Tensor]) -> bool:
        return all(torch.equal(x, y) for x, y in zip(a, b, strict=True))

    assert same(gradients("sab", 0, case.k_trunc), gradients("truncated", 0, case.k_trunc))
    assert same(gradients("sab", case.k_top, None), gradients("full", case.k_top, None))
    assert same(gradients("full", case.k_top, case.k_trunc), gradients("sab", case.k_top, case.steps + 1, 0))
    assert same(gradients("local", case.k_top, case.k_trunc), gradients("truncated", case.k_top, None))


@PROPERTY
@given(case=CASES, step=st.integers(0, 8))
def test_nothing_depends_on_the_future(case: Case, step: int) -> None:
    step %= case.steps
    layer, (inputs, d_hidden, d_summary) = case.layer(), case.data()
    changed = inputs.clone()
    changed[:, step] += 1
    before, after = layer(inputs), layer(changed)
    assert torch.equal(before.hidden_BTD[:, :step], after.hidden_BTD[:, :step])
    assert torch.equal(before.summary_BTD[:, :step], after.summary_BTD[:, :step])
    d_hidden[:, step:], d_summary[:, step:] = 0, 0
    assert not backward_pass(before.tape, d_hidden, d_summary).inputs_BTI[:, step:].any()
    steps = torch.tensor(before.tape.memory_steps)
    for t in range(case.steps):
        places = before.tape.places(t)
        assert places is None or bool((steps[places] < t).all())


@PROPERTY
@given(case=CASES)
def test_weights_are_shares_and_the_right_number_is_chosen(case: Case) -> None:
    layer, (inputs, _, _) = case.layer(), case.data()
    tape = layer(inputs).tape
    for t, choice in enumerate(tape.choices):
        memories = sum(step < t for step in tape.memory_steps)
        if choice is None:
            assert case.k_top == 0 or memories == 0
            continue
        places = tape.places(t)
        assert places is not None
        assert choice.chosen == min(case.k_top, memories)
        assert all(len(set(row.tolist())) == len(row) for row in places)
        if choice.kind == "raw":
            continue
        assert bool((choice.weights_BE >= 0).all())
        total = torch.ones(case.batch, dtype=torch.float64)
        if choice.total_B1 is not None:
            epsilon = 1e-8 if case.form[0] == "paper" else 1e-7
            total = (choice.total_B1[:, 0] - epsilon) / choice.total_B1[:, 0]
            nothing_attended = case.flat and memories > case.k_top
            assert not nothing_attended or not choice.weights_BE.any()
        assert torch.allclose(choice.weights_BE.sum(1), total, atol=1e-12)


@pytest.mark.parametrize("form", FORMS)
def test_the_backward_pass_never_looks_at_a_memory_that_nobody_chose(form: tuple[str, str]) -> None:
    case = Case(12, 2, 2, 4, 3, 2, 4, 1, 0, form, True, False, 2.0, (), seed=5)
    layer, (inputs, d_hidden, d_summary) = case.layer(), case.data()
    tape = layer(inputs).tape
    expected = backward_pass(tape, d_hidden, d_summary).inputs_BTI
    touched = torch.zeros(case.batch, len(tape.memory_steps), dtype=torch.bool)
    for t in range(case.steps):
        places = tape.places(t)
        if places is not None:
            touched.scatter_(1, places, True)
    assert not touched.all()
    tape.memories_BMD[~touched] = torch.nan
    tape.keys_BMA[~touched] = torch.nan
    got = backward_pass(tape, d_hidden, d_summary).inputs_BTI
    unread = [step for place, step in enumerate(tape.memory_steps) if step >= 0 and not touched[:, place].all()]
    kept = [t for t in range(case.steps) if form[0] == "paper" or t > max(unread)]
    assert torch.equal(got[:, kept], expected[:, kept])


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("form", FORMS)
def test_float32_stays_near_float64(form: tuple[str, str], seed: int) -> None:
    case = Case(24, 4, 5, 16, 8, 5, 5, 2, 0, form, True, False, 1.0, (), seed=seed)
    layer, data = case.layer(), case.data()
    expected = backward_pass(layer(data[0]).tape, *data[1:])
    inputs, d_hidden, d_summary = (x.float() for x in data)
    got = backward_pass(layer.float()(inputs).tape, d_hidden, d_summary)
    largest = max(g.abs().max().item() for g in by_name(expected).values())
    for name, gradient in by_name(expected).items():
        assert got.inputs_BTI.dtype == torch.float32
        assert (by_name(got)[name].double() - gradient).abs().max().item() <= 1e-4 * largest, name
