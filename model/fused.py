"""Backend "numba": allocates, splits the batch into one part per thread, and runs the fused loops of model/kernels.py.

Chosen by "auto" for float32 on a CPU when Numba works; backend "torch" stays for everything else. What the forward
pass leaves is a `Tape` like any other, so rules, observers and traces do not care which backend wrote it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from model import kernels
from model.cell import weight_gradients
from model.config import Rule
from model.fused_parts import (
    FusedChoices,
    Seen,
    column_counts,
    gone,
    memory_of_step,
    one_blas_thread,
    run_parts,
)
from model.tape import FusedState, Gradients, Knobs, KnockedOut, Observer, Tape, Weights


def forward_pass(
    weights: Weights, inputs_BTI: Tensor, knobs: Knobs, phase: int = 0, knocked_out: KnockedOut | None = None
) -> Tape:
    """As `model.reference.forward_pass`, for float32 on a CPU and the paper's variant."""
    one_blas_thread()
    weights = Weights(*(None if w is None else w.detach().contiguous() for w in weights))  # type: ignore[arg-type]
    assert weights.weight_key is not None
    assert weights.weight_query is not None
    tape = _prepared(weights, inputs_BTI.detach().transpose(0, 1).contiguous(), knobs, phase)
    state = tape.fused
    assert state is not None
    steps, batch, _ = tape.hidden_TBD.shape
    memories = tape.memory_steps[: tape.memories_BMD.shape[1]]
    shared = (
        *(knobs.k_top, knobs.normalizer == "shift", int(knobs.initial_memory and len(memories) > 0)),
        *(state.memory_of_step, gone(knocked_out, memories, steps)),
        *(w.t().contiguous().numpy() for w in (weights.weight_hh, weights.weight_key, weights.weight_query)),
        weights.weight_score.numpy(),
        *(a.numpy() for a in (tape.gates_TB4D, tape.cell_TBD, state.provisional_TBD, tape.hidden_TBD)),
        *(a.numpy() for a in (tape.summary_TBD, tape.memories_BMD, tape.keys_BMA, tape.queries_TBA)),
        *(state.columns_TBE, state.values_TBE, state.weights_TBE, state.total_TB, state.delta_TB),
    )
    run_parts(kernels.forward_part, batch, lambda: shared)
    return tape


def _prepared(weights: Weights, inputs_TBI: Tensor, knobs: Knobs, phase: int) -> Tape:
    """A tape whose buffers wait for the forward loops; the gates hold W_ih x + b already."""
    steps, batch, _ = inputs_TBI.shape
    bias_G = weights.bias_ih + weights.bias_hh
    gates_TBG = torch.addmm(bias_G, inputs_TBI.flatten(0, 1), weights.weight_ih.t()).view(steps, batch, -1)
    size, width = weights.weight_hh.shape[1], weights.weight_score.shape[0]
    memory_steps = knobs.memory_steps(steps)
    memories = len(memory_steps) if knobs.k_top > 0 else 0
    columns = (steps, batch, min(knobs.k_top + (knobs.normalizer == "shift"), memories))
    cell_TBD, provisional_TBD, hidden_TBD = gates_TBG.new_empty(3, steps, batch, size)
    state = FusedState(
        memory_of_step=memory_of_step(memory_steps[:memories], steps),
        counts=column_counts(knobs, memory_steps[:memories], steps),
        columns_TBE=np.zeros(columns, np.int32),
        values_TBE=np.zeros(columns, np.float32),
        weights_TBE=np.zeros(columns, np.float32),
        total_TB=np.zeros(columns[:2], np.float32),
        delta_TB=np.zeros(columns[:2], np.int32),
        provisional_TBD=provisional_TBD,
    )
    return Tape(
        weights=weights,
        knobs=knobs,
        phase=phase,
        inputs_TBI=inputs_TBI,
        gates_TB4D=gates_TBG,
        cell_TBD=cell_TBD,
        hidden_TBD=hidden_TBD,
        summary_TBD=gates_TBG.new_zeros(steps, batch, size),
        memories_BMD=gates_TBG.new_zeros(batch, memories, size),
        keys_BMA=gates_TBG.new_zeros(batch, memories, width),
        queries_TBA=gates_TBG.new_zeros(steps, batch, width),
        memory_steps=memory_steps,
        cuts=knobs.cuts(steps, phase),
        choices=FusedChoices(state, knobs, memories),
        fused=state,
    )


@torch.no_grad()
def backward_pass(
    tape: Tape,
    d_hidden_BTD: Tensor,
    d_summary_BTD: Tensor,
    rule: Rule = "sab",
    observer: Observer | None = None,
) -> Gradients:
    """As `model.reference.backward_pass`, over a tape that `forward_pass` of this module left."""
    state = tape.fused
    assert state is not None
    one_blas_thread()
    weights, skip_edges = tape.weights, rule in ("sab", "full")
    steps, batch, _ = tape.hidden_TBD.shape
    cut = np.zeros(steps, np.bool_)
    if rule in ("sab", "truncated"):
        cut[list(tape.cuts)] = True
    d_gates_TBG = torch.empty_like(tape.gates_TB4D)
    d_memories_BMD, d_keys_BMA = torch.zeros_like(tape.memories_BMD), torch.zeros_like(tape.keys_BMA)
    d_queries_TBA = torch.zeros_like(tape.queries_TBA)
    seen = Seen(tape, state.columns_TBE.shape[2], observer is not None)
    d_scores: list[Tensor] = []
    shared = (
        *(skip_edges, tape.knobs.normalizer == "shift", state.counts, cut, state.memory_of_step),
        *(
            w.numpy()
            for w in (weights.weight_hh, weights.weight_key, weights.weight_query, weights.weight_score)
            if w is not None
        ),
        *(a.numpy() for a in (tape.gates_TB4D, tape.cell_TBD, tape.memories_BMD, tape.keys_BMA, tape.queries_TBA)),
        *(state.columns_TBE, state.weights_TBE, state.total_TB, state.delta_TB),
        *(d.detach().transpose(0, 1).contiguous().numpy() for d in (d_hidden_BTD, d_summary_BTD)),
        *(a.numpy() for a in (d_gates_TBG, d_memories_BMD, d_keys_BMA, d_queries_TBA)),
    )

    def arguments() -> tuple[Any, ...]:
        d_scores.append(torch.zeros_like(weights.weight_score))
        return (*shared, d_scores[-1].numpy(), *seen.arrays())

    run_parts(kernels.backward_part, batch, arguments)
    if observer is not None:
        seen.tell(observer, tape, cut, skip_edges)
    return _collect(tape, state, d_gates_TBG, d_memories_BMD, d_keys_BMA, d_queries_TBA, sum(d_scores[1:], d_scores[0]))


def _collect(
    tape: Tape,
    state: FusedState,
    d_gates_TBG: Tensor,
    d_memories_BMD: Tensor,
    d_keys_BMA: Tensor,
    d_queries_TBA: Tensor,
    d_score_A: Tensor,
) -> Gradients:
    """Gradients on the weights, each as one large product over all steps."""
    d_ih, d_hh, d_bias = weight_gradients(d_gates_TBG, tape.inputs_TBI, tape.hidden_TBD)
    weights = Weights(
        weight_ih=d_ih,
        weight_hh=d_hh,
        bias_ih=d_bias,
        bias_hh=d_bias.clone(),
        weight_score=d_score_A,
        weight_key=d_keys_BMA.flatten(0, 1).t() @ tape.memories_BMD.flatten(0, 1),
        weight_query=d_queries_TBA.flatten(0, 1).t() @ state.provisional_TBD.flatten(0, 1),
    )
    return Gradients(d_gates_TBG, tape.weights.weight_ih, weights)
