"""What the kernels take: arrays by name, so that two of one type cannot change places.

Letters: T steps, S steps that are kept (T, or 2 where nobody goes back), B examples, I inputs, D hidden units, P = 4D
padded to whole vectors, M memories, A attention units, E columns. Floats are float32, indices int32, all C-contiguous.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sab_visualiser.model.passes.fused.kernels.compiled import Floats, Ints
from sab_visualiser.model.passes.fused.kernels.tiles import Packed


class ForwardPlan(NamedTuple):
    """What is settled before a forward pass.

    Attributes:
        k_top: Memories chosen per step, ≥ 0.
        shift: The paper's normaliser; else softmax.
        initial: 1 when memory 0 is the all-zero one.
        memory_of_step: (T) where the step's state is written as a memory; −1 for nowhere.
        gone: (T, M) knocked-out memories of each reader, or (0, 0) for none.
    """

    k_top: int
    shift: bool
    initial: int
    memory_of_step: Ints
    gone: NDArray[np.bool_]


class BackwardPlan(NamedTuple):
    """What is settled before a backward pass.

    Attributes:
        skip_edges: False makes every memory a constant when it is read.
        shift: The paper's normaliser; else softmax.
        counts: (T) columns of each step.
        cut: (T) True where the local edge into the step before is cut.
        memory_of_step: As in `ForwardPlan`.
    """

    skip_edges: bool
    shift: bool
    counts: Ints
    cut: NDArray[np.bool_]
    memory_of_step: Ints


class ForwardWeights(NamedTuple):
    """The layer's parameters as the forward pass reads them.

    Attributes:
        bias: (P) b_ih + b_hh.
        columns: (I, P) for each symbol what it adds to the gates, b_ih + b_hh with it; (0, P) where inputs are numbers.
        inputs: W_ihᵀ (I, 4D), of no use for symbols; recurrent W_hhᵀ, key W_kᵀ and query W_qᵀ likewise.
        score: (A) w_s.
    """

    bias: Floats
    columns: Floats
    inputs: Packed
    recurrent: Packed
    key: Packed
    query: Packed
    score: Floats


class BackwardWeights(NamedTuple):
    """The layer's parameters as the backward pass reads them.

    Attributes:
        recurrent: W_hh (4D, D); key W_k (A, D) and query W_q (A, D) likewise.
        score: (A) w_s.
        key_rows: W_k (A, D) as it is, for observers.
    """

    recurrent: Packed
    key: Packed
    query: Packed
    score: Floats
    key_rows: Floats


class PassArrays(NamedTuple):
    """What a forward pass reads and leaves, and a backward pass goes back over.

    Where S is less than T, step t stands in row t mod S.

    Attributes:
        inputs: (T, B, I) numbers; (T, B, 0) where symbols are read.
        symbols: (T, B) from 0 to I − 1; (0, B) where numbers are read.
        first_hidden: (B, D) h before step 0; (0, D) where the sequence begins with the zero state.
        first_cell: (B, D) c before step 0.
        gates: (S, B, P) activated gates i f g o.
        cell: (S, B, D) c.
        hidden: (T, B, D) h; summary likewise s.
        memories: (B, M, D); keys (B, M, A) what scores see of them. Memory 0 is zero where there is an initial one.
        queries: (S, B, A) what scores see of the provisional states.
        columns: (S, B, E) memories that the step looked at, chosen first; values their scores; weights theirs.
        total: (S, B) Σr + ε; delta (S, B) the column whose score set δ.
    """

    inputs: Floats
    symbols: Ints
    first_hidden: Floats
    first_cell: Floats
    gates: Floats
    cell: Floats
    hidden: Floats
    summary: Floats
    memories: Floats
    keys: Floats
    queries: Floats
    columns: Ints
    values: Floats
    weights: Floats
    total: Floats
    delta: Ints


class StateGradients(NamedTuple):
    """Gradients on states: three that come from what follows, and five that the backward pass fills.

    Attributes:
        last_cell: (B, D) ∂L/∂c of the last step from what follows the sequence; (0, D) for nothing.
        hidden: (T, B, D) ∂L/∂h as the read-out sees it; summary likewise for s.
        memories: (B, M, D) and keys (B, M, A): room for what readers sent, set to zero by the kernel.
        gates: (T, B, P) receives ∂L/∂gates before activation; (0, B, P) when nobody asks for it.
        first_hidden: (B, D) receives ∂L/∂h before step 0; first_cell likewise. (0, D) where the sequence began with
            the zero state.
    """

    last_cell: Floats
    hidden: Floats
    summary: Floats
    memories: Floats
    keys: Floats
    gates: Floats
    first_hidden: Floats
    first_cell: Floats


class WeightSums(NamedTuple):
    """Gradients on the weights from one part of a batch: flat, zeros on entry; all empty when nobody asks for them.

    Attributes:
        inputs: (I·P) for W_ihᵀ; bias (P); recurrent (4D · padded D) for W_hh.
        key: (A · padded D) for W_k; query likewise for W_q; score (A) for w_s.
    """

    inputs: Floats
    bias: Floats
    recurrent: Floats
    key: Floats
    query: Floats
    score: Floats


class SeenArrays(NamedTuple):
    """Vectors for an observer; all of length 0 when nobody watches.

    Attributes:
        hidden: (T, B, D) the whole ∂L/∂h; cell likewise for c; own the part of it that came through h of that step.
        local_hidden: (T, B, D) what the local edge brings to h of the step before; local_cell likewise to c.
        skip: (T, B, E, D) what each skip edge brings to its source.
    """

    hidden: Floats
    cell: Floats
    own: Floats
    local_hidden: Floats
    local_cell: Floats
    skip: Floats


class CellRow(NamedTuple):
    """One step of one example: activated gates i f g o, c and the c before."""

    gates: Floats
    cell: Floats
    before: Floats


class CellGradientRow(NamedTuple):
    """Gradients around the cell of one step of one example.

    Attributes:
        provisional: ∂L/∂ĥ, read.
        cell: What the local edge brings to c on entry, the whole of ∂L/∂c afterwards; own the part through ĥ.
        gates: Receives ∂L/∂gates before activation.
        state: Receives ĥ itself, computed anew.
    """

    provisional: Floats
    cell: Floats
    own: Floats
    gates: Floats
    state: Floats


class Reader(NamedTuple):
    """What one step of one example scores all memories with: its query, and w_s."""

    query: Floats
    score: Floats


class ReaderGradient(NamedTuple):
    """Where a reader's scores send gradient: ∂L/∂query and ∂L/∂w_s grow, `one_key` receives what one key gets."""

    query: Floats
    score: Floats
    one_key: Floats


class Halves(NamedTuple):
    """One array for h and one for s, (N, D)."""

    hidden: Floats
    summary: Floats


class ReadoutHalves(NamedTuple):
    """The two halves of the read-out's matrix, V_h and V_s, or their transposes."""

    hidden: Packed
    summary: Packed


class ReadoutSums(NamedTuple):
    """Gradients on the read-out from one part of the rows: (C·D) for each half of V, (C) for b; zeros on entry."""

    hidden: Floats
    summary: Floats
    bias: Floats
