"""A launcher that plays workers as tasks of the server's own loop: no processes, so tests are quick."""

from __future__ import annotations

import asyncio
import itertools

from tests.fakes.worker import FakeWorker

_numbers = itertools.count(10_000_000)


class TaskHandle:
    """A worker that is a task."""

    def __init__(self, work: asyncio.Task[None]) -> None:
        self.pid = next(_numbers)
        self._work = work

    async def wait(self) -> str:
        """The reason why it ended."""
        try:
            await asyncio.wait([self._work])
            error = None if self._work.cancelled() else self._work.exception()
        except asyncio.CancelledError:
            self._work.cancel()
            raise
        if self._work.cancelled():
            return "worker ended with signal 9 (SIGKILL)"
        return "worker ended with exit code 0" if error is None else f"worker ended with exit code 1: {error}"

    def terminate(self) -> None:
        """End it."""
        self._work.cancel()

    def kill(self) -> None:
        """End it."""
        self._work.cancel()


class TaskLauncher:
    """Starts fake workers as tasks and remembers them."""

    def __init__(self) -> None:
        self.started: dict[str, TaskHandle] = {}

    async def start(self, worker_id: str, url: str, token: str) -> TaskHandle:
        """One more fake worker."""
        handle = TaskHandle(asyncio.create_task(FakeWorker(url, token, worker_id).work()))
        self.started[worker_id] = handle
        return handle

    async def close(self) -> None:
        """Nothing is kept beside them."""
