"""CSV, JSON and NPZ: the table and its caption as files that other programs read.

CSV is written with LF and quoted where it must be; a text cell that a spreadsheet would take for a formula gets a
leading apostrophe. JSON is strict. NPZ holds true NaN. Deterministic: the same table gives the same bytes.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from sab_visualiser.app.export.content.caption import lines
from sab_visualiser.app.export.content.numbers import js_number
from sab_visualiser.app.export.content.tables import Cell, Column, Table

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
NEEDS_QUOTES = frozenset(',"\n\r')


def to_csv(table: Table, caption: Mapping[str, Any]) -> bytes:
    """UTF-8 text: `# key: value` lines, the header, one line per row; an empty cell for a missing number."""
    head = [f"# {line}" for line in lines(caption)]
    body = [",".join(column.name for column in table.columns)]
    body += [",".join(map(cell_text, row)) for row in zip(*(c.cells for c in table.columns), strict=True)]
    return ("\n".join([*head, *body]) + "\n").encode()


def cell_text(cell: Cell) -> str:
    """One CSV cell; numbers as JavaScript prints them, text made harmless for spreadsheets."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, str):
        return text_cell(cell)
    return js_number(cell)


def text_cell(text: str) -> str:
    """A text as a CSV cell: with an apostrophe before what a spreadsheet would take for a formula, quoted if needed."""
    safe = f"'{text}" if text.startswith(FORMULA_STARTS) else text
    return '"' + safe.replace('"', '""') + '"' if NEEDS_QUOTES.intersection(safe) else safe


def as_json(table: Table, caption: Mapping[str, Any]) -> dict[str, Any]:
    """Panel, caption and columns as plain values; null for a missing or non-finite number."""
    return {
        "panel": table.panel,
        "caption": dict(caption),
        "columns": {column.name: column.cells for column in table.columns},
    }


def to_json(table: Table, caption: Mapping[str, Any]) -> bytes:
    """`as_json` as strict JSON (no NaN, no Infinity)."""
    return (json.dumps(as_json(table, caption), ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()


def to_npz(table: Table, caption: Mapping[str, Any]) -> bytes:
    """One numpy array per column (int64, float64, text), and `caption`: an array with one JSON string."""
    arrays: dict[str, Any] = {column.name: _array(column) for column in table.columns}
    note = np.array([json.dumps(caption, ensure_ascii=False, allow_nan=False)])
    out = io.BytesIO()
    np.savez(out, **arrays, caption=note)
    return out.getvalue()


def _array(column: Column) -> np.ndarray[Any, np.dtype[Any]]:
    if column.kind == "integer":
        return np.array(column.cells, np.int64)
    if column.kind == "text":
        return np.array(column.cells, np.str_)
    return np.array([np.nan if cell is None else cell for cell in column.cells], np.float64)
