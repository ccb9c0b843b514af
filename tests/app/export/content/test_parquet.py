"""Parquet files hold the numbers of the other formats, with what they are of in their metadata."""

from __future__ import annotations

import importlib.util
import io
import json
from typing import Any

import pytest

from sab_visualiser.app.export.content import parquet as writer
from sab_visualiser.app.export.content.parquet import METADATA, columns_of, write_parquet
from sab_visualiser.app.export.content.tables import Column, make_table
from sab_visualiser.app.export.query import OF_TRAINING
from sab_visualiser.app.export.render import caption_for, render
from sab_visualiser.app.wire.errors import UserError
from tests.app.export.traces import SPEC, made_up, metrics

PANELS = ["attention", "gradients", "paths", "curves", "health"]
needs_pyarrow = pytest.mark.skipif(
    importlib.util.find_spec("pyarrow") is None, reason="pyarrow is not installed: the extra [parquet]"
)


def read(body: bytes) -> Any:
    from pyarrow import parquet

    return parquet.read_table(io.BytesIO(body))


@needs_pyarrow
@pytest.mark.parametrize("panel", PANELS)
def test_a_panel_comes_back_with_its_numbers_kinds_and_configuration(panel: str) -> None:
    data = metrics() if panel in OF_TRAINING else made_up()
    caption = caption_for(panel, data, SPEC, "r1")
    found = read(render(panel, "parquet", data, caption))
    table = make_table(panel, data)
    assert found.to_pydict() == {column.name: column.cells for column in table.columns}
    types = {"integer": "int64", "number": "double", "text": "string"}
    assert [str(field.type) for field in found.schema] == [types[column.kind] for column in table.columns]
    assert json.loads(found.schema.metadata[METADATA.encode()]) == json.loads(json.dumps(caption))


@needs_pyarrow
def test_the_same_numbers_give_the_same_bytes() -> None:
    columns = [Column("step", "integer", [1, 2]), Column("loss", "number", [0.5, None])]
    assert write_parquet(columns, {"run": "r1"}) == write_parquet(columns, {"run": "r1"})


@needs_pyarrow
def test_rows_of_trials_become_columns_as_narrow_as_their_cells() -> None:
    rows: list[dict[str, Any]] = [
        {"model.k_top": 5, "loss": 1, "steered": False, "reason": None, "verdict": "learned", "arcs": [1, 2]},
        {"model.k_top": 2, "loss": 0.25, "steered": True, "reason": None, "verdict": None, "late": 3},
    ]
    found = read(write_parquet(columns_of(rows), {}))
    assert [*zip(found.schema.names, map(str, found.schema.types), strict=True)] == [
        *[("model.k_top", "int64"), ("loss", "double"), ("steered", "bool"), ("reason", "string")],
        *[("verdict", "string"), ("arcs", "string"), ("late", "int64")],
    ]
    assert found.to_pylist() == [
        {**rows[0], "arcs": "[1, 2]", "late": None},
        {**rows[1], "arcs": None},
    ]


def test_true_and_1_in_one_column_stay_apart() -> None:
    (column,) = columns_of([{"x": True}, {"x": 1}])
    assert (column.kind, column.cells) == ("text", ["true", "1"])


def test_without_the_extra_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "PACKAGE", "a_package_that_nobody_has")
    with pytest.raises(UserError, match=r"pip install 'sab-visualiser\[parquet\]'") as refused:
        write_parquet([], {})
    assert refused.value.problem.status == 501
    assert refused.value.problem.errors[0].field == "format"
