"""Page, route and command line give equal numbers for a run that a server is following right now."""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from benchmarks.running import Running, running
from sab_visualiser.app.cli import main

pytestmark = pytest.mark.server
WAIT_S = 20


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def server(data_dir: Path) -> Iterator[Running]:
    with running(data_dir, emitting=True) as found:
        yield found


@pytest.fixture(scope="module")
def run(server: Running) -> str:
    """A run that sends five traces a second, with at least two of them stored."""
    run_id: str = server.post("/api/runs", {"name": "snapshots 5 30"})["id"]
    deadline = time.monotonic() + WAIT_S
    while len(_get(server, f"/api/runs/{run_id}/snapshots")["updates"]) < 2:
        assert time.monotonic() < deadline, "no snapshot came"
        time.sleep(0.1)
    return run_id


def _bytes(server: Running, path: str) -> bytes:
    with urlopen(server.url + path, timeout=WAIT_S) as answer:
        body: bytes = answer.read()
    return body


def _get(server: Running, path: str) -> Any:
    return json.loads(_bytes(server, path))


@pytest.mark.parametrize("panel", ["attention", "gradients", "paths"])
def test_route_store_and_server_option_give_the_same_file(
    server: Running, run: str, data_dir: Path, tmp_path: Path, panel: str
) -> None:
    update = _get(server, f"/api/runs/{run}/snapshots")["updates"][0]
    from_route = _bytes(server, f"/api/runs/{run}/export?panel={panel}&format=csv&update={update}")
    words = ["export", run, "--panel", panel, "--update", str(update)]
    main([*words, "-o", str(tmp_path / "stored.csv"), "--data-dir", str(data_dir)])
    main([*words, "-o", str(tmp_path / "asked.csv"), "--server", server.url])
    assert (tmp_path / "stored.csv").read_bytes() == from_route
    assert (tmp_path / "asked.csv").read_bytes() == from_route


def test_the_numbers_are_those_of_the_snapshot(server: Running, run: str) -> None:
    trace = _get(server, f"/api/runs/{run}/snapshots/latest")
    update = trace["update"]
    body = _bytes(server, f"/api/runs/{run}/export?panel=gradients&format=csv&update={update}").decode()
    rows = list(csv.DictReader(line for line in body.splitlines() if not line.startswith("# ")))
    for rule, norms in trace["gradient_norm"].items():
        assert [float(row[rule]) for row in rows] == norms
    assert f"# update: {update}" in body.splitlines()
    assert f"# run: {run}" in body.splitlines()


def test_a_problem_of_the_server_is_a_problem_document(server: Running, run: str) -> None:
    from urllib.error import HTTPError

    with pytest.raises(HTTPError) as caught:
        _bytes(server, f"/api/runs/{run}/export?panel=arcs&format=csv")
    assert caught.value.code == 422
    assert caught.value.headers["content-type"] == "application/problem+json"
    assert json.loads(caught.value.read())["errors"][0]["field"] == "panel"
    caught.value.close()
