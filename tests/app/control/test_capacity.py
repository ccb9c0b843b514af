from __future__ import annotations

from pathlib import Path

from tests.fakes.server import eventually, in_thread


def test_runs_beyond_the_limit_wait_their_turn_and_too_many_are_refused(tmp_path: Path) -> None:
    with in_thread(tmp_path, max_runs=1, queue=2) as live:
        first = live.start()
        live.reach(first, "running", update=1)
        second, third = live.start(name="second"), live.start(name="third")
        assert live.run(second)["status"] == "queued"
        assert live.run(second)["waits"] == "a free place: 1 run trains, the most at a time"
        assert live.run(third)["waits"].endswith(", 1 waits ahead of it")
        assert live.run(first)["waits"] is None
        refused = live.http.post("/api/runs", json={})
        assert refused.status_code == 429
        assert "2 runs wait" in refused.json()["detail"]
        assert len(live.http.get("/api/runs").json()) == 3
        assert live.command(second, "set_parameters", parameters={"k_top": 1}).json()["params_version"] == 1
        assert live.command(third, "stop").status_code == 202
        assert live.run(third)["status"] == "stopped"
        live.command(first, "stop")
        live.reach(second, "running", update=1)
        view = eventually(lambda: (v := live.run(second))["params_version"] == 1 and v)
        assert view["parameters"]["k_top"] == 1


def test_a_worker_lost_in_mid_run_fails_it_and_another_run_goes_on(tmp_path: Path) -> None:
    with in_thread(tmp_path) as live:
        assert live.launcher is not None
        one, two = live.start(name="one"), live.start(name="two")
        for run in (one, two):
            live.reach(run, "running", update=3)
        live.launcher.started[live.app.state.conductor.worker_of[one].id].kill()
        view = live.reach(one, "failed", seconds=1.5)
        assert view["reason"] == "worker ended with signal 9 (SIGKILL)"
        live.reach(two, "running", update=live.run(two)["update"] + 5)
        assert live.command(one, "resume").status_code == 202
        assert live.reach(one, "running", update=1)["attempt"] == 1


def test_runs_left_behind_are_interrupted_and_resume(tmp_path: Path) -> None:
    with in_thread(tmp_path) as live:
        run = live.start(training={"updates": 100_000})
        live.reach(run, "running", update=5)
    with in_thread(tmp_path) as live:
        view = live.run(run)
        assert (view["status"], view["reason"]) == ("interrupted", "the server was stopped")
        assert view["checkpoint_update"] >= 5, "the worker saved a checkpoint when the server ended"
        live.command(run, "resume")
        live.reach(run, "running", update=view["checkpoint_update"] + 2)
