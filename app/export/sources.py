"""Answers without a server, for `sab export`: a bundled preset, a checkpoint file, or a run in a data folder.

Which snapshot or checkpoint answers is decided as by a server (app/runs/stored.py, app/export/stored.py).
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sab_visualiser.app.export.answers import Weights
from sab_visualiser.app.export.explorable.recording import NOWHERE, Origin
from sab_visualiser.app.export.files import File, network_file, run_file
from sab_visualiser.app.export.query import parse_network, parse_run
from sab_visualiser.app.presets.answers import bundled_trace
from sab_visualiser.app.presets.bundled import Preset, Presets
from sab_visualiser.app.presets.history import curves_of, shown_preset, snapshot_at
from sab_visualiser.app.runs.curves import Curves
from sab_visualiser.app.runs.named import Described, Named, Shown, described_run, described_spec, recorded
from sab_visualiser.app.runs.run import Run
from sab_visualiser.app.runs.shapes import Spec
from sab_visualiser.app.runs.stored import no_snapshot, weights_at
from sab_visualiser.app.store.readonly import DataFolder
from sab_visualiser.app.wire.errors import field_error
from sab_visualiser.app.wire.packing import SentTrace
from sab_visualiser.app.wire.requests import ProbeRequest

SUFFIX = ".safetensors"
THE_FILE = "file"
"""What the checkpoint file is called in a question; its own name need not be one that a query takes."""
LATEST = "leave --update out for the latest"


def from_here(
    network: str, query: dict[str, str], presets: Presets, folder: DataFolder, origin: Origin = NOWHERE
) -> File:
    """The file made in this process.

    Args:
        network: Name of a preset, a checkpoint file, or the id of a run.
        query: What the query of an export address says.
        presets: The bundled networks.
        folder: The data folder in which runs are looked up.
        origin: Of a file that says where it comes from.

    Raises:
        UserError: When the query is not accepted or nothing is called `network`.
    """
    if any(preset.name == network for preset in presets):
        return _made(network_file(Files(presets, folder), parse_network({**query, "preset": network}), origin))
    if path := checkpoint_file(network):
        return from_weights(WeightsFile(path), query, presets, folder)
    return _made(run_file(Files(presets, folder), network, parse_run(query), origin))


def from_weights(weights: Weights, query: dict[str, str], presets: Presets, folder: DataFolder) -> File:
    """The file of a network that has no name here; arguments and errors as of `from_here`."""
    files = Files(presets, folder, weights)
    return _made(network_file(files, parse_network({**query, "checkpoint": THE_FILE})))


def _made(making: Coroutine[Any, Any, File]) -> File:
    """The file, made in a thread of its own: a notebook's kernel runs a loop in the thread that asks."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, making).result()


class WeightsFile:
    """The network in a .safetensors file."""

    def __init__(self, path: Path) -> None:
        self._path, self.name = path, path.stem

    def probe(self, request: ProbeRequest) -> bytes:
        """The packed trace that answers."""
        from sab_visualiser.app.offline.probe import probe_file

        return probe_file(self._path, request)

    def spec(self) -> Spec:
        """What the network was made from."""
        from sab_visualiser.app.offline.probe import spec_of

        return spec_of(self._path)


def checkpoint_file(network: str) -> Path | None:
    """The file that `network` names; None when it must be a run."""
    if not network.endswith(SUFFIX) and os.sep not in network:
        return None
    path = Path(network)
    if not path.is_file():
        raise field_error("CHECKPOINT", network, "a file that exists", "sab train --output writes one")
    return path


def weights_file(network: str, presets: Presets, folder: DataFolder, update: int | None = None) -> Path:
    """The checkpoint of the network that is named: of a preset, a file, or a run in the data folder.

    Args:
        network: Name of a preset, a checkpoint file, or the id of a run.
        presets: The bundled networks.
        folder: The data folder in which runs are looked up.
        update: Of a run; None for the latest that it has.

    Raises:
        UserError: Nothing is called so, or it has no weights (404 at that update, 409 at all, 422 else).
    """
    preset: Preset | None = next((each for each in presets if each.name == network), None)
    path = None if preset else checkpoint_file(network)
    if update is not None and (preset or path):
        raise field_error("--update", update, "only of a run: nothing else keeps earlier weights", "leave it out")
    if preset is not None:
        if preset.checkpoint is None:
            trained = ", ".join(each.name for each in presets if each.checkpoint is not None)
            raise field_error(
                "PRESET", network, f"one that is trained: {trained}", "train it first: sab train --preset"
            )
        return preset.checkpoint
    if path is not None:
        return path
    run = found_run(network, folder)
    stored = weights_at(run, folder.checkpoints(run), update)
    if stored is None:
        raise field_error("RUN", network, "a run with a checkpoint", "let it train: its first comes after some updates")
    return folder.file(stored)


def found_run(run_id: str, folder: DataFolder) -> Run:
    """The run of that id.

    Raises:
        UserError: Status 422, the folder has none.
    """
    run = folder.run(run_id)
    if run is None:
        allowed = f"a run in {folder.folder}, a preset or a {SUFFIX} file"
        raise field_error("RUN", run_id, allowed, "name another --data-dir or --server")
    return run


class Files:
    """What files can answer: the `Answers` of an export (app/export/answers.py).

    Args:
        presets: The bundled networks.
        folder: The data folder in which runs are looked up.
        weights: The network without a name here that is asked about, if one is.
    """

    def __init__(self, presets: Presets, folder: DataFolder, weights: Weights | None = None) -> None:
        self._presets, self._folder, self._weights = presets, folder, weights

    async def probe(self, request: ProbeRequest) -> SentTrace:
        """The trace of a network that is asked now, in this process."""
        if request.run is not None:
            return self._probe_run(self._run(request.run), request)
        if request.preset is not None:
            return self._probe_preset(self._presets.find(request.preset), request)
        weights = self._unnamed()
        return SentTrace(weights.probe(request), checkpoint=weights.name)

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
        return Described(self._unnamed().spec())

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

    async def runs_of(self, group: str) -> list[str]:
        """Ids of the runs of a group, oldest first; none where nothing is called so."""
        return [run.id for run in self._folder.runs_of(group)]

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
        return found_run(run_id, self._folder)

    def _unnamed(self) -> Weights:
        assert self._weights is not None, "a question about a checkpoint is about the weights that were given"
        return self._weights
