"""Whether a training or a question fits into the memory that one may take: judged by numbers, before it is made.

Pure; how much that is, is found in app/workers/memory.py. A refusal says the estimate, and which field to lower.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

from sab_visualiser.app.runs.shapes import Spec
from sab_visualiser.app.wire.errors import UserError, describe, field_error
from sab_visualiser.app.wire.requests import ModelSpec, ProbeRequest, TaskSpec
from sab_visualiser.app.wire.views import FieldProblem
from sab_visualiser.model.contract import (
    Cost,
    Sizes,
    Training,
    check_cost,
    known,
    lowered,
    probe_cost,
    run_cost,
    short_name,
    size_words,
    sizes_of,
)


class Room(NamedTuple):
    """What one training or one question may take, bytes; `fused`: whether workers run the fused loops."""

    limit: int
    fused: bool = False


def run_sizes(spec: Spec, knobs: Mapping[str, Any], *, fused: bool) -> Sizes:
    """The sizes of a run, with knobs in force over those of its spec; ranges of a later version do not matter here."""
    task = TaskSpec.model_construct(**spec["task"])
    batch = spec["training"].get("batch_size", Training.batch_size)
    values = {**ModelSpec().model_dump(), **spec["model"], **knobs}
    return sizes_of(task, cast(Any, SimpleNamespace(**values)), batch, fused=fused)


def is_here(spec: Spec) -> bool:
    """Whether the data set that a run reads is known in this process; so is one that its task makes itself."""
    name = spec["task"].get("data")
    return not name or known(name) is not None


def missing_words(spec: Spec) -> str | None:
    """What a run lacks here, and what to do, in words; None for one that lacks nothing."""
    if is_here(spec):
        return None
    name = short_name(str(spec["task"]["data"]))
    if spec["task"]["name"] == "char":
        return f"its text, {name}, is not here: send it to POST /api/texts before the run goes on or is probed"
    return f"its images, {name}, are not here: put them into the folder SAB_DATA_FILES before the run goes on"


def check_data(spec: Spec) -> None:
    """Refuse a training on a data set that is not here.

    Raises:
        UserError: Status 422.
    """
    if not is_here(spec):
        remedy = "send a text to POST /api/texts, which answers with its name; images lie in the folder SAB_DATA_FILES"
        name = short_name(str(spec["task"]["data"]))
        raise field_error("task.data", name, "a data set that this server has", remedy)


def check_run(spec: Spec, room: Room, knobs: Mapping[str, Any] | None = None) -> None:
    """Refuse a training that needs more than there is.

    Args:
        spec: Of the run.
        room: What it may take.
        knobs: Those that are to be in force, by name, where they differ from the spec's.

    Raises:
        UserError: Status 422, with the estimate and the remedy.
    """
    _check(spec, run_sizes(spec, knobs or {}, fused=room.fused), run_cost, room.limit, "this training")


def check_probe(spec: Spec, in_force: Mapping[str, Any], request: ProbeRequest, room: Room) -> None:
    """Refuse a question that needs more than there is: its own knobs over those in force, and its own inputs.

    Raises:
        UserError: As `check_run`.
    """
    knobs = {name: value for name in ("k_top", "k_att") if (value := getattr(request, name)) is not None}
    sizes = run_sizes(spec, {**in_force, **knobs}, fused=room.fused)
    if request.inputs is not None:
        sizes = sizes._replace(steps=max(len(request.inputs), 1))
    _check(spec, sizes, probe_cost, room.limit, "this question")


def check_selfcheck(spec: Spec, in_force: Mapping[str, Any], room: Room) -> None:
    """Refuse a self-check that needs more than there is; it is by far the dearest question.

    Raises:
        UserError: As `check_run`.
    """
    _check(spec, run_sizes(spec, in_force, fused=False), check_cost, room.limit, "this self-check")


def check_load(spec: Spec, room: Room) -> None:
    """Refuse the network of a file that needs more than there is: it is built, and looked at once.

    Raises:
        UserError: As `check_run`.
    """
    _check(spec, run_sizes(spec, {}, fused=room.fused), probe_cost, room.limit, "the network of this checkpoint")


def run_words(spec: Spec, knobs: Mapping[str, Any] | None = None) -> str:
    """The estimate of a training in words."""
    return run_cost(run_sizes(spec, knobs or {}, fused=False)).words()


def _check(spec: Spec, sizes: Sizes, cost: Callable[[Sizes], Cost], limit: int, what: str) -> None:
    needed = cost(sizes)
    if needed.size_bytes <= limit:
        return
    way = lowered(TaskSpec.model_construct(**spec["task"]), sizes, cost, limit)
    if way is None:
        field, value, remedy = "task.T", spec["task"]["T"], "lower several of task.T, model.hidden_size, model.k_top"
    else:
        field, value = way[0], _value(spec, sizes, way[0])
        remedy = f"lower {field} to {way[1]}"
    words = f"{what} needs about {needed.words()}, and at most {size_words(limit)} may be taken"
    remedy += ", or start with a larger SAB_MEMORY_MB"
    problem = FieldProblem(field=field, value=value, range=words, remedy=remedy)
    raise UserError(422, "More memory than there is", describe(problem), [problem])


def _value(spec: Spec, sizes: Sizes, path: str) -> int:
    """The field as it is now: the knob in force, where it is one."""
    part, name = path.split(".")
    asked = {"model.k_top": sizes.k_top, "task.T": spec["task"]["T"]}.get(path)
    return int(cast(Any, spec)[part].get(name) or 0) if asked is None else asked
