"""The export addresses: attachments with safe names, equal numbers, and errors that say what to do."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from sab_visualiser.app.export.content import parquet
from sab_visualiser.app.export.many.words import BesideWords
from sab_visualiser.app.export.paper import PaperWords
from sab_visualiser.app.export.query import OF_TRAINING
from sab_visualiser.app.export.render import caption_for, render
from sab_visualiser.app.export.routes import router
from sab_visualiser.app.runs.named import Described, Named, Shown
from sab_visualiser.app.runs.shapes import Spec
from sab_visualiser.app.runs.stored import no_snapshot
from sab_visualiser.app.web import problems
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.wire.packing import SentTrace
from sab_visualiser.app.wire.requests import ProbeRequest
from tests.app.export.traces import SPEC, made_up, metrics, sent


class _State:
    """Stands in for the server: one run with a snapshot at update 400, and a record of what was probed."""

    def __init__(self) -> None:
        self.asked: list[ProbeRequest] = []

    async def probe(self, request: ProbeRequest) -> SentTrace:
        self.asked.append(request)
        named: dict[str, Any] = {"run": request.run, "preset": request.preset, "checkpoint": request.checkpoint}
        step = request.loss_step if "loss_step" in request.model_fields_set else 17
        return sent(made_up(**named, example=request.example, loss_step=step))

    async def snapshot(self, run_id: str, update: int | None) -> SentTrace:
        if run_id != "r1":
            raise UserError(404, "Not found", f"run {run_id} does not exist; look at GET /api/runs")
        if update not in (None, 400):
            raise no_snapshot("run r1", [400], update, "GET /api/runs/r1/snapshots lists them")
        return sent(made_up())

    async def metrics(self, run_id: str, after: int = -1) -> dict[str, Any]:
        return metrics()

    async def described(self, network: Named) -> Described:
        return Described(cast(Spec, SPEC))

    async def shown(self, network: Named) -> Shown:
        return Shown({"name": network.name}, [400] if network.kind == "run" else [400, 800])

    async def preset_snapshot(self, preset: str, update: int | None) -> SentTrace:
        if update not in (None, 400, 800):
            raise UserError(404, "Not found", f"update = {update}: nearest: 400, 800")
        return sent(made_up(run=None, preset=preset, update=800 if update is None else update))

    async def preset_metrics(self, preset: str) -> dict[str, Any] | None:
        return metrics() if preset == "taught" else None


@pytest.fixture
def state() -> _State:
    return _State()


@pytest.fixture
def client(state: _State) -> TestClient:
    app = FastAPI()
    app.include_router(router)
    app.state.answers = state
    problems.install(app)
    return TestClient(app)


def _get(client: TestClient, path: str, **query: object) -> Any:
    return client.get(path, params={name: str(value) for name, value in query.items()})


@pytest.mark.parametrize("panel", ["attention", "gradients", "paths", "curves", "health"])
@pytest.mark.parametrize("file_format", ["png", "svg", "pdf", "html", "csv", "json", "npz"])
def test_every_panel_comes_in_every_format_as_an_attachment(client: TestClient, panel: str, file_format: str) -> None:
    answer = _get(client, "/api/runs/r1/export", panel=panel, format=file_format)
    assert answer.status_code == 200
    update = 3 if panel in OF_TRAINING and file_format != "html" else 400
    expected = f'attachment; filename="sab-r1-{panel}-u{update}.{file_format}"'
    assert answer.headers["content-disposition"] == expected
    active = file_format in ("svg", "html")
    assert answer.headers.get("content-security-policy") == ("sandbox" if active else None)


def test_a_format_whose_extra_is_missing_is_a_problem_with_its_remedy(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "PACKAGE", "a_package_that_nobody_has")
    answer = _get(client, "/api/runs/r1/export", panel="curves", format="parquet")
    assert (answer.status_code, answer.headers["content-type"]) == (501, "application/problem+json")
    assert "pip install 'sab-visualiser[parquet]'" in answer.json()["errors"][0]["remedy"]


def test_the_file_of_the_server_is_the_file_of_the_command_line(client: TestClient) -> None:
    trace = made_up()
    expected = render("gradients", "csv", trace, caption_for("gradients", trace, SPEC))
    assert _get(client, "/api/runs/r1/export", panel="gradients", format="csv").content == expected


def test_gradients_of_c_are_a_word_of_the_query_and_say_what_they_are(client: TestClient, state: _State) -> None:
    plain, of_c, of_h = (
        _get(client, "/api/runs/r1/export", panel="gradients", format="csv", **query).text
        for query in ({}, {"cell": "true"}, {"cell": "false"})
    )
    assert ("sab_cell" in plain, "sab_cell" in of_c) == (False, True)
    assert ("gradient of: cell state c" in plain, "gradient of: cell state c" in of_c) == (False, True)
    assert of_h == plain
    assert state.asked == [], "the snapshot has both"


@pytest.mark.parametrize("file_format", ["png", "svg", "pdf"])
def test_pictures_of_gradients_of_c_are_other_pictures(client: TestClient, file_format: str) -> None:
    pictures = [
        _get(client, "/api/runs/r1/export", panel="gradients", format=file_format, **query).content
        for query in ({}, {"cell": "true"})
    ]
    assert pictures[0] != pictures[1]
    assert b"cell state c" in pictures[1] or file_format == "pdf"


@pytest.mark.parametrize("panel", ["attention", "paths", "curves"])
def test_a_panel_without_gradients_refuses_the_cell_state(client: TestClient, panel: str) -> None:
    answer = _get(client, "/api/runs/r1/export", panel=panel, format="csv", cell="true")
    assert answer.status_code == 422
    assert f'cell = "true": panel {panel} shows no gradient; leave it out' in answer.json()["detail"]


def test_a_stored_snapshot_is_given_without_a_probe_when_it_answers_the_question(
    client: TestClient, state: _State
) -> None:
    for query in ({}, {"update": 400}, {"loss_step": 29, "example": 0}, {"k_top": 2, "k_trunc": 5}):
        assert _get(client, "/api/runs/r1/export", panel="paths", format="csv", **query).status_code == 200
    assert state.asked == []


def test_another_loss_step_or_example_is_probed_and_the_rest_stays_as_in_the_snapshot(
    client: TestClient, state: _State
) -> None:
    for query in (
        {"loss_step": 12, "update": 400},
        {"loss_step": "whole"},
        {"loss_step": ""},
        {"example": 3},
        {"k_top": 1},
    ):
        assert _get(client, "/api/runs/r1/export", panel="paths", format="csv", **query).status_code == 200
    assert [request.model_dump(exclude_unset=True) for request in state.asked] == [
        {"run": "r1", "example": 0, "loss_step": 12, "update": 400},
        {"run": "r1", "example": 0, "loss_step": None},
        {"run": "r1", "example": 0, "loss_step": None},
        {"run": "r1", "example": 3, "loss_step": 29},
        {"run": "r1", "example": 0, "loss_step": 29, "k_top": 1},
    ]


def test_knocked_out_arcs_of_the_query_are_probed_without(client: TestClient, state: _State) -> None:
    query = {"preset": "copy", "loss_step": 4, "knocked_out": "4-0_3-1"}
    answer = _get(client, "/api/export", panel="paths", format="json", **query)
    assert answer.status_code == 200
    assert state.asked[0].knocked_out == [(4, 0), (3, 1)]
    refused = _get(client, "/api/export", panel="paths", format="json", **{**query, "knocked_out": "4.0"})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "knocked_out"


def test_a_preset_is_probed_with_the_knobs_of_the_query(client: TestClient, state: _State) -> None:
    query = {"preset": "copy", "k_top": 2, "k_trunc": 0, "loss_step": 4}
    answer = _get(client, "/api/export", panel="attention", format="json", **query)
    assert answer.status_code == 200
    assert answer.json()["caption"]["preset"] == "copy"
    assert answer.json()["caption"]["loss step"] == 4
    assert [request.model_dump(exclude_unset=True) for request in state.asked] == [query]


def test_a_preset_without_a_loss_step_shows_the_step_that_its_task_suggests(client: TestClient) -> None:
    answer = _get(client, "/api/export", preset="copy", panel="attention", format="json")
    assert answer.json()["caption"]["loss step"] == 17
    whole = _get(client, "/api/export", preset="copy", panel="attention", format="json", loss_step="whole")
    assert whole.json()["caption"]["loss step"] == "whole loss"


@pytest.mark.parametrize(
    ("path", "query", "field", "allowed"),
    [
        ("/api/runs/r1/export", {"panel": "arcs", "format": "csv"}, "panel", "one of attention"),
        ("/api/runs/r1/export", {"panel": "paths", "format": "gif"}, "format", "one of png"),
        ("/api/runs/r1/export", {"panel": "paths"}, "format", "one of png"),
        ("/api/runs/r1/export", {"panel": "paths", "format": "csv", "update": "NaN"}, "update", "0 … 10000000"),
        ("/api/runs/r1/export", {"panel": "paths", "format": "csv", "update": "1e3"}, "update", "whole number"),
        ("/api/runs/r1/export", {"panel": "paths", "format": "csv", "example": 16}, "example", "0 … 15"),
        ("/api/runs/r1/export", {"panel": "paths", "format": "csv", "loss_step": -1}, "loss_step", "0 … 100000"),
        ("/api/runs/r1/export", {"panel": "paths", "format": "csv", "colour": "red"}, "colour", "unknown key"),
        ("/api/export", {"preset": "copy", "panel": "paths", "format": "csv", "k_att": 0}, "k_att", "1 … 10000"),
        ("/api/export", {"panel": "paths", "format": "csv"}, "preset, checkpoint", "name exactly one"),
        ("/api/export", {"checkpoint": "ab", "panel": "curves", "format": "csv"}, "panel", "has no curves"),
        ("/api/export", {"checkpoint": "ab", "panel": "health", "format": "csv"}, "panel", "no history of its health"),
        ("/api/export", {"preset": "copy", "panel": "health", "format": "csv"}, "panel", "without the history"),
        ("/api/export", {"preset": "copy", "panel": "curves", "format": "csv"}, "panel", "without the history"),
        ("/api/export", {"checkpoint": "ab", "panel": "paths", "format": "csv", "update": 3}, "update", "only beside"),
        ("/api/export", {"preset": "copy", "panel": "paths", "format": "csv", "share": "nan"}, "share", "0 … 1"),
        ("/api/export", {"preset": "../x", "panel": "paths", "format": "csv"}, "preset", "text matching"),
    ],
)
def test_a_bad_query_is_answered_with_field_value_range_and_remedy(
    client: TestClient, state: _State, path: str, query: dict[str, object], field: str, allowed: str
) -> None:
    answer = _get(client, path, **query)
    assert answer.status_code == 422
    (problem,) = answer.json()["errors"]
    assert problem["field"] == field
    assert allowed in problem["range"]
    assert problem["remedy"]
    assert state.asked == []


def test_a_run_or_an_update_that_does_not_exist_is_404(client: TestClient) -> None:
    for path, query in (("/api/runs/r9/export", {}), ("/api/runs/r1/export", {"update": 7})):
        answer = _get(client, path, panel="paths", format="csv", **query)
        assert answer.status_code == 404
        assert "GET /api/runs" in answer.json()["detail"]


def test_openapi_lists_every_word_of_the_query(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    listed = {p["name"] for p in paths["/api/runs/{run_id}/export"]["get"]["parameters"]}
    assert listed == {
        "run_id",
        "panel",
        "format",
        "update",
        "example",
        "loss_step",
        "k_top",
        "k_trunc",
        "k_att",
        *("phase", "cuts", "knocked_out", "inputs", "share", "cell", "state", "updates"),
        *PaperWords.model_fields,
        *BesideWords.model_fields,
    }
    network = {p["name"]: p for p in paths["/api/export"]["get"]["parameters"]}
    assert set(network) == {
        *(
            "preset",
            "checkpoint",
            "panel",
            "format",
            "example",
            "loss_step",
            "k_top",
            "k_trunc",
            "k_att",
            "knocked_out",
        ),
        *("phase", "cuts", "inputs", "share", "cell", "state", "update", "updates"),
        *PaperWords.model_fields,
        *BesideWords.model_fields,
    }
    assert network["panel"]["required"]
    assert "png" in json.dumps(network["format"]["schema"])
