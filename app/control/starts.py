"""New runs on their way into the queue: one, a group of them, or one that goes on from another's weights."""

from __future__ import annotations

import contextlib
import secrets
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlalchemy.exc import DatabaseError

from sab_visualiser.app.control.journal import Journal
from sab_visualiser.app.runs.curves import KINDS, concatenate
from sab_visualiser.app.runs.fits import check_data, check_run
from sab_visualiser.app.runs.kin.branch import Past, branched
from sab_visualiser.app.runs.kin.group import key_of
from sab_visualiser.app.runs.run import Draft, Run, new_run, parameters_of
from sab_visualiser.app.runs.shapes import Rate, Stored
from sab_visualiser.app.runs.stored import not_yet, weights_at
from sab_visualiser.app.store.store import Store
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.wire.requests import BranchRequest, RunSpec
from sab_visualiser.app.workers.memory import Memory


class Starts:
    """Makes runs; the conductor gives them to workers, in the order of the queue.

    Args:
        journal: Knows all runs.
        store: Has their checkpoints.
        queue: Ids of the runs that wait.
        most_queued: Runs that may wait.
        memory: Knows what a run may take.
        schedule: Looks for workers for those that wait.
    """

    def __init__(
        self,
        journal: Journal,
        store: Store,
        queue: deque[str],
        most_queued: int,
        memory: Memory,
        schedule: Callable[[], None],
    ) -> None:
        self._memory = memory
        self._journal, self._store = journal, store
        self._queue, self._most_queued, self._schedule = queue, most_queued, schedule

    async def run(self, spec: RunSpec, rate: Rate | None = None) -> Run:
        """A new run; it starts as soon as a worker is free. `rate`: how surely its preset learns, if it trains that.

        Raises:
            UserError: Status 422 when it needs more memory than there is, 429 when too many wait.
        """
        return (await self._begin([self._new(spec, rate)]))[0]

    async def group(
        self, name: str, specs: Sequence[RunSpec], rates: Sequence[Rate | None], group: str | None = None
    ) -> list[Run]:
        """Runs of one group, all of them or none; what a run of that group trains already is not begun again.

        Args:
            name: What the group is called; one that exists keeps its name.
            specs: Of the runs.
            rates: How surely each one's preset learns.
            group: Id of the group they join, or of a new one; drawn when left out.

        Returns:
            The runs in the order of the specs, those that were there already among them.

        Raises:
            UserError: Status 422 when one needs more memory than there is, 429 when not all may wait.
        """
        siblings = [run for run in self._journal.runs.values() if group is not None and run.group == group]
        there = {key_of(run.spec): run for run in reversed(siblings)}
        called = next((run.group_name for run in siblings if run.group_name), name)
        group = group or "g" + secrets.token_hex(8)
        wanted = [self._new(spec, rate) for spec, rate in zip(specs, rates, strict=True)]
        new = [replace(run, group=group, group_name=called) for run in wanted if key_of(run.spec) not in there]
        made = {key_of(run.spec): run for run in await self._begin(new)}
        return [there.get(key) or made[key] for key in (key_of(run.spec) for run in wanted)]

    async def branch(self, run_id: str, asked: BranchRequest) -> Run:
        """A run that goes on from a checkpoint of another.

        Raises:
            UserError: 404 for an unknown run or an update without checkpoint, 409, 422, 429; 507.
        """
        parent = self._journal.find(run_id)
        found = weights_at(parent, await self._store.run_checkpoints(parent), asked.update)
        if found is None:
            raise not_yet(parent)
        curves = concatenate(await self._store.history(parent, KINDS))
        turned = [change["parameters"] for change in curves["changes"] if change["update"] <= found.update]
        in_force = turned[-1] if turned else parameters_of(parent.spec)
        run = branched(parent, found, Past(in_force, curves["looks"]), asked, self._journal.births.next())
        return (await self._begin([run], found))[0]

    async def _begin(self, runs: Sequence[Run], checkpoint: Stored | None = None) -> list[Run]:
        """Commit new runs, all or none, and let them wait for workers; `checkpoint` is what each begins with."""
        self.check_room(len(runs))
        room = self._memory.room()
        for run in runs:
            check_data(run.spec)
            check_run(run.spec, room, run.parameters)
        for run in runs:
            self._journal.add(run)
        try:
            await self._journal.to_the_end(self._record_new(runs, checkpoint))
        except Exception:
            for run in runs:
                self._journal.drop(run.id)
                with contextlib.suppress(DatabaseError):  # where there is no room, hardly any of them was kept
                    await self._store.remove_run(run.id)
            raise
        self._queue.extend(run.id for run in runs)
        self._schedule()
        return [self._journal.runs.get(run.id, run) for run in runs]

    async def _record_new(self, runs: Sequence[Run], checkpoint: Stored | None) -> None:
        for run in runs:
            async with self._journal.lock(run.id):
                await self._journal.record(run, [Draft("status", run.news())], checkpoint=checkpoint)

    def moved(self, run_id: str, *, enqueue: bool, dequeue: bool) -> None:
        """A run waits from now on, at the end of the queue, or does not wait any more."""
        if dequeue and run_id in self._queue:
            self._queue.remove(run_id)
        if enqueue:
            self._queue.append(run_id)

    def check_room(self, runs: int = 1) -> None:
        """Refuse what would be more than may wait.

        Raises:
            UserError: Status 429.
        """
        if len(self._queue) + runs > self._most_queued:
            more = "stop one" if runs == 1 else f"ask for fewer than {runs}, or start the server with a longer --queue"
            raise UserError(
                429,
                "Too many runs wait",
                f"{len(self._queue)} runs wait already, at most {self._most_queued} may; {more}",
            )

    def _new(self, spec: RunSpec, rate: Rate | None) -> Run:
        run_id, created = self._journal.births.next()
        return new_run(run_id, spec, created, rate)
