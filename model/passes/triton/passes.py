"""Backend "triton": makes room, launches one walk for all steps, and multiplies afterwards what the walk has left.

What the forward pass leaves is a `Tape` like any other. The large products around the walks (W_ih x before, gradients
of matrices after) are torch's, which are good at them.
"""

from __future__ import annotations

import torch
from torch import Tensor

from sab_visualiser.model.config import Rule
from sab_visualiser.model.passes.choices import Stored, StoredChoices, column_counts
from sab_visualiser.model.passes.plain.cell import symbol_gradients
from sab_visualiser.model.passes.plain.passes import read_in
from sab_visualiser.model.passes.tape import Gradients, Knobs, KnockedOut, Observer, State, Tape, Weights
from sab_visualiser.model.passes.triton.kernels import arrays as by_name
from sab_visualiser.model.passes.triton.kernels.backward import backward_walk
from sab_visualiser.model.passes.triton.kernels.forward import forward_walk
from sab_visualiser.model.passes.triton.state import Left, evenly_spaced, tell
from sab_visualiser.model.passes.triton.tiles import Tiles, power_of_two, tiles_for

NAME = "triton"


@torch.no_grad()
def forward_pass(
    weights: Weights,
    inputs: Tensor,
    knobs: Knobs,
    phase: int = 0,
    knocked_out: KnockedOut | None = None,
    *,
    state: State | None = None,
    tiles: Tiles | None = None,
) -> Tape:
    """As `sab_visualiser.model.passes.plain.passes.forward_pass`, for float32 and the paper's variant.

    Args:
        weights: The layer's parameters.
        inputs: Numbers (B, T, I), or symbols (B, T).
        knobs: In force for this pass.
        phase: Shifts the cuts.
        knocked_out: Skip edges without weight.
        state: h and c before step 0; None for zeros.
        tiles: How the batch is cut; None for what suits the device.
    """
    assert weights.weight_key is not None
    assert weights.weight_query is not None
    (batch, steps), seen = inputs.shape[:2], inputs.transpose(0, 1).contiguous()
    memory_steps = knobs.memory_steps(steps)
    memories = memory_steps if knobs.k_top > 0 else ()
    initial = None if state is None else state.detached()
    walk = _room(weights, read_in(weights, seen), knobs, memories, _gone(knocked_out, memories, seen))
    if initial is not None:
        walk.states[0], walk.cells[0] = initial
    tiles = tiles or tiles_for(batch, walk.states.shape[2], walk.queries.shape[2], _processors(inputs.device))
    sizes, plan = _sizes(walk, knobs, tiles), _plan(walk, knobs)
    parameters = by_name.ForwardWeights(
        recurrent=weights.weight_hh.t().contiguous(),
        query=weights.weight_query.t().contiguous(),
        key=weights.weight_key.t().contiguous(),
        score=weights.weight_score.contiguous(),
    )
    forward_walk[(-(-batch // tiles.rows),)](walk, parameters, plan, sizes, num_warps=tiles.warps, num_stages=1)
    stored = Stored(walk.columns, walk.scores, walk.weights, walk.total, walk.delta)
    return Tape(
        weights=Weights(*(None if w is None else w.detach() for w in weights)),  # type: ignore[arg-type]
        knobs=knobs,
        phase=phase,
        inputs_TBI=seen if seen.dim() == 3 else None,
        symbols_TB=None if seen.dim() == 3 else seen,
        gates_TB4D=walk.gates,
        cell_TBD=walk.cells[1:],
        hidden_TBD=walk.states[1:],
        summary_TBD=walk.summary,
        memories_BMD=_memories(walk, knobs, initial),
        keys_BMA=walk.keys,
        queries_TBA=walk.queries,
        memory_steps=memory_steps,
        cuts=knobs.cuts(steps, phase),
        choices=StoredChoices(stored, column_counts(knobs, memories, steps).tolist(), knobs, len(memories)),
        backend=NAME,
        initial=initial,
        state=Left(walk, sizes, plan, tiles),
    )


def _room(
    weights: Weights, gates_TBG: Tensor, knobs: Knobs, memories: tuple[int, ...], gone_TM: Tensor
) -> by_name.Walk:
    """All that the forward walk fills; zeros where it may leave something out."""
    (steps, batch), size = gates_TBG.shape[:2], weights.weight_hh.shape[1]
    width, count = weights.weight_score.shape[0], len(memories)
    columns = (steps, batch, min(knobs.k_top + (knobs.normalizer == "shift"), count))
    states, cells = gates_TBG.new_empty(steps + 1, batch, size), gates_TBG.new_empty(steps + 1, batch, size)
    states[0], cells[0] = 0, 0
    keys = gates_TBG.new_empty(batch, count, width)
    keys[:, :1] = 0  # the empty memory's is never written
    return by_name.Walk(
        gates=gates_TBG,
        cells=cells,
        states=states,
        summary=gates_TBG.new_zeros(steps, batch, size),
        queries=gates_TBG.new_zeros(steps, batch, width),
        keys=keys,
        columns=gates_TBG.new_zeros(columns, dtype=torch.int32),
        scores=gates_TBG.new_zeros(columns),
        weights=gates_TBG.new_zeros(columns),
        total=gates_TBG.new_zeros(columns[:2]),
        delta=gates_TBG.new_zeros(columns[:2], dtype=torch.int32),
        gone=gone_TM,
    )


def _gone(knocked_out: KnockedOut | None, memories: tuple[int, ...], seen: Tensor) -> Tensor:
    """(T, M) 1 where the skip edge is knocked out; of no length where none is."""
    if not knocked_out or not memories:
        return torch.zeros(0, dtype=torch.uint8, device=seen.device)
    rows = [[source in knocked_out.get(t, ()) for source in memories] for t in range(len(seen))]
    return torch.tensor(rows, dtype=torch.uint8, device=seen.device)


def _sizes(walk: by_name.Walk, knobs: Knobs, tiles: Tiles) -> by_name.Sizes:
    size, (_, memories, width) = walk.states.shape[2], walk.keys.shape
    return by_name.Sizes(
        hidden=size,
        hidden_pad=power_of_two(size, 16),
        attention=width,
        attention_pad=power_of_two(width, 16),
        slots=power_of_two(walk.columns.shape[2]),
        rows=tiles.rows,
        depth=tiles.depth,
        memories=tiles.memories,
        shift=knobs.normalizer == "shift",
        initial=int(knobs.initial_memory and memories > 0),
        reads=memories > 0,
        resident=tiles.resident,
        gone=walk.gone.numel() > 0,
    )


def _plan(walk: by_name.Walk, knobs: Knobs) -> by_name.Plan:
    steps, batch, columns = walk.columns.shape
    # More than all memories is all of them; so also the method "attention" fits into an integer of the device.
    k_top = min(knobs.k_top, walk.keys.shape[1])
    return by_name.Plan(steps, batch, walk.keys.shape[1], columns, k_top, knobs.k_att, first_cut=steps, period=1)


def _memories(walk: by_name.Walk, knobs: Knobs, initial: State | None) -> Tensor:
    """All memories, (B, M, D): rows of the states, seen as such where no state stands in the empty memory's place."""
    count, every = walk.keys.shape[1], knobs.k_att
    if count == 0:
        return walk.keys.new_zeros(walk.keys.shape[0], 0, walk.states.shape[2])
    if not knobs.initial_memory:
        return walk.states[every::every][:count].transpose(0, 1)
    if initial is None:
        return walk.states[::every][:count].transpose(0, 1)
    return torch.cat((torch.zeros_like(walk.states[:1]), walk.states[every::every][: count - 1])).transpose(0, 1)


def _processors(device: torch.device) -> int:
    """Processors of a device; a CPU, where only tests run, counts as one."""
    return torch.cuda.get_device_properties(device).multi_processor_count if device.type == "cuda" else 1


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
    """As in passes/plain/passes.py, over a tape that `forward_pass` of this module left."""
    left = tape.state
    assert isinstance(left, Left), "another backend wrote this tape"
    walk, skip_edges = left.walk, rule in ("sab", "full")
    cuts = tape.cuts if rule in ("sab", "truncated") else ()
    first_cut, period = evenly_spaced(cuts, left.plan.steps)
    plan = left.plan._replace(first_cut=first_cut, period=period)
    sizes = left.sizes._replace(skip=skip_edges, watched=observer is not None)
    programs = -(-plan.batch // left.tiles.rows)
    flows = _flows(walk, d_hidden_BTD, d_summary_BTD, programs, watched=observer is not None)
    if d_last_cell_BD is not None:
        flows.cell.copy_(d_last_cell_BD)
    weights = tape.weights
    assert weights.weight_key is not None
    assert weights.weight_query is not None
    matrices = (weights.weight_hh, weights.weight_query, weights.weight_key, weights.weight_score)
    parameters = by_name.BackwardWeights(*(w.contiguous() for w in matrices))
    backward_walk[(programs,)](
        walk, flows, parameters, plan, float(sum_floor), sizes, num_warps=left.tiles.warps, num_stages=1
    )
    if observer is not None:
        tell(observer, tape, flows, cuts, skip_edges=skip_edges)
    initial = None if tape.initial is None else State(flows.gates[0] @ weights.weight_hh, flows.cell)
    return Gradients(flows.gates, weights.weight_ih, _collect(tape, walk, flows), initial)


def _flows(
    walk: by_name.Walk, d_hidden_BTD: Tensor, d_summary_BTD: Tensor, programs: int, *, watched: bool
) -> by_name.Flows:
    """What comes in from the read-out, step first, and room for what is gathered."""
    (batch, memories, width), (_, _, size) = walk.keys.shape, walk.states.shape
    none, empty = walk.states.new_empty(0), walk.states.new_empty
    return by_name.Flows(
        hidden=d_hidden_BTD.transpose(0, 1).contiguous(),
        summary=d_summary_BTD.transpose(0, 1).contiguous(),
        cell=walk.states.new_zeros(batch, size),
        gates=torch.empty_like(walk.gates),
        memories=walk.states.new_zeros(memories, batch, size),
        keys=walk.states.new_zeros(memories, batch, width),
        queries=torch.zeros_like(walk.queries),
        score=empty(programs, width),
        seen_hidden=torch.empty_like(walk.summary) if watched else none,
        seen_cell=torch.empty_like(walk.summary) if watched else none,
        seen_keys=walk.states.new_zeros(*walk.columns.shape, width) if watched else none,
    )


def _collect(tape: Tape, walk: by_name.Walk, flows: by_name.Flows) -> Weights:
    """Gradients on the weights, each as one large product over all steps, on states where they lie."""
    d_gates_NG = flows.gates.flatten(0, 1)
    if tape.symbols_TB is not None:
        d_ih = symbol_gradients(flows.gates, tape.symbols_TB, tape.weights.weight_ih.shape[1])
    else:
        assert tape.inputs_TBI is not None
        d_ih = d_gates_NG.t() @ tape.inputs_TBI.flatten(0, 1)
    d_bias, size, empty = d_gates_NG.sum(0), walk.states.shape[2], int(tape.knobs.initial_memory)
    provisional_TBD = walk.gates[:, :, 3 * size :] * tape.cell_TBD.tanh()
    every = tape.knobs.k_att
    written_MBD = walk.states[every::every][: max(len(flows.keys) - empty, 0)]  # the empty memory has no gradient
    return Weights(
        weight_ih=d_ih,
        weight_hh=d_gates_NG.t() @ walk.states[:-1].flatten(0, 1),
        bias_ih=d_bias,
        bias_hh=d_bias.clone(),
        weight_score=flows.score.sum(0),
        weight_key=flows.keys[empty:].flatten(0, 1).t() @ written_MBD.flatten(0, 1),
        weight_query=flows.queries.flatten(0, 1).t() @ provisional_TBD.flatten(0, 1),
    )
