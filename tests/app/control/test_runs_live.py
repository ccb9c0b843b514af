from __future__ import annotations

import json
import zipfile
from io import BytesIO

import pytest

from sab_visualiser.app.wire.trace import Trace
from sab_visualiser.app.wire.views import RunView
from tests.fakes.server import Live, eventually

EDGE = {
    "kind": "skip",
    "reader": 4,
    "source": 0,
    "credit": pytest.approx(0.3),
    "credit_hidden": None,
    "credit_cell": None,
    "weight": pytest.approx(0.93),
    "chosen": True,
}


def test_an_empty_body_starts_the_default_preset(server: Live) -> None:
    answer = server.http.post("/api/runs")
    view = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/runs/{view['id']}"
    assert view["preset"] == "copy-50"
    assert (view["spec"]["task"]["name"], view["spec"]["task"]["T"]) == ("copy", 50)
    server.reach(view["id"], "running", update=3)
    server.command(view["id"], "stop")


def test_explicit_fields_win_over_the_preset(server: Live) -> None:
    run = server.start(preset="copy-10", model={"k_top": 7}, training={"updates": 3})
    spec = server.run(run)["spec"]
    assert (spec["task"]["T"], spec["task"]["items"], spec["model"]["k_top"]) == (10, 5, 7)
    assert spec["training"]["updates"] == 3


def test_a_short_run_finishes_and_keeps_metrics_snapshots_and_a_checkpoint(server: Live) -> None:
    run = server.start(name="short", training={"updates": 12})
    view = server.reach(run, "finished")
    RunView.model_validate(view)
    assert view["metrics"]["loss"] == pytest.approx(1 / 12, abs=1e-6)
    assert (view["update"], view["skipped"], view["name"]) == (12, 1, "short")
    metrics = server.http.get(f"/api/runs/{run}/metrics").json()
    assert metrics["update"] == list(range(1, 13))
    assert metrics["gradient_norm"][1] is None
    assert server.http.get(f"/api/runs/{run}/metrics?after=10").json()["update"] == [11, 12]
    listed = server.http.get(f"/api/runs/{run}/snapshots").json()
    assert listed["updates"] == [0, 5, 10]
    assert [each["update"] for each in listed["checkpoints"]] == [12]
    latest = server.http.get(f"/api/runs/{run}/snapshots/latest").json()
    Trace.model_validate(latest)
    assert (latest["run"], latest["update"], latest["loss_T"][2]) == (run, 10, None)
    assert latest["edges"][1] == EDGE


def test_knobs_change_on_the_running_run_and_are_journalled(server: Live) -> None:
    run = server.start()
    server.reach(run, "running", update=2)
    answer = server.command(run, "set_parameters", parameters={"k_top": 2, "learning_rate": 0.5}, command_id="mine")
    assert answer.status_code == 202
    assert answer.json()["params_version"] == 1
    assert answer.json()["command_id"] == "mine"
    view = eventually(lambda: (v := server.run(run))["params_version"] == 1 and v)
    assert (view["parameters"]["k_top"], view["parameters"]["k_att"]) == (2, 2)
    changes = server.http.get(f"/api/runs/{run}/metrics").json()["changes"]
    assert [each["params_version"] for each in changes] == [1]
    stale = server.command(run, "set_parameters", parameters={"k_top": 3}, base_version=0)
    assert stale.status_code == 409
    assert "params_version is 1" in stale.json()["detail"]
    server.command(run, "stop")
    assert server.reach(run, "stopped")["parameters"]["k_top"] == 2


def test_pause_step_and_resume(server: Live) -> None:
    run = server.start()
    server.reach(run, "running", update=2)
    server.command(run, "pause")
    at = server.reach(run, "paused")["update"]
    server.command(run, "step")
    assert server.reach(run, "paused", update=at + 1)["update"] == at + 1
    server.command(run, "resume")
    server.reach(run, "running", update=at + 3)
    server.command(run, "stop")
    assert server.command(run, "pause").status_code == 409


def test_stop_then_resume_goes_on_from_the_checkpoint(server: Live) -> None:
    run = server.start(training={"updates": 100_000})
    server.reach(run, "running", update=7)
    server.command(run, "stop")
    stopped = server.reach(run, "stopped")
    assert stopped["checkpoint_update"] == stopped["update"]
    assert server.command(run, "resume").status_code == 202
    again = server.reach(run, "running", update=stopped["update"] + 1)
    assert again["attempt"] == 1
    server.command(run, "stop")
    server.reach(run, "stopped")
    updates = server.http.get(f"/api/runs/{run}/metrics").json()["update"]
    assert updates == list(range(1, len(updates) + 1))


@pytest.mark.parametrize("live", [True, False])
def test_reseed_starts_over_with_the_next_seed(server: Live, live: bool) -> None:
    run = server.start(training={"updates": 100_000 if live else 6, "seed": 5})
    server.reach(run, "running" if live else "finished", update=6)
    assert server.command(run, "reseed").status_code == 202
    view = eventually(lambda: (v := server.run(run))["attempt"] == 2 and v["update"] >= 2 and v)
    assert view["spec"]["training"]["seed"] == 6
    server.reach(run, "running", "finished", update=4)
    updates = server.http.get(f"/api/runs/{run}/metrics").json()["update"]
    assert updates == list(range(1, len(updates) + 1))
    if live:
        server.command(run, "stop")


def test_C9_a_diverged_run_says_so_and_keeps_its_checkpoint(server: Live) -> None:
    run = server.start(name="diverge")
    view = server.reach(run, "diverged")
    assert view["reason"] == "it was to diverge"
    assert view["checkpoint_update"] == 5
    assert view["metrics"]["loss"] is None
    metrics = server.http.get(f"/api/runs/{run}/metrics")
    assert json.loads(metrics.text, parse_constant=pytest.fail)["loss"][-1] is None
    refused = server.command(run, "resume")
    assert refused.status_code == 409
    assert "diverged" in refused.json()["detail"]
    assert "reset" in refused.json()["detail"]


def test_a_run_that_reports_its_own_failure_is_failed_with_its_reason(server: Live) -> None:
    assert server.reach(server.start(name="fail"), "failed")["reason"] == "it was to fail"


def test_a_deleted_run_is_gone_with_its_files(server: Live) -> None:
    run = server.start(training={"updates": 6})
    checkpoint = server.reach(run, "finished")["checkpoint"]
    file = server.app.state.store.checkpoints.path(checkpoint)
    assert file.exists()
    assert server.http.delete(f"/api/runs/{run}").status_code == 204
    assert server.http.get(f"/api/runs/{run}").status_code == 404
    assert run not in [each["id"] for each in server.http.get("/api/runs").json()]
    assert not file.exists()


def test_deleting_a_live_run_stops_its_worker(server: Live) -> None:
    run = server.start()
    server.reach(run, "running", update=2)
    worker = server.app.state.conductor.worker_of[run]
    server.http.delete(f"/api/runs/{run}")
    eventually(worker.gone.is_set)


def test_a_bundle_holds_everything(server: Live) -> None:
    run = server.start(training={"updates": 6})
    server.reach(run, "finished")
    answer = server.http.get(f"/api/runs/{run}/bundle")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(BytesIO(answer.content)) as bundle:
        assert sorted(bundle.namelist()) == [
            "checkpoint-6.safetensors",
            "config.json",
            "frames/events.bin",
            "frames/snapshots.bin",
            "manifest.json",
            "metrics.csv",
            "run.json",
            "snapshots/00000000.json",
            "snapshots/00000005.json",
        ]
        lines = bundle.read("metrics.csv").decode().splitlines()
        assert lines[0] == "update,loss,gradient_norm,learning_rate,skipped,accuracy"
        assert len(lines) == 7
        assert json.loads(bundle.read("snapshots/00000005.json"))["update"] == 5


def test_an_update_without_a_snapshot_is_refused_naming_its_neighbours(server: Live) -> None:
    run = server.start(training={"updates": 12})
    server.reach(run, "finished")
    answer = server.http.get(f"/api/runs/{run}/snapshots/7")
    assert answer.status_code == 404
    assert "0, 5, 10" in answer.json()["errors"][0]["range"]


def test_another_example_of_a_snapshot_is_probed(server: Live) -> None:
    run = server.start(training={"updates": 5})
    server.reach(run, "finished")
    latest = server.http.get(f"/api/runs/{run}/snapshots/latest?example=4").json()
    assert (latest["example"], latest["inputs"][0], latest["run"]) == (4, 7, run)
