"""Columns are never read under a name that the collection of columns has for itself, in any SQLAlchemy we promise."""

from __future__ import annotations

import ast
from pathlib import Path

from sqlalchemy import Row
from sqlalchemy.sql.base import ColumnCollection

from sab_visualiser.app.store.database import metadata

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(path for folder in ("app", "benchmarks", "tests") for path in (ROOT / folder).rglob("*.py"))
# Methods of the collection in 2.0, several of which 2.1 has given up; the union with those of today is what counts.
IN_2_0 = {"add", "as_readonly", "clear", "compare", "contains_column", "corresponding_column", "extend", "get", "items"}
IN_2_0 |= {"keys", "remove", "update", "values"}
COLLECTION = IN_2_0 | {name for name in dir(ColumnCollection) if not name.startswith("_")}
ROW = {name for name in dir(Row) if not name.startswith("_")}


def breaches(source: str) -> list[str]:
    """Every `….c.NAME` whose name is a method of the collection, with its line."""
    return [
        f"line {node.lineno}: .c.{node.attr}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute)
        and node.attr in COLLECTION
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "c"
    ]


def test_a_column_that_is_called_like_a_method_is_read_in_brackets() -> None:
    found = {str(path.relative_to(ROOT)): breaches(path.read_text()) for path in SOURCES}
    assert {path: lines for path, lines in found.items() if lines} == {}, 'write table.c["name"] instead'


def test_the_border_is_seen_to_fail() -> None:
    assert breaches("select(table.c.update).where(table.c.run == 1)") == ["line 1: .c.update"]
    assert breaches('select(table.c["update"])') == []


def test_no_column_is_called_like_a_method_of_a_row() -> None:
    """Rows are read as `row.name` everywhere."""
    names = {column.name for table in metadata.tables.values() for column in table.columns}
    assert not names & ROW
