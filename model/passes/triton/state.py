"""What a forward walk leaves for the backward walk, and what a backward walk tells an observer."""

from __future__ import annotations

from typing import NamedTuple

from sab_visualiser.model.passes.tape import Observer, StepGradient, Tape
from sab_visualiser.model.passes.triton.kernels.arrays import Flows, Plan, Sizes, Walk
from sab_visualiser.model.passes.triton.tiles import Tiles


class Left(NamedTuple):
    """Arrays, sizes and plan of a forward walk; the tape's tensors are views of the same memory."""

    walk: Walk
    sizes: Sizes
    plan: Plan
    tiles: Tiles


def evenly_spaced(cuts: tuple[int, ...], steps: int) -> tuple[int, int]:
    """The first cut and the steps between cuts; a first cut at `steps` is none.

    Raises:
        ValueError: The cuts are not evenly spaced up to the end of the sequence.
    """
    if not cuts:
        return steps, 1
    period = cuts[1] - cuts[0] if len(cuts) > 1 else steps
    if cuts != tuple(range(cuts[0], steps, max(period, 1))):
        raise ValueError(f"cuts = {cuts}: must be evenly spaced up to the last of {steps} steps; use backend 'torch'")
    return cuts[0], period


def tell(observer: Observer, tape: Tape, flows: Flows, cuts: tuple[int, ...], *, skip_edges: bool) -> None:
    """Replay the steps to the observer, last first; what the walk did not store follows from what it did."""
    weights = tape.weights
    assert weights.weight_key is not None
    assert weights.weight_query is not None
    size = tape.hidden_TBD.shape[2]
    for t in reversed(range(tape.hidden_TBD.shape[0])):
        whole_BD, open_edge = flows.seen_hidden[t], t > 0 and t not in cuts
        forget_BD, output_BD = tape.gates_TB4D[t][:, size : 2 * size], tape.gates_TB4D[t][:, 3 * size :]
        places_BE, choice = tape.places(t), tape.choices[t]
        skip_BED = None
        if choice is not None and skip_edges:
            d_read_BD = whole_BD + flows.summary[t]
            skip_BED = flows.seen_keys[t][:, : choice.weights_BE.shape[1]] @ weights.weight_key
            skip_BED = skip_BED.add_(choice.weights_BE.unsqueeze(2) * d_read_BD.unsqueeze(1))
        d_provisional_BD = whole_BD + flows.queries[t] @ weights.weight_query
        slope_BD = output_BD * (1 - tape.cell_TBD[t].tanh().square())
        observer(
            StepGradient(
                step=t,
                hidden_BD=whole_BD,
                cell_BD=flows.seen_cell[t],
                own_cell_BD=d_provisional_BD * slope_BD,
                local_hidden_BD=flows.gates[t] @ weights.weight_hh if open_edge else None,
                local_cell_BD=flows.seen_cell[t] * forget_BD if open_edge else None,
                skip_BED=skip_BED,
                places_BE=places_BE,
            )
        )
