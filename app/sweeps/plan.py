"""From what is written to the trials themselves: one spec each, in a fixed order, none twice. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sab_visualiser.app.runs.kin import results
from sab_visualiser.app.runs.kin.group import SEED, Point, key_of, points_of
from sab_visualiser.app.runs.shapes import Spec
from sab_visualiser.app.sweeps.file import Part, SweepFile
from sab_visualiser.app.sweeps.search import MOST_TRIALS, Search
from sab_visualiser.app.wire.errors import UserError, field_error, validate
from sab_visualiser.app.wire.requests import GroupRequest, RunSpec
from sab_visualiser.model.contract import fields

Fill = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class Trial:
    """One training.

    Attributes:
        number: Its place, from 0.
        point: What it has of its own, by dotted name.
        spec: Of its run.
        key: The same text for two trials that train the same.
    """

    number: int
    point: Point
    spec: RunSpec
    key: str


@dataclass(frozen=True)
class Plan:
    """All trials of a sweep.

    Attributes:
        name: What people call it.
        group: Id of the group that its runs are in: the same for the same name.
        trials: In the order in which they are begun; of a search, those at the ends of its ranges.
        axes: The dotted names that a grid names or that differ between trials, in the order of the contract.
        count: How many there are, or will be: those of a search are drawn on the way.
        updates: Updates of all of them, if none ends early.
    """

    name: str
    group: str
    trials: tuple[Trial, ...]
    axes: tuple[str, ...]
    count: int
    updates: int


def group_of(name: str) -> str:
    """The id of the group that the runs of a sweep of that name are in."""
    return "s" + hashlib.sha256(name.encode()).hexdigest()[:16]


def plan_of(sweep: SweepFile, fill: Fill) -> Plan:
    """The trials of a file.

    Args:
        sweep: As it was read.
        fill: Puts a body over the preset that it names.

    Raises:
        UserError: 422 for a key or value that no run may have, and for none or too many trials.
    """
    name = sweep.name or "sweep"
    found: dict[str, Trial] = {}
    named: set[str] = {SEED}
    for number, part in enumerate(sweep.parts or [Part()]):
        try:
            points = points_of(_asked(sweep, part), fill, MOST_TRIALS)
        except UserError as error:
            if not sweep.parts:
                raise
            words = f"parts[{number}].{error.problem.detail}"
            raise UserError(error.problem.status, error.problem.title, words, error.problem.errors) from None
        for point, spec in points:
            key = key_of(spec.model_dump(mode="json"))
            found.setdefault(key, Trial(len(found), point, spec, key))
            named.update(point)
    if len(found) > MOST_TRIALS:
        raise field_error("parts", f"{len(found):,} trials", f"at most {MOST_TRIALS:,}", "split it into several sweeps")
    return listed(name, tuple(found.values()), named)


def listed(name: str, trials: tuple[Trial, ...], named: set[str]) -> Plan:
    """A plan of trials that are all known."""
    updates = sum(trial.spec.training.updates for trial in trials)
    return Plan(name, group_of(name), trials, _axes(trials, named), len(trials), updates)


def search_plan(sweep: SweepFile, search: Search, fill: Fill) -> Plan:
    """What is known of a search beforehand: its names, and how much it may take.

    Raises:
        UserError: 422 for a name or a value that no run may have.
    """
    ends = [{name: space.ends()[end] for name, space in search.space.items()} for end in (0, -1)]
    first, last = (trial_of(number, point, sweep.base, fill) for number, point in enumerate(ends))
    named = {*search.space, *(() if SEED in search.space else (SEED,))}
    axes = tuple(field.path for field in fields() if field.path in named)
    name = sweep.name or "search"
    updates = search.trials * first.spec.training.updates
    return Plan(name, group_of(name), (first, last), axes, search.trials, updates)


def value_of(spec: RunSpec, path: str) -> Any:
    """The value of a field by its dotted name; of a knob that the method fixes, what it is fixed to."""
    return results.value_of(cast(Spec, spec.model_dump(mode="json")), path)


def _axes(trials: Sequence[Trial], named: set[str]) -> tuple[str, ...]:
    """What grids name, and what else differs between trials: parts may differ in their bases."""
    return results.axes_of((cast(Spec, trial.spec.model_dump(mode="json")) for trial in trials), named)


def trial_of(number: int, point: Point, base: dict[str, Any], fill: Fill) -> Trial:
    """One trial whose point was drawn, not listed.

    Raises:
        UserError: 422 for a value that no run may have.
    """
    asked = validate(GroupRequest, {"base": base, "grid": {name: [value] for name, value in point.items()}})
    ((_, spec),) = points_of(asked, fill)
    return Trial(number, point, spec, key_of(spec.model_dump(mode="json")))


def _asked(sweep: SweepFile, part: Part) -> GroupRequest:
    seeds = sweep.seeds if part.seeds is None else part.seeds
    base, grid = merged(sweep.base, part.base), {**sweep.grid, **part.grid}
    return validate(GroupRequest, {"base": base, "grid": grid, "seeds": list(seeds or ())})


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Tables over tables, values over values."""
    found = dict(base)
    for name, value in over.items():
        before = found.get(name)
        both = isinstance(before, dict) and isinstance(value, dict)
        found[name] = {**before, **value} if both else value  # type: ignore[dict-item]
    return found
