"""Backend "numba": allocates, splits the batch into one part per thread, and runs the fused loops of loops.py.

Chosen by "auto" for float32 on a CPU when Numba works; backend "torch" stays for everything else. What the forward
pass leaves is a `Tape` like any other, so rules, observers and traces do not care which backend wrote it.

Around the loops everything is numpy on purpose: an operation of torch that runs on several threads leaves them
spinning for milliseconds on the very cores that the loops are about to need.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from sab_visualiser.model.config import Rule
from sab_visualiser.model.passes.fused.compiled import Floats, kept_code
from sab_visualiser.model.passes.fused.parts import FusedChoices, Seen, column_counts, gone, memory_of_step, run_parts
from sab_visualiser.model.passes.tape import FusedState, Gradients, Knobs, KnockedOut, Observer, Tape, Weights

with kept_code():
    from sab_visualiser.model.passes.fused import loops as kernels
    from sab_visualiser.model.passes.fused.tiles import packed, padded

EMPTY = np.zeros(0, np.float32)
STEPS_KEPT = 2
"""Steps of which the inner states are kept when nobody goes back: the present one and the one before."""


@dataclass(frozen=True)
class _Arrays:
    """The weights as numpy arrays."""

    weight_ih: Floats
    weight_hh: Floats
    bias: Floats
    score: Floats
    key: Floats
    query: Floats

    @classmethod
    def of(cls, weights: Weights) -> _Arrays:
        """Views of the tensors where these are contiguous; bias is padded to whole vectors."""
        assert weights.weight_key is not None
        assert weights.weight_query is not None
        ih, hh, b_ih, b_hh, score, key, query = (np.ascontiguousarray(w.detach().numpy()) for w in weights)  # type: ignore[union-attr]
        bias = np.zeros(padded(len(b_ih)), np.float32)
        np.add(b_ih, b_hh, out=bias[: len(b_ih)])
        return cls(ih, hh, bias, score, key, query)


def forward_pass(
    weights: Weights,
    inputs_BTI: Tensor,
    knobs: Knobs,
    phase: int = 0,
    knocked_out: KnockedOut | None = None,
    *,
    keep: bool = True,
) -> Tape:
    """As `sab_visualiser.model.passes.plain.passes.forward_pass`, for float32 on a CPU and the paper's variant.

    Args:
        weights: The layer's parameters.
        inputs_BTI: B ≥ 1, T ≥ 1.
        knobs: In force for this pass.
        phase: Shifts the cuts.
        knocked_out: Skip edges without weight.
        keep: False keeps states, memories and keys only, for long sequences that nobody goes back over.
    """
    w = _Arrays.of(weights)
    tape = _prepared(weights, inputs_BTI, knobs, phase, keep)
    state = tape.fused
    assert state is not None
    steps, batch, _ = tape.hidden_TBD.shape
    memories = tape.memory_steps[: tape.memories_BMD.shape[1]]
    shared = (
        *(knobs.k_top, knobs.normalizer == "shift", int(knobs.initial_memory and len(memories) > 0)),
        *(state.memory_of_step, gone(knocked_out, memories, steps), tape.inputs_TBI.numpy(), w.bias),
        *(packed(matrix.T) for matrix in (w.weight_ih, w.weight_hh, w.key, w.query)),
        *(w.score, state.gates_TBP),
        *(a.numpy() for a in (tape.cell_TBD, tape.hidden_TBD, tape.summary_TBD)),
        *(a.numpy() for a in (tape.memories_BMD, tape.keys_BMA, tape.queries_TBA)),
        *(state.columns_TBE, state.values_TBE, state.weights_TBE, state.total_TB, state.delta_TB),
    )
    run_parts(kernels.forward_part, batch, lambda: shared)
    return tape


def _prepared(weights: Weights, inputs_BTI: Tensor, knobs: Knobs, phase: int, keep: bool) -> Tape:
    """A tape whose buffers wait for the forward loops."""
    batch, steps, _ = inputs_BTI.shape
    size, width = weights.weight_hh.shape[1], weights.weight_score.shape[0]
    memory_steps = knobs.memory_steps(steps)
    memories = len(memory_steps) if knobs.k_top > 0 else 0
    kept = steps if keep else min(steps, STEPS_KEPT)
    columns = (kept, batch, min(knobs.k_top + (knobs.normalizer == "shift"), memories))
    gates_TBP = np.empty((kept, batch, padded(4 * size)), np.float32)
    memories_BMD, keys_BMA = torch.empty(batch, memories, size), torch.empty(batch, memories, width)
    for array in (memories_BMD, keys_BMA):  # the empty first memory is never written
        array[:, :1].zero_()
    state = FusedState(
        memory_of_step=memory_of_step(memory_steps[:memories], steps),
        counts=column_counts(knobs, memory_steps[:memories], steps),
        columns_TBE=np.zeros(columns, np.int32),
        values_TBE=np.zeros(columns, np.float32),
        weights_TBE=np.zeros(columns, np.float32),
        total_TB=np.zeros(columns[:2], np.float32),
        delta_TB=np.zeros(columns[:2], np.int32),
        gates_TBP=gates_TBP,
    )
    return Tape(
        weights=Weights(*(None if w is None else w.detach() for w in weights)),  # type: ignore[arg-type]
        knobs=knobs,
        phase=phase,
        inputs_TBI=torch.from_numpy(np.ascontiguousarray(inputs_BTI.detach().numpy().transpose(1, 0, 2))),
        gates_TB4D=torch.from_numpy(gates_TBP)[:, :, : 4 * size],
        cell_TBD=torch.empty(kept, batch, size),
        hidden_TBD=torch.empty(steps, batch, size),
        summary_TBD=torch.empty(steps, batch, size),
        memories_BMD=memories_BMD,
        keys_BMA=keys_BMA,
        queries_TBA=torch.from_numpy(np.zeros((kept, batch, width), np.float32)),
        memory_steps=memory_steps,
        cuts=knobs.cuts(steps, phase),
        choices=FusedChoices(state, knobs, memories),
        fused=state,
    )


def backward_pass(
    tape: Tape,
    d_hidden_BTD: Tensor,
    d_summary_BTD: Tensor,
    rule: Rule = "sab",
    observer: Observer | None = None,
    *,
    inputs: bool = True,
) -> Gradients:
    """As in passes/plain/passes.py, over a tape that `forward_pass` of this module left."""
    gates_TBP, sums = _back(tape, d_hidden_BTD, d_summary_BTD, rule, observer, inputs=inputs, learning=True)
    size = tape.hidden_TBD.shape[2]
    gates_TBG = torch.from_numpy(gates_TBP)[:, :, : 4 * size] if inputs else None
    return Gradients(gates_TBG, tape.weights.weight_ih, _collect(tape, sums))


def observe(tape: Tape, d_hidden_BTD: Tensor, d_summary_BTD: Tensor, rule: Rule, observer: Observer) -> None:
    """As `backward_pass`, for the observer alone: no gradient of a weight is computed."""
    _back(tape, d_hidden_BTD, d_summary_BTD, rule, observer, inputs=False, learning=False)


def _back(
    tape: Tape,
    d_hidden_BTD: Tensor,
    d_summary_BTD: Tensor,
    rule: Rule,
    observer: Observer | None,
    *,
    inputs: bool,
    learning: bool,
) -> tuple[Floats, list[tuple[Floats, ...]]]:
    """Run the backward loops; returns ∂L/∂gates and each part's sums of weight gradients."""
    state = tape.fused
    assert state is not None
    w, skip_edges = _Arrays.of(tape.weights), rule in ("sab", "full")
    steps, batch, _ = tape.hidden_TBD.shape
    if len(state.gates_TBP) < steps:
        raise ValueError("this tape kept no inner states: run the layer with keep=True to go back over it")
    cut = np.zeros(steps, np.bool_)
    if rule in ("sab", "truncated"):
        cut[list(tape.cuts)] = True
    seen = Seen(tape, state.columns_TBE.shape[2], observer is not None)
    shape = state.gates_TBP.shape
    d_gates_TBP = np.empty((steps if inputs else 0, *shape[1:]), np.float32)
    shared = (
        *(skip_edges, tape.knobs.normalizer == "shift", state.counts, cut, state.memory_of_step),
        *(tape.inputs_TBI.numpy(), packed(w.weight_hh), packed(w.key), packed(w.query), w.score, w.key),
        *(state.gates_TBP, tape.cell_TBD.numpy(), tape.hidden_TBD.numpy()),
        *(a.numpy() for a in (tape.memories_BMD, tape.keys_BMA, tape.queries_TBA)),
        *(state.columns_TBE, state.weights_TBE, state.total_TB, state.delta_TB),
        *(np.ascontiguousarray(d.detach().numpy().transpose(1, 0, 2)) for d in (d_hidden_BTD, d_summary_BTD)),
        *(np.empty(tape.memories_BMD.shape, np.float32), np.empty(tape.keys_BMA.shape, np.float32), d_gates_TBP),
    )
    sums: list[tuple[Floats, ...]] = []

    def arguments() -> tuple[Any, ...]:
        sums.append(_sums(tape) if learning else (EMPTY,) * 6)
        return (*shared, *sums[-1], *seen.arrays())

    run_parts(kernels.backward_part, batch, arguments)
    if observer is not None:
        seen.tell(observer, tape, cut, skip_edges)
    return d_gates_TBP, sums


def _sums(tape: Tape) -> tuple[Floats, ...]:
    """Zeros for one part's gradients, flat, in the order of the kernel: W_ihᵀ, b, W_hh, W_k, W_q, w_s."""
    features, size = tape.inputs_TBI.shape[2], tape.hidden_TBD.shape[2]
    pitch, width = padded(4 * size), tape.weights.weight_score.shape[0]
    sizes = (features * pitch, pitch, 4 * size * padded(size), width * padded(size), width * padded(size), width)
    return tuple(np.zeros(count, np.float32) for count in sizes)


def _collect(tape: Tape, sums: list[tuple[Floats, ...]]) -> Weights:
    """The parts' sums added up, under the names and in the shapes of the weights."""
    whole = sums[0]
    for other in sums[1:]:
        for mine, theirs in zip(whole, other, strict=True):
            mine += theirs
    size = tape.hidden_TBD.shape[2]
    d_ih, d_bias, d_hh, d_key, d_query, d_score = whole
    d_ih_IP = d_ih.reshape(tape.inputs_TBI.shape[2], -1)
    rows = (array.reshape(-1, padded(size))[:, :size] for array in (d_hh, d_key, d_query))
    d_hh_GD, d_key_AD, d_query_AD = (torch.from_numpy(np.ascontiguousarray(array)) for array in rows)
    bias_G = torch.from_numpy(d_bias[: 4 * size])
    return Weights(
        weight_ih=torch.from_numpy(np.ascontiguousarray(d_ih_IP[:, : 4 * size].T)),
        weight_hh=d_hh_GD,
        bias_ih=bias_G,
        bias_hh=bias_G.clone(),
        weight_score=torch.from_numpy(d_score),
        weight_key=d_key_AD,
        weight_query=d_query_AD,
    )
