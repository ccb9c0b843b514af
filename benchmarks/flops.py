"""How many floating-point operations of matrix products one update needs: counted, not measured.

A product of (m, k) with (k, n) counts 2·m·k·n. What is counted is what the method needs, not what a backend happens to
do: products by weights, scores, weighted sums of memories; forward once, backward once for each operand that gets a
gradient (inputs get none). Activations, the choice itself and the optimiser are left out.
"""

from __future__ import annotations

from benchmarks.shapes import Shape

Parts = dict[str, int]
"""Name of a product → operations of one update (forward and backward, whole batch)."""
COUNTED = (
    "2·m·k·n for each product by weights, for scores and for sums of memories, forward and backward;"
    " no activations, no choice, no optimiser"
)


def flops_of(kind: str, shape: Shape) -> Parts:
    """The products of one update.

    Args:
        kind: lstm, dense, or any other for SAB with its sparse backward pass.
        shape: Sizes.
    """
    cell = _cell(shape, recurrences=shape.T - 1, returns=shape.T - 1 if kind == "lstm" else _open_edges(shape))
    if kind == "lstm":
        return {**cell, "readout": 3 * 2 * shape.B * shape.T * shape.D * shape.classes}
    parts = {**cell, "readout": 3 * 2 * shape.B * shape.T * 2 * shape.D * shape.classes}
    return {**parts, **(_dense(shape) if kind == "dense" else _sparse(shape))}


def _cell(shape: Shape, recurrences: int, returns: int) -> Parts:
    """W_ih x for every step (twice: forward, and its weights' gradient); W_hh h, its weights, and the way back to h."""
    one = 2 * shape.B * 4 * shape.D
    return {
        "inputs": 2 * one * shape.inputs * shape.T,
        "recurrent": one * shape.D * (2 * recurrences + returns),
    }


def _open_edges(shape: Shape) -> int:
    """Steps over whose local edge gradient goes back."""
    return shape.T - 1 - sum((t + 1) % shape.k_trunc == 0 for t in range(1, shape.T))


def memories_at(shape: Shape, step: int) -> int:
    """Memories that `step` can read: the initial one, and one for every k_att steps before it."""
    return 1 + step // shape.k_att


def _sparse(shape: Shape) -> Parts:
    """Keys once a memory; scores of all memories forward, of at most k_top + 1 backward."""
    looked_at = [memories_at(shape, t) for t in range(shape.T)]
    chosen = sum(min(m, shape.k_top) for m in looked_at)
    columns = sum(min(m, shape.k_top + 1) for m in looked_at)
    written = memories_at(shape, shape.T - 1) - 1
    return {
        "queries": 3 * 2 * shape.B * shape.T * shape.D * shape.A,
        "keys": 3 * 2 * shape.B * written * shape.D * shape.A,
        "scores": 2 * shape.B * shape.A * (sum(looked_at) + 2 * columns),
        "summaries": 2 * shape.B * shape.D * (2 * chosen + columns),
    }


def _dense(shape: Shape) -> Parts:
    """Keys of all memories anew at every step, as autograd has it; everything comes back over all memories."""
    pairs = sum(memories_at(shape, t) for t in range(shape.T))
    return {
        "queries": 3 * 2 * shape.B * shape.T * shape.D * shape.A,
        "keys": 3 * 2 * shape.B * pairs * shape.D * shape.A,
        "scores": 3 * 2 * shape.B * pairs * shape.A,
        "summaries": 3 * 2 * shape.B * pairs * shape.D,
    }
