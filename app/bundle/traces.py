"""A trace that nobody vouches for: unpacked only once its columns fit each other and point nowhere but into it.

Who draws or exports a trace follows its numbers without looking: a path that leads in a circle would never end, and
counts that are too large would fill the memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from sab_visualiser.app.wire.codec import decode
from sab_visualiser.app.wire.columns import PackedAttention, PackedEdges, PathTree
from sab_visualiser.app.wire.packing import FORMAT, unpack
from sab_visualiser.app.wire.trace import Trace
from sab_visualiser.app.wire.trace_json import trace_json
from sab_visualiser.model.contract import TASKS, Rule

MOST_STEPS = 10_000
"""Steps of a trace; no sequence that can be trained here has as many."""
MOST_PATH_STEPS = 2**22
"""Steps of all paths of a trace together."""
PER_STEP = ("inputs", "targets", "predictions", "loss_T", "gradient_norm")
RULES = frozenset(get_args(Rule))
FIGURES = {"loss"} | {metric.name for facts in TASKS.values() for metric in facts.metrics}
MOST_SYMBOLS, LONGEST_SYMBOL = 1_000, 20


def checked_trace(content: bytes) -> Trace:
    """The trace in a snapshot, as the API shows it.

    Args:
        content: The packed trace, in one frame of the codec.

    Raises:
        ValueError: What does not fit; also KeyError, TypeError, IndexError or AttributeError where a part is missing
            or of another kind.
    """
    packed = decode(content)
    _bounded(packed)
    packed.pop("format")
    trace = Trace.model_validate(trace_json(unpack(packed)))
    _check_names(trace)
    return trace


def _check_names(trace: Trace) -> None:
    rules = {*trace.gradient_norm, *trace.gradient_norm_cell, *trace.reach}
    if not rules <= RULES or not set(trace.metrics) <= FIGURES or trace.task.name not in {"", *TASKS}:
        raise ValueError("rules, metrics or a task that are none of ours")
    steps = {str(step) for step in range(trace.steps)}
    if not {*trace.hits, *trace.true_sources} <= steps:
        raise ValueError("hits or true sources of steps beyond the sequence")
    symbols = trace.task.symbols
    if len(symbols) > MOST_SYMBOLS or any(len(symbol) > LONGEST_SYMBOL for symbol in symbols):
        raise ValueError("too many symbols, or too long ones")


def columns(data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
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
    for name, column in columns({name: packed[name] for name in PER_STEP}):
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
