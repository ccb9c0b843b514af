"""Carries requests to runs and the news from workers back: decide, commit, then publish, one run at a time.

Deliberately not here: what is allowed (app/runs.py), what a report means (app/reports.py), processes
(app/supervisor.py), sockets (app/stream.py).
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections import deque
from collections.abc import Awaitable, Coroutine, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy.exc import OperationalError

from app.codec import FrameError, decode, encode
from app.errors import UserError, field_error
from app.hub import Hub
from app.protocol import Command, RunSpec
from app.reports import BadReportError, observe
from app.runs import ENDED, Draft, Run, accept, assignment, lost, new_run, taken
from app.settings import Settings
from app.store import Entry, Store, Stored
from app.supervisor import Supervisor
from app.workers import Worker

T = TypeVar("T")
_log = logging.getLogger("app")
LATE_KINDS = ("checkpoint", "metrics", "snapshot")
"""What a worker may still send after its run has ended."""
RATE_WINDOW_S = 5.0
STARTS_BEFORE_GIVING_UP = 2


class Conductor:
    """All runs, and what happens to them."""

    def __init__(self, settings: Settings, store: Store, supervisor: Supervisor) -> None:
        self.runs: dict[str, Run] = {}
        self.hands: dict[str, Worker] = {}
        self.queue: deque[str] = deque()
        self._store = store
        self._supervisor = supervisor
        self._most, self._most_queued = settings.max_runs, settings.queue
        self._locks: dict[str, asyncio.Lock] = {}
        self._rates: dict[str, deque[tuple[float, int]]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closing = False
        self.hub = Hub(settings.ring, store.events, self._newest_snapshot, self.views)
        supervisor.on_ready = self.schedule
        supervisor.on_gone = self.worker_gone

    async def recall(self) -> None:
        """Take up the runs of the store; those that an earlier server left behind are interrupted."""
        for run in self._store.load_runs():
            self._add(run)
            if run.status not in ENDED or run.assigned:
                await self._end(run.id, "interrupted", "the server ended while the run was " + run.status)

    def views(self) -> list[dict[str, Any]]:
        """All runs as the API shows them, newest first."""
        return [run.view() for run in reversed(self.runs.values())]

    def find(self, run_id: str) -> Run:
        """The run of that id.

        Raises:
            UserError: Status 404.
        """
        if run_id in self.runs:
            return self.runs[run_id]
        raise field_error("run", run_id, "the id of a run", "GET /api/runs lists them", status=404)

    async def create(self, spec: RunSpec) -> Run:
        """A new run; it starts as soon as a worker is free.

        Raises:
            UserError: Status 429 when too many wait.
        """
        self._room()
        run = new_run("r" + secrets.token_hex(8), spec, datetime.now(UTC).isoformat(timespec="milliseconds"))
        self._add(run)
        try:
            async with self._locks[run.id]:
                await self._uncut(self._record(run, [Draft("status", run.news())]))
        except Exception:
            self._drop(run.id)
            raise
        self.queue.append(run.id)
        self.schedule()
        return self.runs.get(run.id, run)

    async def command(self, run_id: str, command: Command) -> dict[str, Any]:
        """Carry out a command, or pass it on to the worker that has the run.

        Raises:
            UserError: 404, 409, 429; 507 when the store cannot keep it. Nothing has changed then.
        """
        self.find(run_id)
        if command.command_id is None:
            command = command.model_copy(update={"command_id": secrets.token_hex(8)})
        return await self._uncut(self._command(run_id, command))

    async def _command(self, run_id: str, command: Command) -> dict[str, Any]:
        async with self._lock(run_id):
            before = self.find(run_id)
            decision = accept(before, command)
            if decision.enqueue:
                self._room()
            if decision.run != before or decision.drafts:
                await self._record(decision.run, decision.drafts)
            if decision.dequeue and run_id in self.queue:
                self.queue.remove(run_id)
            if decision.enqueue:
                self.queue.append(run_id)
            worker = self.hands.get(run_id)
            if decision.forward is not None and not (worker and await worker.tell(decision.forward)):
                raise UserError(409, "Not possible now", "the worker of the run is gone; look at the run again")
            run = self.runs[run_id]
        self.schedule()
        said = {"run": run_id, "type": command.type, "command_id": command.command_id}
        return {**said, "status": run.status, "params_version": run.accepted_version}

    async def remove(self, run_id: str) -> None:
        """Stop the run and forget it with all its data."""
        self.find(run_id)
        await self._uncut(self._remove(run_id))

    async def _remove(self, run_id: str) -> None:
        async with self._lock(run_id):
            self.find(run_id)
            if run_id in self.queue:
                self.queue.remove(run_id)
            await self._store.remove_run(run_id)
            worker = self.hands.pop(run_id, None)
            self._drop(run_id)
        if worker is not None:
            worker.run = None
            self._supervisor.dismiss(worker)
        self.hub.runs_changed()
        self.schedule()

    async def heard(self, worker: Worker, frame: bytes) -> None:
        """A frame of a worker: an answer, or an event of its run. What it must not say is logged and dropped."""
        try:
            message = decode(frame)
            if message.get("kind") in ("probed", "probe_failed"):
                worker.answered(message)
            elif worker.run is not None and message.get("kind") != "hello":
                await self._uncut(self._event(worker, worker.run, message))
        except (FrameError, BadReportError, KeyError, TypeError, ValueError) as error:
            _log.error("worker %s sent a frame that was dropped: %r", worker.id, error)

    async def _event(self, worker: Worker, run_id: str, message: dict[str, Any]) -> None:
        async with self._lock(run_id):
            run, kind = self.runs.get(run_id), message["kind"]
            if run is None or self.hands.get(run_id) is not worker or (run.status in ENDED and kind not in LATE_KINDS):
                return
            if message.get("attempt", run.attempt) != run.attempt:
                return  # from before a reset
            data, update = message.get("data") or {}, message.get("update")
            if kind == "snapshot":
                await self._snapshot(run, update, data)
                return
            checkpoint = None
            if kind == "checkpoint":
                checkpoint = await self._keep(data["bytes"], run.update if update is None else int(update))
                data = {"checkpoint": checkpoint.sha256, **asdict(checkpoint)}
            if kind == "metrics" and len(data["update"]):
                data.setdefault("updates_per_s", self._rate(run_id, int(data["update"][-1])))
            after, draft = observe(run, kind, update, data)
            await self._record(after, [draft], checkpoint=checkpoint)
        if after.status in ENDED and run.status not in ENDED:
            self._supervisor.dismiss(worker)
            self.schedule()

    async def _keep(self, content: Any, update: int) -> Stored:
        sha256, size = await asyncio.to_thread(self._store.checkpoints.write, [content.tobytes()])
        return Stored(sha256, size, update)

    async def _snapshot(self, run: Run, update: int | None, data: dict[str, Any]) -> None:
        update = run.update if update is None else int(update)
        head = {"kind": "snapshot", "run": run.id, "attempt": run.attempt, "seq": run.seq, "update": update}
        frame = encode({**head, "data": {**data, "run": run.id, "update": update}})
        run = replace(run, snapshots=run.snapshots + 1)
        await self._store.commit(run, snapshot=(update, frame))
        self.runs[run.id] = run
        self.hub.publish_snapshot(run.id, frame)

    def schedule(self) -> None:
        """Give waiting runs to idle workers, first come, first served."""
        while self.queue and not self._closing and sum(run.assigned for run in self.runs.values()) < self._most:
            worker = self._supervisor.idle()
            if worker is None:
                return
            run_id = self.queue.popleft()
            self.runs[run_id] = replace(self.runs[run_id], assigned=True)
            self.hands[run_id] = worker
            self._supervisor.take(worker, run_id)
            self._go(self._assign(run_id, worker))

    async def _assign(self, run_id: str, worker: Worker) -> None:
        async with self._lock(run_id):
            run = self.runs.get(run_id)
            if run is None or self.hands.get(run_id) is not worker:
                return
            if run.status != "queued":  # stopped while the worker was being chosen
                del self.hands[run_id]
                self._supervisor.dismiss(worker)
                return
            path = str(self._store.checkpoints.path(run.checkpoint)) if run.checkpoint else None
            await self._record(taken(run), [])
            await worker.tell(assignment(run, path))
            for message in run.kept:
                await worker.tell({"type": "command", "run": run_id, "command": message})

    async def worker_gone(self, worker: Worker, reason: str) -> None:
        """A worker ended: its run, if it was still going on, failed (or is interrupted when we ended it)."""
        for run_id in [run_id for run_id, hand in self.hands.items() if hand is worker]:
            del self.hands[run_id]
            if self.runs[run_id].assigned:
                status, why = ("interrupted", "the server was stopped") if self._closing else ("failed", reason)
                await self._uncut(self._end(run_id, status, why))
        if self._supervisor.stillborn >= STARTS_BEFORE_GIVING_UP and self.queue:
            await self._uncut(self._end(self.queue.popleft(), "failed", reason))
        self.schedule()

    async def _end(self, run_id: str, status: Any, reason: str) -> None:
        async with self._lock(run_id):
            run = lost(self.runs[run_id], status, reason)
            await self._record(run, [Draft("status", run.news())])

    async def close(self) -> None:
        """Let workers end; what they still send is kept."""
        self._closing = True
        await self._supervisor.close()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=1.0)

    async def _record(self, run: Run, drafts: Sequence[Draft], checkpoint: Stored | None = None) -> None:
        """Commit the run with its new events; only then let anybody see them."""
        before = self.runs.get(run.id)
        entries = []
        for seq, draft in enumerate(drafts, run.seq + 1):
            head = {"kind": draft.kind, "run": run.id, "attempt": run.attempt, "seq": seq, "update": run.update}
            frame = encode({**head, "data": draft.data})
            entries.append(Entry(seq, draft.kind, run.update, run.attempt, frame))
        run = replace(run, seq=run.seq + len(entries))
        await self._store.commit(run, entries, checkpoint=checkpoint)
        self.runs[run.id] = run
        if any(draft.kind == "rewound" for draft in drafts) or (drafts and run.status == "queued"):
            self.hub.forget_snapshot(run.id)
            self._rates.pop(run.id, None)
        for entry in entries:
            self.hub.publish(run.id, entry.seq, entry.frame)
        if before is None or before.status != run.status or before.attempt != run.attempt or run.seq == 1:
            self.hub.runs_changed()

    async def _newest_snapshot(self, run_id: str) -> bytes | None:
        return await self._store.snapshot(self.runs[run_id], None) if run_id in self.runs else None

    def _rate(self, run_id: str, update: int) -> float | None:
        window = self._rates.setdefault(run_id, deque(maxlen=256))
        window.append((time.monotonic(), update))
        while window[-1][0] - window[0][0] > RATE_WINDOW_S:
            window.popleft()
        seconds, updates = window[-1][0] - window[0][0], update - window[0][1]
        return round(updates / seconds, 2) if seconds > 0.2 and updates > 0 else None

    def _room(self) -> None:
        if len(self.queue) >= self._most_queued:
            raise UserError(
                429,
                "Too many runs wait",
                f"{len(self.queue)} runs wait already, at most {self._most_queued} may; stop one",
            )

    def _add(self, run: Run) -> None:
        self.runs[run.id] = run
        self._locks[run.id] = asyncio.Lock()
        self.hub.open_topic(run.id, run.seq)

    def _drop(self, run_id: str) -> None:
        self.runs.pop(run_id, None)
        self._locks.pop(run_id, None)
        self._rates.pop(run_id, None)
        self.hub.drop_topic(run_id)

    def _lock(self, run_id: str) -> asyncio.Lock:
        return self._locks.get(run_id) or asyncio.Lock()

    def _go(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _uncut(self, work: Awaitable[T]) -> T:
        """Run to the end even when the one who asked goes away: half an event must not be."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            return await asyncio.shield(task)
        except OperationalError as error:
            raise UserError(
                507, "The store cannot keep it", f"{error.orig}; free some space in the data folder and try again"
            ) from error
