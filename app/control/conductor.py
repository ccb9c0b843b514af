"""Carries requests to runs and the news from workers back: decide, commit, then publish, one run at a time.

What is allowed is in app/runs/moves/commands.py, what a report of a worker means in app/runs/moves/reports.py.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import deque
from collections.abc import Coroutine
from dataclasses import asdict, replace
from typing import Any

from sab_visualiser.app.control.journal import Journal
from sab_visualiser.app.control.repeats import Repeats
from sab_visualiser.app.control.starts import Starts, birth
from sab_visualiser.app.runs.kin.aside import aside_of, kept_told
from sab_visualiser.app.runs.kin.written import described
from sab_visualiser.app.runs.moves.commands import accept, assignment, lost, taken
from sab_visualiser.app.runs.moves.reports import BadReportError, observe
from sab_visualiser.app.runs.run import Draft, Run
from sab_visualiser.app.runs.shapes import ENDED, Stored
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.store.store import Store
from sab_visualiser.app.wire.codec import FrameError, decode
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.wire.requests import Command, RunPatch
from sab_visualiser.app.wire.views import CommandAnswer
from sab_visualiser.app.workers.connection import Worker
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
        self.starts = Starts(journal, store, self.queue, settings.queue, self.schedule)
        self._most = settings.max_runs
        self._closing = False
        self._repeats = Repeats()
        journal.waits = self.waits
        supervisor.on_ready = self.schedule
        supervisor.on_gone = self.worker_gone

    async def load(self) -> None:
        """Take up the runs of the store; those that an earlier server left behind are interrupted."""
        for run in self._store.load_runs():
            self.journal.add(run)
            if run.status not in ENDED or run.assigned:
                await self._end(run.id, "interrupted", "the server ended while the run was " + run.status)

    async def command(self, run_id: str, command: Command) -> CommandAnswer:
        """Carry out a command, or pass it on to the worker that has the run; one that comes again is done once.

        Raises:
            UserError: 404, 409, 429; 507 when the store cannot keep it. Nothing has changed then.
        """
        self.find(run_id)
        command_id = command.command_id or secrets.token_hex(8)
        command = command.model_copy(update={"command_id": command_id})
        return await self.journal.to_the_end(self._command(run_id, command_id, command))

    async def _command(self, run_id: str, command_id: str, command: Command) -> CommandAnswer:
        async with self.journal.lock(run_id):
            before = self.find(run_id)
            if known := self._repeats.answer(run_id, command_id):
                return known
            decision = accept(before, command)
            if decision.enqueue:
                self.starts.check_room()
            aside = aside_of(before, decision, birth())
            if decision.run != before or decision.drafts:
                drafts = kept_told(decision.drafts, aside)
                await self.journal.record(decision.run, drafts, checkpoint=decision.begins_with, aside=aside)
            if decision.dequeue and run_id in self.queue:
                self.queue.remove(run_id)
            if decision.enqueue:
                self.queue.append(run_id)
            worker = self.worker_of.get(run_id)
            if decision.forward is not None and not (worker and await worker.tell(decision.forward)):
                raise UserError(409, "Not possible now", "the worker of the run is gone; look at the run again")
            run = self.runs[run_id]
            answer = CommandAnswer(
                run=run_id,
                type=command.type,
                command_id=command_id,
                status=run.status,
                params_version=run.accepted_version,
            )
            self._repeats.keep(answer)
        self.schedule()
        return answer

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
            self._repeats.forget(run_id)
        if worker is not None:
            worker.run = None
            self._supervisor.dismiss(worker)
        self.schedule()

    async def heard(self, worker: Worker, frame: bytes) -> None:
        """A frame of a worker: an answer, or an event of its run. What it must not say is logged and dropped."""
        try:
            message = decode(frame)
            if message.get("kind") in ("probed", "probe_failed"):
                worker.answered(message)
            elif message.get("kind") == "wanted":
                await worker.wants(message["checkpoint"])
            elif worker.run is not None and message.get("kind") != "hello":
                await self.journal.to_the_end(self._event(worker, worker.run, message))
        except (FrameError, BadReportError, UserError, KeyError, TypeError, ValueError) as error:
            _log.error("worker %s sent a frame that was dropped: %r", worker.id, error)

    def _whose(self, worker: Worker, run_id: str, message: dict[str, Any]) -> str | None:
        """The run that an event of a worker is about: one that was set aside, for news of an attempt before a reset."""
        run, attempt = self.runs.get(run_id), message.get("attempt")
        if run is None or self.worker_of.get(run_id) is not worker:
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
        after, draft = observe(run, kind, update, data)
        await self.journal.record(after, [draft], checkpoint=checkpoint)
        if after.status in ENDED and run.status not in ENDED:
            self._supervisor.dismiss(worker)
            self.schedule()

    async def _keep(self, content: Any, update: int) -> Stored:
        sha256, size = await asyncio.to_thread(self._store.checkpoints.write, [content.tobytes()])
        return Stored(sha256, size, update)

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

    async def _assign(self, run_id: str, worker: Worker) -> None:
        async with self.journal.lock(run_id):
            run = self.runs.get(run_id)
            if run is None or self.worker_of.get(run_id) is not worker:
                return
            if run.status != "queued":  # stopped while the worker was being chosen
                del self.worker_of[run_id]
                self._supervisor.dismiss(worker)
                return
            checkpoint = self._store.checkpoints.blob(run.checkpoint) if run.checkpoint else None
            await self.journal.record(taken(run), [])
            await worker.tell(assignment(run), checkpoint)
            for message in run.kept:
                await worker.tell({"type": "command", "run": run_id, "command": message})

    async def worker_gone(self, worker: Worker, reason: str) -> None:
        """A worker ended: its run, if it was still going on, failed (or is interrupted when we ended it)."""
        for run_id in [run_id for run_id, its in self.worker_of.items() if its is worker]:
            del self.worker_of[run_id]
            if self.runs[run_id].assigned:
                status, why = ("interrupted", "the server was stopped") if self._closing else ("failed", reason)
                await self.journal.to_the_end(self._end(run_id, status, why))
        if self._supervisor.failed_starts >= STARTS_BEFORE_GIVING_UP and self.queue:
            await self.journal.to_the_end(self._end(self.queue.popleft(), "failed", reason))
        self.schedule()

    async def _end(self, run_id: str, status: Any, reason: str) -> None:
        async with self.journal.lock(run_id):
            run = lost(self.runs[run_id], status, reason)
            await self.journal.record(run, [Draft("status", run.news())])

    async def close(self) -> None:
        """Let workers end; what they still send is kept."""
        self._closing = True
        await self._supervisor.close()
        if self.journal.tasks:
            await asyncio.wait(self.journal.tasks, timeout=1.0)

    def _go(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self.journal.tasks.add(task)
        task.add_done_callback(self.journal.tasks.discard)
