"""What is read of the tables, each question in one place: for the server's store and for a folder without a server.

Every question about a run is about its current attempt, the one that its row names. Updates that a resume made void
have no snapshot and no checkpoint any more (app/store/store.py); their events stay, and app/runs/curves.py leaves them
out. The tables are those of app/store/database.py.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, Table, select

from sab_visualiser.app.runs.run import Run, revived
from sab_visualiser.app.runs.shapes import Stored
from sab_visualiser.app.store import database as tables
from sab_visualiser.app.store.frames import unpacked


def all_runs(connection: Connection) -> list[Run]:
    """All runs, oldest first."""
    query = select(tables.runs.c.state).order_by(tables.runs.c.created, tables.runs.c.id)
    return [revived(json.loads(state)) for state in connection.scalars(query)]


def find_run(connection: Connection, run_id: str) -> Run | None:
    """The run of that id, if there is one."""
    state = connection.scalars(select(tables.runs.c.state).where(tables.runs.c.id == run_id)).first()
    return None if state is None else revived(json.loads(state))


def current(table: Table, run: Run) -> ColumnElement[bool]:
    """The rows of the run's current attempt."""
    return (table.c.run == run.id) & (table.c.attempt == run.attempt)


def events(connection: Connection, run_id: str, after: int, limit: int) -> list[tuple[int, bytes]]:
    """Events of all attempts with a seq above `after`, in order, at most `limit`."""
    table = tables.events
    query = select(table.c.seq, table.c.frame).where(table.c.run == run_id, table.c.seq > after)
    return [(seq, frame) for seq, frame in connection.execute(query.order_by(table.c.seq).limit(limit))]


def history(connection: Connection, run: Run, kinds: Sequence[str]) -> list[bytes]:
    """Frames of those kinds in the current attempt, in order of seq."""
    table = tables.events
    query = select(table.c.frame).where(current(table, run), table.c.kind.in_(kinds))
    return list(connection.scalars(query.order_by(table.c.seq)))


def snapshot(connection: Connection, run: Run, at: int | None) -> bytes | None:
    """The frame of the snapshot at update `at` (None: the latest) of the current attempt."""
    table = tables.snapshots
    query = select(table.c.frame).where(current(table, run))
    query = query.where(table.c["update"] == at) if at is not None else query
    row = connection.scalars(query.order_by(table.c["update"].desc()).limit(1)).first()
    return None if row is None else unpacked(row)


def snapshot_updates(connection: Connection, run: Run) -> list[int]:
    """Updates of the current attempt that have a snapshot, rising."""
    table = tables.snapshots
    query = select(table.c["update"]).where(current(table, run))
    return list(connection.scalars(query.order_by(table.c["update"])))


def run_checkpoints(connection: Connection, run: Run) -> list[Stored]:
    """Checkpoints of the current attempt, rising by update."""
    table = tables.checkpoints
    query = select(table).where(current(table, run)).order_by(table.c["update"])
    return [Stored(row.sha256, row.size_bytes, row.update) for row in connection.execute(query)]


def checkpoint(connection: Connection, sha256: str) -> Stored | None:
    """The checkpoint of that name with the spec of its run or of its upload."""
    table = tables.checkpoints
    query = select(table, tables.runs.c.state).outerjoin(tables.runs, tables.runs.c.id == table.c.run)
    row = connection.execute(query.where(table.c.sha256 == sha256)).first()
    if row is None:
        return None
    spec = json.loads(row.spec) if row.spec else json.loads(row.state)["spec"]
    return Stored(row.sha256, row.size_bytes, row.update, spec)
