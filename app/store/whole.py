"""All that is kept of one run, read as of one moment: what a bundle carries.

Of the current attempt only: earlier ones have no snapshots and no checkpoints any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, select

from sab_visualiser.app.runs.run import Run
from sab_visualiser.app.runs.shapes import Stored
from sab_visualiser.app.store import database as tables
from sab_visualiser.app.store import reading
from sab_visualiser.app.store.frames import unpacked


class Whole(NamedTuple):
    """A run with its events by seq, its snapshots by update (frames), and the names of its checkpoints by update."""

    run: Run
    events: Sequence[bytes]
    snapshots: Sequence[tuple[int, bytes]]
    checkpoints: Sequence[Stored]


def whole(connection: Connection, run_id: str) -> Whole | None:
    """The run as it stands in the store now; None when there is none of that id."""
    # One transaction: what is committed between two of the questions must not be in one answer and not in the other.
    connection.exec_driver_sql("BEGIN")
    run = reading.find_run(connection, run_id)
    if run is None:
        return None
    events, snapshots = tables.events, tables.snapshots
    frames = select(events.c.frame).where(reading.current(events, run)).order_by(events.c.seq)
    pictures = select(snapshots.c["update"], snapshots.c.frame).where(reading.current(snapshots, run))
    return Whole(
        run,
        list(connection.scalars(frames)),
        [(at, unpacked(frame)) for at, frame in connection.execute(pictures.order_by(snapshots.c["update"]))],
        reading.run_checkpoints(connection, run),
    )
