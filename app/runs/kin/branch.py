"""A run that goes on from the stored weights of another, with other knobs or a longer training. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple, cast

import numpy as np

from sab_visualiser.app.runs.curves import Looks
from sab_visualiser.app.runs.run import Run, new_run
from sab_visualiser.app.runs.shapes import Parameters, Parent, Spec, Stored
from sab_visualiser.app.runs.verdict import Progress, handed_on, seen
from sab_visualiser.app.wire.errors import field_error, validate
from sab_visualiser.app.wire.requests import BranchRequest, RunSpec
from sab_visualiser.model.contract import HEALTH, LARGEST_UPDATE, LOOK_EVERY, fixed_knobs


class Birth(NamedTuple):
    """The id of a run to be, and the moment, ISO 8601."""

    id: str
    created: str


class Past(NamedTuple):
    """What a parent has left up to the checkpoint: the knobs that were in force there, and all its looks."""

    in_force: Parameters
    looks: Looks


def branched(parent: Run, stored: Stored, past: Past, asked: BranchRequest, new: Birth) -> Run:
    """A run that begins with the weights, the optimiser and the random streams of `parent` at `stored.update`.

    It has the settings that its parent was started with, the knobs that were in force at that update, and over them
    what was asked for. Its own curves begin after that update; what it had learned by then it has learned.

    Args:
        parent: Where it branches off.
        stored: The checkpoint it begins with.
        past: What the parent was at that update.
        asked: What is to be different.
        new: Id of the new run, and when it is made.

    Raises:
        UserError: 422 when what is asked for cannot be trained from there.
    """
    spec = _spec(parent, stored, asked)
    run = new_run(new.id, spec, new.created)
    wished = {**asked.model.given(), **asked.training.knobs()}
    for name in fixed_knobs(spec.model.method) & wished.keys():
        words = f"fixed by method {spec.model.method}"
        raise field_error(f"model.{name}", wished[name], words, "leave it out, or start a new run of another method")
    parameters = {**run.parameters, **past.in_force, **wished}
    progress = _taken_over(parent, run.spec, past.looks, stored.update)
    begins = Parent(
        run=parent.id,
        update=stored.update,
        checkpoint=stored.sha256,
        size_bytes=stored.size_bytes,
        parameters=parameters,
    )
    return replace(
        run,
        update=stored.update,
        parameters=parameters,
        checkpoint=stored.sha256,
        checkpoint_update=stored.update,
        parent=begins,
        progress=progress,
        progress_kept=progress,
        progress_began=progress,
    )


def _taken_over(parent: Run, spec: Spec, looks: Looks, update: int) -> Progress | None:
    """What the looks of the parent up to `update` come to by the bar of the branch."""
    progress = parent.progress_began
    for at in np.flatnonzero((looks["update"] <= update) & (looks["update"] % LOOK_EVERY == 0)):
        fresh = {name: float(column[at]) for name, column in looks["fresh"].items()}
        health = {name: float(column[at]) for name, column in looks["health"].items() if np.isfinite(column[at])}
        if fresh:
            progress = seen(progress, spec, int(looks["update"][at]), fresh, {**dict.fromkeys(HEALTH), **health})
    return handed_on(progress)


def _spec(parent: Run, stored: Stored, asked: BranchRequest) -> RunSpec:
    own = parent.spec["training"]
    training = {**own, **asked.training.model_dump(exclude_unset=True)}
    if "updates" not in asked.training.model_fields_set and own["updates"] <= stored.update:
        training["updates"] = min(stored.update + own["updates"], LARGEST_UPDATE)
    if training["updates"] <= stored.update:
        allowed = f"more than {stored.update}, the update it branches off at"
        raise field_error("training.updates", training["updates"], allowed, "updates are counted from the beginning")
    model = {**parent.spec["model"], **asked.model.given()}
    name = asked.name or f"{parent.name} from {stored.update}"[:200]
    plain = cast(Spec, {**parent.spec, "name": name, "preset": None, "model": model, "training": training})
    return validate(RunSpec, plain)
