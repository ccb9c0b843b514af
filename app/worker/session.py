"""One run at a worker: update, report, probe, checkpoint; obey commands between two updates.

Time spent on looking (probes for snapshots) is held below a share of all time, whatever an update costs. No sockets
here beyond `link.send`, and no decision about what a run may do next: the server decides that
(app/runs/moves/commands.py).
"""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np

from sab_visualiser.app.wire.errors import validate
from sab_visualiser.app.wire.packing import as_array, to_bytes
from sab_visualiser.app.wire.requests import Command, RunSpec
from sab_visualiser.app.worker.link import Outbox
from sab_visualiser.app.worker.record import look_columns, snapshot_record
from sab_visualiser.app.worker.resuming.again import Again
from sab_visualiser.app.worker.telling.figures import Figures
from sab_visualiser.app.worker.translate import going_on, run_config, to_model, to_wire
from sab_visualiser.model.contract import RISKY_RATE, fixed_knobs
from sab_visualiser.model.devices import resolve_device
from sab_visualiser.model.training import checkpoint
from sab_visualiser.model.training.checkpoint import Checkpoint
from sab_visualiser.model.training.kept import Kept
from sab_visualiser.model.training.looks import Goal, Watch, look_due
from sab_visualiser.model.training.trainer import DivergedError, Trainer, UpdateResult

METRICS_EVERY_S, METRICS_MOST_S = 0.1, 1.0
"""Figures of updates are told so often; more rarely where pictures are rarer than usual, but once a second."""
SNAPSHOT_EVERY_S = 0.1
LOOKING_SHARE = 0.2
"""Most of the time that goes into pictures, where nobody says otherwise."""
CHECKPOINT_EVERY_S = 30.0
CHECKPOINT_EVERY_UPDATES = 500
TOLD_BACK = ("params_version", "applied", "superseded")
"""What the server says beside a command, to have it back with the knobs in force."""
SAFE_S = 1.0
"""A checkpoint that is so young is young enough to go back to from a risky learning rate."""
STORM_S = 0.3
"""Turns of knobs that come more closely are no single turns."""


class Session:
    """A run from assignment to its end.

    Args:
        link: Where its frames go.
        assignment: The message that gives the run (docs/protocol.md).
        stored: The bytes of the checkpoint to go on from; None begins anew.
        device: Name of where it trains; `auto` looks at the run.
        looking_share: Most of the time that goes into pictures, above 0.
    """

    def __init__(
        self,
        link: Outbox,
        assignment: dict[str, Any],
        stored: bytes | None = None,
        device: str = "cpu",
        looking_share: float = LOOKING_SHARE,
    ) -> None:
        self._link, self._looking_share = link, looking_share
        self._metrics_every_s = min(METRICS_MOST_S, METRICS_EVERY_S * max(1.0, LOOKING_SHARE / looking_share))
        self.run: str = assignment["run"]
        self.attempt: int = assignment["attempt"]
        self.spec = validate(RunSpec, assignment["spec"])
        config = run_config(self.spec)
        self.life: int = assignment.get("life", 0)
        place = resolve_device(device, config)
        self._because = place.because
        self.trainer = going_on(stored, config).trainer(place.device) if stored else Trainer(config, place.device)
        self._take_over(assignment.get("parameters") or {})
        self.status = "running"
        self._single_step = False
        self._figures = Figures(time.monotonic())
        self._goal = Goal(self.trainer)
        self._watch = Watch(self.trainer)
        self._kept, self._sent = Kept(self.trainer), self.trainer.update
        self._last_snapshot = self._last_checkpoint = time.monotonic()
        self._last_turn = self._safe_at = -math.inf
        self._looking_s = 0.0
        self._shown = -1
        self._again = Again(assignment.get("turns", ()))
        self._say_status()
        self._turn_again()
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
            result = self._kept.step()
        except DivergedError as error:
            self._note(error.result)
            self._diverge(error)
            return
        now = self._note(result)
        self._turn_again()
        learned = look_due(self.trainer.update) and self._look()
        finished = learned or self.trainer.update >= self.trainer.config.training.updates
        if finished or self._single_step or now - self._figures.told_at >= self._metrics_every_s:
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
        extra = {name: values.pop(name) for name in TOLD_BACK if name in values}
        command = validate(Command, values)
        if command.parameters is not None:
            self._again.newer(wanted := command.parameters.given())
            return self._turn(command.command_id, wanted, extra)
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
        return None

    def _turn_again(self) -> None:
        """Set the knobs that were turned after this update when it was made before."""
        for order in self._again.due(self.trainer.update):
            extra = {name: order[name] for name in TOLD_BACK if name in order}
            self._turn(order["command_id"], order["parameters"], extra)

    def _turn(self, command_id: str | None, wanted: dict[str, Any], extra: dict[str, Any]) -> None:
        """Set knobs. A hand on a knob gets its picture at once; in a storm of turns pictures come as always."""
        now = time.monotonic()
        self._flush_metrics(now)
        risky = wanted.get("learning_rate", 0) >= RISKY_RATE > (self.trainer.parameters()["learning_rate"] or 0)
        if risky and now - self._safe_at >= SAFE_S:
            self._safe_at = now
            self.checkpoint()  # what the rate is about to destroy can be branched off
        self.trainer.set_parameters(**to_model(wanted))
        said = {"command_id": command_id, "parameters": self.parameters(), **extra}
        self._figures.turned(now, self.trainer.update, said)
        self._emit("parameters", said)
        alone, self._last_turn = now - self._last_turn >= STORM_S, now
        if alone or not self.busy:
            self.snapshot()

    def parameters(self) -> dict[str, Any]:
        """The knobs in force, as the wire writes them."""
        return to_wire(self.trainer.parameters())

    def snapshot(self) -> None:
        """Probe the network on the fixed batch and send what it showed."""
        started = time.monotonic()
        with self._kept.looking():
            content = to_bytes(snapshot_record(self.trainer))
        self._shown = self.trainer.update
        self._link.send({**self._head("snapshot", self.trainer.update), "trace": as_array(content)})
        if not look_due(self.trainer.update):
            self._look()
        self._looking_s = time.monotonic() - started
        self._last_snapshot = time.monotonic()

    def checkpoint(self, state: Checkpoint | None = None) -> None:
        """Send the whole state, by default that of now, and the curves up to it; the server stores it by its hash."""
        self._flush_metrics(time.monotonic())
        self._last_checkpoint = time.monotonic()
        self._send_checkpoint(state or Checkpoint.of(self.trainer))

    def recent(self) -> dict[str, Any]:
        """Figures and turns of the last seconds, which a server that is gone may not have kept."""
        return {**self._head("metrics", self.trainer.update), **self._figures.recent()}

    def state_inside(self) -> Checkpoint | None:
        """For another thread: the state before the update under way, which does not end any more.

        None where there is none: updates are short, or this is the first of them.
        """
        if (state := self._kept.take()) is None:
            self._kept.give_back()
        return state

    def rescue(self) -> None:
        """The device is lost, and all that was on it: send the last state that was copied away, if it is the newest."""
        self._flush_metrics(time.monotonic())
        if (finite := self._kept.finite).update > self._sent:
            self._send_checkpoint(finite)

    def leave(self) -> None:
        """The run is begun anew: send what a run that keeps this attempt needs to show its end and to go on."""
        self._show_now()
        state = Checkpoint.of(self.trainer)
        self._flush_metrics(time.monotonic())
        self._send_checkpoint(state if state.finite else self._kept.finite)

    def _look(self) -> bool:
        """Look at the network, say what was seen; whether it has come to what `training.until` asks for."""
        self._flush_metrics(time.monotonic())
        with self._kept.looking():
            look = self._watch.look()
        self._emit("look", look_columns(look))
        return self._goal.reached(look)

    def _note(self, result: UpdateResult) -> float:
        """Keep the figures of an update; when it ended."""
        now = time.monotonic()
        self._figures.note(now, result)
        self._watch.note(result)
        return now

    def _take_over(self, in_force: dict[str, Any]) -> None:
        """Knobs that were turned since the checkpoint, or while the run waited; what the method fixes stays."""
        fixed = fixed_knobs(self.spec.model.method)
        ours = self.parameters()
        turned = {n: v for n, v in in_force.items() if n in ours and n not in fixed and v != ours[n]}
        self.trainer.set_parameters(**to_model(turned))

    def _snapshot_due(self) -> float:
        return self._last_snapshot + max(SNAPSHOT_EVERY_S, self._looking_s * (1 / self._looking_share - 1))

    def _go(self, status: str, *, single: bool) -> None:
        self._single_step = single
        if self.status != status:
            self.status = status
            self._figures.begin(time.monotonic())
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
        finite = self._kept.finite
        self._send_checkpoint(finite)
        self._end("diverged", f"{error}; the last finite checkpoint is from update {finite.update:,}")

    def _send_checkpoint(self, state: Checkpoint) -> None:
        self._sent = state.update
        content = checkpoint.dumps(state)
        data = {"bytes": np.frombuffer(content, np.uint8), "size_bytes": len(content)}
        self._emit("checkpoint", data, update=state.update)

    def _flush_metrics(self, now: float) -> None:
        if (told := self._figures.take(now)) is not None:
            self._emit("metrics", told)

    def _say_status(self, reason: str | None = None) -> None:
        engine = "; ".join(filter(None, (self.trainer.engine, self._because)))
        said = {"parameters": self.parameters(), "updates_per_s": self._figures.rate(), "engine": engine}
        self._emit("status", {"status": self.status, "reason": reason, "skipped": self.trainer.skipped_total, **said})

    def _emit(self, kind: str, data: dict[str, Any], update: int | None = None) -> None:
        update = self.trainer.update if update is None else update
        self._link.send({**self._head(kind, update), "data": data})

    def _head(self, kind: str, update: int) -> dict[str, Any]:
        return {"kind": kind, "run": self.run, "attempt": self.attempt, "update": update}
