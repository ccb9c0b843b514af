"""Runs in a data folder, read without a server and without disturbing one that is running.

One read-only connection per question, nothing is locked and nothing written. The tables are those of
app/store/database.py; what they mean is said in app/store/store.py.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import zstandard
from sqlalchemy import Select, create_engine, select
from sqlalchemy.exc import DatabaseError

from sab_visualiser.app.store import database as tables
from sab_visualiser.app.wire.codec import decode
from sab_visualiser.app.wire.errors import UserError

DATABASE = "runs.sqlite"
CHECKPOINTS = "checkpoints"
NUMBERS = ("update", "loss", "gradient_norm", "learning_rate", "skipped")


class DataFolder:
    """A data folder that somebody else may be writing to.

    Args:
        folder: The folder that `sab serve --data-dir` names.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder / DATABASE

    def run(self, run_id: str) -> dict[str, Any] | None:
        """The state of a run (id, spec, attempt, update …), or None when there is none of that id."""
        if not self._path.is_file():
            return None
        rows = self._rows(select(tables.runs.c.state).where(tables.runs.c.id == run_id))
        state: dict[str, Any] | None = json.loads(rows[0]) if rows else None
        return state

    def snapshot(self, run: dict[str, Any], update: int | None) -> dict[str, Any] | None:
        """Trace columns of the snapshot at `update` (None: the latest) of the run's current attempt."""
        table = tables.snapshots
        query = select(table.c.frame).where(table.c.run == run["id"], table.c.attempt == run["attempt"])
        query = query.where(table.c["update"] == update) if update is not None else query
        rows = self._rows(query.order_by(table.c["update"].desc()).limit(1))
        if not rows:
            return None
        message = decode(zstandard.ZstdDecompressor().decompress(rows[0]))
        columns: dict[str, Any] = {"run": run["id"], "update": message["update"], **message["data"]}
        return columns

    def metrics(self, run: dict[str, Any]) -> dict[str, Any]:
        """Columns of all updates of the run's current attempt; a metric an update does not have is NaN."""
        table = tables.events
        query = select(table.c.frame).where(
            table.c.run == run["id"], table.c.attempt == run["attempt"], table.c.kind == "metrics"
        )
        parts = [decode(frame)["data"] for frame in self._rows(query.order_by(table.c.seq))]
        names = sorted({name for part in parts for name in part["values"]})
        joined = {name: _join([part[name] for part in parts]) for name in NUMBERS}
        values = {
            name: _join([part["values"].get(name, np.full(len(part["update"]), np.nan)) for part in parts])
            for name in names
        }
        return {**joined, "values": values}

    def checkpoint(self, run: dict[str, Any], update: int | None) -> Path | None:
        """File of the checkpoint at `update` (None: the latest) of the run's current attempt."""
        table = tables.checkpoints
        query = select(table.c.sha256).where(table.c.run == run["id"], table.c.attempt == run["attempt"])
        query = query.where(table.c["update"] == update) if update is not None else query
        rows = self._rows(query.order_by(table.c["update"].desc()).limit(1))
        return self.folder / CHECKPOINTS / f"{rows[0]}.safetensors" if rows else None

    def _rows(self, query: Select[tuple[Any]]) -> list[Any]:
        engine = create_engine(f"sqlite+pysqlite:///file:{self._path}?mode=ro&uri=true")
        try:
            tables.refuse_newer(self._path)
            with engine.connect() as connection:
                return list(connection.scalars(query))
        except (DatabaseError, sqlite3.DatabaseError) as error:
            said = error.orig if isinstance(error, DatabaseError) else error
            reason = f"{self._path}: {said}; is it the data folder of this program?"
            raise UserError(409, "Not readable", reason) from None
        finally:
            engine.dispose()


def _join(parts: list[Any]) -> Any:
    return np.concatenate(parts) if parts else np.array([], np.float32)
