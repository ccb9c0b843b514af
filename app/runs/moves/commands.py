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

from dataclasses import dataclass, replace
from typing import cast

from sab_visualiser.app.runs.run import Draft, Run, name_of, parameters_of
from sab_visualiser.app.runs.shapes import RESUMABLE, Assignment, Forwarded, Order, Spec, Stored
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.wire.requests import Command, RunStatus
from sab_visualiser.model.contract import KNOBS

BRANCH = "a branch has the weights and the data of its parent; reset it, or start a new run"


@dataclass(frozen=True)
class Decision:
    """What an accepted command leads to."""

    run: Run
    drafts: tuple[Draft, ...] = ()
    forward: Assignment | Forwarded | None = None
    """Text frame for the worker that has the run."""
    enqueue: bool = False
    dequeue: bool = False
    begins_with: Stored | None = None
    """The checkpoint that an attempt of a branch begins with."""


def accept(run: Run, command: Command) -> Decision:
    """Whether the command may be carried out now, and what follows.

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
        return _while_live(run, command, message)
    if run.status == "queued":
        return _while_queued(run, command, message)
    return _when_ended(run, command)


def _versioned(run: Run, command: Command, message: Order) -> Run:
    if command.type != "set_parameters":
        return run
    message["params_version"] = run.accepted_version + 1
    return replace(run, accepted_version=run.accepted_version + 1)


def _while_live(run: Run, command: Command, message: Order) -> Decision:
    """Most commands are the worker's to obey; reset and reseed give it the run anew."""
    if command.type in ("reset", "reseed"):
        decision = _start_over(run, command, enqueue=False)
        again = replace(decision.run, begin_paused=run.status == "paused")
        return replace(decision, run=taken(decision.run), forward=assignment(again))
    run = _versioned(run, command, message)
    return Decision(run, forward={"type": "command", "run": run.id, "command": message})


def _while_queued(run: Run, command: Command, message: Order) -> Decision:
    """Pause, resume and stop act at once; set_parameters and step are kept for the worker to come."""
    done = Draft("acknowledged", {"command_id": command.command_id, "type": command.type})
    if command.type in ("pause", "resume"):
        return Decision(replace(run, begin_paused=command.type == "pause"), (done,))
    if command.type == "stop":
        run = replace(run, status="stopped", reason="stopped before it began", kept=(), begin_paused=False)
        return Decision(run, (done, Draft("status", run.news())), dequeue=True)
    if command.type in ("set_parameters", "step"):
        run = _versioned(run, command, message)
        return Decision(
            replace(run, kept=(*run.kept, message), begin_paused=run.begin_paused or command.type == "step")
        )
    if command.type == "checkpoint":
        raise _refused(run, command, "wait until it runs")
    return _start_over(run, command, enqueue=False)


def _when_ended(run: Run, command: Command) -> Decision:
    if command.type in ("reset", "reseed"):
        return _start_over(run, command, enqueue=True)
    if command.type == "resume" and run.status in RESUMABLE:
        if run.checkpoint is None:
            return _start_over(run, command, enqueue=True)
        update = run.checkpoint_update or 0
        run = replace(run, status="queued", reason=None, update=update, updates_per_s=None, begin_paused=False)
        run = replace(run, progress=run.progress_kept)
        done = Draft("acknowledged", {"command_id": command.command_id, "type": command.type})
        return Decision(run, (done, Draft("status", run.news())), enqueue=True)
    remedy = "send resume, reset or reseed first" if run.status in RESUMABLE else "send reset or reseed to train again"
    raise _refused(run, command, remedy)


def _start_over(run: Run, command: Command, *, enqueue: bool) -> Decision:
    if run.parent is not None and command.type == "reseed":
        raise _refused(run, command, BRANCH)
    run = rewound(run, _next_seed(run, command.type))
    run = replace(run, status="queued", reason=None, kept=(), begin_paused=False)
    data = {"command_id": command.command_id, "attempt": run.attempt, "seed": run.spec["training"]["seed"]}
    drafts = (Draft("rewound", data), Draft("status", run.news()))
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
        updates_per_s=None,
        trained_per_s=None,
        snapshots=0,
        progress=run.progress_began,
        progress_kept=run.progress_began,
        health=None,
        checkpoint=start.sha256 if start else None,
        checkpoint_update=start.update if start else None,
    )


def lost(run: Run, status: RunStatus, reason: str) -> Run:
    """The run without its worker."""
    return replace(run, status=status, reason=reason, updates_per_s=None, assigned=False)


def taken(run: Run) -> Run:
    """The run once a worker has it; what waited for it has been sent."""
    return replace(run, assigned=True, kept=(), begin_paused=False)


def assignment(run: Run) -> Assignment:
    """The text frame that gives the run to a worker; `checkpoint` is the sha256 of the one to go on from."""
    return {
        "type": "assign",
        "run": run.id,
        "attempt": run.attempt,
        "spec": run.spec,
        "checkpoint": run.checkpoint,
        "paused": run.begin_paused,
        "parameters": {name: run.parameters[name] for name in KNOBS},
        "params_version": run.params_version,
    }
