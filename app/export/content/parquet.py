"""Parquet, the one writer of it: columns with their kinds, and what they are of in the metadata of the file.

pyarrow is an extra, loaded when such a file is wanted and not before. The same columns give the same bytes.
"""

from __future__ import annotations

import importlib.util
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sab_visualiser.app.export.content.tables import Cell, Column, Kind, Table
from sab_visualiser.app.wire.errors import extra_missing

METADATA = "sab_visualiser"
"""Key in the file's metadata; its value is one JSON text."""
PACKAGE = "pyarrow"


def to_parquet(table: Table, caption: Mapping[str, Any]) -> bytes:
    """The table of a panel, its caption as metadata; null for a missing or non-finite number."""
    return write_parquet(table.columns, caption)


def write_parquet(columns: Sequence[Column], metadata: Mapping[str, Any]) -> bytes:
    """The bytes of a Parquet file, compressed with zstd.

    Args:
        columns: All of one length; None is null. An integer is an int64, a number a float64, a text UTF-8, a flag a
            boolean.
        metadata: Plain values, written as JSON under the key `sab_visualiser` of the schema's metadata.

    Raises:
        UserError: Status 501, pyarrow is not installed.
    """
    if importlib.util.find_spec(PACKAGE) is None:
        raise extra_missing("format", "parquet", "parquet")
    import pyarrow as pa
    from pyarrow import parquet

    types = {"integer": pa.int64(), "number": pa.float64(), "text": pa.string(), "flag": pa.bool_()}
    note = json.dumps(dict(metadata), ensure_ascii=False, allow_nan=False)
    fields = [pa.field(column.name, types[column.kind]) for column in columns]
    arrays = [pa.array(column.cells, field.type) for column, field in zip(columns, fields, strict=True)]
    out = io.BytesIO()
    parquet.write_table(pa.table(arrays, pa.schema(fields, {METADATA: note})), out, compression="zstd")
    return out.getvalue()


def columns_of(rows: Sequence[Mapping[str, Any]]) -> list[Column]:
    """Rows as columns: every name that a row has, in the order in which they come up; None where a row lacks it.

    A column is as narrow as its cells let it be: flags, integers, numbers, else text. Lists and tables become JSON.
    """
    names = dict.fromkeys(name for row in rows for name in row)
    columns = []
    for name in names:
        cells = [row.get(name) for row in rows]
        kind = _kind(cells)
        columns.append(Column(name, kind, [*map(_as_text, cells)] if kind == "text" else cells))
    return columns


def _kind(cells: Iterable[object]) -> Kind:
    types = {type(cell) for cell in cells if cell is not None}
    if types == {bool}:
        return "flag"
    if types == {int}:
        return "integer"
    return "number" if types and types <= {int, float} else "text"


def _as_text(cell: Any) -> Cell:
    return cell if cell is None or isinstance(cell, str) else json.dumps(cell, ensure_ascii=False)
