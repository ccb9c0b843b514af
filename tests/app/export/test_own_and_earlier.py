"""Exports of a sequence of one's own, of a preset's earlier update, and with the link of the view."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from sab_visualiser.app.wire.requests import ProbeRequest
from sab_visualiser.model.contract.tasks import MAX_STEPS
from tests.app.export.test_routes import _get, _State, client, state
from tests.fakes.server import Live

__all__ = ["client", "state"]
OWN = [2, 0, 7, 8]


@pytest.mark.parametrize(("path", "named"), [("/api/export", {"preset": "copy"}), ("/api/runs/r1/export", {})])
def test_a_sequence_of_ones_own_is_probed_and_the_caption_says_so(
    client: TestClient, state: _State, path: str, named: dict[str, str]
) -> None:
    answer = _get(client, path, **named, panel="paths", format="json", loss_step=2, inputs=json.dumps(OWN))
    assert answer.status_code == 200
    assert state.asked[0].inputs == OWN
    assert answer.json()["caption"]["example"] == "own input"
    pairs = [[0.5, 0], [0.25, 1]]
    assert _get(client, path, **named, panel="paths", format="csv", inputs=json.dumps(pairs)).status_code == 200
    assert state.asked[-1].inputs == pairs


@pytest.mark.parametrize(
    "text", ["CAH", "[1,", "[NaN]", "[[1,2],3]", "{}", "[null]", "[" * 3000, "9" * 40_000, "[true]"]
)
def test_what_is_no_sequence_is_refused_with_field_value_range_and_remedy(
    client: TestClient, state: _State, text: str
) -> None:
    answer = _get(client, "/api/export", preset="copy", panel="paths", format="csv", inputs=text)
    assert answer.status_code == 422
    for problem in answer.json()["errors"]:
        assert problem["field"].startswith("inputs")
        assert problem["range"]
        assert problem["remedy"]
    assert state.asked == []


def test_the_worker_says_the_same_of_a_bad_sequence_to_probe_and_export(server: Live) -> None:
    bad: list[Any] = [1, *([8] * MAX_STEPS)]
    asked = server.http.post("/api/probe", json={"preset": "copy", "inputs": bad}).json()["errors"]
    params = {"preset": "copy", "panel": "paths", "format": "csv", "inputs": json.dumps(bad)}
    found = server.http.get("/api/export", params=params).json()["errors"]
    assert [(e["field"], e["range"]) for e in found] == [(e["field"], e["range"]) for e in asked]
    assert asked[0]["range"] == f"a list of at most {MAX_STEPS} entries"


def test_an_earlier_update_of_a_preset_is_its_snapshot_and_nothing_is_probed(client: TestClient, state: _State) -> None:
    query = {"preset": "taught", "update": 400, "panel": "paths", "format": "json"}
    for more in ({}, {"loss_step": 29, "example": 0}, {"share": 0.95}):
        answer = _get(client, "/api/export", **query, **more)
        assert answer.json()["caption"] | {"preset": "taught", "update": 400} == answer.json()["caption"]
    assert state.asked == []


def test_what_an_earlier_update_does_not_show_is_refused_and_the_last_one_is_probed(
    client: TestClient, state: _State
) -> None:
    query = {"preset": "taught", "panel": "paths", "format": "csv"}
    answer = _get(client, "/api/export", **query, update=400, k_top=1, loss_step=3)
    (problem,) = answer.json()["errors"]
    assert (answer.status_code, problem["field"], problem["value"]) == (422, "update", 400)
    assert "not stored" in problem["range"]
    assert problem["remedy"] == "leave out loss_step, k_top, or leave out update"
    assert state.asked == []
    assert _get(client, "/api/export", **query, update=7).status_code == 404
    assert _get(client, "/api/export", **query, update=800, k_top=1).status_code == 200
    assert isinstance(state.asked[-1], ProbeRequest)
    assert state.asked[-1].update is None


def test_a_preset_with_a_history_has_curves(client: TestClient) -> None:
    curves = _get(client, "/api/export", preset="taught", panel="curves", format="json").json()
    assert curves["caption"]["preset"] == "taught"
    assert curves["columns"]["update"] == [1, 2, 3]


@pytest.mark.parametrize(
    "bad",
    ["preset=a<b", 'preset=a"', "k_top=3", "run=" + "a" * 2000, "preset=a\u2028", "preset=a b", ""],
)
def test_a_link_that_the_page_would_not_write_is_refused(client: TestClient, bad: str) -> None:
    answer = _get(client, "/api/export", preset="copy", panel="view", format="html", state=bad)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "state"
