"""What is known of all runs, and the one way in which it changes: commit, then publish.

Holds the runs in memory, one lock per run, and the hub. What should happen to a run is decided by
app/control/conductor.py.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.exc import DatabaseError

from sab_visualiser.app.control.hub import Hub
from sab_visualiser.app.control.rows import Rows
from sab_visualiser.app.crash import point
from sab_visualiser.app.runs.kin.births import Births
from sab_visualiser.app.runs.listing import Page, page_of
from sab_visualiser.app.runs.run import Draft, Run
from sab_visualiser.app.runs.shapes import Stored
from sab_visualiser.app.runs.stored import current_frame
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.store.folder.trouble import trouble
from sab_visualiser.app.store.store import Entry, Store
from sab_visualiser.app.wire.codec import encode
from sab_visualiser.app.wire.errors import UserError, field_error

T = TypeVar("T")
_log = logging.getLogger("app")
TOLD = frozenset({"status", "rewound", "checkpoint", "parameters"})
"""Events of which the log tells."""
RATE_WINDOW_S = 5.0
ANNOUNCE_S = 0.1
FIGURES_S = 1.0
"""Until a row in the list of runs is told anew: when its run became something else, and when it only went on."""


class Journal:
    """All runs by id, oldest first."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self.runs: dict[str, Run] = {}
        self.hub = Hub(settings.ring, store.events, self._newest_snapshot, Rows(self._newest, self._row))
        self.tasks: set[asyncio.Future[Any]] = set()
        self._store = store
        self._locks: dict[str, asyncio.Lock] = {}
        self._rates: dict[str, deque[tuple[float, int]]] = {}
        self.births = Births()
        self.kept: Counter[str] = Counter()
        """Events and snapshots that were committed, by kind."""
        self.unreadable: dict[str, str] = {}
        """Runs whose record cannot be read, and why."""
        self.asides: dict[tuple[str, int], str] = {}
        """Which run keeps an attempt that was set aside, for what its worker still says of it."""
        self._announcing: dict[str, asyncio.TimerHandle] = {}
        self.waits: Callable[[Run], str | None] = lambda run: None
        self.stalled: Callable[[Run], str | None] = lambda run: None
        """What a queued run waits for, and that the worker of another stands still; the conductor knows."""

    def view(self, run: Run) -> dict[str, Any]:
        """The run as the API shows it."""
        parent = self.runs.get(run.parent["run"]) if run.parent else None
        return run.view(self.waits(run), parent.name if parent else None, self.stalled(run))

    def page(self, after: str | None, limit: int, sort: str, words: str) -> Page:
        """A page of the list of runs (app/runs/listing.py)."""
        return page_of(list(reversed(self.runs.values())), after, limit, sort, words)

    def find(self, run_id: str) -> Run:
        """The run of that id.

        Raises:
            UserError: Status 404; 409 for one whose record cannot be read.
        """
        if run_id in self.runs:
            return self.runs[run_id]
        if run_id in self.unreadable:
            words = f"run = {run_id}: its record cannot be read ({self.unreadable[run_id]}) and is left as it is"
            raise UserError(409, "Not readable", f"{words}; update the program, or put a backup in its place")
        raise field_error("run", run_id, "the id of a run", "GET /api/runs lists them", status=404)

    def add(self, run: Run) -> None:
        """Take up a run; nothing is committed yet."""
        self.runs[run.id] = run
        self.births.seen(run.created)
        self._locks[run.id] = asyncio.Lock()
        self.hub.open_topic(run.id, run.seq)

    def drop(self, run_id: str) -> None:
        """Forget a run that the store has forgotten."""
        self.runs.pop(run_id, None)
        self._locks.pop(run_id, None)
        self._rates.pop(run_id, None)
        self.hub.drop_topic(run_id)
        self.asides = {attempt: kept for attempt, kept in self.asides.items() if run_id not in (kept, attempt[0])}
        self.announce(run_id)
        self._announce_branches(run_id)

    def lock(self, run_id: str) -> asyncio.Lock:
        """The lock to hold while a run is looked at and changed."""
        return self._locks.get(run_id) or asyncio.Lock()

    async def record(
        self, run: Run, drafts: Sequence[Draft], checkpoint: Stored | None = None, aside: Run | None = None
    ) -> None:
        """Commit the run with its new events; only then let anybody see them.

        Args:
            run: As it is then, but for its seq.
            drafts: The events.
            checkpoint: That belongs to them.
            aside: A new run that keeps the attempt before.
        """
        before = self.runs.get(run.id)
        entries = []
        for seq, draft in enumerate(drafts, run.seq + 1):
            head = {"kind": draft.kind, "run": run.id, "attempt": run.attempt, "seq": seq, "update": run.update}
            frame = encode({**head, "data": draft.data})
            entries.append(Entry(seq, draft.kind, run.update, run.attempt, frame))
        run = replace(run, seq=run.seq + len(entries))
        kept = await self._store.commit(run, entries, checkpoint=checkpoint, aside=aside)
        self.runs[run.id] = run
        if kept is not None:
            self.add(kept)
            self.asides[run.id, kept.attempt] = kept.id
            self.announce(kept.id)
        if any(draft.kind == "rewound" for draft in drafts) or (drafts and run.status == "queued"):
            self.hub.forget_snapshot(run.id)
            self._rates.pop(run.id, None)
        for draft, entry in zip(drafts, entries, strict=True):
            self.kept[entry.kind] += 1
            if draft.kind in TOLD:
                more = {"run": run.id, "event": draft.kind, "update": run.update}
                _log.info("run %s at update %d: %s", run.id, run.update, _words(draft, run), extra=more)
            self.hub.publish(run.id, entry.seq, entry.frame)
            point("event published")
        judged = any(draft.kind == "look" for draft in drafts) and _label(before) != _label(run)
        moved = before is None or (before.status, before.attempt) != (run.status, run.attempt) or run.seq == 1
        self.announce(run.id, ANNOUNCE_S if judged or moved or not drafts else FIGURES_S)
        if before is not None and before.name != run.name:
            self._announce_branches(run.id)

    def remember(self, run: Run) -> None:
        """Show a run as it is though the store cannot keep it; a server that starts anew finds it as it was kept."""
        self.runs[run.id] = run
        self.announce(run.id)

    async def snapshot(self, run: Run, update: int | None, trace: NDArray[np.uint8]) -> None:
        """Commit a snapshot, then show it; it replaces one that viewers have not got yet."""
        update = run.update if update is None else int(update)
        head = {"kind": "snapshot", "run": run.id, "attempt": run.attempt, "seq": run.seq, "update": update}
        frame = encode({**head, "trace": trace})
        run = replace(run, snapshots=run.snapshots + 1)
        await self._store.commit(run, snapshot=(update, frame))
        self.runs[run.id] = run
        self.kept["snapshot"] += 1
        self.hub.publish_snapshot(run.id, frame)

    def announce(self, run_id: str, within_s: float = ANNOUNCE_S) -> None:
        """Tell viewers of the run's row in the list, soon: many changes at a time are one."""
        loop = asyncio.get_running_loop()
        waiting = self._announcing.get(run_id)
        if waiting is None or waiting.when() > loop.time() + within_s:
            if waiting is not None:
                waiting.cancel()
            self._announcing[run_id] = loop.call_later(within_s, self._announce_now, run_id)

    def _announce_branches(self, run_id: str) -> None:
        """Rows of runs that branched off say what their parent is called."""
        for run in self.runs.values():
            if run.parent and run.parent["run"] == run_id:
                self.announce(run.id)

    def _announce_now(self, run_id: str) -> None:
        self._announcing.pop(run_id, None)
        self.hub.rows.changed(run_id)
        self.hub.wake()

    def _newest(self, limit: int) -> tuple[list[dict[str, Any]], int]:
        page = self.page(None, limit, "", "")
        return [self.view(run) for run in page.runs], page.total

    def _row(self, run_id: str) -> dict[str, Any] | None:
        return self.view(self.runs[run_id]) if run_id in self.runs else None

    def rate(self, run_id: str, update: int) -> float | None:
        """Updates per second over the last seconds, for workers that do not say; None where it is too early."""
        window = self._rates.setdefault(run_id, deque(maxlen=256))
        window.append((time.monotonic(), update))
        while window[-1][0] - window[0][0] > RATE_WINDOW_S:
            window.popleft()
        seconds, updates = window[-1][0] - window[0][0], update - window[0][1]
        return round(updates / seconds, 2) if seconds > 0.2 and updates > 0 else None

    async def to_the_end(self, work: Awaitable[T]) -> T:
        """Run to the end even when the one who asked goes away: half an event must not be."""
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        try:
            return await asyncio.shield(task)
        except (DatabaseError, OSError) as error:
            if told := trouble(error):
                raise told from error
            raise

    async def _newest_snapshot(self, run_id: str) -> bytes | None:
        frame = await self._store.snapshot(self.runs[run_id], None) if run_id in self.runs else None
        return None if frame is None else current_frame(frame)


def _words(draft: Draft, run: Run) -> str:
    """An event as the log tells it."""
    if draft.kind != "status":
        return draft.kind
    return f"{run.status} ({run.reason})" if run.reason else run.status


def _label(run: Run | None) -> str | None:
    """What the list says became of a run."""
    verdict = None if run is None else run.verdict
    return verdict and verdict["label"]
