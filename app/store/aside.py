"""What an attempt left in a run, handed over to the run that keeps it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, insert, select, update

from sab_visualiser.app.runs.run import Run
from sab_visualiser.app.store import database as tables
from sab_visualiser.app.store import reading
from sab_visualiser.app.store.frames import packed, unpacked
from sab_visualiser.app.wire.codec import decode, encode


def hand_over(connection: Connection, run_id: str, aside: Run) -> int:
    """Give snapshots, checkpoints and a copy of the events of one attempt to another run.

    The events stay in the run too, whose viewers count on seqs without a hole.

    Args:
        connection: Of the writer, in a transaction.
        run_id: The run that made the attempt.
        aside: The run that keeps it, with the number of the attempt.

    Returns:
        The seq of its last event.
    """
    events, snapshots, checkpoints = tables.events, tables.snapshots, tables.checkpoints
    attempt = replace(aside, id=run_id)
    of = select(events.c.kind, events.c["update"], events.c.frame).order_by(events.c.seq)
    found = connection.execute(of.where(reading.current(events, attempt))).all()
    rows = [
        {"run": aside.id, "attempt": aside.attempt, "seq": seq, "kind": kind, "update": at, "frame": named}
        for seq, (kind, at, frame) in enumerate(found, 1)
        for named in [encode({**decode(frame), "run": aside.id, "seq": seq})]
    ]
    if rows:
        connection.execute(insert(events), rows)
    here = reading.current(snapshots, attempt)
    for at, row in connection.execute(select(snapshots.c["update"], snapshots.c.frame).where(here)).all():
        frame = packed(encode({**decode(unpacked(row)), "run": aside.id}))
        connection.execute(update(snapshots).where(here, snapshots.c["update"] == at).values(run=aside.id, frame=frame))
    connection.execute(update(checkpoints).where(reading.current(checkpoints, attempt)).values(run=aside.id))
    return len(rows)
