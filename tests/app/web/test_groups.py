"""Results of a group over HTTP: what its runs differ in, what came of each, and the same rows as files."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from sab_visualiser.app.export.content import parquet as writer
from tests.fakes.server import Live

GROUP = {
    "base": {"task": {"name": "copy", "T": 5, "items": 2}, "training": {"batch_size": 4, "updates": 3}},
    "grid": {"model.k_top": [1, 2]},
    "seeds": [1, 2],
}


def made(server: Live, **more: Any) -> dict[str, Any]:
    answer = server.http.post("/api/groups", json={**GROUP, **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def test_a_group_says_in_which_settings_its_runs_differ_and_has_a_row_for_each(server: Live) -> None:
    group = made(server, name="two knobs")
    found = server.http.get(f"/api/groups/{group['group']}").json()
    assert (found["name"], found["axes"]) == ("two knobs", ["model.k_top", "training.seed"])
    assert [row["run"] for row in found["rows"]] == [run["id"] for run in group["runs"]]
    assert [row["values"]["model.k_top"] for row in found["rows"]] == [1, 1, 2, 2]
    assert (found["metrics"][0]["name"], found["metrics"][0]["better"]) == ("accuracy", "higher")


def test_the_same_rows_come_as_a_table(server: Live) -> None:
    group = made(server)
    answer = server.http.get(f"/api/groups/{group['group']}?format=csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"] == f'attachment; filename="sab-{group["group"]}.csv"'
    read = list(csv.DictReader(io.StringIO(answer.text)))
    assert [line["run"] for line in read] == [run["id"] for run in group["runs"]]
    assert [line["training.seed"] for line in read] == ["1", "2", "1", "2"]


def test_parquet_has_as_many_rows(server: Live) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed: the extra [parquet]")
    group = made(server)
    answer = server.http.get(f"/api/groups/{group['group']}?format=parquet")
    assert answer.headers["content-type"] == "application/vnd.apache.parquet"
    assert parquet.read_table(io.BytesIO(answer.content)).column("model.k_top").to_pylist() == [1, 1, 2, 2]


def test_parquet_without_its_extra_is_a_problem_with_its_remedy(server: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    group = made(server)
    monkeypatch.setattr(writer, "PACKAGE", "a_package_that_nobody_has")
    answer = server.http.get(f"/api/groups/{group['group']}?format=parquet")
    assert answer.status_code == 501
    assert "pip install 'sab-visualiser[parquet]'" in answer.json()["errors"][0]["remedy"]


def test_a_group_that_nobody_has_and_a_format_that_is_none_are_refused_by_name(server: Live) -> None:
    missing = server.http.get("/api/groups/nobody")
    assert (missing.status_code, missing.json()["errors"][0]["field"]) == (404, "group")
    wrong = server.http.get(f"/api/groups/{made(server)['group']}?format=xls")
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "format")
