"""What is read of the tables, each question in one place: for the server's store and for a folder without a server.

Every question about a run is about its current attempt, the one that its row names. Updates that a resume made void
have no snapshot and no checkpoint any more (app/store/store.py); their events stay, and app/runs/curves.py leaves them
out. The tables are those of app/store/database.py.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, select, text
from sqlalchemy.exc import DatabaseError

from sab_visualiser.app.runs.run import Run, revived
from sab_visualiser.app.runs.shapes import Stored
from sab_visualiser.app.store import database as tables
from sab_visualiser.app.store.frames import unpacked

UPLOAD = "upload:"
"""Stands before the sha256 of a checkpoint that a person sent, in the place of a run's id."""


class Found(NamedTuple):
    """Runs, oldest first, and those whose record cannot be read, with the reason."""

    runs: list[Run]
    unreadable: dict[str, str]


def found_runs(connection: Connection) -> Found:
    """All runs; one that cannot be read does not keep the others from being so.

    Raises:
        DatabaseError: Not even their names can be read.
    """
    table, runs, unreadable = tables.runs, [], {}
    try:
        rows = [(run_id, state) for run_id, state in connection.execute(select(table.c.id, table.c.state))]
    except DatabaseError:  # a page is damaged: what is on the others is read by name
        rows = []
        for run_id in list(connection.scalars(select(table.c.id).order_by(table.c.id))):
            try:
                rows.append((run_id, connection.scalars(select(table.c.state).where(table.c.id == run_id)).one()))
            except DatabaseError as error:
                unreadable[run_id] = str(error.orig)
    for run_id, state in rows:
        try:
            runs.append(_shown(revived(json.loads(state)), run_id))
        except Exception as error:  # whatever is wrong with it
            unreadable[run_id] = f"{type(error).__name__}: {error}"[:200]
    return Found(sorted(runs, key=lambda run: (run.created, run.id)), unreadable)


def _shown(run: Run, run_id: str) -> Run:
    """The run, once it is sure that it can be shown."""
    if run.id != run_id:
        raise ValueError(f"the record is that of {run.id}")
    run.view()
    run.news()
    return run


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


def surplus_uploads(connection: Connection, count: int, size_bytes: int) -> list[str]:
    """Names of the oldest uploads that are too many, or for which there is no space; the newest always stays.

    Args:
        connection: Where they are counted.
        count: Uploads that may be kept.
        size_bytes: Space that all of them may take.
    """
    table = tables.checkpoints
    newest_first = text("rowid DESC")  # rows are only ever added behind the last one
    query = select(table.c.sha256, table.c.size_bytes).where(table.c.run.startswith(UPLOAD)).order_by(newest_first)
    surplus, taken = [], 0
    for place, (sha256, size) in enumerate(connection.execute(query)):
        taken += size
        if place and (place >= count or taken > size_bytes):
            surplus.append(sha256)
    return surplus
