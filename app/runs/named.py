"""A network by its name, and what a caption says of it beside its trace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from sab_visualiser.app.runs.run import TURNABLE
from sab_visualiser.app.runs.shapes import Spec

Kind = Literal["run", "preset", "checkpoint"]
ALL_MEMORIES, NO_CUT = 10_000, 0
"""How the wire writes a k_top that reads every memory, and a k_trunc without a cut."""
FIXED = {
    "tbptt": {"k_top": 0},
    "bptt": {"k_top": 0, "k_trunc": NO_CUT},
    "attention": {"k_top": ALL_MEMORIES, "k_trunc": NO_CUT},
}
"""Method → the knobs that make it what it is, as the wire writes them."""


class Named(NamedTuple):
    """Which network: what it is, and its id or name."""

    kind: Kind
    name: str


class Described(NamedTuple):
    """The spec that the network was made from, and the knobs in force at its last update when they are others."""

    spec: Spec | None
    knobs: dict[str, Any] | None = None


def turned_knobs(spec: Spec, parameters: Mapping[str, Any] | None = None) -> dict[str, Any] | None:
    """The knobs in force at the end of a training, when they are other than the spec names; None when they are not.

    A method fixes some knobs (spec section 2, B), whatever the spec names for them.

    Args:
        spec: What the training began with.
        parameters: The knobs in force as the run says them; None where nobody turned any.
    """
    named = {**spec["model"], **spec["training"]}
    said = parameters or {**named, **FIXED.get(spec["model"]["method"], {})}
    in_force = {name: said[name] for name in TURNABLE if name in said}
    return None if all(named.get(name) == value for name, value in in_force.items()) else in_force
