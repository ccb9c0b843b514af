"""Backend "torch": the forward pass, and a backward pass that touches only the chosen memories.

Readable first, on any device and in any floating dtype. Gradients of keys and memories are gathered in two buffers
and paid out when the memory's own step is reached, so a step costs k_top + 1 entries, never all M of them.
"""

from __future__ import annotations

import torch
from torch import Tensor

from sab_visualiser.model.config import Rule
from sab_visualiser.model.passes.plain.attention import AttentionBackward, AttentionForward
from sab_visualiser.model.passes.plain.cell import CellBackward, cell_step, weight_gradients
from sab_visualiser.model.passes.tape import Gradients, Knobs, KnockedOut, Observer, StepGradient, Tape, Weights

NAME = "torch"


@torch.no_grad()
def forward_pass(
    weights: Weights, inputs_BTI: Tensor, knobs: Knobs, phase: int = 0, knocked_out: KnockedOut | None = None
) -> Tape:
    """Run the network over a batch.

    Args:
        weights: The layer's parameters.
        inputs_BTI: B ≥ 1 examples of T ≥ 1 steps, dtype and device of the weights.
        knobs: k_top, k_trunc, k_att, normaliser and variant in force.
        phase: Shifts the cuts; any integer ≥ 0.
        knocked_out: Skip edges without weight, for all examples; pairs that are not chosen are ignored.

    Returns:
        The tape: states, summaries, and what a backward pass needs.

    Source: spec section 1.
    """
    steps, size = inputs_BTI.shape[1], weights.weight_hh.shape[1]
    inputs_TBI = inputs_BTI.transpose(0, 1).contiguous()
    # All of W_ih x at once; W_hh h joins in step by step, in place.
    bias_G = weights.bias_ih + weights.bias_hh
    gates_NG = torch.addmm(bias_G, inputs_TBI.flatten(0, 1), weights.weight_ih.t())
    gates_TBG = gates_NG.view(steps, -1, 4 * size)
    cell_TBD = gates_TBG.new_empty(steps, inputs_BTI.shape[0], size)
    hidden_TBD, summary_TBD = torch.empty_like(cell_TBD), torch.zeros_like(cell_TBD)
    attention = AttentionForward(weights, knobs, hidden_TBD, summary_TBD, knocked_out or {})
    recurrent_DG = weights.weight_hh.t()
    gates, cell, hidden = gates_TBG.unbind(0), cell_TBD.unbind(0), hidden_TBD.unbind(0)
    for t in range(steps):
        if t > 0:
            gates[t].addmm_(hidden[t - 1], recurrent_DG)
        cell_step(gates[t], cell[t - 1] if t > 0 else None, cell[t], hidden[t])
        attention.step(t)
    return Tape(
        weights=Weights(*(None if w is None else w.detach() for w in weights)),  # type: ignore[arg-type]
        knobs=knobs,
        phase=phase,
        inputs_TBI=inputs_TBI,
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
    )


@torch.no_grad()
def backward_pass(
    tape: Tape,
    d_hidden_BTD: Tensor,
    d_summary_BTD: Tensor,
    rule: Rule = "sab",
    observer: Observer | None = None,
    *,
    sum_floor: float = 0.0,
) -> Gradients:
    """Send gradients back over a tape; the tape may be used again, under another rule.

    Args:
        tape: From `forward_pass`.
        d_hidden_BTD: ∂L/∂h as the read-out sees it.
        d_summary_BTD: ∂L/∂s as the read-out sees it.
        rule: Which edges carry gradient: sab, truncated, full or local.
        observer: Called once a step, last step first, with the vectors of that step.
        sum_floor: What Σr + ε is taken to be at least, in the gradient on scores; 0 is the exact gradient.

    Returns:
        Gradients on inputs and weights. Under `truncated` and `local` a memory that is read counts as a constant.

    Source: spec section 2.
    """
    weights, skip_edges = tape.weights, rule in ("sab", "full")
    cuts = frozenset(tape.cuts) if rule in ("sab", "truncated") else frozenset()
    cell = CellBackward(tape.gates_TB4D, tape.cell_TBD)
    attention = AttentionBackward(tape, skip_edges, vectors=observer is not None, sum_floor=sum_floor)
    d_hidden, d_summary = d_hidden_BTD.unbind(1), d_summary_BTD.unbind(1)
    d_gates = cell.gates_TBG.unbind(0)
    local_hidden_BD: Tensor | None = None
    local_cell_BD: Tensor | None = None
    for t in reversed(range(len(d_hidden))):
        whole_BD = d_hidden[t] if local_hidden_BD is None else d_hidden[t] + local_hidden_BD
        whole_BD = attention.arrive(t, whole_BD)
        provisional_BD = attention.step(t, whole_BD, d_summary[t], cell.provisional_TBD[t])
        d_cell_BD, own_cell_BD = cell.step(t, provisional_BD, local_cell_BD)
        local_hidden_BD = local_cell_BD = None
        if t > 0 and t not in cuts:
            local_hidden_BD = d_gates[t] @ weights.weight_hh
            local_cell_BD = cell.to_cell_before(t, d_cell_BD)
        if observer is not None:
            skip = attention.skip_BED if skip_edges else None
            local = (local_hidden_BD, local_cell_BD)
            observer(StepGradient(t, whole_BD, d_cell_BD, own_cell_BD, *local, skip, tape.places(t)))
    return _collect(tape, cell, attention)


def _collect(tape: Tape, cell: CellBackward, attention: AttentionBackward) -> Gradients:
    """Gradients on the weights, each as one large product over all steps."""
    d_ih, d_hh, d_bias = weight_gradients(cell.gates_TBG, tape.inputs_TBI, tape.hidden_TBD)
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
