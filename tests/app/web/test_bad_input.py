"""One validator at every entrance: the same bad values by REST and by socket; nothing changes, every word is there."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.fakes.server import Live

KNOBS: list[tuple[str, str]] = [
    ("k_top", "-1"),
    ("k_top", "10001"),
    ("k_top", "true"),
    ("k_top", '"7"'),
    ("k_top", "5.0"),
    ("k_top", "1e23"),
    ("k_top", "100000000000000000000000"),
    ("k_top", "NaN"),
    ("k_top", 'null, "k_tp": 3'),
    ("k_top", "[]"),
    ("k_top", "{}"),
    ("k_trunc", "-1"),
    ("k_trunc", "2.5"),
    ("k_trunc", "false"),
    ("k_trunc", "100001"),
    ("k_att", "0"),
    ("k_att", "-3"),
    ("k_att", '"1"'),
    ("learning_rate", "0"),
    ("learning_rate", "-0.1"),
    ("learning_rate", "NaN"),
    ("learning_rate", "Infinity"),
    ("learning_rate", "-Infinity"),
    ("learning_rate", "1e400"),
    ("learning_rate", '"fast"'),
    ("clip_norm", "-1"),
    ("clip_norm", "NaN"),
    ("clip_norm", "true"),
]
SPECS: list[tuple[str, str]] = [
    ("task.T", '{"task":{"T":0}}'),
    ("task.T", '{"task":{"T":1000000}}'),
    ("task.T", '{"task":{"T":true}}'),
    ("task.T", '{"task":{"name":"adding","T":1}}'),
    ("task.name", '{"task":{"name":"sorting"}}'),
    ("task.items", '{"task":{"items":0}}'),
    ("task.items", '{"task":{"name":"recall","items":9}}'),
    ("task.length", '{"task":{"length":5}}'),
    ("model.hidden_size", '{"model":{"hidden_size":1000000}}'),
    ("model.k_top", '{"model":{"k_top":-1}}'),
    ("model.method", '{"model":{"method":"magic"}}'),
    ("training.batch_size", '{"training":{"batch_size":0}}'),
    ("training.learning_rate", '{"training":{"learning_rate":NaN}}'),
    ("training.seed", '{"training":{"seed":-1}}'),
    ("training.updates", '{"training":{"updates":0}}'),
    ("name", '{"name":"a\\u0000b"}'),
    ("name", '{"name":"' + "x" * 201 + '"}'),
    ("name", '{"name":5}'),
    ("preset", '{"preset":"no-such-preset"}'),
    ("preset", '{"preset":"../copy"}'),
    ("preset", '{"preset":5}'),
    ("model", '{"preset":"copy-10","model":5}'),
    ("colour", '{"colour":"red"}'),
]
COMMANDS: list[tuple[str, str]] = [
    ("type", '{"type":"dance"}'),
    ("type", "{}"),
    ("parameters", '{"type":"set_parameters"}'),
    ("parameters", '{"type":"set_parameters","parameters":{}}'),
    ("parameters", '{"type":"pause","parameters":{"k_top":1}}'),
    ("parameters.k_size", '{"type":"set_parameters","parameters":{"k_size":1}}'),
    ("command_id", '{"type":"pause","command_id":"no spaces"}'),
    ("command_id", '{"type":"pause","command_id":7}'),
    ("base_version", '{"type":"pause","base_version":-1}'),
    ("body", "[]"),
    ("body", "null"),
    ("body", '"pause"'),
]
COMMANDS += [
    (f"parameters.{name}" if "k_tp" not in value else "parameters.k_tp",
     f'{{"type":"set_parameters","parameters":{{"{name}":{value}}}}}')
    for name, value in KNOBS
]  # fmt: skip


def complete(problem: dict[str, Any], field: str) -> None:
    """The problem names the field, the value, the range and the remedy."""
    assert field in [entry["field"] for entry in problem["errors"]], problem
    entry = next(entry for entry in problem["errors"] if entry["field"] == field)
    assert set(entry) == {"field", "value", "range", "remedy"}
    assert entry["range"]
    assert entry["remedy"]
    assert problem["detail"]


@pytest.fixture(scope="module")
def run(server: Live) -> str:
    run = server.start(name="untouched", training={"updates": 100_000})
    server.reach(run, "running", update=1)
    server.command(run, "pause")
    server.reach(run, "paused")
    return run


@pytest.mark.parametrize(("field", "body"), SPECS)
def test_C23_a_bad_spec_starts_nothing(server: Live, field: str, body: str) -> None:
    before = len(server.http.get("/api/runs").json())
    answer = server.http.post("/api/runs", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422, answer.text
    complete(answer.json(), field)
    assert len(server.http.get("/api/runs").json()) == before


@pytest.mark.parametrize(("field", "body"), COMMANDS)
def test_C23_a_bad_command_changes_nothing_by_rest_or_socket(server: Live, run: str, field: str, body: str) -> None:
    before = server.run(run)
    answer = server.http.post(f"/api/runs/{run}/commands", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422, answer.text
    problem = answer.json()
    complete(problem, field)
    with server.viewer() as viewer:
        viewer.socket.send(f'{{"type":"command","run":"{run}","command":{body}}}')
        rejected = viewer.until(lambda frame: frame["kind"] == "rejected")
    assert rejected["problem"] == problem
    assert server.run(run) == before


@pytest.mark.parametrize(
    ("field", "body"),
    [
        ("run, checkpoint, preset", {}),
        ("run, checkpoint, preset", {"run": "r1", "preset": "copy-10"}),
        ("example", {"preset": "copy-10", "example": 16}),
        ("loss_step", {"preset": "copy-10", "loss_step": 30}),
        ("loss_step", {"preset": "copy-10", "loss_step": -1}),
        ("k_top", {"preset": "copy-10", "k_top": -1}),
        ("k_att", {"preset": "copy-10", "k_att": 0}),
        ("rules", {"preset": "copy-10", "rules": []}),
        ("rules.0", {"preset": "copy-10", "rules": ["magic"]}),
        ("share", {"preset": "copy-10", "share": 1.5}),
        ("knocked_out.0.1", {"preset": "copy-10", "knocked_out": [[3, -2]]}),
        ("preset", {"preset": "none"}),
        ("update", {"preset": "copy-10", "update": 5}),
        ("colour", {"preset": "copy-10", "colour": 1}),
    ],
)
def test_C23_a_bad_probe_is_refused_before_any_worker_sees_it(server: Live, field: str, body: dict[str, Any]) -> None:
    answer = server.http.post("/api/probe", json=body)
    assert answer.status_code == 422, answer.text
    complete(answer.json(), field)


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("metrics?after=x", "after"),
        ("metrics?after=1e3", "after"),
        ("metrics?after=-2", "after"),
        ("metrics?after=99999999999999999999999", "after"),
        ("snapshots/-1", "update"),
        ("snapshots/newest", "update"),
        ("snapshots/1.0", "update"),
        ("snapshots/latest?example=16", "example"),
        ("snapshots/latest?example=a", "example"),
        ("snapshots/%D9%A3", "update"),
    ],
)
def test_C23_a_bad_query_is_refused_with_its_field(server: Live, run: str, path: str, field: str) -> None:
    answer = server.http.get(f"/api/runs/{run}/{path}")
    assert answer.status_code == 422, answer.text
    complete(answer.json(), field)


@pytest.mark.parametrize("path", ["", "/metrics", "/snapshots", "/snapshots/latest", "/bundle"])
def test_an_unknown_run_is_404_with_a_remedy(server: Live, path: str) -> None:
    answer = server.http.get(f"/api/runs/rnone{path}")
    assert answer.status_code == 404
    complete(answer.json(), "run")


@pytest.mark.parametrize(
    "name", ["naïve — Ünïcode 🧠", "<img src=x onerror=alert(1)>", "'; DROP TABLE runs; --", "=1+1", ""]
)
def test_C22_odd_names_come_back_as_they_are(server: Live, name: str) -> None:
    run = server.start(name=name, training={"updates": 1})
    view = server.reach(run, "finished")
    assert view["spec"]["name"] == name
    assert view["name"] == name or name == ""


def test_C27_the_smallest_run_works(server: Live) -> None:
    run = server.start(
        task={"name": "copy", "T": 1, "items": 1},
        model={"hidden_size": 1, "attention_size": 1, "k_top": 10_000},
        training={"batch_size": 1, "updates": 1},
    )
    assert server.reach(run, "finished")["update"] == 1


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/api/none", 404), ("PUT", "/api/runs", 405)])
def test_unknown_routes_and_methods_are_problems(server: Live, method: str, path: str, status: int) -> None:
    answer = server.http.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert json.loads(answer.text)["status"] == status
    if status == 405:
        assert "POST" in answer.headers["allow"] or "GET" in answer.headers["allow"]
