"""Events and snapshots that a bundle brings: frames of that very run, of a known kind, that no reader stumbles over.

Server, exports and page read what the store has without looking twice; so what does not come from a worker of our own
is looked at here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, TypeAdapter, ValidationError

from sab_visualiser.app.bundle.manifest import Manifest, refused
from sab_visualiser.app.store.blobs import SHA256
from sab_visualiser.app.wire.codec import FrameError, decode
from sab_visualiser.app.wire.columns import PackedAttention, PackedEdges, PathTree
from sab_visualiser.app.wire.errors import shorten
from sab_visualiser.app.wire.frames import RunEvent, SnapshotFrame
from sab_visualiser.app.wire.packing import FORMAT, unpack
from sab_visualiser.app.wire.trace import Trace
from sab_visualiser.app.wire.trace_json import trace_json
from sab_visualiser.model.contract import LARGEST_UPDATE, TASKS

KINDS = ("status", "metrics", "look", "parameters", "acknowledged", "checkpoint", "rewound")
MOST_STEPS = 10_000
"""Steps of a trace; no sequence that can be trained here has as many."""
MOST_PATH_STEPS = 2**22
"""Steps of all paths of a trace together."""
PER_STEP = ("inputs", "targets", "predictions", "loss_T", "gradient_norm")
_EVENT: TypeAdapter[Any] = TypeAdapter(Annotated[RunEvent, Field(discriminator="kind")])
_SNAPSHOT: TypeAdapter[Any] = TypeAdapter(SnapshotFrame)
_FIGURES = {"loss"} | {metric.name for facts in TASKS.values() for metric in facts.metrics}


def checked_event(frame: bytes, manifest: Manifest, place: int) -> dict[str, Any]:
    """The message of an event.

    Raises:
        UserError: It is no event of that run, or its columns do not fit each other.
    """
    where = f"event {place}"
    message = _message(frame, manifest, where, KINDS)
    if message["kind"] == "rewound":  # what was before it does not come along, and neither does it
        return message
    _fits(_EVENT, message, where)
    data = message["data"]
    if message["kind"] in ("metrics", "look"):
        lengths = {len(column) for name, column in _columns(data) if not name.startswith("verdict.")}
        if len(lengths) != 1 or (message["kind"] == "look" and lengths != {1}):
            raise refused(where, "columns of one length")
        if strange := sorted({*data.get("values", {}), *data.get("fresh", {})} - _FIGURES):
            raise refused(where, f"figures of our tasks, and not {shorten(strange[0])}")
        _updates(data["update"].tolist(), where)
    if message["kind"] == "checkpoint" and not SHA256.fullmatch(data["checkpoint"]):
        raise refused(where, "the sha256 of a checkpoint")
    return message


def checked_snapshot(frame: bytes, manifest: Manifest, place: int) -> dict[str, Any]:
    """The message of a snapshot.

    Raises:
        UserError: It is no snapshot of that run, or its trace cannot be shown.
    """
    where = f"snapshot {place}"
    message = _message(frame, manifest, where, ("snapshot",))
    _fits(_SNAPSHOT, message, where)
    try:
        packed = decode(message["trace"].tobytes())
        _bounded(packed)
        packed.pop("format")
        trace = Trace.model_validate(trace_json(unpack(packed)))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise refused(where, f"a trace that can be shown, and it is not: {_why(error)}") from None
    if trace.update != message["update"]:
        raise refused(where, f"the trace of update {message['update']}, and not of {trace.update}")
    return message


def _message(frame: bytes, manifest: Manifest, where: str, kinds: tuple[str, ...]) -> dict[str, Any]:
    try:
        message = decode(frame)
    except (FrameError, RecursionError) as error:
        raise refused(where, f"a frame of docs/protocol.md, and it is not: {_why(error)}") from None
    if message.get("kind") not in kinds:
        raise refused(f"{where} of kind {shorten(message.get('kind'))}", f"one of {', '.join(kinds)}")
    if message.get("run") != manifest.run or message.get("attempt") != manifest.attempt:
        whose = f"run {shorten(message.get('run'))}, attempt {shorten(message.get('attempt'))}"
        raise refused(f"{where} of {whose}", f"events of run {manifest.run}, attempt {manifest.attempt}")
    return message


def _fits(form: TypeAdapter[Any], message: dict[str, Any], where: str) -> None:
    try:
        form.validate_python(message)
    except (ValidationError, RecursionError) as error:
        raise refused(where, f"as docs/protocol.md says; {_why(error)}") from None
    _updates([message["update"]], where)


def _why(error: Exception) -> str:
    """The first thing that is wrong, in one line."""
    if isinstance(error, ValidationError):
        found = error.errors()[0]
        return f"{'.'.join(str(part) for part in found['loc'])}: {found['msg']}"
    return "it is nested too deep" if isinstance(error, RecursionError) else str(shorten(" ".join(str(error).split())))


def _updates(updates: list[int], where: str) -> None:
    if any(not 0 <= update <= LARGEST_UPDATE for update in updates):
        raise refused(where, f"updates from 0 to {LARGEST_UPDATE}")


def _columns(data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Columns, also those a level below, with their names."""
    for name, value in data.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{below}", column) for below, column in value.items())
        elif isinstance(value, np.ndarray | list):
            yield name, value


def _bounded(packed: dict[str, Any]) -> None:
    """Refuse columns whose numbers would lead a reader astray, or make it reserve more than the trace is long.

    Raises:
        ValueError: What does not fit.
    """
    steps, attention, edges = packed["steps"], packed["attention"], packed["edges"]
    if packed["format"] != FORMAT:
        raise ValueError(f"format {packed['format']}, this program reads {FORMAT}")
    if not isinstance(steps, int) or not 0 < steps <= MOST_STEPS:
        raise ValueError(f"steps = {steps}")
    PackedAttention.model_validate(attention)
    PackedEdges.model_validate(edges)
    counts, reads = attention["counts"], len(attention["source"])
    if len(counts) != steps or int(counts.sum(dtype=np.int64)) != reads:
        raise ValueError("attention: its columns do not fit its counts")
    rows = {name: column for name, column in attention.items() if name != "counts"}
    for table in (rows, edges["local"], edges["rest"], edges["credit"]):
        if isinstance(table, dict) and len({len(column) for column in table.values()}) > 1:
            raise ValueError(f"{', '.join(table)}: columns of unequal length")
    credit = edges["credit"]
    if len(credit) != reads if isinstance(credit, np.ndarray) else not _within(credit["at"], 0, reads):
        raise ValueError("edges.credit: of memories that were not read")
    for name, column in _columns({name: packed[name] for name in PER_STEP}):
        if len(column) != steps:
            raise ValueError(f"{name}: {len(column)} entries for {steps} steps")
    _check_paths(packed["paths"])
    for name, least, column in _places(packed):
        if not _within(column, least, steps):
            raise ValueError(f"{name}: a step beyond the sequence")


def _check_paths(paths: dict[str, Any]) -> None:
    PathTree.model_validate(paths)
    parents = paths["parent"].tolist()
    depths: list[int] = []
    for node, parent in enumerate(parents):
        # A parent stands before its children: else whoever follows a path would never arrive.
        if not -1 <= parent < node:
            raise ValueError("paths: not a tree")
        depths.append(1 if parent < 0 else depths[parent] + 1)
    if {len(paths["step"]), len(paths["kind"])} != {len(parents)} or not _within(paths["kind"], 0, 2):
        raise ValueError("paths: their columns do not fit each other")
    if not _within(paths["end"], 0, len(parents)):
        raise ValueError("paths: an end that is none")
    if sum(depths[end] for end in paths["end"].tolist()) > MOST_PATH_STEPS:
        raise ValueError("paths: too many steps in all")


def _within(column: NDArray[Any], least: int, end: int) -> bool:
    return len(column) == 0 or (least <= int(column.min()) and int(column.max()) < end)


def _places(packed: dict[str, Any]) -> Iterator[tuple[str, int, NDArray[Any]]]:
    """Columns that point at steps, each with the least that may stand in it."""
    edges = packed["edges"]
    yield "attention.source", -1, packed["attention"]["source"]
    yield "memories", -1, packed["memories"]
    yield "cuts", 0, packed["cuts"]
    yield "paths.step", 0, packed["paths"]["step"]
    yield "edges.local.reader", 1, edges["local"]["reader"]
    yield "edges.rest.reader", 0, edges["rest"]["reader"]
    yield "edges.rest.source", 0, edges["rest"]["source"]
