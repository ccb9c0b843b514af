"""Rows of results as files: the same rows in each kind, and what cannot be written is refused before the training."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
from pathlib import Path

import pytest

from sab_visualiser.app.export.content import parquet as writer
from sab_visualiser.app.export.content.rows import check_output, rows_file
from sab_visualiser.app.wire.errors import UserError

ROWS = [
    {"model.k_top": 1, "accuracy": 0.5, "reason": None, "run": "r1"},
    {"model.k_top": 2, "accuracy": None, "reason": 'a "b", c', "run": "r2", "mse": 0.25},
]


def test_a_csv_has_every_column_that_any_row_has() -> None:
    read = list(csv.DictReader(io.StringIO(rows_file(ROWS, ".csv", "g", "name").decode())))
    assert [line["run"] for line in read] == ["r1", "r2"]
    assert (read[0]["mse"], read[1]["mse"], read[1]["reason"]) == ("", "0.25", 'a "b", c')


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_B16_a_text_in_the_rows_of_a_sweep_is_no_formula_and_a_number_is_as_it_was(start: str) -> None:
    rows = [{"reason": f"{start}1+1", "accuracy": -0.5, "run": "r1"}]
    read = list(csv.DictReader(io.StringIO(rows_file(rows, ".csv", "g", "name").decode(), newline="")))
    assert read == [{"reason": f"'{start}1+1", "accuracy": "-0.5", "run": "r1"}]


def test_json_has_the_rows_as_the_command_prints_them() -> None:
    assert json.loads(rows_file(ROWS, ".json", "g", "name")) == {"rows": ROWS}


def test_parquet_has_the_rows_and_says_of_which_group() -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed: the extra [parquet]")
    table = parquet.read_table(io.BytesIO(rows_file(ROWS, ".parquet", "g1", "two knobs")))
    assert table.to_pylist() == [{**ROWS[0], "mse": None}, ROWS[1]]
    assert json.loads(table.schema.metadata[writer.METADATA.encode()]) == {"group": "g1", "name": "two knobs"}


@pytest.mark.parametrize("name", ["rows", "rows.xlsx", "rows.CSV"])
def test_an_ending_that_is_no_kind_of_table_is_refused(name: str) -> None:
    with pytest.raises(UserError, match=r"\.csv, \.json or \.parquet"):
        check_output(Path(name))


def test_parquet_without_its_extra_is_refused_before_anything_is_trained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "PACKAGE", "a_package_that_nobody_has")
    check_output(Path("rows.csv"))
    with pytest.raises(UserError, match=r"pip install 'sab-visualiser\[parquet\]'"):
        check_output(Path("rows.parquet"))
    assert importlib.util.find_spec("a_package_that_nobody_has") is None
