"""What the kernels are given, by name: sizes that are settled when they are compiled, pointers, and plain integers.

Every array is contiguous. States and cells have T + 1 rows: row 0 is what the sequence began with, row t + 1 is step t.
A memory is a row of the states: memory m lies in row (m + 1 − i)·k_att, where i = 1 if the empty memory stands first.
The empty memory itself is nowhere; it is read as zeros.
"""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor


class Sizes(NamedTuple):
    """Constants of the compiled code; another value of any compiles another kernel.

    Attributes:
        hidden: D; hidden_pad the power of two it is rounded up to, at least 16.
        attention: A; attention_pad likewise.
        slots: Power of two that holds the chosen memories and δ's.
        rows: Examples of a tile, a power of two. From 16 on products are made by `tl.dot`.
        depth: Terms of a product that are read at once.
        memories: Memories that are scored at once.
        shift: Normaliser `shift`, else `softmax`.
        initial: 1 where the empty memory stands first.
        reads: Whether there is any memory to read.
        resident: Whether W_hh is loaded once and held in registers, else streamed at every step.
        gone: Whether a table of knocked-out edges is given.
        skip: Whether memories carry gradient back.
        watched: Whether what an observer asks for is stored.
    """

    hidden: int
    hidden_pad: int
    attention: int
    attention_pad: int
    slots: int
    rows: int
    depth: int
    memories: int
    shift: bool
    initial: int
    reads: bool
    resident: bool = False
    gone: bool = False
    skip: bool = True
    watched: bool = False


class Plan(NamedTuple):
    """Integers of one walk; `first_cut` and `period`: a cut on entering every step first_cut + n·period."""

    steps: int
    batch: int
    memories: int
    columns: int
    k_top: int
    k_att: int
    first_cut: int
    period: int


class Walk(NamedTuple):
    """What the forward walk leaves and the backward walk reads.

    Attributes:
        gates: (T, B, 4D); W_ih x + b on entry, activated gates i f g o on return.
        cells: (T + 1, B, D); row 0 is read.
        states: (T + 1, B, D); row 0 is read.
        summary: (T, B, D).
        queries: (T, B, A).
        keys: (B, M, A).
        columns: (T, B, C) int32, memories read, best first, δ's last; zeros on entry.
        scores: (T, B, C) their scores; `values` would be a name of Triton's own tuples.
        weights: (T, B, C) attention weights; zeros on entry.
        total: (T, B) Σr + ε.
        delta: (T, B) int32, column whose score set δ.
        gone: (T, M) uint8, 1 where the edge is knocked out; of no length where none is.
    """

    gates: Tensor
    cells: Tensor
    states: Tensor
    summary: Tensor
    queries: Tensor
    keys: Tensor
    columns: Tensor
    scores: Tensor
    weights: Tensor
    total: Tensor
    delta: Tensor
    gone: Tensor


class ForwardWeights(NamedTuple):
    """Turned, so that neighbouring threads read neighbouring numbers: (D, 4D), (D, A), (D, A); and (A)."""

    recurrent: Tensor
    query: Tensor
    key: Tensor
    score: Tensor


class BackwardWeights(NamedTuple):
    """As the layer has them: (4D, D), (A, D), (A, D); and (A)."""

    recurrent: Tensor
    query: Tensor
    key: Tensor
    score: Tensor


class Flows(NamedTuple):
    """Gradients: what comes in, and what the backward walk leaves.

    Attributes:
        hidden: (T, B, D) ∂L/∂h from the read-out, read.
        summary: (T, B, D) ∂L/∂s from the read-out, read.
        cell: (B, D) what reaches c of the last step on entry; ∂L/∂c before step 0 on return.
        gates: (T, B, 4D) before activation.
        memories: (M, B, D) over the value path; zeros on entry.
        keys: (M, B, A) zeros on entry.
        queries: (T, B, A) zeros on entry.
        score: (programs, A) shares of ∂L/∂w_s.
        seen_hidden: (T, B, D) the whole of ∂L/∂h, for an observer; of no length without one, as the next two.
        seen_cell: (T, B, D) the whole of ∂L/∂c.
        seen_keys: (T, B, C, A) what each skip edge brings to the key of its memory; zeros on entry.
    """

    hidden: Tensor
    summary: Tensor
    cell: Tensor
    gates: Tensor
    memories: Tensor
    keys: Tensor
    queries: Tensor
    score: Tensor
    seen_hidden: Tensor
    seen_cell: Tensor
    seen_keys: Tensor
