"""Brings orders to the worker of a run, as they stand in the run; knobs that are turned faster than it takes them wait.

What becomes of them is decided in app/runs/moves/turns.py; when a run may be told what, by app/control/conductor.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Set
from typing import Any

from sab_visualiser.app.control.journal import Journal
from sab_visualiser.app.runs.moves.turns import due
from sab_visualiser.app.runs.shapes import Assignment, Order
from sab_visualiser.app.store.blobs import Blob
from sab_visualiser.app.workers.connection import Worker

TURN_EVERY_S = 0.05
"""Between two orders to set knobs, while more of them come than the worker takes."""
OURS = ("owners", "at")
"""What of an order is of no use to a worker that has it."""


class Orders:
    """Orders on their way.

    Args:
        journal: Knows the runs, and in each of them what is still to be done.
        worker_of: Who has which run.
    """

    def __init__(self, journal: Journal, worker_of: Mapping[str, Worker]) -> None:
        self._journal, self._worker_of = journal, worker_of
        self._sent: dict[str, set[str]] = {}
        self._resting: set[str] = set()

    def sent(self, run_id: str) -> Set[str]:
        """Ids of the orders of a run that its worker has and has not answered."""
        return self._sent.get(run_id, set())

    def forget(self, run_id: str) -> None:
        """The run is begun anew, ended, or has no worker any more."""
        self._sent.pop(run_id, None)
        self._resting.discard(run_id)

    async def assign(self, run_id: str, message: Assignment, checkpoint: Blob | None = None) -> None:
        """Give the worker of a run all of it anew, with what it goes on from; the lock of the run is held."""
        self.forget(run_id)
        self._sent[run_id] = {order["command_id"] for order in message["turns"]}
        if worker := self._worker_of.get(run_id):
            await worker.tell(message, checkpoint)

    async def go(self, run_id: str) -> None:
        """Tell the worker of a run what it may be told now, all of it committed; the lock of the run is held.

        Where it does not hear it the orders stay in the run, for the next worker that has it.
        """
        worker, run = self._worker_of.get(run_id), self._journal.runs[run_id]
        if worker is None or not run.assigned:
            return
        sent = self._sent.setdefault(run_id, set())
        for order in due(run.kept, sent, resting=run_id in self._resting):
            sent.add(order["command_id"])
            await worker.tell({"type": "command", "run": run_id, "command": _told(order)})

    def answered(self, run_id: str, command_id: str | None) -> None:
        """The worker carried an order out: knobs that came meanwhile go to it, a little later."""
        sent = self._sent.get(run_id, set())
        if command_id not in sent:
            return
        sent.discard(command_id)
        waiting = any(order["command_id"] not in sent for order in self._journal.runs[run_id].kept)
        if waiting and run_id not in self._resting:
            self._resting.add(run_id)
            task = asyncio.ensure_future(self._turn_on(run_id))
            self._journal.tasks.add(task)
            task.add_done_callback(self._journal.tasks.discard)

    async def _turn_on(self, run_id: str) -> None:
        await asyncio.sleep(TURN_EVERY_S)
        async with self._journal.lock(run_id):
            self._resting.discard(run_id)
            if run_id in self._journal.runs:
                await self.go(run_id)


def _told(order: Order) -> Mapping[str, Any]:
    return {name: value for name, value in order.items() if name not in OURS}
