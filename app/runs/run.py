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

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from sab_visualiser.app.runs.shapes import (
    RESUMABLE,
    Assignment,
    Forwarded,
    News,
    Order,
    Parameters,
    Parent,
    Rate,
    Spec,
    Stored,
)
from sab_visualiser.app.runs.verdict import Progress, best_of, task_of
from sab_visualiser.app.runs.verdict_words import Verdict, verdict
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.wire.requests import Command, RunSpec, RunStatus
from sab_visualiser.app.wire.views import RunView
from sab_visualiser.model.contract import KNOBS, TOLD, chance_of

BRANCH = "a branch has the weights and the data of its parent; reset it, or start a new run"
LIVE: tuple[RunStatus, ...] = ("running", "paused")


@dataclass(frozen=True)
class Run:
    """All the server knows about a run; frozen, so that what is shown is what was committed."""

    id: str
    name: str
    created: str
    spec: Spec
    status: RunStatus = "queued"
    reason: str | None = None
    attempt: int = 1
    seq: int = 0
    update: int = 0
    parameters: Parameters = field(default_factory=dict)
    params_version: int = 0
    accepted_version: int = 0
    metrics: dict[str, float | None] = field(default_factory=dict)
    skipped: int = 0
    updates_per_s: float | None = None
    snapshots: int = 0
    checkpoint: str | None = None
    checkpoint_update: int | None = None
    progress: Progress | None = None
    """What its looks at fresh examples came to; `progress_kept` at the checkpoint that a resume goes on from."""
    progress_kept: Progress | None = None
    health: dict[str, float | None] | None = None
    rate: Rate | None = None
    """How surely its preset learns, where it trains exactly that."""
    assigned: bool = False
    """A worker was told to take the run; it is the worker's until it ends."""
    begin_paused: bool = False
    kept: tuple[Order, ...] = ()
    """Commands that wait for the worker to come."""
    group: str | None = None
    group_name: str | None = None
    """Of runs that were started together, to be compared."""
    parent: Parent | None = None
    """Where it branched off, with the checkpoint and the knobs that it began with."""
    aside: int | None = None
    """The number of the attempt that it keeps for a run that was reset or reseeded."""
    note: str = ""
    tags: tuple[str, ...] = ()
    starred: bool = False
    """What a person wrote on it; none of it changes the training."""

    def view(self, waits: str | None = None) -> dict[str, Any]:
        """The run as the API shows it: the fields of RunView. What it waits for is not the run's own to know."""
        shown = {name: getattr(self, name) for name in RunView.model_fields if name in self.__dataclass_fields__}
        judged = {"verdict": self.verdict(), "chance": chance_of(task_of(self.spec))}
        planned = {"updates": self.spec["training"]["updates"], "preset": self.spec.get("preset")}
        shown["tags"] = list(self.tags)
        shown["parent"] = self.parent and {"run": self.parent["run"], "update": self.parent["update"]}
        return {**shown, **planned, **judged, "best": best_of(self.progress, self.spec), "waits": waits}

    def verdict(self) -> Verdict | None:
        """What became of it, in words; None before the first look at fresh examples."""
        return verdict(self.progress, self.spec, self.status, self.rate, self.parameters)

    def began_with(self) -> Stored | None:
        """The checkpoint that a branch began with; None for a run from untrained weights."""
        if self.parent is None:
            return None
        return Stored(self.parent["checkpoint"], self.parent["size_bytes"], self.parent["update"])

    def news(self) -> News:
        """What a `status` event says."""
        return cast(News, {name: getattr(self, name) for name in News.__annotations__})


@dataclass(frozen=True)
class Draft:
    """An event to be: it gets its seq when it is committed."""

    kind: str
    data: Mapping[str, Any]


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


def parameters_of(spec: Spec) -> Parameters:
    """The knobs in force at update 0, beside the fixed ones that a caption needs."""
    known = {**spec["model"], **spec["training"]}
    return {name: known[name] for name in (*KNOBS, *TOLD)}


def name_of(spec: Spec, aside: int | None = None) -> str:
    """The name that was given to the run, else one that follows its spec, so that it never tells of another seed.

    Args:
        spec: Of the run.
        aside: The number of the attempt that the run keeps for another, if it does.
    """
    task, model, training = spec["task"], spec["model"], spec["training"]
    own = spec.get("name") or f"{task['name']} T={task['T']} {model['method']} seed {training['seed']}"
    return own if aside is None else f"{own} · attempt {aside}"


def new_run(run_id: str, spec: RunSpec, created: str, rate: Rate | None = None) -> Run:
    """A run that waits for a worker; `rate` is that of its preset, where it trains exactly that."""
    plain = cast(Spec, spec.model_dump(mode="json"))
    return Run(id=run_id, name=name_of(plain), created=created, spec=plain, parameters=parameters_of(plain), rate=rate)


def revived(state: dict[str, Any]) -> Run:
    """A run as it was stored, by this version or an earlier one; what is not known to this version is left out."""
    known = {name: value for name, value in state.items() if name in Run.__dataclass_fields__}
    listed = {name: tuple(state.get(name, ())) for name in ("kept", "tags")}
    return Run(**{**known, "name": name_of(state["spec"], state.get("aside")), **listed})


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
        snapshots=0,
        progress=None,
        progress_kept=None,
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
