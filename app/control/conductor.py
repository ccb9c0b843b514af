"""Carries requests to runs and the news from workers back: decide, commit, then publish, one run at a time.

What is allowed is in app/runs/moves/commands.py, what a report of a worker means in app/runs/moves/reports.py.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Coroutine
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy.exc import DatabaseError

from sab_visualiser.app.control.held.news import Held
from sab_visualiser.app.control.journal import Journal
from sab_visualiser.app.control.orders.forward import Orders
from sab_visualiser.app.control.orders.taking import Commands
from sab_visualiser.app.control.resuming.refused import one_before
from sab_visualiser.app.control.starts import Starts
from sab_visualiser.app.runs.kin.written import described
from sab_visualiser.app.runs.moves.commands import assignment, lost, taken
from sab_visualiser.app.runs.moves.reports import BadReportError, observe
from sab_visualiser.app.runs.moves.turns import settled
from sab_visualiser.app.runs.run import Draft, Run
from sab_visualiser.app.runs.shapes import ENDED, Stored
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.store.store import Store
from sab_visualiser.app.wire.codec import FrameError, decode
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.wire.requests import Command, RunPatch, RunStatus
from sab_visualiser.app.wire.views import CommandAnswer
from sab_visualiser.app.workers.connection import Worker
from sab_visualiser.app.workers.memory import Memory
from sab_visualiser.app.workers.silence import Silence
from sab_visualiser.app.workers.supervisor import Supervisor

_log = logging.getLogger("app")
LATE_KINDS = ("checkpoint", "look", "metrics", "snapshot")
"""What a worker may still send after its run has ended."""
STARTS_BEFORE_GIVING_UP = 2


class Conductor:
    """Decides, for every run, what happens next."""

    def __init__(self, settings: Settings, store: Store, supervisor: Supervisor, journal: Journal) -> None:
        self.journal = journal
        self.runs, self.hub = journal.runs, journal.hub
        self.find, self.view = journal.find, journal.view
        self.worker_of: dict[str, Worker] = {}
        self.queue: deque[str] = deque()
        self._store = store
        self._supervisor = supervisor
        self.memory = Memory(settings, supervisor.computing)
        self.starts = Starts(journal, store, self.queue, settings.queue, self.memory, self.schedule)
        self._most = settings.max_runs
        self._closing = False
        self._orders = Orders(journal, self.worker_of)
        self.held = Held(journal, self._event, self._lost, settings.data_dir)
        self._commands = Commands(journal, store, self._orders, self.starts, self.memory, self.schedule)
        self.silence = Silence(self.worker_of, journal.announce, self._stops, supervisor.force)
        journal.waits, journal.stalled = self.waits, lambda run: self.silence.words(run.id)
        supervisor.on_ready = self.schedule
        supervisor.on_gone = self.worker_gone

    async def load(self) -> None:
        """Take up the runs of the store; those that an earlier server left behind are interrupted."""
        self.journal.unreadable = self._store.found.unreadable
        for run in self._store.found.runs:
            self.journal.add(run)
            if run.status not in ENDED or run.assigned:
                await self._end(run.id, "interrupted", "the server ended while the run was " + run.status)

    async def command(self, run_id: str, command: Command) -> CommandAnswer:
        """Take a command, which is in the store then; one that comes again is done once. In the order of the calls.

        Raises:
            UserError: 404, 409, 422, 429; 507 when the store cannot keep it. Nothing has changed then.
        """
        self.find(run_id)
        await self.held.before(run_id, command.type)
        return await self.journal.to_the_end(self._commands.put(run_id, command))

    async def describe(self, run_id: str, asked: RunPatch) -> Run:
        """Write on a run (name, note, tags, star); the run as it is then.

        Raises:
            UserError: 404; 507 when the store cannot keep it.
        """
        return await self.journal.to_the_end(self._describe(run_id, asked))

    async def _describe(self, run_id: str, asked: RunPatch) -> Run:
        async with self.journal.lock(run_id):
            await self.journal.record(described(self.find(run_id), asked), [])
            return self.find(run_id)

    async def remove(self, run_id: str) -> None:
        """Stop the run and forget it with all its data."""
        self.find(run_id)
        await self.journal.to_the_end(self._remove(run_id))

    async def _remove(self, run_id: str) -> None:
        async with self.journal.lock(run_id):
            self.find(run_id)
            if run_id in self.queue:
                self.queue.remove(run_id)
            await self._store.remove_run(run_id)
            worker = self.worker_of.pop(run_id, None)
            self.journal.drop(run_id)
            self._commands.forget(run_id)
            self._orders.forget(run_id)
            self.held.forget(run_id)
        if worker is not None:
            worker.run = None
            self._supervisor.dismiss(worker)
        self.schedule()

    async def heard(self, worker: Worker, frame: bytes) -> None:
        """A frame of a worker: an answer, or an event of its run. What it must not say is logged and dropped."""
        try:
            message = decode(frame)
            if message.get("kind") == "beat":
                return
            if message.get("kind") in ("probed", "probe_failed"):
                worker.answered(message)
            elif message.get("kind") == "wanted":
                await worker.wants(message["checkpoint"])
            elif message.get("kind") == "refused" and worker.run is not None:
                await self.journal.to_the_end(self._refused(worker, worker.run, message))
            elif worker.run is not None and message.get("kind") != "hello":
                await self.held.take(worker, worker.run, message)
        except (FrameError, BadReportError, UserError, KeyError, TypeError, ValueError) as error:
            _log.error("worker %s sent a frame that was dropped: %r", worker.id, error)

    async def _lost(self, run_id: str, reason: str) -> None:
        """The run cannot go on: its worker is gone, or is sent away."""
        worker = self.worker_of.pop(run_id, None)
        await self.journal.to_the_end(self._end(run_id, *self._how_lost(reason)))
        if worker is not None:
            self._supervisor.dismiss(worker)
        self.schedule()

    def _how_lost(self, reason: str) -> tuple[RunStatus, str]:
        return ("interrupted", "the server was stopped") if self._closing else ("failed", reason)

    def _whose(self, worker: Worker, run_id: str, message: dict[str, Any]) -> str | None:
        """The run that an event of a worker is about: one that was set aside, for news of an attempt before a reset."""
        run, attempt = self.runs.get(run_id), message.get("attempt")
        if run is None or (self.worker_of.get(run_id) is not worker and not self.held.has(run_id, worker)):
            return None
        return run_id if attempt in (None, run.attempt) else self.journal.asides.get((run_id, attempt))

    async def _event(self, worker: Worker, run_id: str, message: dict[str, Any]) -> None:
        while (about := self._whose(worker, run_id, message)) is not None:
            async with self.journal.lock(about):
                if self._whose(worker, run_id, message) == about:  # no reset came while we waited
                    return await self._take(worker, about, message)
        return None

    async def _take(self, worker: Worker, run_id: str, message: dict[str, Any]) -> None:
        """Keep what a worker says of a run, whose lock is held."""
        run, kind = self.runs[run_id], message["kind"]
        if run.status in ENDED and kind not in LATE_KINDS:
            return
        data, update = message.get("data") or {}, message.get("update")
        if kind == "snapshot":
            await self.journal.snapshot(run, update, message["trace"])
            return
        checkpoint = None
        if kind == "checkpoint":
            checkpoint = await self._keep(data["bytes"], run.update if update is None else int(update))
            data = {"checkpoint": checkpoint.sha256, **asdict(checkpoint)}
        if kind == "metrics" and len(data["update"]):
            data.setdefault("updates_per_s", self.journal.rate(run_id, int(data["update"][-1])))
            data.setdefault("seconds", None)
        after, draft = observe(run, kind, update, data)
        drafts: tuple[Draft, ...] = (draft,)
        if after.status in ENDED and run.status not in ENDED:
            after, gone = settled(after, f"the run {after.status} before it came to that")
            drafts = (*gone, draft)
        await self.journal.record(after, drafts, checkpoint=checkpoint)
        self._orders.answered(run_id, data.get("command_id"))
        if after.status in ENDED and run.status not in ENDED:
            self._supervisor.dismiss(worker)
            self.schedule()

    async def _keep(self, content: Any, update: int) -> Stored:
        sha256, size = await asyncio.to_thread(self._store.checkpoints.write, [content.tobytes()])
        return Stored(sha256, size, update)

    async def _refused(self, worker: Worker, run_id: str, message: dict[str, Any]) -> None:
        """The checkpoint that a run was to go on from is damaged, or another's: it goes on from the one before."""
        async with self.journal.lock(run_id):
            run = self.runs.get(run_id)
            if run is None or self.worker_of.get(run_id) is not worker or run.attempt != message["attempt"]:
                return
            why = str(message["data"]["why"])
            before = await one_before(self.journal, self._store, self._commands, run, why)
            if before is not None:
                await self._give(before, worker)
                return
        await self._end(run_id, "failed", f"the weights that it branched off with are refused: {why}")
        self._supervisor.dismiss(worker)

    def schedule(self) -> None:
        """Give waiting runs to idle workers, first come, first served."""
        while self.queue and not self._closing and sum(run.assigned for run in self.runs.values()) < self._most:
            worker = self._supervisor.idle()
            if worker is None:
                return
            run_id = self.queue.popleft()
            self.runs[run_id] = replace(self.runs[run_id], assigned=True)
            self.worker_of[run_id] = worker
            self._supervisor.take(worker, run_id)
            self._go(self._assign(run_id, worker))
            for behind in self.queue:  # they have moved up
                self.journal.announce(behind)

    def waits(self, run: Run) -> str | None:
        """What a queued run waits for, in words; None for every other."""
        if run.status != "queued":
            return None
        if run.id not in self.queue:
            return "its worker to build the network"
        training = sum(one.assigned for one in self.runs.values())
        if training < self._most:
            return "a worker process to start"
        ahead = self.queue.index(run.id)
        full = f"a free place: {training} {'run trains' if training == 1 else 'runs train'}, the most at a time"
        return full + (f", {ahead} wait{'s' * (ahead == 1)} ahead of it" if ahead else "")

    def _stops(self, run_id: str) -> bool:
        """Whether a run was asked to stop and has not."""
        return run_id in self.runs and any(order["type"] == "stop" for order in self.runs[run_id].kept)

    async def _assign(self, run_id: str, worker: Worker) -> None:
        async with self.journal.lock(run_id):
            run = self.runs.get(run_id)
            if run is None or self.worker_of.get(run_id) is not worker:
                return
            if run.status != "queued":  # stopped while the worker was being chosen
                del self.worker_of[run_id]
                self._supervisor.dismiss(worker)
                return
            await self._give(run, worker)

    async def _give(self, run: Run, worker: Worker) -> None:
        """A worker has the run from now on; the lock of the run is held."""
        checkpoint = self._store.checkpoints.blob(run.checkpoint) if run.checkpoint else None
        await self.journal.record(taken(run), [])
        worker.offer(self._store.texts.blob_of(run.spec))
        await self._orders.assign(run.id, assignment(run), checkpoint)
        await self._orders.go(run.id)

    async def worker_gone(self, worker: Worker, reason: str) -> None:
        """A worker ended: its run, if it was still going on, failed (or is interrupted when we ended it)."""
        for run_id in [run_id for run_id, its in self.worker_of.items() if its is worker]:
            del self.worker_of[run_id]
            self._orders.forget(run_id)
            if not self.held.gone(run_id, reason) and self.runs[run_id].assigned:
                await self.journal.to_the_end(self._end(run_id, *self._how_lost(reason)))
        if self._supervisor.failed_starts >= STARTS_BEFORE_GIVING_UP and self.queue:
            await self.journal.to_the_end(self._end(self.queue.popleft(), "failed", reason))
        self.schedule()

    async def _end(self, run_id: str, status: RunStatus, reason: str) -> None:
        async with self.journal.lock(run_id):
            run, drafts = lost(self.runs[run_id], status, reason)
            try:
                await self.journal.record(run, drafts)
            except (DatabaseError, OSError, UserError):
                self.journal.remember(run)

    async def close(self) -> None:
        """Let workers end; what they still send is kept."""
        self._closing = True
        self.silence.close()
        await self._supervisor.close()
        await self.held.close()
        if self.journal.tasks:
            await asyncio.wait(self.journal.tasks, timeout=1.0)

    def _go(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self.journal.tasks.add(task)
        task.add_done_callback(self.journal.tasks.discard)
