"""How a JSON body becomes a model: over the preset that it names, as it came, and an empty one as an empty object."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sab_visualiser.app.presets.bundled import Presets
from sab_visualiser.app.web.messages.bodies import Given, over_preset
from sab_visualiser.app.wire.errors import validate
from sab_visualiser.app.wire.requests import RunSpec
from tests.fakes.server import Live

JSON = {"content-type": "application/json"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    short = {
        "name": "short",
        "title": "t",
        "description": "d",
        "spec": {"task": {"name": "denoise", "T": 9, "items": 3}},
    }
    (tmp_path / "live.json").write_text(json.dumps([short]))
    return tmp_path


def filled(folder: Path, body: bytes) -> Any:
    given = Given(body)
    given.here = SimpleNamespace(presets=Presets(folder))  # type: ignore[assignment]
    return validate(RunSpec, over_preset(given))


def test_what_only_fits_beside_the_preset_is_accepted(folder: Path) -> None:
    """Five steps of denoise hold three symbols but not the ten that stand there when nothing is said."""
    spec = filled(folder, b'{"preset":"short","task":{"name":"denoise","T":5}}')
    assert (spec.preset, spec.task.T, spec.task.items) == ("short", 5, 3)


def test_an_empty_body_is_the_default_preset_and_a_null_is_kept(folder: Path) -> None:
    assert filled(folder, b"{}").preset == "short"
    assert filled(folder, b'{"preset":"short","task":{"items":null,"T":20}}').task.items is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ('{"preset":"recall-5","task":{"items":9}}', "task.items"),
        ('{"preset":"recall-5","model":{"variant":"release"}}', "model.normalizer"),
        ('{"preset":"adding-50","task":{"T":1}}', "task.T"),
    ],
)
def test_what_only_breaks_beside_the_preset_is_refused(server: Live, body: str, field: str) -> None:
    answer = server.http.post("/api/runs", content=body, headers=JSON)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize("kind", ["", "text/plain", "application/json"])
@pytest.mark.parametrize("body", [b"", b" \n"])
def test_an_empty_body_needs_no_type(server: Live, kind: str, body: bytes) -> None:
    answer = server.http.post("/api/runs", content=body, headers={"content-type": kind} if kind else {})
    assert answer.status_code == 201
    assert answer.json()["preset"] == "copy-50"
    server.http.delete(f"/api/runs/{answer.json()['id']}")


@pytest.mark.parametrize("kind", ["", "text/plain", "application/xml", "application/ld+json"])
def test_a_body_of_another_type_is_refused_by_every_route_that_takes_json(server: Live, kind: str) -> None:
    for path in ("/api/runs", "/api/probe", "/api/hits"):
        answer = server.http.post(path, content=b'{"preset":"copy"}', headers={"content-type": kind} if kind else {})
        assert answer.status_code == 415


def test_the_last_of_two_equal_keys_counts_as_it_always_did(server: Live) -> None:
    answer = server.http.post("/api/probe", content=b'{"preset":"none","preset":"copy-10"}', headers=JSON)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/api/runs/RUN/metrics?befor=3", "befor"),
        ("/api/runs/RUN/snapshots/latest?exampel=3", "exampel"),
        ("/api/selfcheck?preset=copy&k_top=3", "k_top"),
        ("/api/selfcheck?preset=..%2Fcopy", "preset"),
    ],
)
def test_an_unknown_or_odd_word_of_a_query_is_refused_by_name(server: Live, path: str, field: str) -> None:
    run = server.start(training={"updates": 1})
    answer = server.http.get(path.replace("RUN", run))
    assert answer.status_code == 422
    (problem,) = answer.json()["errors"]
    assert problem["field"] == field
    assert problem["range"]
    assert problem["remedy"]


def test_an_empty_word_of_a_query_is_one_that_was_left_out(server: Live) -> None:
    run = server.start(training={"updates": 1})
    server.reach(run, "finished")
    assert server.http.get(f"/api/runs/{run}/metrics?after=").json()["update"] == [1]
    assert server.http.get(f"/api/runs/{run}/snapshots/latest?example=").status_code == 200
