"""Backend "numba": allocates, splits the batch into one part per thread, and runs the fused loops of kernels/loops.py.

What the forward pass leaves is a `Tape` like any other. Around the loops all is numpy on purpose: an operation of
torch on several threads leaves them spinning for milliseconds on the very cores that the loops are about to need.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from sab_visualiser.model.config import Rule
from sab_visualiser.model.passes.choices import column_counts
from sab_visualiser.model.passes.fused.kernels.compiled import Floats, kept_code
from sab_visualiser.model.passes.fused.plan import gone, memory_of_step
from sab_visualiser.model.passes.fused.state import FusedState, Seen, choices
from sab_visualiser.model.passes.fused.threads import run_parts
from sab_visualiser.model.passes.tape import Gradients, Knobs, KnockedOut, Observer, State, Tape, Weights

with kept_code():
    from sab_visualiser.model.passes.fused.kernels import arrays as by_name
    from sab_visualiser.model.passes.fused.kernels import loops
    from sab_visualiser.model.passes.fused.kernels.tiles import Packed, packed, padded

NAME = "numba"
EMPTY = np.zeros(0, np.float32)
STEPS_KEPT = 2
"""Steps of which the inner states are kept when nobody goes back: the present one and the one before."""


def as_numpy(tensor: Tensor) -> Floats:
    """The numbers of a tensor, contiguous; a view where they are so already."""
    return np.ascontiguousarray(tensor.detach().numpy())


def on_cache_lines(*shape: int) -> Floats:
    """Numbers yet to be written. Torch begins its memory at a cache line, numpy does not."""
    return torch.empty(shape).numpy()


def step_first(tensor_BTX: Tensor) -> Floats:
    """The numbers of a batch-first tensor, step first and contiguous."""
    return np.ascontiguousarray(tensor_BTX.detach().numpy().transpose(1, 0, 2))


def forward_pass(
    weights: Weights,
    inputs: Tensor,
    knobs: Knobs,
    phase: int = 0,
    knocked_out: KnockedOut | None = None,
    *,
    keep: bool = True,
    state: State | None = None,
) -> Tape:
    """As `sab_visualiser.model.passes.plain.passes.forward_pass`, for float32 on a CPU and the paper's variant.

    Args:
        weights: The layer's parameters.
        inputs: B ≥ 1, T ≥ 1; numbers (B, T, I), or symbols (B, T) from 0 to I − 1.
        knobs: In force for this pass.
        phase: Shifts the cuts.
        knocked_out: Skip edges without weight.
        keep: False keeps states, memories and keys only, for long sequences that nobody goes back over.
        state: h and c before step 0; None for zeros.
    """
    batch, steps = inputs.shape[:2]
    memory_steps = knobs.memory_steps(steps)
    memories = memory_steps if knobs.k_top > 0 else ()
    initial = None if state is None else state.detached()
    arrays = _room(weights, inputs, knobs, len(memories), steps if keep else min(steps, STEPS_KEPT))
    if initial is not None:
        arrays = arrays._replace(first_hidden=as_numpy(initial.hidden_BD), first_cell=as_numpy(initial.cell_BD))
    left = FusedState(
        memory_of_step=memory_of_step(memories, steps), counts=column_counts(knobs, memories, steps), arrays=arrays
    )
    plan = by_name.ForwardPlan(
        k_top=knobs.k_top,
        shift=knobs.normalizer == "shift",
        initial=int(knobs.initial_memory and len(memories) > 0),
        memory_of_step=left.memory_of_step,
        gone=gone(knocked_out, memories, steps),
    )
    parameters = _forward_weights(weights, indexed=inputs.dim() == 2)
    run_parts(loops.forward_part, batch, lambda: (plan, parameters, arrays))
    return Tape(
        weights=Weights(*(None if w is None else w.detach() for w in weights)),  # type: ignore[arg-type]
        knobs=knobs,
        phase=phase,
        inputs_TBI=torch.from_numpy(arrays.inputs) if inputs.dim() == 3 else None,
        symbols_TB=torch.from_numpy(arrays.symbols) if inputs.dim() == 2 else None,
        gates_TB4D=torch.from_numpy(arrays.gates)[:, :, : weights.weight_hh.shape[0]],
        cell_TBD=torch.from_numpy(arrays.cell),
        hidden_TBD=torch.from_numpy(arrays.hidden),
        summary_TBD=torch.from_numpy(arrays.summary),
        memories_BMD=torch.from_numpy(arrays.memories),
        keys_BMA=torch.from_numpy(arrays.keys),
        queries_TBA=torch.from_numpy(arrays.queries),
        memory_steps=memory_steps,
        cuts=knobs.cuts(steps, phase),
        choices=choices(left, knobs, len(memories)),
        backend=NAME,
        initial=initial,
        state=left,
    )


def _forward_weights(weights: Weights, *, indexed: bool) -> by_name.ForwardWeights:
    """The parameters as the loops read them; W_ih by symbol or packed for products."""
    assert weights.weight_key is not None
    assert weights.weight_query is not None
    wanted = (weights.weight_hh, weights.weight_key, weights.weight_query)
    recurrent, key, query = (packed(as_numpy(matrix).T) for matrix in wanted)
    gates, read_in = len(weights.bias_ih), as_numpy(weights.weight_ih).T
    bias = np.zeros(padded(gates), np.float32)
    np.add(as_numpy(weights.bias_ih), as_numpy(weights.bias_hh), out=bias[:gates])
    columns = np.zeros((len(read_in) if indexed else 0, padded(gates)), np.float32)
    if indexed:
        np.add(read_in, bias[:gates], out=columns[:, :gates])
    return by_name.ForwardWeights(
        bias=bias,
        columns=columns,
        inputs=Packed(EMPTY) if indexed else packed(read_in),
        recurrent=recurrent,
        key=key,
        query=query,
        score=as_numpy(weights.weight_score),
    )


def _room(weights: Weights, inputs: Tensor, knobs: Knobs, memories: int, kept: int) -> by_name.PassArrays:
    """The inputs, and buffers for all that the forward loops leave; `kept` steps of the inner states."""
    (batch, steps), indexed = inputs.shape[:2], inputs.dim() == 2
    size, width = weights.weight_hh.shape[1], weights.weight_score.shape[0]
    columns = (kept, batch, min(knobs.k_top + (knobs.normalizer == "shift"), memories))
    room = by_name.PassArrays(
        inputs=np.empty((steps, batch, 0), np.float32) if indexed else step_first(inputs),
        symbols=np.ascontiguousarray(inputs.numpy().T, np.int32) if indexed else np.empty((0, batch), np.int32),
        first_hidden=np.empty((0, size), np.float32),
        first_cell=np.zeros((batch, size), np.float32),
        gates=np.empty((kept, batch, padded(4 * size)), np.float32),
        cell=on_cache_lines(kept, batch, size),
        hidden=on_cache_lines(steps, batch, size),
        summary=on_cache_lines(steps, batch, size),
        memories=on_cache_lines(batch, memories, size),
        keys=on_cache_lines(batch, memories, width),
        queries=np.zeros((kept, batch, width), np.float32),
        columns=np.zeros(columns, np.int32),
        values=np.zeros(columns, np.float32),
        weights=np.zeros(columns, np.float32),
        total=np.zeros(columns[:2], np.float32),
        delta=np.zeros(columns[:2], np.int32),
    )
    for array in (room.memories, room.keys):  # the empty first memory is never written
        array[:, :1] = 0
    return room


def backward_pass(
    tape: Tape,
    d_hidden_BTD: Tensor,
    d_summary_BTD: Tensor,
    rule: Rule = "sab",
    observer: Observer | None = None,
    *,
    inputs: bool = True,
    sum_floor: float = 0.0,
    d_last_cell_BD: Tensor | None = None,
) -> Gradients:
    """As in passes/plain/passes.py, over a tape that `forward_pass` of this module left."""
    sums: list[by_name.WeightSums] = []

    def sums_of_a_part() -> by_name.WeightSums:
        sums.append(_sums(tape))
        return sums[-1]

    gradients = _gradients(tape, d_hidden_BTD, d_summary_BTD, inputs=inputs)
    if d_last_cell_BD is not None:
        gradients = gradients._replace(last_cell=as_numpy(d_last_cell_BD))
    _back(tape, gradients, rule, observer, sums_of_a_part, sum_floor)
    gates_TBG = torch.from_numpy(gradients.gates)[:, :, : tape.gates_TB4D.shape[2]] if inputs else None
    before = (torch.from_numpy(gradients.first_hidden), torch.from_numpy(gradients.first_cell))
    initial = None if tape.initial is None else State(*before)
    return Gradients(gates_TBG, tape.weights.weight_ih, _collect(tape, sums), initial)


def observe(tape: Tape, d_hidden_BTD: Tensor, d_summary_BTD: Tensor, rule: Rule, observer: Observer) -> None:
    """As `backward_pass`, for the observer alone: no gradient of a weight is computed."""
    nothing = by_name.WeightSums(*(EMPTY,) * 6)
    _back(tape, _gradients(tape, d_hidden_BTD, d_summary_BTD, inputs=False), rule, observer, lambda: nothing)


def _state(tape: Tape) -> FusedState:
    assert isinstance(tape.state, FusedState), "another backend wrote this tape"
    return tape.state


def _gradients(tape: Tape, d_hidden_BTD: Tensor, d_summary_BTD: Tensor, *, inputs: bool) -> by_name.StateGradients:
    """What comes in from the read-out, and buffers for what is gathered."""
    arrays = _state(tape).arrays
    steps, batch, pitch = len(arrays.hidden), *arrays.gates.shape[1:]
    return by_name.StateGradients(
        last_cell=np.empty((0, arrays.hidden.shape[2]), np.float32),
        hidden=step_first(d_hidden_BTD),
        summary=step_first(d_summary_BTD),
        memories=np.empty_like(arrays.memories),
        keys=np.empty_like(arrays.keys),
        gates=np.empty((steps if inputs else 0, batch, pitch), np.float32),
        first_hidden=np.empty_like(arrays.first_hidden),
        first_cell=np.empty_like(arrays.first_hidden),
    )


def _back(
    tape: Tape,
    gradients: by_name.StateGradients,
    rule: Rule,
    observer: Observer | None,
    sums_of_a_part: Callable[[], by_name.WeightSums],
    sum_floor: float = 0.0,
) -> None:
    """Run the backward loops, then replay them to the observer."""
    state, parameters = _state(tape), _backward_weights(tape.weights)
    steps, batch, _ = state.arrays.hidden.shape
    if len(state.arrays.gates) < steps:
        raise ValueError("this tape kept no inner states: run the layer with keep=True to go back over it")
    cut = np.zeros(steps, np.bool_)
    if rule in ("sab", "truncated"):
        cut[list(tape.cuts)] = True
    plan = by_name.BackwardPlan(
        skip_edges=rule in ("sab", "full"),
        shift=tape.knobs.normalizer == "shift",
        counts=state.counts,
        cut=cut,
        memory_of_step=state.memory_of_step,
    )
    arrays = state.arrays  # the tape keeps its own sums: other readers of it want the real ones
    if sum_floor > 0:
        arrays = arrays._replace(total=np.maximum(arrays.total, np.float32(sum_floor)))
    seen = Seen(tape, state.arrays.columns.shape[2], observer is not None)
    run_parts(
        loops.backward_part,
        batch,
        lambda: (plan, parameters, arrays, gradients, sums_of_a_part(), seen.arrays),
    )
    if observer is not None:
        seen.tell(observer, tape, plan)


def _backward_weights(weights: Weights) -> by_name.BackwardWeights:
    """The parameters as the loops read them."""
    assert weights.weight_key is not None
    assert weights.weight_query is not None
    recurrent, key, query = (as_numpy(w) for w in (weights.weight_hh, weights.weight_key, weights.weight_query))
    return by_name.BackwardWeights(
        recurrent=packed(recurrent),
        key=packed(key),
        query=packed(query),
        score=as_numpy(weights.weight_score),
        key_rows=key,
    )


def _sums(tape: Tape) -> by_name.WeightSums:
    """Zeros for one part's gradients."""
    features, size = tape.weights.weight_ih.shape[1], tape.hidden_TBD.shape[2]
    pitch, width = padded(4 * size), tape.weights.weight_score.shape[0]
    return by_name.WeightSums(
        inputs=np.zeros(features * pitch, np.float32),
        bias=np.zeros(pitch, np.float32),
        recurrent=np.zeros(4 * size * padded(size), np.float32),
        key=np.zeros(width * padded(size), np.float32),
        query=np.zeros(width * padded(size), np.float32),
        score=np.zeros(width, np.float32),
    )


def _collect(tape: Tape, sums: list[by_name.WeightSums]) -> Weights:
    """The parts' sums added up, under the names and in the shapes of the weights."""
    whole = sums[0]
    for other in sums[1:]:
        for mine, theirs in zip(whole, other, strict=True):
            mine += theirs
    size = tape.hidden_TBD.shape[2]
    d_ih_IP = whole.inputs.reshape(tape.weights.weight_ih.shape[1], -1)
    rows = (array.reshape(-1, padded(size))[:, :size] for array in (whole.recurrent, whole.key, whole.query))
    d_hh_GD, d_key_AD, d_query_AD = (torch.from_numpy(np.ascontiguousarray(array)) for array in rows)
    bias_G = torch.from_numpy(whole.bias[: 4 * size])
    return Weights(
        weight_ih=torch.from_numpy(np.ascontiguousarray(d_ih_IP[:, : 4 * size].T)),
        weight_hh=d_hh_GD,
        bias_ih=bias_G,
        bias_hh=bias_G.clone(),
        weight_score=torch.from_numpy(whole.score),
        weight_key=d_key_AD,
        weight_query=d_query_AD,
    )
