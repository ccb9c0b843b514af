"""What a run that is resumed makes again: the knobs at its checkpoint, and those that were turned after it, each at its
update. The journal knows them, so that the run becomes what it would have been without the interruption. Pure, no I/O.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sab_visualiser.app.runs.curves import KnobChange
from sab_visualiser.app.runs.run import Run, parameters_of
from sab_visualiser.app.runs.shapes import Order, Parameters
from sab_visualiser.model.contract import KNOBS

KINDS = ("parameters", "status")
"""Kinds of event that tell which knobs acted when."""


class Replay(NamedTuple):
    """The knobs in force at the update that a run goes on from, and what is to be set after later ones."""

    in_force: Parameters
    turns: tuple[Order, ...]


def replay_of(run: Run, changes: Sequence[KnobChange]) -> Replay:
    """What is to be made again from the checkpoint of the run on, from the beginning where it has none.

    Args:
        run: That ended, and is to go on.
        changes: Of its current attempt, in the order in which they acted (app/runs/curves.py).
    """
    update = run.checkpoint_update or 0
    in_force = {**parameters_of(run.spec), **(run.parent["parameters"] if run.parent else {})}
    there, turns = in_force, list[Order]()
    for change in changes:
        turned = {name: change["parameters"][name] for name in KNOBS if change["parameters"][name] != in_force[name]}
        in_force = {**in_force, **change["parameters"]}
        if change["update"] <= update:
            there = in_force
        elif turned:
            turns.append(_again(change, turned))
    return Replay(there, tuple(turns))


def _again(change: KnobChange, turned: Parameters) -> Order:
    return Order(
        type="set_parameters",
        command_id=change["command_id"] or f"turn-{change['params_version']}",
        parameters=turned,
        params_version=change["params_version"],
        at=change["update"],
    )
