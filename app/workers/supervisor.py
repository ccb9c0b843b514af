"""Starts, watches and ends worker processes: one spare that is always warm, one prober, one for each run.

A process that ends is seen at once through its handle. Which run gets which worker, and what a loss means for it, is
decided by app/control/conductor.py, which sets `on_ready` and `on_gone`.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable

from sab_visualiser.app.settings import Settings
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.workers.compute import Computing
from sab_visualiser.app.workers.connection import Role, SendBytes, SendText, Worker
from sab_visualiser.app.workers.launcher import Launcher

_log = logging.getLogger("app")
LONGEST_DELAY_S = 30.0
HEALTHY_AGE_S = 30.0
"""A spare that lived so long shows that workers can start."""
SOCKET_GRACE_S = 0.5
"""Between the loss of a worker's socket and its end by force."""
LAST_FRAMES_S = 5.0
"""Longest wait for what a worker sent before it ended; its socket ends as soon as that is read."""


async def _nothing(worker: Worker, reason: str) -> None:
    """Stands for the conductor until there is one."""


class Supervisor:
    """All workers, by id."""

    def __init__(self, launcher: Launcher, settings: Settings) -> None:
        self.launcher = launcher
        self._outside = settings.worker_token
        self._tokens: dict[str, str] = {}
        self.exit_s = settings.worker_exit_s
        self._spares = settings.spares
        self.workers: dict[str, Worker] = {}
        self.prober: Worker | None = None
        self.on_ready: Callable[[], None] = lambda: None
        self.on_gone: Callable[[Worker, str], Awaitable[None]] = _nothing
        self.failed_starts = 0
        """Spares in a row that ended soon and without a run: something is wrong with workers as such."""
        self.computing = Computing()
        self._url: str | None = None
        self._closing = False
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, url: str) -> None:
        """Begin to keep a spare and a prober; `url` is where workers dial in."""
        self._url = url
        self._keep_spares()

    def idle(self) -> Worker | None:
        """A connected worker without a run."""
        return next((w for w in self.workers.values() if w.role == "spare" and w.connected), None)

    def take(self, worker: Worker, run_id: str) -> None:
        """The worker has a run from now on; another spare is started."""
        worker.role, worker.run = "run", run_id
        self.failed_starts = 0
        self._keep_spares()

    async def find_prober(self) -> Worker:
        """The prober, started if there is none; it may not be connected yet.

        Raises:
            UserError: Status 503 while the server begins or ends.
        """
        if self.prober is None or self.prober.closed.is_set():  # its end may still have to be heard of
            self.prober = None
            self._find_another()
        if self.prober is None:
            raise UserError(503, "No worker", "no worker can be started now; try again in a moment")
        return self.prober

    def admit(self, token: str) -> str | None:
        """Whose token that is: a worker that was started here shows its own, once; one from elsewhere the shared one.

        Returns:
            The id of a worker of ours, an empty one for a worker from elsewhere, None for a wrong token.
        """
        mine = [name for name, drawn in self._tokens.items() if secrets.compare_digest(drawn.encode(), token.encode())]
        if mine:
            del self._tokens[mine[0]]
            return mine[0]
        known = self._outside is not None and secrets.compare_digest(self._outside.encode(), token.encode())
        return "" if known else None

    def connected(self, worker_id: str, send: SendText, send_bytes: SendBytes, computing: object = None) -> Worker:
        """A worker said hello, and how it computes; one that nobody here started counts as a further spare."""
        self.computing.told(computing)
        worker = self.workers.get(worker_id)
        if worker is None or worker.connected:
            worker = Worker(f"outside-{secrets.token_hex(4)}", "spare")
            self.workers[worker.id] = worker
        worker.connect(send, send_bytes)
        if worker.role == "spare":
            if self.prober is None and not self._closing:
                self._spawn("prober")
            self.on_ready()
        return worker

    def disconnected(self, worker: Worker) -> None:
        """Its socket closed. A process that lives on without one is of no use."""
        worker.disconnect("the worker lost its connection")
        if worker.handle is None:
            self._go(self._declare_gone(worker, "the worker lost its connection"))
        else:
            self._go(self._end_by_force(worker, SOCKET_GRACE_S if not worker.ending else self.exit_s))

    def dismiss(self, worker: Worker) -> None:
        """Let the worker save a checkpoint and end; by force if it does not."""
        worker.ending = True
        self._go(self._end(worker))

    def force(self, worker: Worker, why: str) -> None:
        """End a worker that does not answer, now."""
        if not worker.ending:
            worker.ending, worker.why = True, why
            self._go(self._end_by_force(worker, 0.0) if worker.handle else self._declare_gone(worker, why))

    async def close(self) -> None:
        """End all workers: those that have a run by `end`, then SIGTERM, then SIGKILL; others have nothing to keep."""
        self._closing = True
        workers = list(self.workers.values())
        for worker in workers:
            worker.ending = True
        await asyncio.gather(*(self._end(worker) if worker.run else self._drop(worker) for worker in workers))
        await self.launcher.close()

    def kill(self) -> None:
        """End all workers now; runs go on from their last checkpoint later."""
        for worker in self.workers.values():
            if worker.handle is not None:
                worker.handle.kill()

    def _keep_spares(self) -> None:
        """Start as many as are wanted beside those that are there, whoever started them."""
        there = sum(worker.role == "spare" for worker in self.workers.values())
        for _ in range(self._spares - there):
            self._spawn("spare")

    def _find_another(self) -> None:
        """A prober is wanted: a spare that is warm answers at once, a new process only after seconds."""
        spare = self.idle()
        if spare is None or spare.handle is None:  # one from elsewhere came to train
            return self._spawn("prober")
        spare.role, self.prober = "prober", spare
        self._keep_spares()
        return None

    def _spawn(self, role: Role) -> None:
        if self._closing or self._url is None:
            return
        worker = Worker(f"{role}-{secrets.token_hex(4)}", role)
        self.workers[worker.id] = worker
        if role == "prober":
            self.prober = worker
        self._go(self._watch(worker, self._url))

    async def _watch(self, worker: Worker, url: str) -> None:
        if self.failed_starts and worker.role == "spare":
            await asyncio.sleep(min(LONGEST_DELAY_S, 0.5 * 2 ** min(self.failed_starts, 8)))
        if self._closing:
            self.workers.pop(worker.id, None)
            return
        started = time.monotonic()
        try:
            token = self._tokens[worker.id] = secrets.token_urlsafe(32)
            worker.handle = await self.launcher.start(worker.id, url, token)
            started = time.monotonic()
            if worker.ending:  # the server ended while the process began
                worker.handle.kill()
            reason = await worker.handle.wait()
        except OSError as error:
            reason = f"worker could not be started: {error}"
        if worker.role == "spare":
            self.computing.failed(reason)
            self.failed_starts = 0 if time.monotonic() - started > HEALTHY_AGE_S else self.failed_starts + 1
        if worker.connected:  # its last frames are heard before it is declared gone
            await _wait(worker.closed, LAST_FRAMES_S)
        await self._declare_gone(worker, reason)

    async def _declare_gone(self, worker: Worker, reason: str) -> None:
        if self.workers.pop(worker.id, None) is None:
            return
        reason = worker.why or reason
        worker.disconnect(reason)
        self._tokens.pop(worker.id, None)
        lived = worker.ready.is_set()
        worker.gone.set()
        worker.ready.set()
        if not worker.ending:
            _log.warning("%s %s: %s", worker.role, worker.id, reason)
        if worker is self.prober:
            self.prober = None
            if lived and not self._closing:  # one that never came up would be started for ever
                self._find_another()
        await self.on_gone(worker, reason)
        if worker.role == "spare":
            self._keep_spares()

    async def _end(self, worker: Worker) -> None:
        """Ask, wait, then end it by force."""
        if await worker.tell({"type": "end"}):
            await _wait(worker.gone, self.exit_s)
        await self._end_by_force(worker, 0.0)

    async def _drop(self, worker: Worker) -> None:
        """End one that has nothing to keep: it would read `end` only once it is warm, which takes seconds."""
        if worker.handle is None:
            return await self._end(worker)
        worker.handle.kill()
        await _wait(worker.gone, 1.0)
        return None

    async def _end_by_force(self, worker: Worker, grace_s: float) -> None:
        if await _wait(worker.gone, grace_s) or worker.handle is None:
            return
        worker.handle.terminate()
        if not await _wait(worker.gone, 0.7):
            worker.handle.kill()
            await _wait(worker.gone, 1.0)

    def _go(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _wait(event: asyncio.Event, seconds: float) -> bool:
    """Whether the event came in time."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return event.is_set()
    return True
