"""Answers without a server, for `sab export`: a bundled preset, a checkpoint file, or a run in a data folder.

Which snapshot or checkpoint answers is decided as by a server (app/runs/stored.py, app/export/stored.py).
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from sab_visualiser.app.export.files import File, network_file, run_file
from sab_visualiser.app.export.query import parse_network, parse_run
from sab_visualiser.app.presets.answers import bundled_trace
from sab_visualiser.app.presets.bundled import Preset, Presets
from sab_visualiser.app.presets.history import curves_of, shown_preset, snapshot_at
from sab_visualiser.app.runs.curves import Curves
from sab_visualiser.app.runs.named import Described, Named, Shown, described_run, described_spec, recorded
from sab_visualiser.app.runs.run import Run
from sab_visualiser.app.runs.stored import no_snapshot, weights_at
from sab_visualiser.app.store.readonly import DataFolder
from sab_visualiser.app.wire.errors import field_error
from sab_visualiser.app.wire.packing import SentTrace
from sab_visualiser.app.wire.requests import ProbeRequest

SUFFIX = ".safetensors"
THE_FILE = "file"
"""What the checkpoint file is called in a question; its own name need not be one that a query takes."""
LATEST = "leave --update out for the latest"


def from_here(network: str, query: dict[str, str], presets: Presets, folder: DataFolder) -> File:
    """The file made in this process.

    Args:
        network: Name of a preset, a checkpoint file, or the id of a run.
        query: What the query of an export address says.
        presets: The bundled networks.
        folder: The data folder in which runs are looked up.

    Raises:
        UserError: When the query is not accepted or nothing is called `network`.
    """
    if any(preset.name == network for preset in presets):
        files = Files(presets, folder)
        return asyncio.run(network_file(files, parse_network({**query, "preset": network})))
    if path := checkpoint_file(network):
        files = Files(presets, folder, path)
        return asyncio.run(network_file(files, parse_network({**query, "checkpoint": THE_FILE})))
    return asyncio.run(run_file(Files(presets, folder), network, parse_run(query)))


def checkpoint_file(network: str) -> Path | None:
    """The file that `network` names; None when it must be a run."""
    if not network.endswith(SUFFIX) and os.sep not in network:
        return None
    path = Path(network)
    if not path.is_file():
        raise field_error("CHECKPOINT", network, "a file that exists", "sab train --output writes one")
    return path


class Files:
    """What files can answer: the `Answers` of an export (app/export/answers.py).

    Args:
        presets: The bundled networks.
        folder: The data folder in which runs are looked up.
        checkpoint: The file that is asked about, if one is.
    """

    def __init__(self, presets: Presets, folder: DataFolder, checkpoint: Path | None = None) -> None:
        self._presets, self._folder, self._checkpoint = presets, folder, checkpoint

    async def probe(self, request: ProbeRequest) -> SentTrace:
        """The trace of a network that is asked now, in this process."""
        if request.run is not None:
            return self._probe_run(self._run(request.run), request)
        if request.preset is not None:
            return self._probe_preset(self._presets.find(request.preset), request)
        from sab_visualiser.app.offline.probe import probe_file

        path = self._named_file()
        return SentTrace(probe_file(path, request), checkpoint=path.stem)

    async def snapshot(self, run_id: str, update: int | None) -> SentTrace:
        """The trace that a run left at an update (None: the latest); a UserError with status 404 without one."""
        run = self._run(run_id)
        found = self._folder.snapshot(run, update)
        if found is None:
            raise no_snapshot(f"run {run_id}", self._folder.snapshot_updates(run), update, LATEST)
        return found

    async def metrics(self, run_id: str, after: int = -1) -> Curves:
        """The curves of a run's current attempt, for updates above `after`."""
        return self._folder.metrics(self._run(run_id), after)

    async def described(self, network: Named) -> Described:
        """What a caption says of the network."""
        if network.kind == "run":
            return described_run(self._run(network.name))
        if network.kind == "preset":
            return described_spec(self._presets.find(network.name).spec)
        from sab_visualiser.app.offline.probe import spec_of

        return Described(spec_of(self._named_file()))

    async def shown(self, network: Named) -> Shown:
        """The network as the page lists it, for a file that needs no server."""
        if network.kind == "run":
            run = self._run(network.name)
            return Shown(recorded(run), self._folder.snapshot_updates(run))
        if network.kind == "preset":
            return shown_preset(self._presets.find(network.name))
        return Shown(None, [])

    async def preset_snapshot(self, preset: str, update: int | None) -> SentTrace:
        """The trace that a preset left at an update (None: the last) of its training."""
        return snapshot_at(self._presets.find(preset), update)

    async def preset_metrics(self, preset: str) -> Curves | None:
        """The curves of a preset's training; None when it came without."""
        found = self._presets.find(preset)
        return None if found.history is None else curves_of(found)

    def _probe_preset(self, preset: Preset, request: ProbeRequest) -> SentTrace:
        from sab_visualiser.app.offline.probe import probe_file, probe_untrained

        content = bundled_trace(preset, request)
        if content is None and preset.checkpoint is not None:
            content = probe_file(preset.checkpoint, request)
        elif content is None:
            content = probe_untrained(preset.spec, request)
        return SentTrace(content, preset=preset.name)

    def _probe_run(self, run: Run, request: ProbeRequest) -> SentTrace:
        from sab_visualiser.app.offline.probe import probe_file, probe_untrained

        weights = weights_at(run, self._folder.checkpoints(run), request.update)
        if weights is None:
            return SentTrace(probe_untrained(run.spec, request), run=run.id)
        return SentTrace(probe_file(self._folder.file(weights), request), run=run.id, checkpoint=weights.sha256)

    def _run(self, run_id: str) -> Run:
        run = self._folder.run(run_id)
        if run is None:
            allowed = f"a run in {self._folder.folder}, a preset or a {SUFFIX} file"
            raise field_error("RUN", run_id, allowed, "name another --data-dir or --server")
        return run

    def _named_file(self) -> Path:
        assert self._checkpoint is not None, "a question about a checkpoint is about the file that was named"
        return self._checkpoint
