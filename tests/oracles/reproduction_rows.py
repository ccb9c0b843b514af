"""Rows of experiments as the recounts of sentences pick and count them; nothing of the program is used."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

Row = dict[str, Any]
Report = dict[str, Any]
METHODS = {"SAB": "sab", "TBPTT": "tbptt", "BPTT": "bptt", "attention": "attention"}
LONG = {
    "truncated backpropagation with the same cuts": "tbptt",
    "full backpropagation": "bptt",
    "attention over all memories": "attention",
}
FIRST = {"copy": ("accuracy", 1), "adding": ("mse", -1), "char": ("bpc", -1), "pixels": ("accuracy", 1)}
"""The metric of a task, and which way is better."""
REAL = ("char", "pixels")
WHERE = (
    r"At T = (?P<T>\d+)(?: with (?P<delays>one fixed delay|mixed delays))?"
    r"(?:, read (?P<order>in order|in a permuted order))?"
)
TALLY = r"(?P<tally>(?:\w+ \d+ of \d+(?:, )?)+)"
NAMES = r"(?P<names>[\w, ]+?)"
MEANS = r"mean (?P<metric>\w+) (?P<means>.+)"


def is_mixed(row: Row) -> bool:
    return row["T_min"] is not None and row["T_min"] < row["T"]


def learned(rows: Iterable[Row]) -> int:
    return sum(row["verdict"] == "learned" for row in rows)


def share(rows: list[Row]) -> float:
    return learned(rows) / len(rows)


def at(rows: list[Row], said: re.Match[str]) -> list[Row]:
    """The rows of the length and the delays that a sentence speaks of."""
    own = [row for row in rows if row["T"] == int(said["T"]) and is_mixed(row) == (said["delays"] == "mixed delays")]
    if any((said["delays"] is None) != (row["task"] in REAL) for row in own):
        return []
    orders = {None: not any(row["task"] == "pixels" for row in own), "in order": None, "in a permuted order": 1}
    if said["order"] is None:
        return own if orders[None] else []
    return [row for row in own if row["task"] == "pixels" and row.get("permuted") == orders[said["order"]]]


def of(rows: Iterable[Row], method: str) -> list[Row]:
    return [row for row in rows if row["method"] == method]


def methods(rows: Iterable[Row]) -> list[str]:
    return list(dict.fromkeys(row["method"] for row in rows))


def names_of(text: str) -> set[str]:
    return {METHODS[name] for name in re.split(r", | and ", text)}


def read(row: Row) -> str:
    """How a published setting is read."""
    how = "in order" if row.get("permuted") is None else "in a permuted order"
    return f", read {how}" if row["task"] == "pixels" else ""


def knobs_of(row: Row) -> str:
    called = next(name for name, word in METHODS.items() if word == row["method"])
    trunc = "∞" if row["k_trunc"] == 0 else row["k_trunc"]
    free = {
        "sab": f"k_top {row['k_top']}, k_trunc {trunc}, k_att {row['k_att']}",
        "tbptt": f"k_trunc {trunc}",
        "bptt": "",
        "attention": f"k_att {row['k_att']}",
    }
    return f"{called}, {free[row['method']]}"
