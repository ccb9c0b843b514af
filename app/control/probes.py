"""Questions to networks: finds the network, the worker that can answer, and remembers answers about stored ones.

A live run answers for itself, between two updates; presets and checkpoints go to the prober. Deliberately not here:
how a network is probed (app/worker), and the shape of the answer (app/wire/trace_json.py).
"""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sab_visualiser.app.control.conductor import Conductor
from sab_visualiser.app.presets.bundled import Preset, Presets
from sab_visualiser.app.runs.run import LIVE, Run
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.store.store import Store
from sab_visualiser.app.wire.errors import UserError, field_error
from sab_visualiser.app.wire.requests import ProbeRequest, TaskSpec
from sab_visualiser.app.wire.trace_json import EDGE_KINDS
from sab_visualiser.app.workers.connection import Worker
from sab_visualiser.app.workers.supervisor import Supervisor
from sab_visualiser.model.contract import sequence_steps

COLUMN_TYPES = {
    "kind": "u1", "reader": "u2", "source": "u2", "credit": "f4", "credit_hidden": "f4", "credit_cell": "f4",
    "weight": "f4", "chosen": "u1",
}  # fmt: skip
"""Types of the edge columns on the wire (docs/protocol.md)."""

UNASKED_OF_HITS = {"example", "loss_step", "rules", "share"}
"""What of a question changes no attention, so that one answer serves all of them."""


@dataclass(frozen=True)
class Network:
    """Where a network is: at a worker, in a file, or (neither) as its seed begins it."""

    label: dict[str, Any]
    spec: dict[str, Any]
    worker: Worker | None = None
    path: Path | None = None
    key: str | None = None
    preset: Preset | None = None


class Probes:
    """Answers probes, self-checks and inspections."""

    def __init__(
        self, settings: Settings, conductor: Conductor, supervisor: Supervisor, store: Store, presets: Presets
    ) -> None:
        self._timeout_s, self._queue = settings.probe_timeout_s, settings.probe_queue
        self._conductor, self._supervisor = conductor, supervisor
        self._store, self._presets = store, presets
        self._cache: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._cached = settings.probe_cache

    async def trace(self, request: ProbeRequest) -> dict[str, Any]:
        """The trace in columns.

        Raises:
            UserError: 404 for an unknown network, 422 for a step beyond its sequence, 429, 503, 504.
        """
        network = await self._find(request.run, request.preset, request.checkpoint, request.update)
        _check_steps(request, network.spec)
        if (bundled := await self._bundled(network, request)) is not None:
            return {**bundled, **network.label}
        # What was left out stays left out: no loss step means the task's own, null the whole loss.
        probe = request.model_dump(mode="json", exclude_unset=True)
        columns = await self._ask(network, "probe", {"probe": probe}, json.dumps(probe, sort_keys=True))
        return {**columns, **network.label}

    async def hits(self, request: ProbeRequest) -> dict[str, Any]:
        """The hit rate over the probe batch, with the knobs and knock-outs of the request; its loss step plays no part.

        Raises:
            UserError: As `trace`.
        """
        network = await self._find(request.run, request.preset, request.checkpoint, request.update)
        asked = request.model_dump(mode="json", exclude_unset=True, exclude=UNASKED_OF_HITS)
        question = f"hits {json.dumps(asked, sort_keys=True)}"
        return {**await self._ask(network, "hits", {"probe": asked}, question), **network.label}

    async def selfcheck(self, run: str | None, preset: str | None, checkpoint: str | None = None) -> dict[str, Any]:
        """The identities of spec section 3 on those weights.

        Raises:
            UserError: As `trace`.
        """
        given = [name for name in (run, preset, checkpoint) if name is not None]
        if len(given) != 1:
            named = f"{run}, {preset}, {checkpoint}"
            raise field_error("run, preset, checkpoint", named, "exactly one of them", "name one network")
        network = await self._find(run, preset, checkpoint, None)
        return {**await self._ask(network, "selfcheck", {}, "selfcheck"), **network.label}

    async def inspect(self, path: Path) -> dict[str, Any]:
        """What is in a checkpoint that a person sent: {spec, update}.

        Raises:
            UserError: 422 when it is not one of ours.
        """
        prober = await self._supervisor.find_prober()
        message = {"type": "inspect", "checkpoint": str(path)}
        return await prober.ask(message, timeout_s=self._timeout_s, queue=self._queue)

    async def _ask(self, network: Network, kind: str, more: dict[str, Any], question: str) -> dict[str, Any]:
        key = None if network.key is None else f"{network.key} {question}"
        if key is not None and key in self._cache:
            self._cache.move_to_end(key)
            return self._cache[key]
        worker = network.worker or await self._supervisor.find_prober()
        own = network.worker is not None
        path = None if network.path is None else str(network.path)
        place = {"spec": None if own else network.spec, "checkpoint": path}
        message = {"type": kind, **more, **place}
        answer = await worker.ask(message, timeout_s=self._timeout_s, queue=self._queue)
        if key is not None:
            self._cache[key] = answer
            while len(self._cache) > self._cached:
                self._cache.popitem(last=False)
        return answer

    async def _find(
        self, run_id: str | None, preset: str | None, checkpoint: str | None, update: int | None
    ) -> Network:
        label: dict[str, Any] = {"run": run_id, "preset": preset, "checkpoint": checkpoint}
        if run_id is not None:
            return await self._of_run(self._conductor.find(run_id), update, label)
        if update is not None:
            raise field_error("update", update, "only beside run", "leave it out")
        if preset is not None:
            found = self._presets.find(preset)
            return Network(label, found.spec, path=found.checkpoint, key=f"preset {preset}", preset=found)
        assert checkpoint is not None, "ProbeRequest names exactly one network"
        stored = await self._store.checkpoint(checkpoint) if len(checkpoint) == 64 else None
        if stored is None or stored.spec is None:
            raise field_error(
                "checkpoint", checkpoint, "the sha256 of a stored checkpoint", "upload it first", status=404
            )
        path = self._store.checkpoints.path(stored.sha256)
        return Network(label, stored.spec, path=path, key=stored.sha256)

    async def _of_run(self, run: Run, update: int | None, label: dict[str, Any]) -> Network:
        worker = self._conductor.worker_of.get(run.id)
        if run.status in LIVE and worker is not None and update in (None, run.update):
            return Network(label, run.spec, worker=worker)
        stored = await self._store.run_checkpoints(run)
        for each in reversed(stored):
            if update in (None, each.update):
                path = self._store.checkpoints.path(each.sha256)
                return Network({**label, "checkpoint": each.sha256}, run.spec, path=path, key=each.sha256)
        if run.update == 0 and update in (None, 0):
            return Network(label, run.spec, key=json.dumps(run.spec, sort_keys=True))
        if not stored:
            raise UserError(
                409, "Not possible now", f"run {run.id} is {run.status} and has no checkpoint yet; let it train"
            )
        have = ", ".join(str(each.update) for each in stored)
        raise field_error("update", update, f"an update with a checkpoint: {have}", "choose one of them", status=404)

    async def _bundled(self, network: Network, request: ProbeRequest) -> dict[str, Any] | None:
        """The trace that came with the preset, when it is the one that is asked for."""
        preset = network.preset
        changed = request.model_dump(exclude={"preset", "loss_step"}, exclude_defaults=True)
        if preset is None or preset.trace is None or changed:
            return None
        key = f"bundled {preset.name}"
        if key not in self._cache:
            self._cache[key] = columns_of(json.loads(await asyncio.to_thread(preset.trace.read_text, "utf-8")))
        columns = self._cache[key]
        same = "loss_step" not in request.model_fields_set or request.loss_step == columns["loss_step"]
        return columns if same else None


def _check_steps(request: ProbeRequest, spec: dict[str, Any]) -> None:
    last = sequence_steps(TaskSpec.model_validate(spec["task"])) - 1
    if request.loss_step is not None and request.loss_step > last and request.inputs is None:
        raise field_error("loss_step", request.loss_step, f"0 … {last}, whole number", "null means the whole loss")


def columns_of(trace: dict[str, Any]) -> dict[str, Any]:
    """A trace in the API's shape as columns again (the reverse of sab_visualiser.app.wire.trace_json.trace_json)."""
    edges = trace["edges"]
    if isinstance(edges, dict):
        return trace
    plain = [{**edge, "kind": EDGE_KINDS.index(edge["kind"])} for edge in edges]
    columns = {
        name: np.array([np.nan if edge.get(name) is None else edge[name] for edge in plain], kind)
        for name, kind in COLUMN_TYPES.items()
    }
    return {**trace, "edges": columns}
