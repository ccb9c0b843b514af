"""A trace in columns, packed for the stream: what can be derived is left out, nothing is rounded.

Readers of attention become counts; a skip edge over a chosen memory is one credit beside its weight; a local edge has
no source of its own; paths share their beginnings in one tree. So a frame of 200 steps stays below 32 kB. `unpack`
gives back the very same columns; static/js/wire/packing.js does so in the page. Not here: bytes, JSON.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Columns = dict[str, Any]
KIND_NAMES = ("local", "skip")


def pack(columns: Columns) -> Columns:
    """The same trace, smaller; `attention` must be in order of readers, as the worker writes it."""
    attention, edges = columns["attention"], columns["edges"]
    reader = attention["reader"].astype(np.int64)
    place = {pair: at for at, pair in enumerate(zip(reader.tolist(), attention["source"].tolist(), strict=True))}
    pairs = zip(edges["reader"].tolist(), edges["source"].tolist(), strict=True)
    at = np.array([place.get(pair, -1) for pair in pairs], np.int32).reshape(-1)
    skip = edges["kind"] == 1
    known = skip & (edges["chosen"] == 1) & (at >= 0)
    credit = np.zeros(len(reader), np.float32)
    credit[at[known]] = edges["credit"][known]
    rest = skip & ~known
    counts = np.bincount(reader, minlength=columns["steps"]).astype(np.uint16)
    more = {name: column for name, column in attention.items() if name != "reader"}
    return {
        **columns,
        "attention": {"counts": counts, **more},
        "edges": {
            "credit": credit if 2 * known.sum() > len(reader) else _sparse(at[known], edges["credit"][known]),
            "local": {name: edges[name][~skip] for name in ("reader", "credit", "credit_hidden", "credit_cell")},
            "rest": {name: edges[name][rest] for name in ("reader", "source", "credit", "weight", "chosen")},
        },
        "paths": _tree(columns["paths"]),
    }


def unpack(columns: Columns) -> Columns:
    """The columns as they were; those that are not packed pass as they are."""
    if "counts" not in columns["attention"]:
        return columns
    counts = columns["attention"]["counts"]
    reader = np.repeat(np.arange(len(counts), dtype=np.uint16), counts)
    more = {name: column for name, column in columns["attention"].items() if name != "counts"}
    attention = {"reader": reader, **more}
    return {
        **columns,
        "attention": attention,
        "edges": _edges(columns["edges"], attention),
        "paths": _paths(columns["paths"]),
    }


def _sparse(at: NDArray[Any], credit: NDArray[Any]) -> dict[str, Any]:
    return {"at": at.astype(np.int32), "value": credit}


def _edges(packed: dict[str, Any], attention: dict[str, Any]) -> dict[str, Any]:
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
    return {name: column[order] for name, column in whole.items()}


def _tree(paths: list[dict[str, Any]]) -> dict[str, Any]:
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


def _paths(tree: dict[str, Any]) -> list[dict[str, Any]]:
    parent, step, kind = (tree[name].tolist() for name in ("parent", "step", "kind"))
    paths = []
    for end, strength in zip(tree["end"].tolist(), tree["strength"].tolist(), strict=True):
        steps, kinds, node = [], [], end
        while node >= 0:
            steps.append(step[node])
            kinds.append(KIND_NAMES[kind[node]])
            node = parent[node]
        paths.append({"steps": steps[::-1], "kinds": kinds[-2::-1], "strength": strength})
    return paths
