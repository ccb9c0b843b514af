"""Workers that stand still: each says once a second that it is there, also while a long update computes; who says
nothing is noticed, and is ended when its run is to stop.

What a loss means for a run is decided in app/control/conductor.py.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping

from sab_visualiser.app.workers.connection import Worker

SILENT_S = 4.0
"""Who has said nothing for so long stands still."""
STOP_SILENT_S = 2.0
"""The same where the run of the worker is to stop."""
TICK_S = 0.25


class Silence:
    """Looks after workers that have a run.

    Args:
        worker_of: Who has which run.
        changed: Told of a run whose worker begins, or ceases, to stand still.
        stops: Whether a run was asked to stop.
        force: Ends a worker, with the reason in words.
    """

    def __init__(
        self,
        worker_of: Mapping[str, Worker],
        changed: Callable[[str], None],
        stops: Callable[[str], bool],
        force: Callable[[Worker, str], None],
    ) -> None:
        self._worker_of, self._changed, self._stops, self._force = worker_of, changed, stops, force
        self._still: set[str] = set()
        self._task: asyncio.Task[None] | None = None

    def words(self, run_id: str) -> str | None:
        """That the worker of a run stands still; None where it does not."""
        if run_id not in self._still:
            return None
        then = "Stop ends it, and Resume goes on from the last checkpoint"
        return f"its worker has said nothing for {SILENT_S:g} s; {then}"

    def start(self) -> None:
        """Begin to look, twice a second and more."""
        self._task = asyncio.create_task(self._look())

    def close(self) -> None:
        """Look no more."""
        if self._task is not None:
            self._task.cancel()

    async def _look(self) -> None:
        looked = time.monotonic()
        while True:
            await asyncio.sleep(TICK_S)
            now = time.monotonic()
            if now - looked > SILENT_S / 2:  # it was this process that stood still, and has not read yet
                for worker in self._worker_of.values():
                    worker.heard_at = now
            looked = now
            self._compare(now)

    def _compare(self, now: float) -> None:
        silent = {run_id: worker.silent_s(now) for run_id, worker in self._worker_of.items()}
        still = {run_id for run_id, seconds in silent.items() if seconds > SILENT_S}
        moved, self._still = still ^ self._still, still
        for run_id in moved:
            self._changed(run_id)
        for run_id, seconds in silent.items():
            if seconds > STOP_SILENT_S and self._stops(run_id):
                self._force(self._worker_of[run_id], "its worker stood still and was ended")
