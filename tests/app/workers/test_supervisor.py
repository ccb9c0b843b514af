from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from sab_visualiser.app.settings import Settings
from sab_visualiser.app.workers.connection import Worker
from sab_visualiser.app.workers.local import LocalHandle, LocalLauncher
from sab_visualiser.app.workers.supervisor import Supervisor


def play(scenario: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(scenario, 15))


async def until(condition: Any) -> None:
    while not condition():  # noqa: ASYNC110 (the condition is about processes, which set no event)
        await asyncio.sleep(0.01)


def python(code: str) -> LocalLauncher:
    return LocalLauncher((sys.executable, "-S", "-c", code))


ENDS = {
    "raise SystemExit(3)": "worker ended with exit code 3",
    "import sys; print('a'); print('the reason', file=sys.stderr); sys.exit(1)": (
        "worker ended with exit code 1: the reason"
    ),
    "import os; os.kill(os.getpid(), 9)": "worker ended with signal 9 (SIGKILL)",
    "import sys; sys.stderr.write('x' * 200_000 + chr(10) + 'end'); sys.exit(2)": "worker ended with exit code 2: end",
}


@pytest.mark.parametrize(("code", "reason"), ENDS.items())
def test_the_end_of_a_process_is_told_in_words(code: str, reason: str) -> None:
    async def scenario() -> None:
        handle = await python(code).start("w", "ws://127.0.0.1:1/ws/worker", "token")
        assert await handle.wait() == reason

    play(scenario())


def test_the_token_travels_in_the_environment_and_not_in_the_arguments() -> None:
    code = "import os, sys; print(os.environ['SAB_WORKER_TOKEN'], sys.argv[1:], file=sys.stderr); sys.exit(1)"

    async def scenario() -> None:
        handle = await python(code).start("w7", "ws://here", "the-token")
        assert await handle.wait() == (
            "worker ended with exit code 1: the-token ['--server', 'ws://here', '--id', 'w7']"
        )

    play(scenario())


def test_a_worker_that_ignores_everything_is_killed_when_the_server_ends() -> None:
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"

    async def scenario() -> None:
        supervisor = Supervisor(python(code), Settings(worker_exit_s=0.1))
        supervisor.start("ws://127.0.0.1:1/ws/worker")
        await until(lambda: any(worker.handle for worker in supervisor.workers.values()))
        await asyncio.sleep(0.1)
        await supervisor.close()
        assert not supervisor.workers

    play(scenario())


def test_a_worker_without_a_run_is_not_waited_for_when_the_server_ends() -> None:
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    said: list[Any] = []

    async def hear(words: Any) -> None:
        said.append(words)

    async def scenario() -> None:
        supervisor = Supervisor(python(code), Settings(worker_exit_s=60))
        supervisor.start("ws://127.0.0.1:1/ws/worker")
        await until(lambda: any(worker.handle for worker in supervisor.workers.values()))
        (spare,) = supervisor.workers.values()
        supervisor.connected(spare.id, hear, hear)
        await supervisor.close()
        assert spare.handle is not None
        assert await spare.handle.wait() == "worker ended with signal 9 (SIGKILL)"

    play(scenario())
    assert said == []


def test_a_worker_s_token_is_its_own_and_good_once() -> None:
    given: list[tuple[str, str]] = []

    class Noting:
        async def start(self, worker_id: str, url: str, token: str) -> LocalHandle:
            given.append((worker_id, token))
            return await python("import time; time.sleep(60)").start(worker_id, url, token)

        async def close(self) -> None:
            pass

    async def scenario() -> None:
        supervisor = Supervisor(Noting(), Settings(worker_exit_s=0.1, spares=2))
        supervisor.start("ws://127.0.0.1:1/ws/worker")
        await until(lambda: len(given) == 2)
        (first, token), (_, other) = given
        assert token != other
        assert (supervisor.admit(token), supervisor.admit(token)) == (first, None)
        assert supervisor.admit("") is None
        await supervisor.close()
        assert supervisor.admit(other) is None, "its worker has ended"

    play(scenario())


def test_a_worker_from_elsewhere_shows_the_token_that_was_set() -> None:
    supervisor = Supervisor(python(""), Settings(worker_token="the-secret"))
    assert (supervisor.admit("the-secret"), supervisor.admit("the-secret"), supervisor.admit("x")) == ("", "", None)


def test_spares_that_end_at_once_are_started_again_ever_more_slowly() -> None:
    reasons: list[str] = []

    async def gone(worker: Worker, reason: str) -> None:
        reasons.append(reason)

    async def scenario() -> None:
        supervisor = Supervisor(python("raise SystemExit(9)"), Settings(worker_exit_s=0.1))
        supervisor.on_gone = gone
        supervisor.start("ws://127.0.0.1:1/ws/worker")
        await until(lambda: len(reasons) >= 2)
        assert supervisor.failed_starts >= 2
        await supervisor.close()

    play(scenario())
    assert set(reasons) == {"worker ended with exit code 9"}


def test_a_program_that_does_not_exist_is_a_reason_and_not_a_crash(tmp_path: Path) -> None:
    reasons: list[str] = []

    async def gone(worker: Worker, reason: str) -> None:
        reasons.append(reason)

    async def scenario() -> None:
        supervisor = Supervisor(LocalLauncher((str(tmp_path / "nothing"),)), Settings(worker_exit_s=0.1))
        supervisor.on_gone = gone
        supervisor.start("ws://127.0.0.1:1/ws/worker")
        await until(lambda: reasons)
        await supervisor.close()

    play(scenario())
    assert reasons[0].startswith("worker could not be started")


def test_a_worker_from_elsewhere_is_a_spare_and_its_loss_is_its_end() -> None:
    async def send(frame: str | bytes) -> None:
        """Takes everything."""

    async def scenario() -> None:
        supervisor = Supervisor(python("raise SystemExit(9)"), Settings())
        worker = supervisor.connected("from-afar", send, send)
        assert supervisor.idle() is worker
        supervisor.take(worker, "r1")
        assert supervisor.idle() is None
        supervisor.disconnected(worker)
        await worker.gone.wait()
        assert worker.id not in supervisor.workers

    play(scenario())
