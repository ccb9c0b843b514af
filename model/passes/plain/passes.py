"""Backend "torch": the forward pass, and a backward pass that touches only the chosen memories.

Readable first, on any device and in any floating dtype. Gradients of keys and memories are gathered in two buffers
and paid out when the memory's own step is reached, so a step costs k_top + 1 entries, never all M of them.
"""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor
from torch.nn import functional

from sab_visualiser.model.config import Rule
from sab_visualiser.model.passes.plain.attention import AttentionBackward, AttentionForward
from sab_visualiser.model.passes.plain.cell import (
    CellBackward,
    cell_step,
    states_before,
    symbol_gradients,
    weight_gradients,
)
from sab_visualiser.model.passes.tape import (
    Gradients,
    Knobs,
    KnockedOut,
    Observer,
    State,
    StepGradient,
    Tape,
    Weights,
)

NAME = "torch"


@torch.no_grad()
def forward_pass(
    weights: Weights,
    inputs: Tensor,
    knobs: Knobs,
    phase: int = 0,
    knocked_out: KnockedOut | None = None,
    *,
    state: State | None = None,
) -> Tape:
    """Run the network over a batch.

    Args:
        weights: The layer's parameters.
        inputs: B ≥ 1 examples of T ≥ 1 steps, on the device of the weights: numbers (B, T, I) of their dtype, or
            int64 symbols (B, T) from 0 to I − 1, which stand for one-hot rows.
        knobs: k_top, k_trunc, k_att, normaliser and variant in force.
        phase: Shifts the cuts; any integer ≥ 0.
        knocked_out: Skip edges without weight, for all examples; pairs that are not chosen are ignored.
        state: h and c before step 0; None for zeros. Memories are empty in any case.

    Returns:
        The tape: states, summaries, and what a backward pass needs.

    Source: spec section 1.
    """
    steps, size = inputs.shape[1], weights.weight_hh.shape[1]
    seen = inputs.transpose(0, 1).contiguous()
    # All of W_ih x at once; W_hh h joins in step by step, in place.
    gates_TBG = read_in(weights, seen)
    cell_TBD = gates_TBG.new_empty(steps, inputs.shape[0], size)
    hidden_TBD, summary_TBD = torch.empty_like(cell_TBD), torch.zeros_like(cell_TBD)
    attention = AttentionForward(weights, knobs, hidden_TBD, summary_TBD, knocked_out or {})
    recurrent_DG = weights.weight_hh.t()
    gates, cell, hidden = gates_TBG.unbind(0), cell_TBD.unbind(0), hidden_TBD.unbind(0)
    initial = None if state is None else state.detached()
    before_BD, cell_before_BD = (None, None) if initial is None else initial
    for t in range(steps):
        if before_BD is not None:
            gates[t].addmm_(before_BD, recurrent_DG)
        cell_step(gates[t], cell_before_BD, cell[t], hidden[t])
        attention.step(t)
        before_BD, cell_before_BD = hidden[t], cell[t]
    return Tape(
        weights=Weights(*(None if w is None else w.detach() for w in weights)),  # type: ignore[arg-type]
        knobs=knobs,
        phase=phase,
        inputs_TBI=seen if seen.dim() == 3 else None,
        symbols_TB=None if seen.dim() == 3 else seen,
        gates_TB4D=gates_TBG,
        cell_TBD=cell_TBD,
        hidden_TBD=hidden_TBD,
        summary_TBD=summary_TBD,
        memories_BMD=attention.memories_BMD,
        keys_BMA=attention.keys_BMA,
        queries_TBA=attention.queries_TBA,
        memory_steps=attention.memory_steps,
        cuts=knobs.cuts(steps, phase),
        choices=attention.choices,
        backend=NAME,
        initial=initial,
    )


def read_in(weights: Weights, inputs: Tensor) -> Tensor:
    """W_ih x + b of every step, (T, B, 4D): a product, or for symbols (T, B) the column of each."""
    bias_G = weights.bias_ih + weights.bias_hh
    if inputs.dim() == 2:
        return functional.embedding(inputs, weights.weight_ih.t() + bias_G)
    gates_NG = torch.addmm(bias_G, inputs.flatten(0, 1), weights.weight_ih.t())
    return gates_NG.view(*inputs.shape[:2], -1)


@torch.no_grad()
def backward_pass(
    tape: Tape,
    d_hidden_BTD: Tensor,
    d_summary_BTD: Tensor,
    rule: Rule = "sab",
    observer: Observer | None = None,
    *,
    sum_floor: float = 0.0,
    d_last_cell_BD: Tensor | None = None,
) -> Gradients:
    """Send gradients back over a tape; the tape may be used again, under another rule.

    Args:
        tape: From `forward_pass`.
        d_hidden_BTD: ∂L/∂h as the read-out sees it.
        d_summary_BTD: ∂L/∂s as the read-out sees it.
        rule: Which edges carry gradient: sab, truncated, full or local.
        observer: Called once a step, last step first, with the vectors of that step.
        sum_floor: What Σr + ε is taken to be at least, in the gradient on scores; 0 is the exact gradient.
        d_last_cell_BD: ∂L/∂c of the last step from what follows the sequence; None for nothing.

    Returns:
        Gradients on inputs, weights and the initial state. Under `truncated` and `local` a memory that is read counts
        as a constant. Step 0 is never cut: who carries a state and wants no gradient on it detaches it.

    Source: spec section 2.
    """
    weights, skip_edges = tape.weights, rule in ("sab", "full")
    cuts = frozenset(tape.cuts) if rule in ("sab", "truncated") else frozenset()
    first = tape.initial
    cell = CellBackward(tape.gates_TB4D, tape.cell_TBD, None if first is None else first.cell_BD)
    attention = AttentionBackward(tape, skip_edges, vectors=observer is not None, sum_floor=sum_floor)
    d_hidden, d_summary = d_hidden_BTD.unbind(1), d_summary_BTD.unbind(1)
    d_gates = cell.gates_TBG.unbind(0)
    local_hidden_BD: Tensor | None = None
    local_cell_BD = d_last_cell_BD
    for t in reversed(range(len(d_hidden))):
        whole_BD = d_hidden[t] if local_hidden_BD is None else d_hidden[t] + local_hidden_BD
        whole_BD = attention.arrive(t, whole_BD)
        provisional_BD = attention.step(t, whole_BD, d_summary[t], cell.provisional_TBD[t])
        d_cell_BD, own_cell_BD = cell.step(t, provisional_BD, local_cell_BD)
        local_hidden_BD = local_cell_BD = None
        if (t > 0 and t not in cuts) or (t == 0 and first is not None):
            local_hidden_BD = d_gates[t] @ weights.weight_hh
            local_cell_BD = cell.to_cell_before(t, d_cell_BD)
        if observer is not None:
            skip = attention.skip_BED if skip_edges else None
            local = (local_hidden_BD, local_cell_BD) if t > 0 else (None, None)
            observer(StepGradient(t, whole_BD, d_cell_BD, own_cell_BD, *local, skip, tape.places(t)))
    gradients = _collect(tape, cell, attention)
    if local_hidden_BD is None or local_cell_BD is None:
        return gradients
    return replace(gradients, initial=State(local_hidden_BD, local_cell_BD))


def _collect(tape: Tape, cell: CellBackward, attention: AttentionBackward) -> Gradients:
    """Gradients on the weights, each as one large product over all steps."""
    before_TBD = states_before(tape.hidden_TBD, None if tape.initial is None else tape.initial.hidden_BD)
    d_ih, d_hh, d_bias = weight_gradients(cell.gates_TBG, tape.inputs_TBI, before_TBD)
    if tape.symbols_TB is not None:
        d_ih = symbol_gradients(cell.gates_TBG, tape.symbols_TB, tape.weights.weight_ih.shape[1])
    score = attention.parameter_gradients(cell.provisional_TBD)
    weights = Weights(
        weight_ih=d_ih,
        weight_hh=d_hh,
        bias_ih=d_bias,
        bias_hh=d_bias.clone(),
        weight_score=score.weight_score,
        weight_key=score.weight_key,
        weight_query=score.weight_query,
    )
    return Gradients(cell.gates_TBG, tape.weights.weight_ih, weights)
