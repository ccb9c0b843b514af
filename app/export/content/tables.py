"""One table per panel: the numbers that are drawn, and nothing else.

Pure functions from a trace in its JSON shape (app/wire/trace_json.py) or from metrics columns. Every format, picture or
text, starts from these tables, so all of them hold equal numbers. Missing and non-finite numbers are None here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sab_visualiser.app.wire.trace_json import plain
from sab_visualiser.model.contract import HEALTH

Cell = int | float | str | None
Kind = Literal["integer", "number", "text", "flag"]
"""Of cells: whole numbers, numbers, words, true or false."""
RULES = ("sab", "truncated", "full")
CURVES = ("update", "loss", "gradient_norm", "learning_rate", "skipped")


@dataclass(frozen=True)
class Column:
    """One column: its name, what its cells are, and the cells."""

    name: str
    kind: Kind
    cells: list[Any]


@dataclass(frozen=True)
class Table:
    """The columns of a panel, all of one length."""

    panel: str
    columns: tuple[Column, ...]

    def __post_init__(self) -> None:
        lengths = {len(column.cells) for column in self.columns}
        assert len(lengths) == 1, f"columns of {self.panel} differ in length: {lengths}"

    def cells(self, name: str) -> list[Any]:
        """The cells of the column called `name`."""
        return next(column.cells for column in self.columns if column.name == name)

    @property
    def rows(self) -> int:
        """How many rows the table has."""
        return len(self.columns[0].cells)


def make_table(panel: str, data: Mapping[str, Any]) -> Table:
    """The table of a panel.

    Args:
        panel: attention, gradients, paths, curves or health.
        data: A trace in JSON shape, or for curves and health the columns of a training.

    Returns:
        Columns as docs/reference.md lists them.
    """
    return _TABLES[panel](data)


def _attention(trace: Mapping[str, Any]) -> Table:
    attention = trace["attention"]
    return Table(
        "attention",
        (
            Column("reader", "integer", list(attention["reader"])),
            Column("source", "integer", list(attention["source"])),
            Column("weight", "number", list(attention["weight"])),
        ),
    )


def norms_of(trace: Mapping[str, Any]) -> Mapping[str, list[float | None]]:
    """The norms by rule that panel gradients shows: of h, or of c where the trace is marked with `cell`."""
    norms: Mapping[str, list[float | None]] = trace["gradient_norm_cell" if trace.get("cell") else "gradient_norm"]
    return norms


def _gradients(trace: Mapping[str, Any]) -> Table:
    steps, norms, ending = trace["steps"], norms_of(trace), "_cell" if trace.get("cell") else ""
    rules = (Column(f"{rule}{ending}", "number", list(norms.get(rule, [None] * steps))) for rule in RULES)
    return Table("gradients", (Column("step", "integer", list(range(steps))), *rules))


def _paths(trace: Mapping[str, Any]) -> Table:
    """One row per hop, from the loss step back; paths and hops count from 1, strongest path first."""
    credit = {(e["kind"], e["reader"], e["source"]): e["credit"] for e in trace["edges"]}
    rows = [
        (number, hop, kind, reader, source, credit.get((kind, reader, source)), path["strength"])
        for number, path in enumerate(trace["paths"], 1)
        for hop, (kind, reader, source) in enumerate(hops(path), 1)
    ]
    names = ("path", "hop", "kind", "reader", "source", "credit", "strength")
    kinds: tuple[Kind, ...] = ("integer", "integer", "text", "integer", "integer", "number", "number")
    return Table(
        "paths",
        tuple(
            Column(name, kind, [row[place] for row in rows])
            for place, (name, kind) in enumerate(zip(names, kinds, strict=True))
        ),
    )


def hops(path: Mapping[str, Any]) -> list[tuple[str, int, int]]:
    """The edges of a path as (kind, reader, source), from the loss step back."""
    steps = path["steps"]
    return list(zip(path["kinds"], steps[:-1], steps[1:], strict=True))


def _curves(metrics: Mapping[str, Any]) -> Table:
    columns = plain(dict(metrics))
    values = columns.get("values", {})
    named = {name: columns[name] for name in CURVES} | {name: values[name] for name in sorted(values)}
    whole = ("update", "skipped")
    return Table(
        "curves",
        tuple(Column(name, "integer" if name in whole else "number", list(cells)) for name, cells in named.items()),
    )


def _health(metrics: Mapping[str, Any]) -> Table:
    """One row a look; what fresh examples came to is there where they were due."""
    looks = plain(dict(metrics["looks"]))
    fresh = {f"fresh_{name}": looks["fresh"][name] for name in sorted(looks["fresh"])}
    named = {name: looks["health"][name] for name in HEALTH} | fresh
    figures = (Column(name, "number", list(cells)) for name, cells in named.items())
    return Table("health", (Column("update", "integer", list(looks["update"])), *figures))


_TABLES = {
    "attention": _attention,
    "gradients": _gradients,
    "paths": _paths,
    "curves": _curves,
    "health": _health,
}
