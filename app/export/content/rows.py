"""Rows of results, one a run, as a table: CSV, or Parquet by its one writer (app/export/content/parquet.py)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sab_visualiser.app.export.content.parquet import columns_of, write_parquet
from sab_visualiser.app.export.content.text import text_cell
from sab_visualiser.app.wire.errors import field_error

Row = Mapping[str, Any]


ENDINGS = (".csv", ".json", ".parquet")


def check_output(file: Path) -> None:
    """Refuse a kind of file that cannot be written, before anything is trained for it.

    Args:
        file: Where the rows are to go.

    Raises:
        UserError: 422 for an unknown one, 501 for .parquet where pyarrow is not installed.
    """
    if file.suffix not in ENDINGS:
        allowed = f"a file that ends in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}"
        raise field_error("--output", str(file), allowed, "name it rows.csv, say")
    if file.suffix == ".parquet":
        write_parquet([], {})


def rows_file(rows: Sequence[Row], ending: str, group: str, name: str) -> bytes:
    """The rows as the file of that ending; JSON has them under `rows`, as `sab sweep --json` prints them."""
    if ending == ".parquet":
        return as_parquet(rows, group, name)
    text = as_csv(rows) if ending == ".csv" else json.dumps({"rows": rows}, ensure_ascii=False, indent=1) + "\n"
    return text.encode()


def as_csv(rows: Sequence[Row]) -> str:
    """The rows as a table; columns in the order in which rows have them, nothing where a row has no such value."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines: list[list[Any]] = [names, *([row.get(name) for name in names] for row in rows)]
    return "".join(",".join(map(_cell, line)) + "\n" for line in lines)


def _cell(value: Any) -> str:
    """Numbers as Python prints them."""
    return "" if value is None else text_cell(value) if isinstance(value, str) else str(value)


def as_parquet(rows: Sequence[Row], group: str, name: str) -> bytes:
    """The rows as a Parquet file that says of which group they are, and what that is called.

    Raises:
        UserError: Status 501, pyarrow is not installed.
    """
    return write_parquet(columns_of(rows), {"group": group, "name": name})
