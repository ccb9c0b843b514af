"""The numbers of runs and presets by their names, from the store, the bundled files or a worker.

What routes ask of it is written down as a Protocol in app/export/answers.py.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from sab_visualiser.app.control.conductor import Conductor
from sab_visualiser.app.control.probes import Probes
from sab_visualiser.app.presets.bundled import Presets
from sab_visualiser.app.presets.history import history_of, shown_preset, snapshot_at
from sab_visualiser.app.runs.curves import KINDS, Curves, concatenate
from sab_visualiser.app.runs.named import Described, Named, Shown, described_run, described_spec, recorded
from sab_visualiser.app.runs.stored import no_snapshot, stored_trace
from sab_visualiser.app.store.store import Store
from sab_visualiser.app.wire.packing import SentTrace
from sab_visualiser.app.wire.requests import ProbeRequest


@dataclass(frozen=True)
class Answers:
    """Finds numbers; an unknown run or preset is a UserError that names it."""

    conductor: Conductor
    store: Store
    presets: Presets
    probes: Probes

    async def probe(self, request: ProbeRequest) -> SentTrace:
        """The trace of a network that is asked now."""
        return await self.probes.trace(request)

    async def snapshot(self, run_id: str, update: int | None) -> SentTrace:
        """The trace that a run left at an update (None: the latest); a UserError with status 404 without one."""
        run = self.conductor.find(run_id)
        frame = await self.store.snapshot(run, update)
        if frame is None:
            listed = f"GET /api/runs/{run_id}/snapshots lists them"
            raise no_snapshot(f"run {run_id}", await self.store.snapshot_updates(run), update, listed)
        return await asyncio.to_thread(stored_trace, frame)

    async def metrics(self, run_id: str, after: int = -1) -> Curves:
        """The curves of a run's current attempt, for updates above `after`."""
        frames = await self.store.history(self.conductor.find(run_id), KINDS)
        return await asyncio.to_thread(concatenate, frames, after)

    async def described(self, network: Named) -> Described:
        """What a caption says of the network."""
        if network.kind == "run":
            return described_run(self.conductor.find(network.name))
        if network.kind == "preset":
            return described_spec(self.presets.find(network.name).spec)
        stored = await self.store.checkpoint(network.name)
        return Described(stored.spec if stored else None)

    async def shown(self, network: Named) -> Shown:
        """The network as the page lists it, for a file that needs no server."""
        if network.kind == "run":
            run = self.conductor.find(network.name)
            return Shown(recorded(run), await self.store.snapshot_updates(run))
        if network.kind == "preset":
            return await asyncio.to_thread(shown_preset, self.presets.find(network.name))
        return Shown(None, [])

    async def preset_snapshot(self, preset: str, update: int | None) -> SentTrace:
        """The trace that a preset left at an update (None: the last) of its training."""
        return await asyncio.to_thread(snapshot_at, self.presets.find(preset), update)

    async def preset_metrics(self, preset: str) -> Curves | None:
        """The curves of a preset's training; None when it came without."""
        found = self.presets.find(preset)
        return None if found.history is None else (await asyncio.to_thread(history_of, found))["metrics"]

    async def runs_of(self, group: str) -> list[str]:
        """Ids of the runs of a group, oldest first; none where nothing is called so."""
        members = [run for run in self.conductor.runs.values() if run.group == group]
        return [run.id for run in sorted(members, key=lambda run: (run.created, run.id))]
