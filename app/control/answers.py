"""The numbers of runs and presets by their names, from the store, the bundled files or a worker.

What routes ask of it is written down as a Protocol in app/export/answers.py.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from sab_visualiser.app.control.conductor import Conductor
from sab_visualiser.app.control.probes import Probes
from sab_visualiser.app.presets.bundled import Presets
from sab_visualiser.app.presets.history import history_of, snapshot_at
from sab_visualiser.app.runs.curves import KINDS, concatenate
from sab_visualiser.app.store.store import Store
from sab_visualiser.app.wire.codec import decode
from sab_visualiser.app.wire.requests import ProbeRequest

Columns = dict[str, Any]
"""A trace or curves in columns: app/wire/columns.py."""


@dataclass(frozen=True)
class Answers:
    """Finds numbers; an unknown run or preset is a UserError that names it."""

    conductor: Conductor
    store: Store
    presets: Presets
    probes: Probes

    async def probe(self, request: ProbeRequest) -> Columns:
        """The trace of a network that is asked now."""
        return await self.probes.trace(request)

    async def snapshot(self, run_id: str, update: int | None) -> Columns | None:
        """The trace that a run left at an update (None: the newest); None when there is none."""
        frame = await self.store.snapshot(self.conductor.find(run_id), update)
        return None if frame is None else {"preset": None, "checkpoint": None, **decode(frame)["data"]}

    async def metrics(self, run_id: str, after: int = -1) -> Columns:
        """The curves of a run's current attempt, for updates above `after`."""
        frames = await self.store.history(self.conductor.find(run_id), KINDS)
        return await asyncio.to_thread(concatenate, frames, after)

    async def spec(self, run_id: str | None, preset: str | None) -> dict[str, Any] | None:
        """The RunSpec of a run or a preset; None for a checkpoint."""
        if run_id is not None:
            return self.conductor.find(run_id).spec
        return None if preset is None else self.presets.find(preset).spec

    async def preset_snapshot(self, preset: str, update: int | None) -> Columns:
        """The trace that a preset left at an update (None: the last) of its training."""
        return await asyncio.to_thread(snapshot_at, self.presets.find(preset), update)

    async def preset_metrics(self, preset: str) -> Columns | None:
        """The curves of a preset's training; None when it came without."""
        found = self.presets.find(preset)
        return None if found.history is None else (await asyncio.to_thread(history_of, found))["metrics"]
