"""Takes commands: those of one run in the order in which they came, each answered once it is in the store.

Commands that come while others are being stored are stored together, in one commit, so that ten thousand turns of a
knob in seconds cost few. What a command means is decided in app/runs/moves/commands.py.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Callable, Sequence
from typing import NamedTuple

from sqlalchemy.exc import DatabaseError

from sab_visualiser.app.control.held.news import ALWAYS
from sab_visualiser.app.control.journal import Journal
from sab_visualiser.app.control.orders.forward import Orders
from sab_visualiser.app.control.orders.repeats import Repeats
from sab_visualiser.app.control.starts import Starts
from sab_visualiser.app.crash import point
from sab_visualiser.app.runs.curves import concatenate
from sab_visualiser.app.runs.fits import check_data, check_run
from sab_visualiser.app.runs.kin.aside import aside_of, kept_told
from sab_visualiser.app.runs.moves.commands import Decision, accept
from sab_visualiser.app.runs.moves.replay import KINDS, Replay, replay_of
from sab_visualiser.app.runs.run import Run
from sab_visualiser.app.runs.shapes import ENDED
from sab_visualiser.app.store.store import Store
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.wire.requests import Command
from sab_visualiser.app.wire.views import CommandAnswer
from sab_visualiser.app.workers.memory import Memory

TOGETHER = 500
"""Most commands in one commit."""


class Asked(NamedTuple):
    """A command with its id, and whoever waits for the answer."""

    id: str
    command: Command
    answer: asyncio.Future[CommandAnswer]

    def fail(self, error: Exception) -> None:
        """It is not taken."""
        if not self.answer.done():
            self.answer.set_exception(error)


class Commands:
    """Commands that came.

    Args:
        journal: Knows all runs.
        store: Has their journals.
        orders: Brings to workers what was taken.
        starts: Has the queue, and knows how much memory there is.
        memory: Knows what a run may take.
        schedule: Looks for workers for the runs that wait.
    """

    def __init__(
        self,
        journal: Journal,
        store: Store,
        orders: Orders,
        starts: Starts,
        memory: Memory,
        schedule: Callable[[], None],
    ) -> None:
        self._journal, self._store, self._orders = journal, store, orders
        self._starts, self._memory, self._schedule = starts, memory, schedule
        self._waiting: dict[str, deque[Asked]] = {}
        self._repeats = Repeats()
        self.forget = self._repeats.forget

    def put(self, run_id: str, command: Command) -> asyncio.Future[CommandAnswer]:
        """Take a command after those that came before it.

        Returns:
            The answer, once the command is in the store; or a UserError: 404, 409, 422, 429.
        """
        command_id = command.command_id or secrets.token_hex(8)
        named = command.model_copy(update={"command_id": command_id})
        asked = Asked(command_id, named, asyncio.get_running_loop().create_future())
        if run_id in self._waiting:
            self._waiting[run_id].append(asked)
        else:
            self._waiting[run_id] = deque([asked])
            task = asyncio.ensure_future(self._work(run_id))
            self._journal.tasks.add(task)
            task.add_done_callback(self._journal.tasks.discard)
        return asked.answer

    async def _work(self, run_id: str) -> None:
        waiting = self._waiting[run_id]
        while waiting:
            async with self._journal.lock(run_id):
                batch = _next(waiting)
                try:
                    await self._take(run_id, batch)
                except Exception as error:
                    for asked in batch:
                        asked.fail(error)
            self._schedule()
        del self._waiting[run_id]

    async def _take(self, run_id: str, batch: Sequence[Asked]) -> None:
        """Store what was asked, answer, and pass it on; the lock of the run is held."""
        before = run = self._journal.find(run_id)
        taken: dict[str, CommandAnswer] = {}
        decision = Decision(run)
        for asked in batch:
            answer = taken.get(asked.id) or self._repeats.answer(run_id, asked.id)
            if answer is None:
                try:
                    decision = await self._decide(run, asked.command)
                except UserError as error:
                    asked.fail(error)
                    continue
                run = decision.run
                answer = _answer(run, asked)
            taken[asked.id] = answer
        if run != before or decision.drafts:
            await self._store_it(before, decision)
        point("command stored")
        for asked in batch:
            if not asked.answer.done():
                self._repeats.keep(taken[asked.id])
                asked.answer.set_result(taken[asked.id])
        point("command answered")
        if decision.assign is not None:
            await self._orders.assign(run_id, decision.assign)
        await self._orders.go(run_id)

    async def _decide(self, run: Run, command: Command) -> Decision:
        turned = command.parameters.given() if command.parameters else {}
        if not turned.keys().isdisjoint(("k_top", "k_att")):  # more memories read, or stored, take more memory
            check_run(run.spec, self._memory.room(), {**run.parameters, **turned})
        again = command.type == "resume" and run.status in ENDED
        replay = await self.replay(run) if again else None
        decision = accept(run, command, self._orders.sent(run.id), replay)
        if decision.enqueue:
            check_data(run.spec)
            self._starts.check_room()
        return decision

    async def replay(self, run: Run) -> Replay:
        """The knobs that the run sets again when it goes on from its checkpoint."""
        frames = await self._store.history(run, KINDS)
        return replay_of(run, await asyncio.to_thread(lambda: concatenate(frames)["changes"]))

    async def _store_it(self, before: Run, decision: Decision) -> None:
        aside = aside_of(before, decision, self._journal.births.next())
        drafts = kept_told(decision.drafts, aside)
        try:
            await self._journal.record(decision.run, drafts, checkpoint=decision.begins_with, aside=aside)
        except (DatabaseError, OSError):
            if drafts or decision.run.kept[-1]["type"] not in ALWAYS:
                raise
            self._journal.remember(decision.run)  # a full disk keeps nobody from pausing or stopping
        self._starts.moved(decision.run.id, enqueue=decision.enqueue, dequeue=decision.dequeue)


def _next(waiting: deque[Asked]) -> list[Asked]:
    """The command that came first, with the turns of knobs behind it where it is one."""
    batch = [waiting.popleft()]
    while batch[0].command.type == "set_parameters" and waiting and len(batch) < TOGETHER:
        if waiting[0].command.type != "set_parameters":
            break
        batch.append(waiting.popleft())
    return batch


def _answer(run: Run, asked: Asked) -> CommandAnswer:
    """That the command was taken; the same is said when it comes again."""
    known = {"run": run.id, "type": asked.command.type, "command_id": asked.id, "status": run.status}
    return CommandAnswer(**known, params_version=run.accepted_version)
