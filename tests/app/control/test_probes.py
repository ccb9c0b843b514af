from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sab_visualiser.app.wire.trace import Trace
from tests.fakes.server import Live, eventually, in_thread


def probe(live: Live, **body: Any) -> Any:
    return live.http.post("/api/probe", json=body)


def test_a_live_run_answers_for_itself_and_is_not_disturbed(server: Live) -> None:
    run = server.start(training={"updates": 100_000})
    server.reach(run, "running", update=2)
    before = server.run(run)["params_version"]
    first = probe(server, run=run, k_top=1, loss_step=3).json()
    Trace.model_validate(first)
    assert (first["run"], first["loss_step"], first["parameters"]["k_top"]) == (run, 3, 1)
    server.reach(run, "running", update=first["update"] + 2)
    assert probe(server, run=run, k_top=1, loss_step=3).json()["update"] > first["update"], "never from the cache"
    assert server.run(run)["params_version"] == before
    assert server.run(run)["parameters"]["k_top"] == 5
    server.command(run, "stop")


def test_an_ended_run_is_probed_from_its_checkpoint_and_remembered(server: Live) -> None:
    run = server.start(training={"updates": 3})
    checkpoint = server.reach(run, "finished")["checkpoint"]
    answer = probe(server, run=run, example=2).json()
    assert (answer["run"], answer["checkpoint"], answer["example"]) == (run, checkpoint, 2)
    assert probe(server, checkpoint=checkpoint, example=2).json()["inputs"] == answer["inputs"]
    prober = server.app.state.supervisor.prober
    asked = prober.tell
    prober.tell = pytest.fail
    try:
        assert probe(server, run=run, example=2).json() == answer
    finally:
        prober.tell = asked


def test_an_update_without_a_checkpoint_is_refused_naming_those_with_one(server: Live) -> None:
    run = server.start(training={"updates": 4})
    server.reach(run, "finished")
    assert probe(server, run=run, update=4).status_code == 200
    answer = probe(server, run=run, update=2)
    assert answer.status_code == 404
    assert answer.json()["errors"][0]["range"] == "an update with a checkpoint: 4"


def test_a_loss_step_left_out_reaches_the_worker_as_left_out_and_null_as_null(server: Live) -> None:
    left_out = probe(server, preset="copy-10", example=1).json()
    assert "loss_step" not in left_out["asked"]
    whole = probe(server, preset="copy-10", example=1, loss_step=None).json()
    assert whole["asked"]["loss_step"] is None
    assert probe(server, preset="copy-10", example=1, loss_step=4).json()["loss_step"] == 4


def test_a_problem_of_the_worker_comes_through(server: Live) -> None:
    answer = probe(server, preset="copy-10", example=13)
    assert (answer.status_code, answer.json()["detail"]) == (422, "example = 13: not today; choose 0")


@pytest.mark.parametrize("body", [{"run": "rnone"}, {"checkpoint": "0" * 64}, {"checkpoint": "short"}])
def test_an_unknown_network_is_404(server: Live, body: dict[str, str]) -> None:
    assert probe(server, **body).status_code == 404


def test_the_hit_rate_of_the_batch_is_asked_once_for_all_steps_and_examples(server: Live) -> None:
    def asked(**fields: object) -> dict[str, object]:
        found: dict[str, object] = server.http.post("/api/hits", json={"preset": "copy-10", **fields}).json()
        return found

    first = asked(k_top=2, example=1, loss_step=4)
    assert (first["hits"], first["readers"], first["examples"], first["hit_rate"]) == (120, 160, 16, 0.75)
    assert first["asked"] == {"preset": "copy-10", "k_top": 2}
    assert asked(k_top=2, example=3, loss_step=None) == first
    assert server.http.post("/api/hits", json={"checkpoint": "short"}).status_code == 404


def test_a_self_check_lists_identities(server: Live) -> None:
    answer = server.http.get("/api/selfcheck?preset=copy-10").json()
    assert answer["identities"][0]["holds"] is True
    assert answer["preset"] == "copy-10"
    for query in ("", "?run=r1&preset=copy-10"):
        assert server.http.get(f"/api/selfcheck{query}").status_code == 422


def test_a_worker_that_does_not_answer_is_504_and_a_full_queue_429(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with in_thread(tmp_path, probe_timeout_s=0.6, probe_queue=2) as live:
        eventually(lambda: live.app.state.supervisor.prober and live.app.state.supervisor.prober.connected)
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: probe(live, preset="copy-10", example=14), range(8)))
        codes = [answer.status_code for answer in answers]
        assert sorted(set(codes)) == [429, 504]
        assert codes.count(504) == 3, "one in hand and two that wait"
        limited = next(answer for answer in answers if answer.status_code == 429)
        assert limited.headers["retry-after"] == "1"


def test_a_prober_that_ends_is_replaced(tmp_path: Path) -> None:
    with in_thread(tmp_path) as live:
        supervisor = live.app.state.supervisor
        first = eventually(lambda: supervisor.prober and supervisor.prober.connected and supervisor.prober)
        assert live.launcher is not None
        live.launcher.started[first.id].kill()
        eventually(first.gone.is_set)
        assert probe(live, preset="copy-10").status_code == 200
        assert supervisor.prober is not first
