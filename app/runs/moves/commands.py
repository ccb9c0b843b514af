"""The state machine of a run: what a command, an event or the loss of a worker makes of it. Pure, no I/O.

```
            assign            finish | stop | fail | diverge
  queued ────────────▶ running ────────────────▶ finished · stopped · failed · diverged · interrupted
     ▲                  ▲   │ pause                            │
     │          resume  │   ▼                                  │ resume (stopped, failed, interrupted)
     │                 paused                                  │ reset, reseed (all of them)
     └─────────────────────────────────────────────────────────┘
```
Every function returns a new Run; app/control/conductor.py keeps it only after it is committed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import cast

from sab_visualiser.app.runs.moves.replay import Replay
from sab_visualiser.app.runs.moves.turns import kept_with, names, settled, superseded
from sab_visualiser.app.runs.run import Draft, Run, name_of, parameters_of
from sab_visualiser.app.runs.shapes import RESUMABLE, Assignment, Order, Spec, Stored
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.wire.requests import Command, RunStatus
from sab_visualiser.model.contract import KNOBS

BRANCH = "a branch has the weights and the data of its parent; reset it, or start a new run"


@dataclass(frozen=True)
class Decision:
    """What an accepted command leads to."""

    run: Run
    drafts: tuple[Draft, ...] = ()
    assign: Assignment | None = None
    """Text frame that gives the run anew to the worker that has it; orders are in `run.kept`."""
    enqueue: bool = False
    dequeue: bool = False
    begins_with: Stored | None = None
    """The checkpoint that an attempt of a branch begins with."""


def accept(run: Run, command: Command, sent: Collection[str] = (), replay: Replay | None = None) -> Decision:
    """Whether the command may be carried out now, and what follows.

    Args:
        run: As it is.
        command: What is asked.
        sent: Ids of the orders that the worker has already.
        replay: Of a run that is to be resumed: the knobs at its checkpoint, and those that were turned after it.

    Raises:
        UserError: Status 409, naming the status of the run and the remedy.
    """
    if command.base_version is not None and command.base_version != run.accepted_version:
        raise UserError(
            409,
            "Somebody else was faster",
            f"base_version = {command.base_version}: params_version is {run.accepted_version} by now; "
            "look at the run again and repeat the change",
        )
    message = cast(Order, command.model_dump(mode="json", exclude_none=True, exclude={"base_version"}))
    if run.assigned:
        return _while_live(run, command, message, sent)
    if run.status == "queued":
        return _while_queued(run, command, message)
    return _when_ended(run, command, replay or Replay(run.parameters, ()))


def _versioned(run: Run, command: Command, message: Order) -> Run:
    if command.type != "set_parameters":
        return run
    message["params_version"] = run.accepted_version + 1
    return replace(run, accepted_version=run.accepted_version + 1)


def _while_live(run: Run, command: Command, message: Order, sent: Collection[str]) -> Decision:
    """Most commands are the worker's to obey; reset and reseed give it the run anew."""
    if command.type in ("reset", "reseed"):
        decision = _start_over(run, command, enqueue=False)
        again = replace(decision.run, begin_paused=run.status == "paused")
        return replace(decision, run=taken(decision.run), assign=assignment(again))
    if command.type != "stop" and any(_stops(order) for order in run.kept):
        raise _refused(run, command, "it was asked to stop; wait until it has")
    run = _versioned(run, command, message)
    return Decision(replace(run, kept=kept_with(run.kept, message, sent)))


def _while_queued(run: Run, command: Command, message: Order) -> Decision:
    """Pause, resume and stop act at once; set_parameters and step are kept for the worker to come."""
    done = Draft("acknowledged", {"command_id": command.command_id, "type": command.type})
    if command.type in ("pause", "resume"):
        return Decision(replace(run, begin_paused=command.type == "pause"), (done,))
    if command.type == "stop":
        run = replace(run, status="stopped", reason="stopped before it began", begin_paused=False)
        run, gone = settled(run, "the run was stopped before it began")
        return Decision(run, (done, *gone, Draft("status", run.news())), dequeue=True)
    if command.type in ("set_parameters", "step"):
        run = _versioned(run, command, message)
        return Decision(
            replace(run, kept=kept_with(run.kept, message), begin_paused=run.begin_paused or command.type == "step")
        )
    if command.type == "checkpoint":
        raise _refused(run, command, "wait until it runs")
    return _start_over(run, command, enqueue=False)


def _when_ended(run: Run, command: Command, replay: Replay) -> Decision:
    if command.type in ("reset", "reseed"):
        return _start_over(run, command, enqueue=True)
    if command.type == "resume" and run.status in RESUMABLE:
        done = Draft("acknowledged", {"command_id": command.command_id, "type": command.type})
        run = resumed(run, replay)
        return Decision(run, (done, Draft("status", run.news())), enqueue=True)
    remedy = "send resume, reset or reseed first" if run.status in RESUMABLE else "send reset or reseed to train again"
    if run.status == "diverged":
        finite = f"update {run.checkpoint_update or 0}, the last that was finite"
        remedy = f"branch off at {finite}, with a lower learning_rate, or send reset or reseed"
    raise _refused(run, command, remedy)


def resumed(run: Run, replay: Replay) -> Run:
    """The run as it waits to go on from its checkpoint, or from the beginning; it is the same attempt."""
    anew = run.checkpoint is None
    run = replace(run, status="queued", reason=None, update=run.checkpoint_update or 0, begin_paused=False)
    progress = run.progress_began if anew else run.progress_kept
    run = replace(run, parameters=dict(replay.in_force), kept=(*replay.turns, *run.kept), progress=progress)
    beginning = {"metrics": {}, "skipped": 0, "trained_s": 0.0, "trained_per_s": None, "health": None} if anew else {}
    return replace(run, updates_per_s=None, engine=None, **beginning)  # type: ignore[arg-type]


def _start_over(run: Run, command: Command, *, enqueue: bool) -> Decision:
    if run.parent is not None and command.type == "reseed":
        raise _refused(run, command, BRANCH)
    gone = superseded([name for order in run.kept for name in names(order)], f"a {command.type} came after it")
    run = rewound(run, _next_seed(run, command.type))
    run = replace(run, status="queued", reason=None, kept=(), begin_paused=False)
    data = {"command_id": command.command_id, "attempt": run.attempt, "seed": run.spec["training"]["seed"]}
    drafts = (*gone, Draft("rewound", data), Draft("status", run.news()))
    return Decision(run, drafts, enqueue=enqueue, begins_with=run.began_with())


def _next_seed(run: Run, kind: str) -> int:
    seed: int = run.spec["training"]["seed"]
    return (seed + 1) % 2**31 if kind == "reseed" else seed


def _refused(run: Run, command: Command, remedy: str) -> UserError:
    return UserError(409, "Not possible now", f"type = {command.type}: the run is {run.status}; {remedy}")


def rewound(run: Run, seed: int) -> Run:
    """The run at the beginning of its next attempt, a branch where it branched off; what was learnt since is void."""
    start = run.began_with()
    spec: Spec = {**run.spec, "training": {**run.spec["training"], "seed": seed}}
    return replace(
        run,
        name=name_of(spec),
        aside=None,
        spec=spec,
        attempt=run.attempt + 1,
        update=start.update if start else 0,
        parameters={**parameters_of(spec), **(run.parent["parameters"] if run.parent else {})},
        metrics={},
        skipped=0,
        engine=None,
        updates_per_s=None,
        trained_per_s=None,
        trained_s=0.0,
        snapshots=0,
        progress=run.progress_began,
        progress_kept=run.progress_began,
        health=None,
        checkpoint=start.sha256 if start else None,
        checkpoint_update=start.update if start else None,
    )


def lost(run: Run, status: RunStatus, reason: str) -> tuple[Run, tuple[Draft, ...]]:
    """The run without its worker, and what is told of it; one that was asked to stop has stopped."""
    if any(_stops(order) for order in run.kept):
        done = [Draft("acknowledged", {"command_id": o["command_id"], "type": "stop"}) for o in run.kept if _stops(o)]
        run = replace(run, kept=tuple(order for order in run.kept if not _stops(order)))
        status = "stopped" if status in ("failed", "interrupted") else status
    else:
        done = []
    run, gone = settled(replace(run, status=status, reason=reason, updates_per_s=None, assigned=False), reason)
    return run, (*done, *gone, Draft("status", run.news()))


def _stops(order: Order) -> bool:
    return order["type"] == "stop"


def taken(run: Run) -> Run:
    """The run once a worker has it: that it waited is over, and what workers before it may still leave is void."""
    return replace(run, assigned=True, begin_paused=False, life=run.life + 1)


def assignment(run: Run) -> Assignment:
    """The text frame that gives a run, before it is `taken`, to a worker; `checkpoint` is what it goes on from."""
    return {
        "type": "assign",
        "run": run.id,
        "attempt": run.attempt,
        "spec": run.spec,
        "checkpoint": run.checkpoint,
        "update": (run.checkpoint_update or 0) if run.checkpoint else 0,
        "life": run.life + 1,
        "paused": run.begin_paused,
        "parameters": {name: run.parameters[name] for name in KNOBS},
        "params_version": run.params_version,
        "turns": [order for order in run.kept if "at" in order],
    }
