"""A trace as a record of arrays and plain values, and that record packed, as it travels (docs/protocol.md).

packing.py turns one into the other; trace_json.py makes the form of the API from the record.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, NotRequired, TypedDict

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, Strict
from pydantic_core import CoreSchema, core_schema

from sab_visualiser.app.wire.codec import DTYPES
from sab_visualiser.app.wire.trace import TraceParameters, TraceTask, Value

Array = NDArray[Any]


class Column:
    """A typed array of the codec; the subclasses name its type."""

    dtype: ClassVar[str]

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(cls._checked)

    @classmethod
    def _checked(cls, value: Any) -> Any:
        if not isinstance(value, np.ndarray) or value.ndim != 1 or value.dtype != np.dtype(DTYPES[cls.dtype]):
            raise ValueError(f"a column of {cls.dtype} belongs here")
        return value


class U8(Column):
    """Whole numbers up to 255, also flags."""

    dtype = "u8"


class U16(Column):
    """Steps."""

    dtype = "u16"


class I16(Column):
    """Sources; −1 is the empty initial memory."""

    dtype = "i16"


class I32(Column):
    """Updates and places."""

    dtype = "i32"


class F32(Column):
    """Real numbers, non-finite ones too."""

    dtype = "f32"


Span = Annotated[tuple[int, int], Strict(False)]
"""First and last step of an interval, or reader and source of an edge; JSON has no tuples."""


class Part(BaseModel):
    """Base of all that is in a frame: nothing more, nothing less."""

    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=True)


class _AnyTrace(Part):
    """What of a trace is the same packed or not."""

    update: int
    example: int
    loss_step: int | None
    task: TraceTask
    parameters: TraceParameters
    steps: int
    inputs: list[Value]
    targets: list[Value]
    predictions: list[Value]
    loss_T: F32
    loss: float | None
    metrics: dict[str, float | None]
    true_sources: dict[str, list[int]]
    memories: I16
    cuts: U16
    gradient_norm: dict[str, F32]
    gradient_norm_cell: dict[str, F32]
    paths_hidden: int
    share: float
    skip_credit: float | None
    reach: dict[str, list[Span]]
    hits: dict[str, bool | None]
    hit_rate: float | None
    knocked_out: list[Span]
    nonfinite: int


class PackedAttention(Part):
    """Chosen memories in order of readers: how many each step reads, and which."""

    counts: U16
    source: I16
    weight: F32
    score: F32


class SparseCredit(Part):
    """Credits of a few chosen memories, by their place in the attention."""

    at: I32
    value: F32


class LocalEdges(Part):
    """Local edges; the source is the step before the reader."""

    reader: U16
    credit: F32
    credit_hidden: F32
    credit_cell: F32


class OtherEdges(Part):
    """Skip edges over memories that were not chosen."""

    reader: U16
    source: U16
    credit: F32
    weight: F32
    chosen: U8


class PackedEdges(Part):
    """Edges without what the attention says already; a credit for each chosen memory (0: no edge), or a few of them."""

    credit: F32 | SparseCredit
    local: LocalEdges
    rest: OtherEdges


class PathTree(Part):
    """Paths as a tree of steps: each node names its parent (−1: none), each path its last node."""

    parent: I32
    step: U16
    kind: U8
    end: I32
    strength: F32


class PackedTrace(_AnyTrace):
    """A trace as it travels (packing.py); `format` tells readers what to expect."""

    format: int
    attention: PackedAttention
    edges: PackedEdges
    paths: PathTree


class EdgeColumns(TypedDict):
    """Edges of rule sab; kind 0 is local, 1 is skip."""

    kind: Array
    reader: Array
    source: Array
    credit: Array
    credit_hidden: Array
    credit_cell: Array
    weight: Array
    chosen: Array


class AttentionColumns(TypedDict):
    """Chosen memories, one entry per (reader, source), in order of readers."""

    reader: Array
    source: Array
    weight: Array
    score: Array


class PathRecord(TypedDict):
    """A chain of edges from the loss step back."""

    steps: list[int]
    kinds: list[str]
    strength: float | None


class TraceRecord(TypedDict):
    """The one record of a trace: what leaves app/worker/record.py, and what is read back from its bytes."""

    update: int
    example: int
    loss_step: int | None
    task: dict[str, Any]
    parameters: dict[str, Any]
    steps: int
    inputs: list[Any]
    targets: list[Any]
    predictions: list[Any]
    loss_T: Array
    loss: float | None
    metrics: dict[str, float | None]
    true_sources: dict[str, list[int]]
    memories: Array
    cuts: Array
    gradient_norm: dict[str, Array]
    gradient_norm_cell: dict[str, Array]
    paths_hidden: int
    share: float
    skip_credit: float | None
    reach: dict[str, list[list[int]]]
    hits: dict[str, bool | None]
    hit_rate: float | None
    knocked_out: list[list[int]]
    nonfinite: int
    attention: AttentionColumns
    edges: EdgeColumns
    paths: list[PathRecord]
    run: NotRequired[str | None]
    preset: NotRequired[str | None]
    checkpoint: NotRequired[str | None]
