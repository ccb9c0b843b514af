"""Questions to networks: finds the network, the worker that can answer, and remembers answers about stored ones.

A live run answers for itself, between two updates; presets and checkpoints go to the prober.
"""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from sab_visualiser.app.control.conductor import Conductor
from sab_visualiser.app.control.counted.latency import Latency
from sab_visualiser.app.presets.answers import bundled_trace
from sab_visualiser.app.presets.bundled import Preset, Presets
from sab_visualiser.app.runs.fits import check_probe, check_selfcheck, is_here
from sab_visualiser.app.runs.run import LIVE, Run
from sab_visualiser.app.runs.shapes import Label, Parameters, Question, Spec
from sab_visualiser.app.runs.stored import weights_at
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.store.blobs import Blob, blob_at
from sab_visualiser.app.store.store import Store
from sab_visualiser.app.wire.errors import field_error
from sab_visualiser.app.wire.packing import SentTrace
from sab_visualiser.app.wire.requests import ProbeRequest, TaskSpec
from sab_visualiser.app.workers.connection import NeverAskedError, Worker
from sab_visualiser.app.workers.supervisor import Supervisor
from sab_visualiser.model.contract import sequence_steps

MOST_PROBERS = 3
"""That a question tries, when the one that it waits for ends before its turn."""
UNASKED_OF_HITS = {"example", "loss_step", "rules", "share", "phase", "cuts"}
"""What of a question changes no attention, so that one answer serves all of them."""


@dataclass(frozen=True)
class Network:
    """Where a network is: at a worker, in a file, or (neither) as its seed begins it."""

    label: Label
    spec: Spec
    worker: Worker | None = None
    checkpoint: Blob | None = None
    key: str | None = None
    preset: Preset | None = None
    knobs: Parameters = field(default_factory=dict)
    """Those in force, where they may differ from the spec's."""


class Probes:
    """Answers probes, self-checks and inspections."""

    def __init__(
        self, settings: Settings, conductor: Conductor, supervisor: Supervisor, store: Store, presets: Presets
    ) -> None:
        self._memory = conductor.memory
        self._timeout_s, self._queue = settings.probe_timeout_s, settings.probe_queue
        self._conductor, self._supervisor = conductor, supervisor
        self._store, self._presets = store, presets
        self._cache: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._cached = settings.probe_cache
        self.took = Latency()

    async def trace(self, request: ProbeRequest) -> SentTrace:
        """The trace, as the worker packed it.

        Raises:
            UserError: 404 for an unknown network, 422 for a step beyond its sequence, 429, 503, 504.
        """
        network = await self._find(request.run, request.preset, request.checkpoint, request.update)
        _check_steps(request, network.spec)
        if network.preset and (bundled := await asyncio.to_thread(bundled_trace, network.preset, request)) is not None:
            return SentTrace(bundled, **network.label)
        check_probe(network.spec, network.knobs, request, self._memory.room())
        # What was left out stays left out: no loss step means the task's own, null the whole loss.
        probe = request.model_dump(mode="json", exclude_unset=True)
        with self.took.timed():
            answer = await self._ask(network, {"type": "probe", "probe": probe}, json.dumps(probe, sort_keys=True))
        return SentTrace(answer["trace"].tobytes(), **network.label)

    async def hits(self, request: ProbeRequest) -> dict[str, Any]:
        """The hit rate over the probe batch, with the knobs and knock-outs of the request; its loss step plays no part.

        Raises:
            UserError: As `trace`.
        """
        network = await self._find(request.run, request.preset, request.checkpoint, request.update)
        check_probe(network.spec, network.knobs, request, self._memory.room())
        asked = request.model_dump(mode="json", exclude_unset=True, exclude=UNASKED_OF_HITS)
        question = f"hits {json.dumps(asked, sort_keys=True)}"
        return {**await self._ask(network, {"type": "hits", "probe": asked}, question), **network.label}

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
        check_selfcheck(network.spec, network.knobs, self._memory.room())
        return {**await self._ask(network, {"type": "selfcheck"}, "selfcheck"), **network.label}

    async def inspect(self, checkpoint: Blob, spec: Spec | None = None, text: Blob | None = None) -> dict[str, Any]:
        """What is in a checkpoint that a person sent: {spec, update}.

        Args:
            checkpoint: The file.
            spec: Of its run, where that is known.
            text: The text that its run reads, where that came along.

        Raises:
            UserError: 422 when it is not one of ours.
        """
        unread = spec is not None and text is None and not is_here(spec)
        asked: Question = {"type": "inspect", "limit": self._memory.room().limit, "unread": unread}
        return await self._ask_prober({**asked, "spec": None if unread else spec}, checkpoint, text)

    async def _ask(self, network: Network, asked: Question, question: str) -> dict[str, Any]:
        key = None if network.key is None else f"{network.key} {question}"
        if key is not None and key in self._cache:
            self._cache.move_to_end(key)
            return self._cache[key]
        own = network.worker is not None
        message: Question = {**asked, "spec": None if own else network.spec, "checkpoint": None}
        if network.worker is not None:
            answer = await network.worker.ask(message, None, timeout_s=self._timeout_s, queue=self._queue)
        else:
            answer = await self._ask_prober(message, network.checkpoint)
        if key is not None:
            self._cache[key] = answer
            while len(self._cache) > self._cached:
                self._cache.popitem(last=False)
        return answer

    async def _ask_prober(self, message: Question, checkpoint: Blob | None, text: Blob | None = None) -> dict[str, Any]:
        """Ask the prober; one that ended before it heard the question has another in its place by now."""
        text = text or self._store.texts.blob_of(message.get("spec"))
        for _ in range(MOST_PROBERS - 1):
            prober = await self._supervisor.find_prober()
            prober.offer(text)
            try:
                return await prober.ask(message, checkpoint, timeout_s=self._timeout_s, queue=self._queue)
            except NeverAskedError:
                continue
        prober = await self._supervisor.find_prober()
        prober.offer(text)
        return await prober.ask(message, checkpoint, timeout_s=self._timeout_s, queue=self._queue)

    async def _find(
        self, run_id: str | None, preset: str | None, checkpoint: str | None, update: int | None
    ) -> Network:
        label: Label = {"run": run_id, "preset": preset, "checkpoint": checkpoint}
        if run_id is not None:
            return await self._of_run(self._conductor.find(run_id), update, label)
        if update is not None:
            raise field_error("update", update, "only beside run", "leave it out")
        if preset is not None:
            found = self._presets.find(preset)
            weights = None if found.checkpoint is None else await asyncio.to_thread(blob_at, found.checkpoint)
            return Network(label, found.spec, checkpoint=weights, key=f"preset {preset}", preset=found)
        assert checkpoint is not None, "ProbeRequest names exactly one network"
        stored = await self._store.checkpoint(checkpoint) if len(checkpoint) == 64 else None
        if stored is None or stored.spec is None:
            raise field_error(
                "checkpoint", checkpoint, "the sha256 of a stored checkpoint", "upload it first", status=404
            )
        return Network(label, stored.spec, checkpoint=self._store.checkpoints.blob(stored.sha256), key=stored.sha256)

    async def _of_run(self, run: Run, update: int | None, label: Label) -> Network:
        worker = self._conductor.worker_of.get(run.id)
        if run.status in LIVE and worker is not None and update in (None, run.update):
            return Network(label, run.spec, worker=worker, knobs=run.parameters)
        found = weights_at(run, await self._store.run_checkpoints(run), update)
        if found is None:
            return Network(label, run.spec, key=json.dumps(run.spec, sort_keys=True))
        weights = self._store.checkpoints.blob(found.sha256)
        label = {**label, "checkpoint": found.sha256}
        return Network(label, run.spec, checkpoint=weights, key=found.sha256, knobs=run.parameters)


def _check_steps(request: ProbeRequest, spec: Spec) -> None:
    last = sequence_steps(TaskSpec.model_validate(spec["task"])) - 1
    if request.loss_step is not None and request.loss_step > last and request.inputs is None:
        raise field_error("loss_step", request.loss_step, f"0 … {last}, whole number", "null means the whole loss")
