from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from sab_visualiser.app.store.blobs import blob_at
from sab_visualiser.app.wire.codec import decode
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.workers.connection import Worker


class Line:
    """The far end of a worker's socket."""

    def __init__(self) -> None:
        self.worker = Worker("w1", "prober")
        self.heard: list[dict[str, Any]] = []
        self.brought: list[dict[str, Any]] = []
        self.broken = False

    async def send(self, text: str) -> None:
        if self.broken:
            raise RuntimeError("the socket is closed")
        self.heard.append(json.loads(text))

    async def send_bytes(self, frame: bytes) -> None:
        self.brought.append(decode(frame))

    def connect(self) -> Worker:
        self.worker.connect(self.send, self.send_bytes)
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


def test_a_checkpoint_is_named_by_its_hash_and_brought_when_it_is_wanted(tmp_path: Path) -> None:
    path = tmp_path / "weights"
    path.write_bytes(b"some weights")
    checkpoint = blob_at(path)

    async def scenario() -> None:
        line = Line()
        worker = line.connect()
        assert await worker.tell({"type": "assign"}, checkpoint)
        assert line.heard == [{"type": "assign", "checkpoint": checkpoint.sha256}]
        await worker.wants(checkpoint.sha256)
        assert line.brought[0]["checkpoint"] == checkpoint.sha256
        assert line.brought[0]["data"]["bytes"].tobytes() == b"some weights"

    asyncio.run(scenario())


def test_a_worker_gets_no_bytes_of_what_is_gone_or_was_never_named_to_it(tmp_path: Path) -> None:
    named, other = tmp_path / "named", tmp_path / "other"
    named.write_bytes(b"gone soon")
    other.write_bytes(b"not for you")
    checkpoint, secret = blob_at(named), blob_at(other)
    named.unlink()

    async def scenario() -> None:
        line = Line()
        worker = line.connect()
        await worker.tell({"type": "assign"}, checkpoint)
        for sha256 in (checkpoint.sha256, secret.sha256, "../other", str(other)):
            await worker.wants(sha256)
        assert [frame["data"]["bytes"] for frame in line.brought] == [None] * 4

    asyncio.run(scenario())
