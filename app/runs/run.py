"""A run: all that the server knows about it. What changes it is in app/runs/moves/. Pure, no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from sab_visualiser.app.runs.fits import missing_words
from sab_visualiser.app.runs.shapes import (
    Born,
    News,
    Order,
    Parameters,
    Parent,
    Rate,
    Spec,
    Stored,
)
from sab_visualiser.app.runs.verdict import Progress, best_of, fresh_of, task_of
from sab_visualiser.app.runs.verdict_words import Verdict, verdict
from sab_visualiser.app.wire.requests import RunSpec, RunStatus
from sab_visualiser.app.wire.views import RunView
from sab_visualiser.model.contract import KNOBS, TOLD, chance_of, joined, spoken

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
    engine: str | None = None
    """Device and code of its updates, and why, as its worker said."""
    updates_per_s: float | None = None
    trained_per_s: float | None = None
    """The rate of now, and the last one that was measured while it trained: that stays."""
    trained_s: float = 0.0
    """What its updates took, seconds; those made again after a loss count again."""
    snapshots: int = 0
    checkpoint: str | None = None
    checkpoint_update: int | None = None
    progress: Progress | None = None
    progress_kept: Progress | None = None
    progress_began: Progress | None = None
    """What its looks at fresh examples came to: by now, at the checkpoint that a resume goes on from, where a branch
    branched off."""
    health: dict[str, float | None] | None = None
    rate: Rate | None = None
    """How surely its preset learns, where it trains exactly that."""
    assigned: bool = False
    """A worker was told to take the run; it is the worker's until it ends."""
    life: int = 0
    """How often a worker was given it: what another of them has left is void."""
    begin_paused: bool = False
    kept: tuple[Order, ...] = ()
    """Commands that were taken and are not carried out yet (app/runs/moves/turns.py)."""
    group: str | None = None
    group_name: str | None = None
    """Of runs that were started together, to be compared."""
    imported: Born | None = None
    """Of which run it is a copy, where it came in a bundle; `created` is when it came."""
    parent: Parent | None = None
    """Where it branched off, with the checkpoint and the knobs that it began with."""
    aside: int | None = None
    """The number of the attempt that it keeps for a run that was reset or reseeded."""
    note: str = ""
    tags: tuple[str, ...] = ()
    starred: bool = False
    """What a person wrote on it; none of it changes the training."""

    def view(self, waits: str | None = None, parent: str | None = None, stalled: str | None = None) -> dict[str, Any]:
        """The run as the API shows it: the fields of RunView.

        Args:
            waits: What it waits for, and
            parent: what the run is called that it branched off from, and
            stalled: that its worker stands still; none of them is the run's own to know.
        """
        shown = {name: getattr(self, name) for name in RunView.model_fields if name in self.__dataclass_fields__}
        judged = {"verdict": self.verdict, "chance": chance_of(task_of(self.spec))}
        planned = {"updates": self.spec["training"]["updates"], "preset": self.spec.get("preset")}
        shown["tags"] = list(self.tags)
        began = self.parent
        shown["parent"] = began and {"run": began["run"], "name": parent, "update": began["update"]}
        looked = {"best": best_of(self.progress, self.spec), "fresh": fresh_of(self.progress, self.spec)}
        return {
            **shown,
            **planned,
            **judged,
            **looked,
            "waits": waits,
            "stalled": stalled,
            "missing": missing_words(self.spec),
        }

    @cached_property
    def verdict(self) -> Verdict | None:
        """What became of it, in words; None before the first look at fresh examples."""
        branched_with = self.parent and self.parent["parameters"]
        return verdict(self.progress, self.spec, self.status, self.rate, self.parameters, branched_with)

    @property
    def born(self) -> Born:
        """The run that this one is, or is a copy of, and when that was started."""
        return self.imported or Born(run=self.id, started=self.created)

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
    own = spec.get("name") or joined(spoken(task), f"{model['method']} seed {training['seed']}")
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
