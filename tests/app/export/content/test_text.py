"""CSV, JSON and NPZ hold the table exactly, and read back."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sab_visualiser.app.export.content.caption import lines, trace_caption
from sab_visualiser.app.export.content.tables import Column, Table, make_table
from sab_visualiser.app.export.content.text import to_csv
from sab_visualiser.app.export.query import OF_TRAINING
from sab_visualiser.app.export.render import caption_for, render
from tests.app.export.traces import SPEC, made_up, metrics

PANELS = ("attention", "gradients", "paths", *OF_TRAINING)


def _data(panel: str) -> dict[str, Any]:
    return metrics() if panel in OF_TRAINING else made_up()


def _file(panel: str, file_format: str) -> bytes:
    data = _data(panel)
    return render(panel, file_format, data, caption_for(panel, data, SPEC, "r1"))


def _read_csv(body: bytes) -> tuple[list[str], list[list[str]]]:
    text = body.decode()
    assert "\r" not in text
    head = [line for line in text.splitlines() if line.startswith("# ")]
    rows = list(csv.reader(io.StringIO(text.partition("\n".join(head) + "\n")[2] if head else text)))
    return head, rows


@pytest.mark.parametrize("panel", PANELS)
def test_csv_json_and_npz_hold_equal_numbers(panel: str) -> None:
    table = make_table(panel, _data(panel))
    _, (names, *rows) = _read_csv(_file(panel, "csv"))
    columns = json.loads(_file(panel, "json"), parse_constant=pytest.fail)["columns"]
    arrays = np.load(io.BytesIO(_file(panel, "npz")), allow_pickle=False)
    assert names == list(columns) == [name for name in arrays.files if name != "caption"]
    for place, column in enumerate(table.columns):
        cells = [row[place] for row in rows]
        assert columns[column.name] == column.cells
        if column.kind == "text":
            assert cells == column.cells == arrays[column.name].tolist()
        else:
            assert [float(cell) if cell else None for cell in cells] == column.cells
            expected = np.array([np.nan if cell is None else cell for cell in column.cells])
            np.testing.assert_array_equal(arrays[column.name], expected)


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("file_format", ["csv", "json", "npz"])
def test_the_same_numbers_give_the_same_bytes(panel: str, file_format: str) -> None:
    assert _file(panel, file_format) == _file(panel, file_format)


def test_every_format_says_which_network_update_example_and_step_it_shows() -> None:
    head, _ = _read_csv(_file("attention", "csv"))
    named = dict(line.removeprefix("# ").split(": ", 1) for line in head)
    assert named["run"] == "r1"
    assert (named["update"], named["example"], named["loss step"]) == ("400", "0", "29")
    assert (named["seed"], named["variant"]) == ("7", "paper")
    assert json.loads(named["config"])["model"]["k_top"] == 2
    caption = json.loads(_file("attention", "json"))["caption"]
    assert caption["config"]["training"]["learning_rate"] == 0.002
    note = np.load(io.BytesIO(_file("attention", "npz")), allow_pickle=False)["caption"]
    assert json.loads(str(note[0])) == caption


def test_the_whole_loss_is_called_so_in_the_caption() -> None:
    assert trace_caption("gradients", made_up(loss_step=None))["loss step"] == "whole loss"


def test_numbers_in_a_caption_are_printed_as_javascript_prints_them() -> None:
    spec = {**SPEC, "training": {"clip_norm": 1.0, "learning_rate": 1e-7, "seed": 7}}
    line = next(line for line in lines(trace_caption("attention", made_up(), spec)) if line.startswith("config"))
    assert '"training":{"clip_norm":1,"learning_rate":1e-7,"seed":7}' in line


def test_C10_norms_up_to_the_largest_and_infinite_ones_are_in_every_file_as_what_they_are() -> None:
    data = made_up(gradient_norm={"sab": [1e38, 3.4e38, None, *[0.5] * 27]})
    caption = caption_for("gradients", data, SPEC, "r1")
    _, (names, *rows) = _read_csv(render("gradients", "csv", data, caption))
    assert [row[names.index("sab")] for row in rows[:3]] == ["1e+38", "3.4e+38", ""]
    held = json.loads(render("gradients", "json", data, caption), parse_constant=pytest.fail)
    assert held["columns"]["sab"][:3] == [1e38, 3.4e38, None]
    sab = np.load(io.BytesIO(render("gradients", "npz", data, caption)), allow_pickle=False)["sab"]
    np.testing.assert_array_equal(sab[:3], [1e38, 3.4e38, np.nan])


@given(st.text())
def test_C22_whatever_a_name_contains_it_stays_on_its_caption_line(name: str) -> None:
    caption = trace_caption("attention", made_up(), {"name": name})
    body = to_csv(make_table("attention", made_up()), caption).decode()
    rows = [line for line in body.split("\n") if line and not line.startswith("# ")]
    assert rows[0] == "reader,source,weight"
    assert len(rows) == 8


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_B16_text_that_a_spreadsheet_would_run_gets_an_apostrophe_and_numbers_do_not(start: str) -> None:
    text = f'{start}HYPERLINK("x",1)\n'
    table = Table("paths", (Column("kind", "text", [text]), Column("credit", "number", [-0.5])))
    _, (_, row) = _read_csv_keeping_returns(to_csv(table, {}))
    assert row == [f"'{text}", "-0.5"]


def _read_csv_keeping_returns(body: bytes) -> tuple[None, list[list[str]]]:
    return None, list(csv.reader(io.StringIO(body.decode(), newline="")))
