"""Spec section 3, identity 4: what arrives at a step, edge by edge and as vectors, is the whole gradient."""

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from sab_visualiser.model.passes.plain.passes import backward_pass
from sab_visualiser.model.passes.tape import StepGradient
from tests.oracles.cases import CASES, RULES, Case, close, stacked

torch.set_num_threads(1)
PROPERTY = settings(max_examples=50, deadline=None)


@PROPERTY
@given(case=CASES, rule=st.sampled_from(RULES))
def test_parts_that_arrive_at_a_step_add_up_to_its_gradient(case: Case, rule: str) -> None:
    layer, (inputs, d_hidden, d_summary) = case.layer(), case.data()
    tape = layer(inputs, case.phase, case.knocked_out).tape
    seen: list[StepGradient] = []
    backward_pass(tape, d_hidden, d_summary, rule, seen.append)  # type: ignore[arg-type]
    hidden, cell = d_hidden.clone(), torch.zeros_like(d_hidden)
    for gradient in seen:
        t = gradient.step
        cell[:, t] += gradient.own_cell_BD
        if gradient.local_hidden_BD is not None and gradient.local_cell_BD is not None:
            hidden[:, t - 1] += gradient.local_hidden_BD
            cell[:, t - 1] += gradient.local_cell_BD
        if gradient.skip_BED is None or gradient.places_BE is None:
            continue
        for b, row in enumerate(gradient.places_BE.tolist()):
            for e, place in enumerate(row):
                if tape.memory_steps[place] >= 0:
                    hidden[b, tape.memory_steps[place]] += gradient.skip_BED[b, e]
    assert [gradient.step for gradient in seen] == list(reversed(range(case.steps)))
    for gradient in seen:
        assert close(gradient.hidden_BD, hidden[:, gradient.step], hidden.abs().max().item(), 1e-10)
        assert close(gradient.cell_BD, cell[:, gradient.step], cell.abs().max().item(), 1e-10)


@PROPERTY
@given(case=CASES, rule=st.sampled_from(RULES))
def test_every_single_edge_carries_what_autograd_says(case: Case, rule: str) -> None:
    layer, (inputs, d_hidden, d_summary) = case.layer(), case.data()
    seen: list[StepGradient] = []
    tape = layer(inputs, case.phase, case.knocked_out).tape
    backward_pass(tape, d_hidden, d_summary, rule, seen.append)  # type: ignore[arg-type]
    walks = case.oracle(layer, inputs, rule)
    torch.autograd.backward((stacked(walks, "hidden") * d_hidden).sum() + (stacked(walks, "summary") * d_summary).sum())
    largest = max(v.grad.abs().max().item() for walk in walks for v in walk.hidden if v.grad is not None)
    for gradient in seen:
        t = gradient.step
        skip = gradient.skip_BED is not None and gradient.places_BE is not None
        assert skip == (rule in ("sab", "full") and tape.choices[t] is not None)
        for b, walk in enumerate(walks):
            zero = torch.zeros_like(walk.hidden[t])
            assert close(gradient.hidden_BD[b], grad(walk.hidden[t]), largest)
            assert close(gradient.cell_BD[b], grad(walk.cell[t]), largest)
            assert (gradient.local_hidden_BD is None) == (t not in walk.local_hidden)
            if gradient.local_hidden_BD is not None and gradient.local_cell_BD is not None:
                assert close(gradient.local_hidden_BD[b], grad(walk.local_hidden[t]), largest)
                assert close(gradient.local_cell_BD[b], grad(walk.local_cell[t]), largest)
            mine = {}
            if gradient.skip_BED is not None and gradient.places_BE is not None:
                sources = [tape.memory_steps[place] for place in gradient.places_BE[b].tolist()]
                mine = dict(zip(sources, gradient.skip_BED[b], strict=True))
            for reading in walk.readings:
                if reading.reader == t and reading.source >= 0:
                    assert close(mine.get(reading.source, zero), grad(reading.copy), largest)


def grad(vector: torch.Tensor) -> torch.Tensor:
    return torch.zeros_like(vector) if vector.grad is None else vector.grad


@PROPERTY
@given(case=CASES)
def test_an_observer_changes_no_number(case: Case) -> None:
    layer, (inputs, d_hidden, d_summary) = case.layer(), case.data()
    tape = layer(inputs, case.phase).tape
    alone = backward_pass(tape, d_hidden, d_summary)
    watched = backward_pass(tape, d_hidden, d_summary, "sab", lambda _: None)
    assert torch.equal(alone.inputs_BTI, watched.inputs_BTI)
    for before, after in zip(alone.weights, watched.weights, strict=True):
        assert (before is None) == (after is None)
        assert before is None or after is None or torch.equal(before, after)
