"""What one question to a network brings back: the trace with its edges and paths, and the self-check."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from sab_visualiser.model.contract import DEFAULT_SHARE, Cuts

Value = int | float | list[float] | None
"""A symbol's number, a real value, or several of them at one step; null where there is none."""


class Attention(BaseModel):
    """Chosen memories, one entry per (reader, source); source −1 is the empty initial memory."""

    reader: list[int]
    source: list[int]
    weight: list[float | None]
    score: list[float | None] = []


class Edge(BaseModel):
    """One edge that carries gradient from reader back to source; credit is a norm (spec section 4)."""

    kind: Literal["skip", "local"]
    reader: int
    source: int
    credit: float | None
    credit_hidden: float | None = None
    credit_cell: float | None = None
    weight: float | None = None
    chosen: bool = True


class Path(BaseModel):
    """A chain of edges from the loss step back; strength is its smallest credit."""

    steps: list[int]
    kinds: list[Literal["skip", "local"]]
    strength: float | None


class TraceTask(BaseModel):
    """The task a trace was taken on; `symbols` are the display names of its numbers.

    Of a data set: its name, the seed of the order in which pixels are read (null: row by row), and rows, columns and
    channels of an image.
    """

    name: str = ""
    T: int = 0
    items: int | None = None
    kind: Literal["classes", "values"] = "classes"
    steps: int = 0
    symbols: list[str] = []
    default_loss_step: int | None = None
    data: str = ""
    permuted: int | None = None
    shape: list[int] = []


class TraceParameters(BaseModel):
    """The knobs of the pass that a trace shows; k_trunc = 0 means no cut."""

    method: Literal["sab", "tbptt", "bptt", "attention"] = "sab"
    k_top: int
    k_trunc: int
    k_att: int
    normalizer: Literal["shift", "softmax"] = "shift"
    variant: Literal["paper", "release"] = "paper"
    initial_memory: bool = True
    phase: int = 0
    cuts: Cuts = "blocks"


class Trace(BaseModel):
    """What one probe leaves behind; snapshots have the same shape (contract section 2)."""

    run: str | None = None
    preset: str | None = None
    checkpoint: str | None = None
    update: int
    example: int
    loss_step: int | None
    task: TraceTask = TraceTask()
    parameters: TraceParameters
    steps: int
    inputs: list[Value]
    targets: list[Value]
    predictions: list[Value]
    loss_T: list[float | None]
    loss: float | None = None
    true_sources: dict[str, list[int]]
    memories: list[int]
    cuts: list[int]
    attention: Attention
    gradient_norm: dict[str, list[float | None]]
    gradient_norm_cell: dict[str, list[float | None]] = {}
    edges: list[Edge]
    paths: list[Path]
    paths_hidden: int = 0
    share: float = DEFAULT_SHARE
    skip_credit: float | None = None
    reach: dict[str, list[tuple[int, int]]]
    hits: dict[str, bool | None] = {}
    hit_rate: float | None = None
    knocked_out: list[tuple[int, int]] = []
    metrics: dict[str, float | None] = {}
    nonfinite: int = 0


class BatchHits(BaseModel):
    """The hit rate over a whole batch (spec section 6): of the readers that could have had one."""

    examples: int
    readers: int
    hits: int
    hit_rate: float | None
    update: int
    run: str | None = None
    preset: str | None = None
    checkpoint: str | None = None


class Identity(BaseModel):
    """One identity of the specification, and how far the weights at hand are from it; null: not a finite number."""

    name: str
    statement: str
    difference: float | None
    tolerance: float
    holds: bool


class SelfCheck(BaseModel):
    """The identities of spec section 3, measured in float64 on one network."""

    identities: list[Identity]
    update: int
    holds: bool
    run: str | None = None
    preset: str | None = None
    checkpoint: str | None = None
