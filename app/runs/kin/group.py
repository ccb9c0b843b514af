"""Runs that are started together to be compared: one spec, and what differs between them. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, cast

from sab_visualiser.app.runs.shapes import Spec
from sab_visualiser.app.wire.errors import UserError, field_error, validate
from sab_visualiser.app.wire.requests import MOST_IN_A_GROUP, GroupRequest, RunSpec
from sab_visualiser.model.contract import PARTS, Field, fields, fixed_values, joined, spoken

Point = dict[str, Any]
"""The values of one combination, by dotted name."""
Fill = Callable[[dict[str, Any]], dict[str, Any]]
SEED, METHOD = "training.seed", "model.method"
IN_THE_NAME = frozenset({"task.name", "task.T", METHOD, SEED})
"""What the name of a run says without being told (app/runs/run.py)."""
ALWAYS_KEYED = frozenset(
    f"{part}.{name}"
    for part, names in {
        "task": "name T items T_min",
        "model": "method hidden_size attention_size k_top k_trunc k_att normalizer variant initial_memory",
        "training": "batch_size learning_rate clip_norm updates seed phase scorer_rate sum_floor rate_decay "
        "weight_decay until",
    }.items()
    for name in names.split()
)
"""The fields that runs had when trials got their keys; never to be changed."""


def specs_of(asked: GroupRequest, fill: Fill) -> list[RunSpec]:
    """The specs of a group, as `points_of` gives them."""
    return [spec for _, spec in points_of(asked, fill)]


def points_of(asked: GroupRequest, fill: Fill, most: int = MOST_IN_A_GROUP) -> list[tuple[Point, RunSpec]]:
    """Every combination of the grid, each with every seed, in the order in which they are given, and its spec.

    Two combinations that train the same (a knob that the method fixes) are one run.

    Args:
        asked: The base, which may name a preset, the grid by dotted names, and the seeds.
        fill: Puts a body over the preset that it names.
        most: Combinations at most.

    Raises:
        UserError: 422 for an unknown key, a value that no run may have, or more combinations than may be.
    """
    axes: dict[str, list[Any]] = dict(asked.grid)
    _check(axes)
    if asked.seeds:
        _each_once("seeds", asked.seeds)
        axes[SEED] = list(asked.seeds)
    runs = 1
    for values in axes.values():
        runs *= len(values)
    if runs > most:
        counted = " × ".join(f"{len(values)} {name}" for name, values in axes.items())
        raise field_error("grid", f"{runs:,} runs: {counted}", f"at most {most:,} runs", "leave some out")
    base = fill(dict(asked.base))
    found: dict[str, tuple[Point, RunSpec]] = {}
    for chosen in itertools.product(*axes.values()):
        point = dict(zip(axes, chosen, strict=True))
        spec = _named(validate(RunSpec, _over(base, point)), point)
        found.setdefault(key_of(spec.model_dump(mode="json")), (point, spec))
    return list(found.values())


def key_of(spec: Mapping[str, Any]) -> str:
    """The same text for two specs that train the same, in every version: reports and groups know their trials by it.

    A field that came later stands in it only where it has another value than its default, which is how a spec of
    before it trained.
    """
    parts = trained(cast(Spec, spec))
    for field in _all():
        if field.path not in ALWAYS_KEYED and parts[field.part][field.name] == field.default:
            del parts[field.part][field.name]
    return repr(parts)


def trained(spec: Spec) -> dict[str, Any]:
    """What a spec comes to: knobs that its method fixes stand at what it fixes them to, names are left out."""
    # A run of an earlier version lacks the fields that came later, and trained as their defaults say.
    parts: dict[str, dict[str, Any]] = {part: {} for part in PARTS}
    for field in _all():
        parts[field.part][field.name] = cast(Mapping[str, Any], spec)[field.part].get(field.name, field.default)
    parts["model"].update(fixed_values(spec["model"]["method"]))
    return parts


@cache
def _all() -> tuple[Field, ...]:
    """The fields of a run, listed once: groups of thousands of runs ask for each."""
    return tuple(fields())


def name_of_group(asked: GroupRequest, specs: list[RunSpec]) -> str:
    """The name that was given to the group, else one that says what is compared."""
    if asked.name:
        return asked.name
    task = specs[0].task
    seeds = list(dict.fromkeys(spec.training.seed for spec in specs))
    axes = [f"{_short(name)} {', '.join(map(_word, values))}" for name, values in asked.grid.items() if name != SEED]
    told = "; ".join([*axes, f"seed{'s' * (len(seeds) > 1)} {', '.join(map(str, seeds))}"])
    return f"{spoken(task)}: {told}"[:200]


def _check(axes: Mapping[str, list[Any]]) -> None:
    known = [field.path for field in fields()]
    for name, values in axes.items():
        if name not in known:
            raise field_error(f"grid.{name}", values, "unknown key", f"known here: {', '.join(known)}")
        _each_once(f"grid.{name}", values)


def _each_once(name: str, values: list[Any]) -> None:
    for place, value in enumerate(values):
        if value in values[:place]:
            raise field_error(name, value, "each value once", "leave the second out")


def _over(base: Mapping[str, Any], point: Mapping[str, Any]) -> dict[str, Any]:
    """The base with the values of one point of the grid."""
    merged = {name: dict(value) if isinstance(value, dict) else value for name, value in base.items()}
    for path, value in point.items():
        part, name = path.split(".")
        of = merged.setdefault(part, {})
        if not isinstance(of, dict):
            raise UserError(422, "Value not accepted", f"base.{part}: an object with the fields of {part}; mend it")
        of[name] = value
    return merged


def _named(spec: RunSpec, point: Mapping[str, Any]) -> RunSpec:
    """The spec with a name that tells it from its siblings, where the name that follows a spec would not."""
    telling = [*_telling(spec, point)]
    if not point or (not telling and spec.name is None):
        return spec
    task, model, training = spec.task, spec.model, spec.training
    begins = spec.name or joined(spoken(task), model.method)
    if spec.name is not None:
        telling = [*(_word(value) for path, value in point.items() if path in IN_THE_NAME - {SEED}), *telling]
    return spec.model_copy(update={"name": " ".join([begins, *telling, f"seed {training.seed}"])[:200]})


def _telling(spec: RunSpec, point: Mapping[str, Any]) -> Iterator[str]:
    fixed = fixed_values(spec.model.method)
    for path, value in point.items():
        name = _short(path)
        if path not in IN_THE_NAME and not (path.startswith("model.") and name in fixed):
            yield f"{name}={_word(value)}"


def _short(path: str) -> str:
    return path.rpartition(".")[2]


def _word(value: Any) -> str:
    return "none" if value is None else str(value)
