"""Norms, edge credits and reach (spec section 4)."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from sab_visualiser.model.passes.plain.passes import backward_pass
from sab_visualiser.model.probe.credit import CreditObserver, reach
from tests.oracles.cases import CASES, FORMS, Case

torch.set_num_threads(1)
STILL = Case(11, 2, 2, 4, 3, 3, 4, 2, 0, ("paper", "shift"), True, False, 1.0, (), seed=2)


def watch(case: Case, rule: str = "sab", example: int = 0) -> CreditObserver:
    layer, (inputs, d_hidden, d_summary) = case.layer(), case.data()
    tape = layer(inputs, case.phase, case.knocked_out).tape
    observer = CreditObserver(tape, example=example)
    backward_pass(tape, d_hidden, d_summary, rule, observer)  # type: ignore[arg-type]
    return observer


@settings(max_examples=40, deadline=None)
@given(case=CASES, rule=st.sampled_from(("sab", "truncated", "full")))
def test_credits_are_the_norms_of_what_autograd_sends_over_each_edge(case: Case, rule: str) -> None:
    example = case.batch - 1
    edges = watch(case, rule, example).edges()
    layer, (inputs, d_hidden, d_summary) = case.layer(), case.data()
    walk = case.oracle(layer, inputs, rule)[example]
    hidden, summary = torch.stack(walk.hidden), torch.stack(walk.summary)
    torch.autograd.backward((hidden * d_hidden[example]).sum() + (summary * d_summary[example]).sum())
    expected = {
        ("skip", r.reader, r.source): r.copy.grad.norm().item()
        for r in walk.readings
        if r.source >= 0 and r.copy.grad is not None
    }
    for t, before in walk.local_hidden.items():
        both = torch.cat([x.grad for x in (before, walk.local_cell[t]) if x.grad is not None])
        expected["local", t, t - 1] = both.norm().item()
    kinds = np.where(edges.skip_E, "skip", "local")
    got = dict(zip(zip(kinds, edges.reader_E, edges.source_E, strict=True), edges.credit_E, strict=True))
    largest = max(1.0, *expected.values()) if expected else 1.0
    assert set(got) <= set(expected)
    for edge, credit in expected.items():
        assert got.get(edge, 0.0) == pytest.approx(credit, rel=1e-7, abs=1e-9 * largest), edge


def test_local_credit_is_the_norm_of_both_parts_stacked() -> None:
    edges = watch(STILL).edges()
    local = ~edges.skip_E
    both = np.hypot(edges.credit_hidden_E[local], edges.credit_cell_E[local])
    np.testing.assert_allclose(edges.credit_E[local], both, rtol=1e-12)
    assert np.isnan(edges.credit_cell_E[~local]).all()
    assert np.array_equal(edges.credit_hidden_E[~local], edges.credit_E[~local])


def test_cuts_have_no_local_edge_and_every_other_step_has_one() -> None:
    edges = watch(STILL).edges()
    readers = set(edges.reader_E[~edges.skip_E].tolist())
    assert readers == set(range(1, 11)) - {3, 7}
    assert np.array_equal(edges.source_E[~edges.skip_E], edges.reader_E[~edges.skip_E] - 1)


@pytest.mark.parametrize("form", FORMS)
def test_the_initial_memory_is_never_an_edge_and_skip_edges_end_at_microstates(form: tuple[str, str]) -> None:
    edges = watch(Case(**{**vars(STILL), "form": form})).edges()
    sources = edges.source_E[edges.skip_E]
    assert len(sources)
    assert set(sources.tolist()) <= {1, 3, 5, 7, 9}
    assert (sources < edges.reader_E[edges.skip_E]).all()


def test_the_delta_memory_is_an_edge_of_weight_zero_that_was_not_chosen() -> None:
    edges = watch(STILL).edges()
    delta = edges.skip_E & ~edges.chosen_E
    assert delta.any()
    assert (edges.weight_E[delta] == 0).all()
    assert (edges.credit_E[delta] > 0).all()
    assert (edges.reader_E[delta] >= 7).all()  # three microstates and the initial memory: more than k_top at last


def test_edges_are_listed_latest_reader_first() -> None:
    edges = watch(STILL).edges()
    rows = list(zip(-edges.reader_E, edges.skip_E, edges.source_E, strict=True))
    assert rows == sorted(rows)


def test_a_gradient_too_small_to_square_in_float32_is_not_zero() -> None:
    layer, (inputs, d_hidden, d_summary) = STILL.layer().float(), (x.float() for x in STILL.data())
    tape = layer(inputs).tape
    observer = CreditObserver(tape)
    backward_pass(tape, d_hidden * 1e-30, d_summary * 1e-30, "sab", observer)
    assert (observer.hidden_norms() > 0).all()
    assert observer.hidden_norms().max() < 1e-25


def test_C10_a_gradient_too_large_to_square_in_float32_is_not_infinite() -> None:
    layer, (inputs, d_hidden, d_summary) = STILL.layer().float(), (x.float() for x in STILL.data())
    tape = layer(inputs).tape
    observer = CreditObserver(tape)
    backward_pass(tape, d_hidden * 1e30, d_summary * 1e30, "sab", observer)
    assert observer.hidden_norms().max() > 1e29
    assert np.isfinite(observer.hidden_norms()).all()
    assert np.isfinite(observer.edges().credit_E).all()


def test_non_finite_credit_stays_listed() -> None:
    layer, (inputs, d_hidden, d_summary) = STILL.layer(), STILL.data()
    tape = layer(inputs).tape
    d_hidden[0, 10] = torch.nan
    observer = CreditObserver(tape)
    backward_pass(tape, d_hidden, d_summary, "sab", observer)
    edges = observer.edges()
    assert np.isnan(edges.credit_E).any()
    assert np.isnan(observer.hidden_norms()[10])
    assert np.isfinite(edges.skip_credit)


def test_reach_is_above_a_millionth_of_the_largest_norm_and_latest_first() -> None:
    norms = np.array([2e-6, 1.0, 1e-6, 0.0, 1.1e-6, 0.5])
    assert reach(norms) == ((4, 5), (0, 1))


@pytest.mark.parametrize("norms", [[0.0, 0.0], [np.nan, 0.0], []])
def test_reach_is_empty_without_gradient(norms: list[float]) -> None:
    assert reach(np.array(norms, dtype=float)) == ()


def test_reach_leaves_out_what_is_not_finite() -> None:
    assert reach(np.array([1.0, np.inf, np.nan, 1e-3])) == ((3, 3), (0, 0))
