"""B20: what needs more memory than there is is refused at every entrance, with the estimate and what to lower."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from sab_visualiser.app.cli import app
from sab_visualiser.app.workers.memory import free_bytes
from tests.app.bundle.zips import bring, bundle_of, with_record
from tests.fakes.server import Live, in_thread

HUGE = {"task": {"T": 1000}, "model": {"hidden_size": 1024}, "training": {"batch_size": 1024}}
BIG = {"task": {"T": 1000}, "training": {"batch_size": 64}}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server on which one training may take 400 MiB."""
    with in_thread(tmp_path_factory.mktemp("small"), memory_mb=400, max_runs=8) as live:
        live.http.get("/api/engine")  # whether workers run the fused loops is known from here on
        yield live


def refused(answer: Any) -> dict[str, Any]:
    """The one bad field of an answer."""
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert "needs about" in answer.json()["detail"]
    (problem,) = answer.json()["errors"]
    return dict(problem)


def test_B20_a_run_that_does_not_fit_is_refused_and_fits_with_the_value_that_is_named(small: Live) -> None:
    runs = small.http.get("/api/runs").headers["X-Total-Count"]
    problem = refused(small.http.post("/api/runs", json=BIG))
    assert (problem["field"], problem["value"]) == ("training.batch_size", 64)
    assert re.search(r"needs about \d[\d.]* [GM]B .*, and at most 419 MB may be taken", problem["range"])
    found = re.search(r"lower training.batch_size to (\d+)", problem["remedy"])
    assert found
    assert small.http.get("/api/runs").headers["X-Total-Count"] == runs
    fitting = int(found[1])
    for batch, status in ((fitting, 201), (fitting + 1, 422)):
        answer = small.http.post("/api/runs", json={**BIG, "training": {"batch_size": batch}})
        assert answer.status_code == status
    small.command(small.http.get("/api/runs").json()[0]["id"], "stop")


def test_B20_the_largest_run_that_the_ranges_allow_is_refused_where_nobody_set_a_limit(server: Live) -> None:
    if free_bytes() > 16 * 11 * 1000 * 1024 * 1024:
        pytest.skip("this machine has the memory for it")
    problem = refused(server.http.post("/api/runs", json=HUGE))
    assert problem["remedy"].startswith("lower "), problem


def test_B20_a_group_is_refused_whole(small: Live) -> None:
    before = len(small.http.get("/api/runs").json())
    asked = {"base": {"task": {"T": 200}}, "grid": {"training.batch_size": [1, 1024]}, "seeds": [1]}
    refused(small.http.post("/api/groups", json=asked))
    assert len(small.http.get("/api/runs").json()) == before


def test_B20_knobs_that_need_more_are_refused_in_a_command_a_branch_and_a_probe(small: Live) -> None:
    body = {"task": {"T": 900}, "model": {"k_top": 1, "k_att": 1}, "training": {"batch_size": 2, "updates": 3}}
    run = small.start(**body)
    small.reach(run, "finished")
    for answer in (
        small.http.post(f"/api/runs/{run}/branch", json={"model": {"k_top": 10_000}}),
        small.http.post("/api/probe", json={"run": run, "k_top": 10_000}),
        small.http.post("/api/hits", json={"run": run, "k_top": 10_000}),
    ):
        problem = refused(answer)
        assert (problem["field"], problem["value"]) == ("model.k_top", 10_000)
    live = small.start(**{**body, "training": {"batch_size": 2, "updates": 100_000}})
    small.reach(live, "running")
    refused(small.command(live, "set_parameters", parameters={"k_top": 10_000}))
    assert small.command(live, "set_parameters", parameters={"learning_rate": 0.1}).status_code == 202
    small.command(live, "stop")


def test_B20_a_selfcheck_is_refused_by_its_own_estimate(small: Live) -> None:
    run = small.start(task={"T": 900}, model={"k_att": 1}, training={"batch_size": 2, "updates": 3})
    small.reach(run, "finished")
    assert small.http.post("/api/probe", json={"run": run}).status_code == 200
    problem = refused(small.http.get(f"/api/selfcheck?run={run}"))
    assert problem["field"] == "task.T"


def test_B20_a_bundle_of_a_run_that_does_not_fit_is_refused(small: Live) -> None:
    run = small.start(name="good", task={"T": 900}, training={"batch_size": 1, "updates": 6})
    small.reach(run, "finished")
    refused(bring(small, with_record(bundle_of(small, run), spec__training__batch_size=1000)))


@pytest.mark.parametrize("words", [["train"], ["sweep", "FILE"], ["sweep", "FILE", "--dry-run"]])
def test_B20_the_command_line_refuses_it_before_anything_is_made(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAB_MEMORY_MB", "300")
    file = tmp_path / "s.toml"
    file.write_text('name = "s"\n[base]\ntask.T = 200\ntraining.batch_size = 1000\n[grid]\n"model.k_top" = [1, 2]\n')
    told = [str(file) if word == "FILE" else word for word in words]
    more = ["--set", "task.T=200", "--set", "training.batch_size=1000"] if words == ["train"] else []
    done = CliRunner().invoke(app, [*told, *more])
    assert done.exit_code != 0
    assert "lower training.batch_size to" in f"{done.output} {done.stderr} {done.exception}"


def test_B20_what_is_free_is_that_of_the_container_where_it_is_less(tmp_path: Path) -> None:
    (tmp_path / "meminfo").write_text("MemTotal: 900 kB\nMemAvailable:     500 kB\n")
    assert free_bytes(tmp_path, tmp_path) == 500 * 1024
    (tmp_path / "memory.max").write_text("max\n")
    (tmp_path / "memory.current").write_text("100\n")
    assert free_bytes(tmp_path, tmp_path) == 500 * 1024
    (tmp_path / "memory.max").write_text("4000\n")
    assert free_bytes(tmp_path, tmp_path) == 3900
    (tmp_path / "meminfo").write_text("nothing of the kind\n")
    assert free_bytes(tmp_path, tmp_path) == 3900
