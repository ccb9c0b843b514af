"""A run that goes on from the stored weights of another, with other knobs or a longer training. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple, cast

from sab_visualiser.app.runs.run import Run, new_run
from sab_visualiser.app.runs.shapes import Parameters, Parent, Spec, Stored
from sab_visualiser.app.wire.errors import field_error, validate
from sab_visualiser.app.wire.requests import BranchRequest, RunSpec
from sab_visualiser.model.contract import LARGEST_UPDATE, fixed_knobs


class Birth(NamedTuple):
    """The id of a run to be, and the moment, ISO 8601."""

    id: str
    created: str


def branched(parent: Run, stored: Stored, in_force: Parameters, asked: BranchRequest, new: Birth) -> Run:
    """A run that begins with the weights, the optimiser and the random streams of `parent` at `stored.update`.

    It has the settings that its parent was started with, the knobs that were in force at that update, and over them
    what was asked for. Its own curves begin after that update.

    Args:
        parent: Where it branches off.
        stored: The checkpoint it begins with.
        in_force: The knobs of the parent at that update.
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
    parameters = {**run.parameters, **in_force, **wished}
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
    )


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
