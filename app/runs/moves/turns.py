"""Orders: commands that were taken and are not carried out yet. They stand in the run, and so in the store.

Knobs that are turned faster than a worker can take them are one order, with the newest value of each. Every command
ends: it is applied, as long as one of its values is still the newest of its knob, or it is superseded; an event names
it. What a worker did not come to is done by the next one that has the run, knobs at the update that they were meant
for. Pure, no I/O.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any, cast

from sab_visualiser.app.runs.run import Draft, Run
from sab_visualiser.app.runs.shapes import RESUMABLE, Order

Kept = tuple[Order, ...]


def merged(older: Order, newer: Order) -> Order:
    """One order to set knobs for two that follow each other."""
    theirs = dict.fromkeys(newer["parameters"], newer["command_id"])
    owners = {**_owners(older), **theirs}
    before = [older["command_id"], *older.get("applied", []), *older.get("superseded", [])]
    values = {**older["parameters"], **newer["parameters"]}
    still = set(owners.values())
    return {
        **newer,
        "parameters": values,
        "owners": owners,
        "applied": [one for one in before if one in still],
        "superseded": [*newer.get("superseded", []), *(one for one in before if one not in still)],
    }


def _owners(order: Order) -> dict[str, str]:
    """Which command each knob has its value from."""
    return order.get("owners") or dict.fromkeys(order["parameters"], order["command_id"])


def names(order: Order) -> list[str]:
    """The commands that an order carries out or supersedes."""
    return [order["command_id"], *order.get("applied", []), *order.get("superseded", [])]


def kept_with(kept: Kept, order: Order, sent: Collection[str] = ()) -> Kept:
    """The orders with one more; knobs that are turned again are one order with those before, unless those were sent.

    Args:
        kept: Orders so far, oldest first.
        order: The new one.
        sent: Ids of those that a worker has.
    """
    if order["type"] == "set_parameters":
        kept, order = _over_replayed(kept, order)
    last = kept[-1] if kept else None
    together = last is not None and last["type"] == order["type"] == "set_parameters"
    if last is not None and together and "at" not in last and last["command_id"] not in sent:
        return (*kept[:-1], merged(last, order))
    return (*kept, order)


def _over_replayed(kept: Kept, order: Order) -> tuple[Kept, Order]:
    """A hand on a knob is newer than what a resumed run has still to make again: that knob is not set there."""
    left: list[Order] = []
    for each in kept:
        if "at" not in each:
            left.append(each)
            continue
        values = {name: value for name, value in each["parameters"].items() if name not in order["parameters"]}
        if values:
            left.append(cast(Order, {**each, "parameters": values}))
        else:
            order = cast(Order, {**order, "superseded": [*order.get("superseded", []), *names(each)]})
    return tuple(left), order


def without(kept: Kept, command_id: str | None) -> Kept:
    """The orders that are left when a worker has carried out one of them."""
    return tuple(order for order in kept if order["command_id"] != command_id)


def due(kept: Kept, sent: Collection[str], *, resting: bool = False) -> list[Order]:
    """What to tell the worker now, of what it does not have yet.

    Knobs wait while others are on their way to it, unless a command of another kind is behind them.

    Args:
        kept: Orders that are not carried out, oldest first.
        sent: Ids of those that the worker has.
        resting: Whether it has just set knobs.
    """
    unsent = [order for order in kept if order["command_id"] not in sent]
    turning = resting or any(order["command_id"] in sent and turned_now(order) for order in kept)
    return [] if turning and all(order["type"] == "set_parameters" for order in unsent) else unsent


def turned_now(order: Order) -> bool:
    """Whether it sets knobs as soon as the worker has it."""
    return order["type"] == "set_parameters" and "at" not in order


def settled(run: Run, why: str) -> tuple[Run, tuple[Draft, ...]]:
    """A run without its worker: knobs wait for the next one where there can be one, all else is superseded.

    Args:
        run: As it is now, in the status it has ended in, or queued for a new attempt.
        why: In words, for whoever asked for what does not come any more.

    Returns:
        The run, and the event that names what is superseded, if anything is.
    """
    left = [order for order in run.kept if order["type"] != "stop"]  # which is what has happened
    stays = [order for order in left if order["type"] == "set_parameters" and run.status in RESUMABLE]
    gone = [name for order in left if order not in stays for name in names(order)]
    waiting = tuple(cast(Order, {"at": run.update, **order}) for order in stays)
    return replace(run, kept=waiting), superseded(gone, why)


def superseded(commands: Sequence[str], why: str) -> tuple[Draft, ...]:
    """The event that tells of commands that will not be carried out; none where there are none."""
    data: dict[str, Any] = {"commands": list(commands), "why": why}
    return (Draft("superseded", data),) if commands else ()
