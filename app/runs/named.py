"""A network by its name, and what a caption says of it beside its trace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, NamedTuple

from sab_visualiser.app.runs.run import Run
from sab_visualiser.app.runs.shapes import ENDED, Spec
from sab_visualiser.model.contract import KNOBS, fixed_values

Kind = Literal["run", "preset", "checkpoint"]


class Named(NamedTuple):
    """Which network: what it is, and its id or name."""

    kind: Kind
    name: str


class Described(NamedTuple):
    """The spec that the network was made from, and the knobs in force at its last update when they are others."""

    spec: Spec | None
    knobs: dict[str, Any] | None = None


class Shown(NamedTuple):
    """A network as the page lists it.

    Attributes:
        view: The fields of RunView or PresetView; None of a checkpoint.
        updates: Those that have a stored snapshot, rising.
    """

    view: dict[str, Any] | None
    updates: list[int]


def turned_knobs(spec: Spec, parameters: Mapping[str, Any] | None = None) -> dict[str, Any] | None:
    """The knobs in force at the end of a training, when they are other than the spec names; None when they are not.

    A method fixes some knobs (spec section 2, B), whatever the spec names for them.

    Args:
        spec: What the training began with.
        parameters: The knobs in force as the run says them; None where nobody turned any.
    """
    named = {**spec["model"], **spec["training"]}
    said = parameters or {**named, **fixed_values(spec["model"]["method"])}
    in_force = {name: said[name] for name in KNOBS if name in said}
    return None if all(named.get(name) == value for name, value in in_force.items()) else in_force


def described_run(run: Run) -> Described:
    """What a caption says of a run."""
    return Described(run.spec, turned_knobs(run.spec, run.parameters))


def recorded(run: Run) -> dict[str, Any]:
    """The run as a file shows it that no server stands behind: what still went on has stopped there."""
    if run.status in ENDED:
        return run.view()
    return replace(run, status="stopped", reason=f"it was {run.status} when it was recorded", assigned=False).view()


def described_spec(spec: Spec) -> Described:
    """What a caption says of a network that nobody turned a knob of, as that of a preset."""
    return Described(spec, turned_knobs(spec))
