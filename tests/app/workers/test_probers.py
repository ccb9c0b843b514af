"""B13, C11: a prober that ends is replaced by a worker that is warm, and only the question that ended it is lost."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from tests.fakes.server import Live, eventually, in_thread


def kill_prober(live: Live) -> str:
    """End it as SIGKILL would; its id."""
    supervisor = live.app.state.supervisor
    prober = eventually(lambda: supervisor.prober if supervisor.prober and supervisor.prober.connected else None)
    assert live.loop is not None
    live.loop.call_soon_threadsafe(prober.handle.kill)
    eventually(lambda: supervisor.prober is not prober)
    return str(prober.id)


def probe(live: Live, **body: Any) -> Any:
    return live.http.post("/api/probe", json={"preset": "copy-10", **body})


def test_B13_the_spare_that_is_warm_takes_the_place_of_a_prober_that_ended(tmp_path: Path) -> None:
    with in_thread(tmp_path) as live:
        supervisor = live.app.state.supervisor
        spare = eventually(lambda: supervisor.idle() if supervisor.prober else None)
        gone = kill_prober(live)
        assert supervisor.prober is spare, "and no new process had to start"
        assert gone not in supervisor.workers
        assert probe(live, example=1).status_code == 200
        eventually(lambda: (another := supervisor.idle()) is not None and another is not spare)
        run = live.start(training={"updates": 3})
        live.reach(run, "finished")


def test_B13_a_prober_without_a_spare_is_started_again(tmp_path: Path) -> None:
    with in_thread(tmp_path, spares=0) as live:
        assert probe(live, example=1).status_code == 200
        kill_prober(live)
        assert probe(live, example=2).status_code == 200


def test_B13_questions_that_waited_behind_the_one_that_ended_the_prober_are_answered(tmp_path: Path) -> None:
    with in_thread(tmp_path) as live:
        supervisor = live.app.state.supervisor
        eventually(lambda: supervisor.idle() and supervisor.prober and supervisor.prober.connected)
        answers: dict[int, int] = {}

        def ask(example: int) -> None:
            answers[example] = probe(live, example=example).status_code

        asked = [threading.Thread(target=ask, args=(14,))]  # the fake prober never answers this one
        asked[0].start()
        eventually(lambda: supervisor.prober._open)
        asked += [threading.Thread(target=ask, args=(example,)) for example in (2, 3)]
        for thread in asked[1:]:
            thread.start()
        eventually(lambda: supervisor.prober._waiting == 3)
        kill_prober(live)
        for thread in asked:
            thread.join(timeout=30)
        assert answers == {14: 503, 2: 200, 3: 200}
