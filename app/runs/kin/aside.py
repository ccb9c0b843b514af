"""The attempt that a reset or reseed ends, kept as a run of its own, so that nothing of it is lost. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sab_visualiser.app.runs.kin.branch import Birth
from sab_visualiser.app.runs.moves.commands import Decision
from sab_visualiser.app.runs.run import Draft, Run, name_of
from sab_visualiser.app.runs.shapes import ENDED


def aside_of(before: Run, decision: Decision, new: Birth) -> Run | None:
    """The run that the attempt before a reset or reseed becomes.

    Args:
        before: The run when the command came.
        decision: What the command leads to.
        new: Id of the run that is kept.

    Returns:
        None where the command begins no new attempt, or where the one before has made no update.
    """
    begun = before.began_with()
    if decision.run.attempt == before.attempt or before.update <= (begun.update if begun else 0):
        return None
    ended = before.status in ENDED
    return replace(
        before,
        id=new.id,
        name=name_of(before.spec, before.attempt),
        aside=before.attempt,
        created=new.created,
        status=before.status if ended else "stopped",
        reason=before.reason
        if ended
        else f"set aside by a {'reset' if _same_seed(before, decision.run) else 'reseed'}",
        seq=0,
        updates_per_s=None,
        assigned=False,
        begin_paused=False,
        kept=(),
    )


def kept_told(drafts: Sequence[Draft], aside: Run | None) -> tuple[Draft, ...]:
    """The events of a new attempt, whose `rewound` says which run keeps the one before."""
    kept = {"kept": None if aside is None else aside.id}
    return tuple(Draft(one.kind, {**one.data, **kept}) if one.kind == "rewound" else one for one in drafts)


def _same_seed(one: Run, other: Run) -> bool:
    return bool(one.spec["training"]["seed"] == other.spec["training"]["seed"])
