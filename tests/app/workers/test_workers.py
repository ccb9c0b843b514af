from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.workers.connection import Worker


class Line:
    """The far end of a worker's socket."""

    def __init__(self) -> None:
        self.worker = Worker("w1", "prober")
        self.heard: list[dict[str, Any]] = []
        self.broken = False

    async def send(self, text: str) -> None:
        if self.broken:
            raise RuntimeError("the socket is closed")
        self.heard.append(json.loads(text))

    def connect(self) -> Worker:
        self.worker.connect(self.send)
        return self.worker


async def asked(line: Line, count: int = 1) -> None:
    while len(line.heard) < count:  # noqa: ASYNC110
        await asyncio.sleep(0)


def ask(worker: Worker, timeout_s: float = 1.0, queue: int = 4) -> asyncio.Task[dict[str, Any]]:
    return asyncio.create_task(worker.ask({"type": "probe"}, timeout_s=timeout_s, queue=queue))


def status_of(caught: pytest.ExceptionInfo[UserError]) -> int:
    return caught.value.problem.status


def test_questions_are_asked_one_at_a_time_and_answered_by_number() -> None:
    async def scenario() -> None:
        line = Line()
        first, second = ask(line.connect()), ask(line.worker)
        await asked(line)
        await asyncio.sleep(0.01)
        assert len(line.heard) == 1, "the second waits for the first"
        line.worker.answered({"kind": "probed", "request": line.heard[0]["request"], "data": {"n": 1}})
        await asked(line, 2)
        line.worker.answered({"kind": "probed", "request": 999_999_999, "data": {"n": 0}})
        line.worker.answered({"kind": "probed", "request": line.heard[1]["request"], "data": {"n": 2}})
        assert [await first, await second] == [{"n": 1}, {"n": 2}]

    asyncio.run(scenario())


def test_a_question_waits_for_a_worker_that_is_still_starting() -> None:
    async def scenario() -> None:
        line = Line()
        question = ask(line.worker)
        await asyncio.sleep(0.01)
        line.connect()
        await asked(line)
        line.worker.answered({"kind": "probed", "request": line.heard[0]["request"], "data": {}})
        assert await question == {}

    asyncio.run(scenario())


def test_a_worker_that_goes_fails_its_questions_with_the_reason() -> None:
    async def scenario() -> None:
        line = Line()
        question = ask(line.connect())
        await asked(line)
        line.worker.disconnect("worker ended with signal 9")
        with pytest.raises(UserError, match="signal 9") as caught:
            await question
        assert status_of(caught) == 503
        assert not await line.worker.tell({"type": "end"})

    asyncio.run(scenario())


def test_a_socket_that_breaks_while_sending_is_not_an_error_of_ours() -> None:
    async def scenario() -> None:
        line = Line()
        line.connect()
        line.broken = True
        assert not await line.worker.tell({"type": "end"})
        with pytest.raises(UserError) as caught:
            await line.worker.ask({"type": "probe"}, timeout_s=1, queue=1)
        assert status_of(caught) == 503

    asyncio.run(scenario())


def test_a_late_answer_after_the_time_limit_is_ignored() -> None:
    async def scenario() -> None:
        line = Line()
        with pytest.raises(UserError) as caught:
            await line.connect().ask({"type": "probe"}, timeout_s=0.02, queue=1)
        assert status_of(caught) == 504
        line.worker.answered({"kind": "probed", "request": line.heard[0]["request"], "data": {}})

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("problem", "status"), [({"title": "t", "status": 409, "detail": "d"}, 409), (None, 422), ("x", 422)]
)
def test_a_refusal_becomes_the_problem_it_names(problem: Any, status: int) -> None:
    async def scenario() -> None:
        line = Line()
        question = ask(line.connect())
        await asked(line)
        line.worker.answered({"kind": "probe_failed", "request": line.heard[0]["request"], "problem": problem})
        with pytest.raises(UserError) as caught:
            await question
        assert status_of(caught) == status

    asyncio.run(scenario())
