"""News of workers that the store has no room for: the run pauses, they wait in memory, and are kept once there is room.

A run goes on by itself when the disk has a little more room than its news took, or when somebody resumes it. Nothing
that was kept before is touched. What a server that ends meanwhile still holds is lost, and said in the log.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import shutil
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sab_visualiser.app.control.journal import Journal
from sab_visualiser.app.runs.run import Draft
from sab_visualiser.app.runs.shapes import ENDED
from sab_visualiser.app.store.folder.trouble import NO_ROOM
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.wire.requests import CommandType
from sab_visualiser.app.workers.connection import Worker

RETRY_S = 1.0
MOST_BYTES = 256 * 2**20
"""News of one run that are held in memory; a run that says more fails."""
MARGIN_BYTES = 64 * 2**20
MARGIN_SHARE = 20
"""A run goes on by itself when so much of the disk is free, or one part in so many of a small one."""
ALWAYS: tuple[CommandType, ...] = ("pause", "stop")
"""What may be said to a run whose news wait: it needs no room."""
Message = dict[str, Any]
_log = logging.getLogger("app")


@dataclass
class Line:
    """News of one run that wait, and what becomes of it when they are kept."""

    worker: Worker
    why: str
    goes_on: bool
    waiting: deque[Message] = field(default_factory=deque)
    size_bytes: int = 0
    lost: str | None = None
    """Why its worker ended meanwhile."""
    keeping: asyncio.Lock = field(default_factory=asyncio.Lock)

    def words(self) -> str:
        """Why the run is paused, and what makes it go on."""
        cause, _, remedy = self.why.partition("; ")
        if self.lost is not None:
            return f"{cause}; its last news are kept once there is room"
        then = "it goes on by itself then" if self.goes_on else "then press Resume"
        return f"{cause}; {remedy.removesuffix(' and try again')}, {then}"


class Held:
    """Of every run, the news that wait.

    Args:
        journal: Knows the runs.
        keep: Commits and publishes one message of a worker about a run.
        failed: Ends a run whose worker is gone, or whose news are too many.
        folder: The data folder.
    """

    def __init__(
        self,
        journal: Journal,
        keep: Callable[[Worker, str, Message], Awaitable[None]],
        failed: Callable[[str, str], Awaitable[None]],
        folder: Path,
    ) -> None:
        self._journal, self._keep, self._failed, self._folder = journal, keep, failed, folder
        self._lines: dict[str, Line] = {}
        self._again: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return len(self._lines)

    def has(self, run_id: str, worker: Worker) -> bool:
        """Whether news of that worker about the run wait."""
        return run_id in self._lines and self._lines[run_id].worker is worker

    async def take(self, worker: Worker, run_id: str, message: Message) -> None:
        """Keep what a worker says of its run, or hold it behind what waits already.

        Raises:
            UserError: For another reason than the store.
        """
        if not self.has(run_id, worker):
            try:
                await self._journal.to_the_end(self._keep(worker, run_id, message))
            except UserError as error:
                if error.problem.status != NO_ROOM or run_id not in self._journal.runs:
                    raise
                await self._begin(worker, run_id, error.problem.detail)
            else:
                return
        line = self._lines[run_id]
        line.waiting.append(message)
        line.size_bytes += _size(message)
        if line.size_bytes > MOST_BYTES:
            self._lines.pop(run_id)
            await self._failed(run_id, f"{line.why}, and more was to be kept than fits into memory")

    async def _begin(self, worker: Worker, run_id: str, why: str) -> None:
        run = self._journal.runs[run_id]
        training = run.status == "running" or (run.status == "queued" and not run.begin_paused)
        line = self._lines[run_id] = Line(worker, why, training)
        _log.warning("run %s is paused: %s", run_id, why, extra={"run": run_id})
        self._show(run_id, line)
        if training:
            await worker.tell(_order(run_id, "pause"))
        if self._again is None or self._again.done():
            self._again = asyncio.create_task(self._retry())

    def _show(self, run_id: str, line: Line) -> None:
        """The run as it is now, though nobody can keep that."""
        run = self._journal.runs[run_id]
        if run.status not in ENDED:
            assigned = run.assigned and line.lost is None
            paused = replace(run, status="paused", reason=line.words(), updates_per_s=None, assigned=assigned)
            self._journal.remember(paused)

    async def before(self, run_id: str, kind: CommandType) -> None:
        """What waits goes before a command.

        Raises:
            UserError: 507 where there is no room yet and the command needs some.
        """
        line = self._lines.get(run_id)
        if line is None:
            return
        if kind in ALWAYS:
            line.goes_on = False
            self._show(run_id, line)
        if await self._put(run_id, line):
            line.goes_on = False
            await self._release(run_id, line)
        elif kind not in ALWAYS or line.lost is not None:
            raise UserError(NO_ROOM, "The store cannot keep it", f"type = {kind}: the run is paused: {line.words()}")

    def gone(self, run_id: str, reason: str) -> bool:
        """The worker of the run ended; whether what it said last still waits."""
        line = self._lines.get(run_id)
        if line is None:
            return False
        line.lost, line.goes_on = reason, False
        self._show(run_id, line)
        return True

    def forget(self, run_id: str) -> None:
        """The run is gone."""
        self._lines.pop(run_id, None)

    async def close(self) -> None:
        """The server ends: what cannot be kept now is lost."""
        if self._again is not None:
            self._again.cancel()
        for run_id, line in list(self._lines.items()):
            if await self._put(run_id, line):
                line.goes_on = False
                await self._release(run_id, line)
            else:
                _log.error("run %s loses its last %d news: %s", run_id, len(line.waiting), line.why)

    async def _retry(self) -> None:
        while self._lines:
            await asyncio.sleep(RETRY_S)
            for run_id, line in list(self._lines.items()):
                if await self._put(run_id, line) and (not line.goes_on or _roomy(self._folder)):
                    await self._release(run_id, line)

    async def _put(self, run_id: str, line: Line) -> bool:
        """Keep what waits, in its order; whether nothing waits any more."""
        async with line.keeping:
            while line.waiting and self._lines.get(run_id) is line:
                message = _explained(line.waiting[0], line)
                try:
                    await self._journal.to_the_end(self._keep(line.worker, run_id, message))
                except UserError as error:
                    if error.problem.status == NO_ROOM:
                        line.why = error.problem.detail
                        return False
                    _log.error("what worker %s said of run %s was dropped: %s", line.worker.id, run_id, error)
                line.waiting.popleft()
                line.size_bytes -= _size(message)
        return True

    async def _release(self, run_id: str, line: Line) -> None:
        """All of it is kept: the run goes on where it did before."""
        if self._lines.get(run_id) is not line:
            return
        del self._lines[run_id]
        run = self._journal.runs.get(run_id)
        if run is None or run.status in ENDED:
            return
        if line.lost is not None:
            await self._failed(run_id, line.lost)
        elif line.goes_on:
            await line.worker.tell(_order(run_id, "resume"))
        else:
            calm = replace(run, reason=None)
            with contextlib.suppress(UserError):  # the reason goes with the next thing that is kept
                await self._journal.to_the_end(self._journal.record(calm, [Draft("status", calm.news())]))


def _order(run_id: str, kind: CommandType) -> Message:
    return {"type": "command", "run": run_id, "command": {"type": kind, "command_id": f"room-{secrets.token_hex(4)}"}}


def _explained(message: Message, line: Line) -> Message:
    """A worker does not know why it was paused."""
    data = message.get("data") or {}
    if message.get("kind") != "status" or data.get("status") != "paused" or data.get("reason"):
        return message
    return {**message, "data": {**data, "reason": line.why.partition("; ")[0]}}


def _size(message: Message) -> int:
    """About what a message takes in memory, bytes."""
    parts = [message.get("trace"), *(message.get("data") or {}).values()]
    return 1024 + sum(int(getattr(part, "nbytes", 0)) for part in parts)


def _roomy(folder: Path) -> bool:
    """Whether the disk has more room than what waited took; one that cannot be asked has."""
    try:
        total, _, free = shutil.disk_usage(folder)
    except OSError:
        return True
    return free >= min(MARGIN_BYTES, total // MARGIN_SHARE)
