"""The fused loops give the numbers of the plain loop, whatever the shape, and leave a tape like any other."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from torch import Tensor

from sab_visualiser.model import backends
from sab_visualiser.model.backends import resolve_backend
from sab_visualiser.model.passes.fused import backend as fused_backend
from sab_visualiser.model.passes.fused import passes as fused
from sab_visualiser.model.passes.fused import threads as fused_threads
from sab_visualiser.model.passes.fused.state import FusedState
from sab_visualiser.model.passes.plain import passes as reference
from sab_visualiser.model.passes.tape import Gradients, StepGradient, Tape
from sab_visualiser.model.sab import SAB
from tests.oracles.cases import CASES, RULES, Case
from tests.oracles.on_a_backend import FLOAT32, in_float32, same_choice, tolerance_of


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)
    fused_threads.set_loop_threads(None)


def numbers(gradients: Gradients) -> dict[str, Tensor]:
    named = {"inputs": gradients.inputs_BTI, **gradients.weights._asdict()}
    return {name: value for name, value in named.items() if value is not None}


def float32_of(layer: SAB, case: Case) -> SAB:
    """The same weights, rounded, on the fused backend."""
    return in_float32(layer, case, "numba")


def state_of(tape: Tape) -> FusedState:
    assert isinstance(tape.state, FusedState)
    return tape.state


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CASES.filter(lambda case: case.form[0] == "paper"))
def test_states_and_gradients_under_every_rule_equal_the_plain_loop(case: Case) -> None:
    layer = case.layer()
    # Weights that float32 holds exactly, so that only the arithmetic differs.
    layer.load_state_dict({name: value.float().double() for name, value in layer.state_dict().items()})
    inputs, d_hidden, d_summary = (x.float().double() for x in case.data())
    expected = layer(inputs, case.phase, case.knocked_out).tape
    got = float32_of(layer, case)(inputs.float(), case.phase, case.knocked_out).tape
    assert got.backend == "numba"
    if not same_choice(expected, got):
        return
    tolerance = tolerance_of(expected)
    assert float((got.hidden_TBD - expected.hidden_TBD).abs().max()) <= tolerance
    for rule in RULES:
        theirs = numbers(reference.backward_pass(expected, d_hidden, d_summary, rule))  # type: ignore[arg-type]
        mine = numbers(backends.backward_pass(got, d_hidden.float(), d_summary.float(), rule))  # type: ignore[arg-type]
        largest = max(float(value.abs().max()) for value in theirs.values())
        for name, value in theirs.items():
            assert float((mine[name] - value).abs().max()) <= tolerance * max(largest, 1e-6), (rule, name)


@pytest.mark.parametrize("rule", RULES)
def test_an_observer_sees_the_vectors_that_the_other_backend_shows(rule: str) -> None:
    case = Case(14, 3, 2, 6, 4, 3, 4, 2, 0, ("paper", "shift"), True, False, 2.0, ((9, 3), (11, -1)), seed=4)
    layer = float32_of(case.layer(), case)
    inputs, d_hidden, d_summary = (x.float() for x in case.data())
    tape = layer(inputs, 0, case.knocked_out).tape
    mine: list[StepGradient] = []
    theirs: list[StepGradient] = []
    fused.backward_pass(tape, d_hidden, d_summary, rule, mine.append)  # type: ignore[arg-type]
    reference.backward_pass(tape, d_hidden, d_summary, rule, theirs.append)  # type: ignore[arg-type]
    assert [step.step for step in mine] == [step.step for step in theirs]
    for left, right in zip(mine, theirs, strict=True):
        for name in StepGradient.__slots__:
            a, b = getattr(left, name), getattr(right, name)
            assert (a is None) == (b is None), name
            if isinstance(a, Tensor):
                assert torch.allclose(a.double(), b.double(), rtol=1e-4, atol=1e-5), (left.step, name)


def test_two_threads_give_the_numbers_of_one() -> None:
    case = Case(12, 3, 2, 5, 3, 2, 4, 1, 0, ("paper", "shift"), True, False, 1.0, (), seed=1)
    layer = float32_of(case.layer(), case)
    inputs = torch.randn(19, 12, 2, generator=torch.Generator().manual_seed(2))
    alone = layer(inputs).tape
    torch.set_num_threads(2)
    together = layer(inputs).tape
    assert torch.equal(alone.hidden_TBD, together.hidden_TBD)
    weight = torch.randn(19, 12, 5, generator=torch.Generator().manual_seed(3))
    left = numbers(fused.backward_pass(together, weight, weight))
    torch.set_num_threads(1)
    right = numbers(fused.backward_pass(alone, weight, weight))
    for name, alone_gave in right.items():  # each thread adds up examples of its own: another order of one sum
        assert float((left[name] - alone_gave).abs().max()) <= 1e-5 * float(alone_gave.abs().max()), name


def test_what_is_stored_per_step_does_not_grow_with_the_memory() -> None:
    case = Case(60, 2, 2, 4, 3, 3, None, 1, 0, ("paper", "shift"), True, False, 1.0, (), seed=1)
    tape = float32_of(case.layer(), case)(torch.zeros(2, 60, 2)).tape
    arrays = state_of(tape).arrays
    assert arrays.columns.shape == arrays.weights.shape == (60, 2, 4)


def test_nan_in_the_inputs_comes_out_as_nan_from_its_step_on() -> None:
    case = Case(8, 1, 2, 4, 3, 2, None, 1, 0, ("paper", "shift"), True, False, 1.0, (), seed=1)
    inputs = torch.zeros(1, 8, 2)
    inputs[0, 4, 0] = torch.nan
    hidden = float32_of(case.layer(), case)(inputs).hidden_BTD
    assert torch.isfinite(hidden[0, :4]).all()
    assert torch.isnan(hidden[0, 4:]).all()


def test_fast_tanh_is_within_four_units_of_the_last_place() -> None:
    from sab_visualiser.model.passes.fused.kernels.rows import tanh_row

    x = np.concatenate([np.linspace(-12, 12, 200_001), np.logspace(-30, 1, 2001)]).astype(np.float32)
    y = x.copy()
    tanh_row(y, len(y))
    expected = np.tanh(x.astype(np.float64))
    assert np.max(np.abs(y - expected) / np.maximum(np.abs(expected), 1e-37)) < 4 * 2**-23


def test_auto_takes_the_fused_loops_only_where_they_fit() -> None:
    assert fused_backend.why_no_numba() is None
    layer = SAB(2, 3)
    assert resolve_backend("auto", layer.weights()).name == "numba"
    assert resolve_backend("auto", SAB(2, 3).double().weights()).name == "torch"
    assert resolve_backend("auto", SAB(2, 3, variant="release").weights()).name == "torch"


def test_a_broken_numba_falls_back_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fused_backend, "why_no_numba", lambda: "ImportError: no numba here")
    layer = SAB(2, 3)
    assert resolve_backend("auto", layer.weights()).name == "torch"
    assert layer(torch.zeros(1, 4, 2)).tape.backend == "torch"
    with pytest.raises(ValueError, match="no numba here"):
        resolve_backend("numba", layer.weights())


def test_asking_for_the_fused_loops_where_they_do_not_fit_is_refused_with_the_reason() -> None:
    with pytest.raises(ValueError, match="float32"):
        resolve_backend("numba", SAB(2, 3).double().weights())
    with pytest.raises(ValueError, match="paper's variant"):
        resolve_backend("numba", SAB(2, 3, variant="release").weights())


def test_a_pass_that_keeps_no_inner_states_gives_the_same_states_from_a_fraction_of_the_memory() -> None:
    case = Case(60, 3, 2, 6, 4, 3, 4, 2, 0, ("paper", "shift"), True, False, 1.0, ((9, 3),), seed=4)
    layer = float32_of(case.layer(), case)
    inputs = case.data()[0].float()
    whole = layer(inputs, 0, case.knocked_out)
    with torch.no_grad():
        lean = layer(inputs, 0, case.knocked_out, keep=False)
    assert torch.equal(lean.hidden_BTD, whole.hidden_BTD)
    assert torch.equal(lean.summary_BTD, whole.summary_BTD)
    assert state_of(whole.tape).arrays.gates.shape[0] == 60
    arrays = state_of(lean.tape).arrays
    per_step = (arrays.gates, arrays.columns, arrays.values, arrays.weights, arrays.total, arrays.delta)
    assert {array.shape[0] for array in per_step} == {2}
    assert {len(lean.tape.cell_TBD), len(lean.tape.queries_TBA)} == {2}


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_short_sequences_need_no_inner_states_either(steps: int) -> None:
    case = Case(steps, 2, 2, 6, 4, 3, 4, 1, 0, ("paper", "shift"), True, False, 1.0, (), seed=4)
    layer = float32_of(case.layer(), case)
    inputs = case.data()[0].float()
    with torch.no_grad():
        assert torch.equal(layer(inputs, keep=False).hidden_BTD, layer(inputs).hidden_BTD)


def test_nobody_goes_back_over_what_was_not_kept() -> None:
    case = Case(8, 1, 2, 4, 3, 2, None, 1, 0, ("paper", "shift"), True, False, 1.0, (), seed=1)
    layer = float32_of(case.layer(), case)
    inputs = torch.zeros(1, 8, 2)
    with pytest.raises(ValueError, match=r"keep = False: needs torch\.no_grad"):
        layer(inputs, keep=False)
    with torch.no_grad():
        tape = layer(inputs, keep=False).tape
    with pytest.raises(ValueError, match="keep=True"):
        fused.backward_pass(tape, torch.zeros(1, 8, 4), torch.zeros(1, 8, 4))


def test_an_observer_alone_sees_what_it_sees_beside_the_gradients() -> None:
    case = Case(14, 3, 2, 6, 4, 3, 4, 2, 0, ("paper", "shift"), True, False, 2.0, (), seed=4)
    layer = float32_of(case.layer(), case)
    inputs, d_hidden, d_summary = (x.float() for x in case.data())
    tape = layer(inputs).tape
    alone: list[StepGradient] = []
    beside: list[StepGradient] = []
    backends.observe(tape, d_hidden, d_summary, "sab", alone.append)
    fused.backward_pass(tape, d_hidden, d_summary, "sab", beside.append)
    for left, right in zip(alone, beside, strict=True):
        assert torch.equal(left.hidden_BD, right.hidden_BD)
        assert torch.equal(left.cell_BD, right.cell_BD)


@pytest.mark.parametrize("steps", [784, 1000])
def test_the_longest_sequences_run_in_the_loops_too_and_give_the_numbers_of_the_plain_loop(steps: int) -> None:
    case = Case(steps, 2, 1, 12, 8, 3, 5, 2, 0, ("paper", "softmax"), True, False, 1.0, (), seed=2)
    plain = case.layer()
    plain.load_state_dict({name: value.float().double() for name, value in plain.state_dict().items()})
    inputs, d_hidden, d_summary = (x.float().double() for x in case.data())
    expected, got = plain(inputs).tape, float32_of(plain, case)(inputs.float()).tape
    assert got.backend == "numba"
    assert float((got.hidden_TBD - expected.hidden_TBD).abs().max()) <= FLOAT32
    theirs = numbers(reference.backward_pass(expected, d_hidden, d_summary))
    mine = numbers(backends.backward_pass(got, d_hidden.float(), d_summary.float()))
    largest = max(float(value.abs().max()) for value in theirs.values())
    assert all(float((mine[name] - value).abs().max()) <= FLOAT32 * largest for name, value in theirs.items())


def test_gradients_on_the_gates_are_kept_only_when_somebody_will_ask() -> None:
    case = Case(6, 2, 2, 4, 3, 2, None, 1, 0, ("paper", "shift"), True, False, 1.0, (), seed=1)
    tape = float32_of(case.layer(), case)(torch.zeros(2, 6, 2)).tape
    ones = torch.ones(2, 6, 4)
    assert fused.backward_pass(tape, ones, ones, inputs=False).gates_TBG is None
    assert fused.backward_pass(tape, ones, ones).inputs_BTI.shape == (2, 6, 2)


def test_threads_of_the_loops_can_differ_from_torchs_and_never_exceed_the_cores(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fused_threads, "_cores", lambda: 4)
    try:
        assert fused_threads.loop_threads() == torch.get_num_threads() == 1
        fused_threads.set_loop_threads(3)
        assert fused_threads.loop_threads() == 3
        fused_threads.set_loop_threads(64)
        assert fused_threads.loop_threads() == 4
        with pytest.raises(ValueError, match="threads = 0"):
            fused_threads.set_loop_threads(0)
    finally:
        fused_threads.set_loop_threads(None)


def test_gradients_do_not_depend_on_where_small_buffers_happen_to_lie() -> None:
    torch.manual_seed(25)
    layer = SAB(5, 16, attention_size=16, backend="numba", k_top=30, k_trunc=3, k_att=1)
    inputs, d_hidden, d_summary = torch.randn(19, 17, 5), torch.randn(19, 17, 16), torch.randn(19, 17, 16)
    sizes = np.random.default_rng(0).integers(1, 3000, 100)
    kept: list[Tensor] = []
    found = set[bytes]()
    for size in sizes:
        kept = [*kept[-30:], torch.empty(int(size))]  # so that the heap looks another way each time
        tape = layer(inputs).tape
        weight_hh = fused.backward_pass(tape, d_hidden, d_summary).weights.weight_hh
        found.add(weight_hh.numpy().tobytes())
    assert len(found) == 1
