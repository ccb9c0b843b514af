"""Pictures are drawn in a process of their own: what drawing takes of memory goes with it, and a server stays small.

It is started when the first picture is wanted, draws one after the other, and ends when none was wanted for a while,
when it has drawn many, or with the server, however that ends.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import traceback
from collections.abc import Mapping
from multiprocessing.connection import Connection, Pipe
from typing import Any, NamedTuple

from sab_visualiser.app.export.content.caption import Caption
from sab_visualiser.app.export.paper import Paper
from sab_visualiser.app.wire.errors import UserError

IDLE_S = 30.0
MOST = 100
"""Pictures that one process draws."""
Job = tuple[str, str, Mapping[str, Any], Caption, Paper]
"""Panel, format, data, caption and paper."""


class Child(NamedTuple):
    """The process, and our end of the pipe to it."""

    process: subprocess.Popen[bytes]
    pipe: Connection


class Apart:
    """Draws for a server."""

    def __init__(self) -> None:
        self._child: Child | None = None
        self._drawn = 0
        self._one = asyncio.Lock()
        self._ending: asyncio.TimerHandle | None = None

    async def draw(self, *job: *Job) -> bytes:
        """The picture, as `app/export/render.py` makes it; arguments as there.

        Raises:
            UserError: 503 where the process ended twice over it.
        """
        if self._ending is not None:
            self._ending.cancel()
        async with self._one:
            try:
                return await asyncio.to_thread(self._ask, job)
            finally:
                self._ending = asyncio.get_running_loop().call_later(IDLE_S, self._rest)

    def close(self) -> None:
        """End the process; the next picture starts another."""
        if self._ending is not None:
            self._ending.cancel()
        child, self._child, self._drawn = self._child, None, 0
        if child is not None:
            child.pipe.close()
            child.process.kill()
            child.process.wait()

    def _rest(self) -> None:
        if not self._one.locked():
            self.close()

    def _ask(self, job: Job) -> bytes:
        for _ in range(2):
            if self._child is None or self._drawn >= MOST:
                self.close()
                self._child = _begin()
            self._drawn += 1
            try:
                self._child.pipe.send(job)
                said, answer = self._child.pipe.recv()
            except (EOFError, OSError, ValueError):  # it was ended, by want of memory or by somebody
                self.close()
                continue
            if said == "drawn":
                return bytes(answer)
            raise RuntimeError(answer)
        raise UserError(503, "Not drawn", "the process that draws ended over it; try again, or a smaller picture")


def _begin() -> Child:
    ours, theirs = Pipe()
    with theirs:  # ours alone stays open here, so that either side hears when the other has ended
        number = theirs.fileno()
        words = [sys.executable, "-P", "-m", __name__, str(number)]
        # In a session of its own: Ctrl-C in a terminal is for the server, which ends us.
        apart: dict[str, Any] = {"stdin": subprocess.DEVNULL, "start_new_session": True}
        process = subprocess.Popen(words, pass_fds=[number], **apart)  # noqa: S603
    return Child(process, ours)


def work(pipe: Connection) -> None:
    """What the process does: draw until the other side is gone."""
    from sab_visualiser.app.export.render import render

    while True:
        try:
            job = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            answer: tuple[str, Any] = ("drawn", render(*job))
        except Exception:
            answer = ("failed", traceback.format_exc())
        pipe.send(answer)


if __name__ == "__main__":
    work(Connection(int(sys.argv[1])))
