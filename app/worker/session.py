"""One run at a worker: update, report, probe, checkpoint; obey commands between two updates.

Time spent on looking (probes for snapshots) is held below a fifth of all time, whatever an update costs. No sockets
here beyond `link.send`, and no decision about what a run may do next: the server decides that
(app/runs/moves/commands.py).
"""

from __future__ import annotations

import math
import statistics
import time
from collections import deque
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
import torch

from sab_visualiser.app.wire.errors import validate
from sab_visualiser.app.wire.packing import as_array, to_bytes
from sab_visualiser.app.wire.requests import Command, RunSpec
from sab_visualiser.app.worker.record import curve_columns, look_columns, snapshot_record
from sab_visualiser.app.worker.translate import run_config, to_model, to_wire
from sab_visualiser.model.config import RunConfig
from sab_visualiser.model.contract import RISKY_RATE, fixed_knobs
from sab_visualiser.model.training import checkpoint
from sab_visualiser.model.training.checkpoint import Checkpoint
from sab_visualiser.model.training.looks import Goal, Watch, look_due
from sab_visualiser.model.training.trainer import DivergedError, Trainer, UpdateResult

METRICS_EVERY_S = 0.1
SNAPSHOT_EVERY_S = 0.1
LOOKING_SHARE = 0.2
CHECKPOINT_EVERY_S = 30.0
CHECKPOINT_EVERY_UPDATES = 500
FINITE_COPY_EVERY_UPDATES = 50
RECENT_S = 3.0
"""Figures of so many seconds are held for a server that is killed before it has kept them."""
RATE_OVER_S = 5.0
"""The rate that is told is the median over so many seconds: one long update, or a probe, does not change it."""


class Outbox(Protocol):
    """Where frames go (sab_visualiser.app.worker.link.Link, or a list in a test)."""

    def send(self, message: dict[str, Any]) -> None:
        """Take one message."""


def _going_on(stored: bytes, config: RunConfig) -> Checkpoint:
    """The checkpoint, to be trained for as long as `config` says: a branch may go on for longer than its parent."""
    found = checkpoint.loads(stored)
    wanted = config.training
    training = replace(found.config.training, updates=wanted.updates, until=wanted.until)
    return replace(found, config=replace(found.config, training=training))


class Session:
    """A run from assignment to its end.

    Args:
        link: Where its frames go.
        assignment: The message that gives the run (docs/protocol.md).
        stored: The bytes of the checkpoint to go on from; None begins anew.
        device: Where it trains.
    """

    def __init__(
        self,
        link: Outbox,
        assignment: dict[str, Any],
        stored: bytes | None = None,
        device: torch.device | str = "cpu",
    ) -> None:
        self._link = link
        self.run: str = assignment["run"]
        self.attempt: int = assignment["attempt"]
        self.spec = validate(RunSpec, assignment["spec"])
        config = run_config(self.spec)
        self.trainer = _going_on(stored, config).trainer(device) if stored else Trainer(config, device)
        self._take_over(assignment.get("parameters") or {})
        self.status = "running"
        self._single_step = False
        self._results: list[UpdateResult] = []
        self._recent: deque[tuple[float, UpdateResult]] = deque()
        self._goal = Goal(self.trainer)
        self._watch = Watch(self.trainer)
        self._finite = Checkpoint.of(self.trainer)
        self._untried: Checkpoint | None = None
        self._rates: deque[tuple[float, float]] = deque()
        self._last_metrics = self._last_snapshot = self._last_checkpoint = time.monotonic()
        self._looking_s = 0.0
        self._shown = -1
        self._say_status()
        self.snapshot()
        if assignment.get("paused"):
            self._pause()

    @property
    def busy(self) -> bool:
        """Whether the next call of `advance` makes an update."""
        return self.status == "running"

    @property
    def ended(self) -> bool:
        """Whether nothing more will come of this session."""
        return self.status not in ("running", "paused")

    def advance(self) -> None:
        """One update, and whatever is due after it."""
        try:
            result = self.trainer.step()
        except DivergedError as error:
            self._note(error.result)
            self._diverge(error)
            return
        now = self._note(result)
        learned = look_due(self.trainer.update) and self._look()
        finished = learned or self.trainer.update >= self.trainer.config.training.updates
        if finished or self._single_step or now - self._last_metrics >= METRICS_EVERY_S:
            self._flush_metrics(now)
        if finished or self._single_step or now >= self._snapshot_due():
            self.snapshot()
        if now - self._last_checkpoint >= CHECKPOINT_EVERY_S and self.trainer.update % CHECKPOINT_EVERY_UPDATES == 0:
            self.checkpoint()
        if finished:
            self._end("finished", f"{self._goal.words()}, at update {result.update:,}" if learned else None)
        elif self._single_step:
            self._pause()

    def obey(self, values: dict[str, Any]) -> None:
        """Carry out a command before the next update, and acknowledge it."""
        extra = {name: values.pop(name) for name in ("params_version",) if name in values}
        command = validate(Command, values)
        if command.type == "set_parameters":
            assert command.parameters is not None
            self._flush_metrics(time.monotonic())
            wanted = command.parameters.given()
            if wanted.get("learning_rate", 0) >= RISKY_RATE > (self.trainer.parameters()["learning_rate"] or 0):
                self.checkpoint()  # what the rate is about to destroy can be branched off
            self.trainer.set_parameters(**to_model(wanted))
            self._emit("parameters", {"command_id": command.command_id, "parameters": self.parameters(), **extra})
            self.snapshot()
            return
        self._emit("acknowledged", {"command_id": command.command_id, "type": command.type})
        match command.type:
            case "pause":
                self._pause()
            case "resume":
                self._go("running", single=False)
            case "step":
                self._go("running", single=True)
            case "checkpoint":
                self.checkpoint()
            case "stop":
                self._flush_metrics(time.monotonic())
                self._show_now()
                self._end("stopped", None)

    def parameters(self) -> dict[str, Any]:
        """The knobs in force, as the wire writes them."""
        return to_wire(self.trainer.parameters())

    def snapshot(self) -> None:
        """Probe the network on the fixed batch and send what it showed."""
        started = time.monotonic()
        content = to_bytes(snapshot_record(self.trainer))
        self._shown = self.trainer.update
        self._link.send({**self._head("snapshot", self.trainer.update), "trace": as_array(content)})
        if not look_due(self.trainer.update):
            self._look()
        self._looking_s = time.monotonic() - started
        self._last_snapshot = time.monotonic()

    def checkpoint(self) -> None:
        """Send the whole state, which the server stores by its hash, and the curves up to it."""
        self._flush_metrics(time.monotonic())
        self._last_checkpoint = time.monotonic()
        self._send_checkpoint(Checkpoint.of(self.trainer))

    def recent(self) -> dict[str, Any]:
        """Figures of the last seconds, which a server that is gone may not have kept."""
        return {**self._head("metrics", self.trainer.update), "data": curve_columns([one for _, one in self._recent])}

    def leave(self) -> None:
        """The run is begun anew: send what a run that keeps this attempt needs to show its end and to go on."""
        self._show_now()
        state = Checkpoint.of(self.trainer)
        self._flush_metrics(time.monotonic())
        self._send_checkpoint(state if state.finite else self._finite)

    def _look(self) -> bool:
        """Look at the network, say what was seen; whether it has come to what `training.until` asks for."""
        self._flush_metrics(time.monotonic())
        look = self._watch.look()
        self._emit("look", look_columns(look))
        return self._goal.reached(look)

    def _note(self, result: UpdateResult) -> float:
        """Keep the figures of an update and, now and then, a copy of weights that still gave a finite loss."""
        now = time.monotonic()
        self._results.append(result)
        self._recent.append((now, result))
        while now - self._recent[0][0] > RECENT_S:
            self._recent.popleft()
        self._watch.note(result)
        finite = math.isfinite(result.loss)
        # The loss is that of the weights before the update; only the next one tells what the copied weights give.
        if finite and self._untried is not None:
            self._finite = self._untried
        due = finite and result.update % FINITE_COPY_EVERY_UPDATES == 0
        self._untried = Checkpoint.of(self.trainer) if due else None
        return now

    def _take_over(self, in_force: dict[str, Any]) -> None:
        """Knobs that were turned since the checkpoint, or while the run waited; what the method fixes stays."""
        fixed = fixed_knobs(self.spec.model.method)
        ours = self.parameters()
        turned = {n: v for n, v in in_force.items() if n in ours and n not in fixed and v != ours[n]}
        self.trainer.set_parameters(**to_model(turned))

    def _snapshot_due(self) -> float:
        return self._last_snapshot + max(SNAPSHOT_EVERY_S, self._looking_s * (1 / LOOKING_SHARE - 1))

    def _go(self, status: str, *, single: bool) -> None:
        self._single_step = single
        if self.status != status:
            self.status = status
            self._rates.clear()
            self._last_metrics = time.monotonic()
            self._say_status()

    def _pause(self) -> None:
        """Stand still, with a picture of exactly this update."""
        self._flush_metrics(time.monotonic())
        self._show_now()
        self._go("paused", single=False)

    def _show_now(self) -> None:
        if self._shown != self.trainer.update:
            self.snapshot()

    def _end(self, status: str, reason: str | None) -> None:
        if status != "diverged":
            self.checkpoint()
        self.status = status
        self._say_status(reason)

    def _diverge(self, error: DivergedError) -> None:
        """The weights of the last finite loss are worth keeping; what came after is not."""
        self._flush_metrics(time.monotonic())
        self._send_checkpoint(self._finite)
        self._end("diverged", f"{error}; the last finite checkpoint is from update {self._finite.update:,}")

    def _send_checkpoint(self, state: Checkpoint) -> None:
        content = checkpoint.dumps(state)
        data = {"bytes": np.frombuffer(content, np.uint8), "size_bytes": len(content)}
        self._emit("checkpoint", data, update=state.update)

    def _flush_metrics(self, now: float) -> None:
        since, self._last_metrics = self._last_metrics, now
        results, self._results = self._results, []
        if not results:
            return
        self._rates.append((now, len(results) / max(now - since, 1e-6)))
        while now - self._rates[0][0] > RATE_OVER_S:
            self._rates.popleft()
        self._emit("metrics", {**curve_columns(results), "updates_per_s": self._rate()})

    def _rate(self) -> float | None:
        return round(statistics.median(rate for _, rate in self._rates), 1) if self._rates else None

    def _say_status(self, reason: str | None = None) -> None:
        data = {
            "status": self.status,
            "reason": reason,
            "parameters": self.parameters(),
            "updates_per_s": self._rate(),
            "skipped": self.trainer.skipped_total,
        }
        self._emit("status", data)

    def _emit(self, kind: str, data: dict[str, Any], update: int | None = None) -> None:
        update = self.trainer.update if update is None else update
        self._link.send({**self._head(kind, update), "data": data})

    def _head(self, kind: str, update: int) -> dict[str, Any]:
        return {"kind": kind, "run": self.run, "attempt": self.attempt, "update": update}
