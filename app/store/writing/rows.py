"""What is written of a run into the tables, and what of it is no longer wanted; in a transaction of the caller."""

from __future__ import annotations

import functools
import json
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, select
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.dialects.sqlite import insert as upsert

from sab_visualiser.app.runs.run import Run
from sab_visualiser.app.runs.shapes import Stored
from sab_visualiser.app.store import database as tables


def named(checkpoint: Stored) -> dict[str, Any]:
    """What the row of a checkpoint says beside whose it is."""
    return {"update": checkpoint.update, "sha256": checkpoint.sha256, "size_bytes": checkpoint.size_bytes}


def save_run(connection: Connection, run: Run) -> None:
    """The row of the run, as it is now."""
    replace_row(connection, tables.runs, {"id": run.id, "created": run.created, "state": run_state(run)})


def run_state(run: Run) -> str:
    """All fields of the run as JSON; their values are plain already."""
    return json.dumps(vars(run), allow_nan=False)


@functools.cache
def _upsert(table: Table, columns: tuple[str, ...]) -> Insert:
    """The statement that inserts or overwrites one row; built once, since it runs many times a second."""
    statement = upsert(table).values({name: bindparam(name) for name in columns})
    keys = [column.name for column in table.primary_key]
    rest = {name: statement.excluded[name] for name in columns if name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=rest)


def replace_row(connection: Connection, table: Table, row: dict[str, Any]) -> None:
    """One row, in the place of the one that has its key."""
    connection.execute(_upsert(table, tuple(row)), row)


def forget_void(connection: Connection, run: Run) -> list[str]:
    """After reset, reseed or resume: no snapshot or checkpoint of another attempt or of a later update stays."""
    dropped: list[str] = []
    for table in (tables.snapshots, tables.checkpoints):
        void = (table.c.run == run.id) & ((table.c.attempt != run.attempt) | (table.c["update"] > run.update))
        if table is tables.checkpoints:
            dropped.extend(connection.scalars(select(table.c.sha256).where(void)))
        connection.execute(delete(table).where(void))
    return dropped


def unreferenced(connection: Connection, names: list[str]) -> list[str]:
    """Those of the files that no row names."""
    table = tables.checkpoints
    used = set(connection.scalars(select(table.c.sha256).where(table.c.sha256.in_(names)).group_by(table.c.sha256)))
    return [name for name in dict.fromkeys(names) if name not in used]


def surplus(updates: list[int], cap: int) -> list[int]:
    """The updates to drop so that `cap` stay: each time the inner one whose neighbours stand closest."""
    left, dropped = list(updates), []
    while len(left) > cap:
        gaps = [left[i + 1] - left[i - 1] for i in range(1, len(left) - 1)]
        dropped.append(left.pop(1 + gaps.index(min(gaps))))
    return dropped
