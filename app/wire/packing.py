"""A trace as bytes: packed once by the worker that took it, passed on as they are, unpacked where numbers are wanted.

What can be derived is left out, nothing is rounded: readers of attention become counts; a skip edge over a chosen
memory is one credit beside its weight; a local edge has no source of its own; paths share their beginnings in one tree.
So a trace of 200 steps stays below 32 kB. static/js/wire/packing.js unpacks the same bytes in the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from sab_visualiser.app.wire.codec import decode, encode
from sab_visualiser.app.wire.columns import AttentionColumns, EdgeColumns, PathRecord, TraceRecord

FORMAT = 2
"""Of the packed trace; 1 is that of version 0.1, whose snapshots hold the trace beside the head of their frame."""
KIND_NAMES = ("local", "skip")


@dataclass(frozen=True)
class SentTrace:
    """A trace as the bytes that came from a worker, and which network it is of.

    Attributes:
        content: A frame of codec.py that holds the packed trace.
        run: Id of a run, or None; `preset` and `checkpoint` likewise.
    """

    content: bytes
    run: str | None = None
    preset: str | None = None
    checkpoint: str | None = None

    def record(self) -> TraceRecord:
        """The numbers, said to be of that network."""
        return {**from_bytes(self.content), "run": self.run, "preset": self.preset, "checkpoint": self.checkpoint}

    def frame(self) -> bytes:
        """What a page gets that asks for bytes."""
        of = {"run": self.run, "preset": self.preset, "checkpoint": self.checkpoint}
        return encode({"kind": "trace", **of, "trace": as_array(self.content)})


def to_bytes(record: TraceRecord) -> bytes:
    """The trace packed, in one frame."""
    return encode({"format": FORMAT, **pack(record)})


def from_bytes(content: bytes) -> TraceRecord:
    """The record as it was, to the bit."""
    message = decode(content)
    message.pop("format")
    return unpack(message)


def as_array(content: bytes) -> NDArray[np.uint8]:
    """Bytes as an array of the codec, so that they travel inside another frame."""
    return np.frombuffer(content, np.uint8)


def snapshot_content(message: Mapping[str, Any]) -> bytes:
    """The bytes of the trace in a snapshot frame; those of version 0.1 are packed anew."""
    if "trace" in message:
        return cast(bytes, message["trace"].tobytes())
    data = {name: value for name, value in message["data"].items() if name != "run"}
    return to_bytes(unpack({**data, "update": message["update"]}))


def pack(record: TraceRecord) -> dict[str, Any]:
    """The same trace, smaller; `attention` must be in order of readers, as the worker writes it."""
    attention, edges = record["attention"], record["edges"]
    reader = attention["reader"].astype(np.int64)
    place = {pair: at for at, pair in enumerate(zip(reader.tolist(), attention["source"].tolist(), strict=True))}
    pairs = zip(edges["reader"].tolist(), edges["source"].tolist(), strict=True)
    at = np.array([place.get(pair, -1) for pair in pairs], np.int32).reshape(-1)
    skip = edges["kind"] == 1
    known = skip & (edges["chosen"] == 1) & (at >= 0)
    credit = np.zeros(len(reader), np.float32)
    credit[at[known]] = edges["credit"][known]
    rest = skip & ~known
    counts = np.bincount(reader, minlength=record["steps"]).astype(np.uint16)
    more = {name: column for name, column in attention.items() if name != "reader"}
    return {
        **record,
        "attention": {"counts": counts, **more},
        "edges": {
            "credit": credit if 2 * known.sum() > len(reader) else _sparse(at[known], edges["credit"][known]),
            "local": {name: edges[name][~skip] for name in ("reader", "credit", "credit_hidden", "credit_cell")},
            "rest": {name: edges[name][rest] for name in ("reader", "source", "credit", "weight", "chosen")},
        },
        "paths": _tree(record["paths"]),
    }


def unpack(packed: Mapping[str, Any]) -> TraceRecord:
    """The record that was packed; one that was not, as version 0.1 stored a few, passes as it is."""
    if "counts" not in packed["attention"]:
        return cast(TraceRecord, dict(packed))
    counts = packed["attention"]["counts"]
    reader = np.repeat(np.arange(len(counts), dtype=np.uint16), counts)
    more = {name: column for name, column in packed["attention"].items() if name != "counts"}
    attention = cast(AttentionColumns, {"reader": reader, **more})
    spelled = {"attention": attention, "edges": _edges(packed["edges"], attention), "paths": _paths(packed["paths"])}
    return cast(TraceRecord, {**packed, **spelled})


def _sparse(at: NDArray[Any], credit: NDArray[Any]) -> dict[str, Any]:
    return {"at": at.astype(np.int32), "value": credit}


def _edges(packed: dict[str, Any], attention: AttentionColumns) -> EdgeColumns:
    """Local, chosen and other skip edges in the order of model/probe/credit.py: latest reader first, local first."""
    dense = packed["credit"]
    at = dense["at"] if isinstance(dense, dict) else np.flatnonzero(dense != 0)
    value = dense["value"] if isinstance(dense, dict) else dense[at]
    local, rest = packed["local"], packed["rest"]
    here, there, others = len(local["reader"]), len(at), len(rest["reader"])
    nothing = np.full(here + there + others, np.nan, np.float32)
    columns = {
        "kind": [np.zeros(here, np.uint8), np.ones(there + others, np.uint8)],
        "reader": [local["reader"], attention["reader"][at], rest["reader"]],
        "source": [local["reader"] - np.uint16(1), attention["source"][at].astype(np.uint16), rest["source"]],
        "credit": [local["credit"], value, rest["credit"]],
        "credit_hidden": [local["credit_hidden"], value, rest["credit"]],
        "credit_cell": [local["credit_cell"], nothing[here:]],
        "weight": [nothing[:here], attention["weight"][at], rest["weight"]],
        "chosen": [np.ones(here + there, np.uint8), rest["chosen"]],
    }
    whole = {name: np.concatenate(parts) for name, parts in columns.items()}
    order = np.lexsort((whole["source"], whole["kind"], -whole["reader"].astype(np.int64)))
    return cast(EdgeColumns, {name: column[order] for name, column in whole.items()})


def _tree(paths: list[PathRecord]) -> dict[str, Any]:
    """Paths as a tree of steps: each node names its parent, each path its last node."""
    nodes: dict[tuple[int, int, int], int] = {}
    ends = []
    for path in paths:
        node = -1
        for step, kind in zip(path["steps"], ["local", *path["kinds"]], strict=True):
            node = nodes.setdefault((node, step, KIND_NAMES.index(kind)), len(nodes))
        ends.append(node)
    table = np.array(list(nodes), np.int32).reshape(-1, 3)
    strengths = [np.nan if path["strength"] is None else path["strength"] for path in paths]
    return {
        "parent": table[:, 0].astype(np.int32),
        "step": table[:, 1].astype(np.uint16),
        "kind": table[:, 2].astype(np.uint8),
        "end": np.array(ends, np.int32),
        "strength": np.array(strengths, np.float32),
    }


def _paths(tree: dict[str, Any]) -> list[PathRecord]:
    parent, step, kind = (tree[name].tolist() for name in ("parent", "step", "kind"))
    paths: list[PathRecord] = []
    for end, strength in zip(tree["end"].tolist(), tree["strength"].tolist(), strict=True):
        steps, kinds, node = [], [], end
        while node >= 0:
            steps.append(step[node])
            kinds.append(KIND_NAMES[kind[node]])
            node = parent[node]
        paths.append({"steps": steps[::-1], "kinds": kinds[-2::-1], "strength": strength})
    return paths
