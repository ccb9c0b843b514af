"""A run as it travels in a bundle, and what it becomes where it is brought in. Pure, no I/O.

What arrives is believed only as far as `Record` checks it: spec and knobs by the rules for a run that is started, all
else by its type. Ids and whatever only concerns a worker stay behind; a run joins its group where it does not double a
run of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any, NotRequired, cast, get_origin, get_type_hints

from pydantic import AfterValidator, Field, StringConstraints, create_model

from sab_visualiser.app.runs.kin.branch import Birth
from sab_visualiser.app.runs.kin.group import key_of
from sab_visualiser.app.runs.run import Run, name_of, parameters_of
from sab_visualiser.app.runs.shapes import ENDED, Born, Parent, Rate, Spec, Stored
from sab_visualiser.app.runs.shapes import Parameters as InForce
from sab_visualiser.app.runs.verdict import Progress
from sab_visualiser.app.wire.errors import UserError, not_accepted, validate
from sab_visualiser.app.wire.requests import (
    LONGEST_NOTE,
    MOST_TAGS,
    Identifier,
    Name,
    Note,
    Parameters,
    RunSpec,
    RunStatus,
    Strict,
    Tag,
)
from sab_visualiser.app.wire.views import NetworkHealth
from sab_visualiser.model.contract import KNOBS, LARGEST_UPDATE

ORIGIN = re.compile(r"^imported from the bundle of run \S+\n*")
Count = Annotated[int, Field(ge=0, le=2**53)]
Update = Annotated[int, Field(ge=0, le=LARGEST_UPDATE)]
Moment = Annotated[str, StringConstraints(max_length=40), AfterValidator(lambda said: _moment(said))]
Metric = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
MAY_DIFFER = {*KNOBS, "updates", "until"}
"""What a branch may have otherwise than the training that its first checkpoint is from."""
COUNTS: dict[Any, Any] = {int: Count, int | None: Count | None}


def _moment(said: str) -> str:
    """An instant in UTC, so that instants can be sorted by how they are spelled."""
    at = datetime.fromisoformat(said)
    if at.tzinfo is None:
        raise ValueError(f"started = {said}: a moment of ISO 8601 with its offset; leave it out where nobody knows")
    return at.astimezone(UTC).isoformat() if at.utcoffset() else said


class _Born(Strict):
    """Where a run was started."""

    run: Identifier
    started: Moment | None


def _of(shape: Any) -> AfterValidator:
    """Checks a dict against one of our shapes; those cannot be fields themselves (pydantic, Python 3.11)."""
    whole, spelled = get_type_hints(shape), get_type_hints(shape, include_extras=True)
    fields: dict[str, Any] = {
        name: (COUNTS.get(hint, hint), None if get_origin(spelled[name]) is NotRequired else ...)
        for name, hint in whole.items()
    }
    model = create_model(shape.__name__, __base__=Strict, **fields)

    def fits(value: dict[str, Any]) -> dict[str, Any]:
        try:
            return validate(model, value).model_dump(exclude_unset=True)
        except UserError as error:
            raise not_accepted(
                each.model_copy(update={"field": f"{shape.__name__.lower()}.{each.field}"})
                for each in error.problem.errors
            ) from None

    return AfterValidator(fits)


def _knobs(given: dict[str, Any]) -> dict[str, Any]:
    """The knobs in force, each of them there and in its range."""
    known = {name: given[name] for name in KNOBS if name in given}
    if missing := [name for name in KNOBS if name not in known]:
        raise ValueError(f"parameters = {', '.join(known)}: {', '.join(missing)} missing; a run has all knobs")
    return validate(Parameters, known).given()


def _with_knobs(parent: dict[str, Any]) -> dict[str, Any]:
    return {**parent, "parameters": _knobs(parent["parameters"])}


class _Health(NetworkHealth):
    """The figures of a look, as strict as all else that comes from outside."""

    model_config = Strict.model_config


class Record(Strict):
    """What a bundle says of its run (run.json)."""

    spec: RunSpec
    status: RunStatus
    reason: Annotated[str, StringConstraints(max_length=10_000)] | None
    update: Update
    parameters: Annotated[dict[str, Any], AfterValidator(_knobs)]
    params_version: Count
    metrics: Annotated[dict[Metric, float | None], Field(max_length=50)]
    trained_per_s: Annotated[float, Field(ge=0)] | None = None
    trained_s: Annotated[float, Field(ge=0)] = 0.0
    skipped: Count
    snapshots: Count
    checkpoint_update: Update | None
    progress: Annotated[dict[str, Any], _of(Progress)] | None
    progress_kept: Annotated[dict[str, Any], _of(Progress)] | None
    progress_began: Annotated[dict[str, Any], _of(Progress)] | None = None
    health: _Health | None
    rate: Annotated[dict[str, Any], _of(Rate)] | None
    note: Note = ""
    tags: Annotated[tuple[Tag, ...], Field(max_length=MOST_TAGS)] = ()
    starred: bool = False
    aside: Count | None = None
    parent: Annotated[dict[str, Any], _of(Parent), AfterValidator(_with_knobs)] | None = None
    born: _Born | None = None
    group: Identifier | None = None
    group_name: Name | None = None


def record_of(run: Run) -> dict[str, Any]:
    """The run as a bundle has it: plain values, the fields of Record."""
    return {name: getattr(run, name) for name in Record.model_fields}


def brought(record: Record, born: Birth, origin: Born, checkpoints: Sequence[Stored]) -> Run:
    """The run that a bundle becomes here: it has ended, and can be gone on with.

    Args:
        record: What the bundle says.
        born: Its id here, and when it was brought in.
        origin: Its id where the bundle was made, and when it was started, where the record does not say.
        checkpoints: Those that came along, rising by update.
    """
    spec = cast(Spec, record.spec.model_dump(mode="json"))
    told = parameters_of(spec)
    newest = checkpoints[-1] if checkpoints else None
    changed: dict[str, Any] = {
        "parameters": {**told, **record.parameters},
        "accepted_version": record.params_version,
        "note": _note(record.note, origin["run"]),
        "imported": cast(Born, record.born.model_dump()) if record.born else origin,
        "parent": _parent(record, told, checkpoints),
        "checkpoint": newest and newest.sha256,
        "checkpoint_update": newest and newest.update,
    }
    if record.status not in ENDED:
        changed |= {"status": "stopped", "reason": f"it was {record.status} when its bundle was made"}
    kept = {**record.model_dump(exclude={"spec", "born"}), **changed}
    return Run(id=born.id, name=name_of(spec, record.aside), created=born.created, spec=spec, **kept)


def in_its_group(run: Run, here: Iterable[Run]) -> Run:
    """The run in the group that it comes from, so that runs of one sweep are compared wherever they were trained.

    One that trains the same as a run of that group here, as a copy of it does, is in none: it would count twice.

    Args:
        run: As `brought` gives it.
        here: All runs of this place.
    """
    siblings = [each for each in here if run.group is not None and each.group == run.group]
    if any(key_of(each.spec) == key_of(run.spec) for each in siblings):
        return replace(run, group=None, group_name=None)
    called = next((each.group_name for each in siblings if each.group_name), run.group_name)
    return replace(run, group_name=called)


def _parent(record: Record, told: InForce, checkpoints: Sequence[Stored]) -> Parent | None:
    """Where the run branched off, if the checkpoint came along that a reset goes back to."""
    began = record.parent
    found = next((each for each in checkpoints if began and each.sha256 == began["checkpoint"]), None)
    if began is None or found is None:
        return None
    in_force = {**told, **began["parameters"]}
    return Parent(
        run=began["run"], update=found.update, checkpoint=found.sha256, size_bytes=found.size_bytes, parameters=in_force
    )


def _note(before: str, origin: str) -> str:
    """The note with its origin in front; one that is too long for that stays as it is."""
    text = f"imported from the bundle of run {origin}\n{ORIGIN.sub('', before)}".rstrip("\n")
    return text if len(text) <= LONGEST_NOTE else before


def unlike(record: Record, checkpoint: RunSpec) -> str | None:
    """In which field a checkpoint is not of the run; None when it is.

    Args:
        record: Of the run.
        checkpoint: The spec that the checkpoint says it was trained with.
    """
    mine, its = record.spec.model_dump(mode="json"), checkpoint.model_dump(mode="json")
    for part in ("task", "model", "training"):
        for name, value in mine[part].items():
            if name not in MAY_DIFFER and its[part][name] != value:
                return f"{part}.{name} is {its[part][name]} in it, and {value} in the run"
    return None
