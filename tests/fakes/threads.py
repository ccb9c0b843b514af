"""A launcher that runs real workers (torch) as threads of this process: quick to start, and nothing is faked."""

from __future__ import annotations

import asyncio
import itertools
import threading

import torch

from sab_visualiser.app.worker.link import Link, LinkLostError
from sab_visualiser.app.worker.loop import work
from sab_visualiser.app.worker.process import THREADS

_numbers = itertools.count(20_000_000)


class ThreadHandle:
    """A worker that is a thread."""

    def __init__(self, url: str, token: str, worker_id: str) -> None:
        self.pid = next(_numbers)
        self._ended, self._unwanted = threading.Event(), threading.Event()
        self._link: Link | None = None
        threading.Thread(target=self._work, args=(url, token, worker_id), daemon=True).start()

    async def wait(self) -> str:
        """The reason why it ended."""
        while not self._ended.is_set():  # noqa: ASYNC110 (a thread sets it)
            await asyncio.sleep(0.01)
        return "worker ended"

    def terminate(self) -> None:
        """Cut its line, now or once it has one; it ends when it notices.

        In a thread of its own: to close a line takes an answer of the server, whose thread this is.
        """
        self._unwanted.set()
        if self._link is not None:
            threading.Thread(target=self._link.close, daemon=True).start()

    kill = terminate

    def _work(self, url: str, token: str, worker_id: str) -> None:
        torch.set_num_threads(THREADS)
        try:
            self._link = Link(url, token, worker_id)
            self._link.leave = lambda code: None
            self._link.send({"kind": "hello", "data": {"worker": worker_id, "pid": self.pid}})
            if not self._unwanted.is_set():
                work(self._link)
        except LinkLostError:  # it was ended before it had said hello
            pass
        finally:
            if self._link is not None:
                self._link.close()
            self._ended.set()


class ThreadLauncher:
    """Starts real workers as threads and remembers them."""

    def __init__(self) -> None:
        self.started: dict[str, ThreadHandle] = {}

    async def start(self, worker_id: str, url: str, token: str) -> ThreadHandle:
        """One more worker."""
        self.started[worker_id] = ThreadHandle(url, token, worker_id)
        return self.started[worker_id]

    async def close(self) -> None:
        """Nothing is kept beside them."""
