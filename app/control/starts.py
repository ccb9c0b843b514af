"""New runs on their way into the queue: one, a group of them, or one that goes on from another's weights."""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sab_visualiser.app.control.journal import Journal
from sab_visualiser.app.runs.curves import KINDS, concatenate
from sab_visualiser.app.runs.kin.branch import Birth, Past, branched
from sab_visualiser.app.runs.run import Draft, Run, new_run, parameters_of
from sab_visualiser.app.runs.shapes import Rate, Stored
from sab_visualiser.app.runs.stored import not_yet, weights_at
from sab_visualiser.app.store.store import Store
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.wire.requests import BranchRequest, RunSpec


def birth() -> Birth:
    """A new id, and now."""
    return Birth("r" + secrets.token_hex(8), datetime.now(UTC).isoformat(timespec="microseconds"))


class Starts:
    """Makes runs; the conductor gives them to workers, in the order of the queue.

    Args:
        journal: Knows all runs.
        store: Has their checkpoints.
        queue: Ids of the runs that wait.
        most_queued: Runs that may wait.
        schedule: Looks for workers for those that wait.
    """

    def __init__(
        self, journal: Journal, store: Store, queue: deque[str], most_queued: int, schedule: Callable[[], None]
    ) -> None:
        self._journal, self._store = journal, store
        self._queue, self._most_queued, self._schedule = queue, most_queued, schedule

    async def run(self, spec: RunSpec, rate: Rate | None = None) -> Run:
        """A new run; it starts as soon as a worker is free. `rate`: how surely its preset learns, if it trains that.

        Raises:
            UserError: Status 429 when too many wait.
        """
        return (await self._begin([_new(spec, rate)]))[0]

    async def group(self, name: str, specs: Sequence[RunSpec], rates: Sequence[Rate | None]) -> list[Run]:
        """Runs of one group, all of them or none.

        Raises:
            UserError: Status 429 when not all may wait.
        """
        group = "g" + secrets.token_hex(8)
        runs = [_new(spec, rate) for spec, rate in zip(specs, rates, strict=True)]
        return await self._begin([replace(run, group=group, group_name=name) for run in runs])

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
        run = branched(parent, found, Past(in_force, curves["looks"]), asked, birth())
        return (await self._begin([run], found))[0]

    async def _begin(self, runs: Sequence[Run], checkpoint: Stored | None = None) -> list[Run]:
        """Commit new runs, all or none, and let them wait for workers; `checkpoint` is what each begins with."""
        self.check_room(len(runs))
        for run in runs:
            self._journal.add(run)
        try:
            await self._journal.to_the_end(self._record_new(runs, checkpoint))
        except Exception:
            for run in runs:
                self._journal.drop(run.id)
                await self._store.remove_run(run.id)
            raise
        self._queue.extend(run.id for run in runs)
        self._schedule()
        return [self._journal.runs.get(run.id, run) for run in runs]

    async def _record_new(self, runs: Sequence[Run], checkpoint: Stored | None) -> None:
        for run in runs:
            async with self._journal.lock(run.id):
                await self._journal.record(run, [Draft("status", run.news())], checkpoint=checkpoint)

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


def _new(spec: RunSpec, rate: Rate | None) -> Run:
    run_id, created = birth()
    return new_run(run_id, spec, created, rate)
