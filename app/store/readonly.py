"""Runs in a data folder, read without a server and without disturbing one that is running.

One read-only connection a question; nothing is locked and nothing written. The questions are those of the server
(app/store/reading.py).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from sab_visualiser.app.runs.curves import KINDS, Curves, concatenate
from sab_visualiser.app.runs.run import Run
from sab_visualiser.app.runs.shapes import Stored
from sab_visualiser.app.runs.stored import stored_trace
from sab_visualiser.app.store import reading
from sab_visualiser.app.store.blobs import Blobs
from sab_visualiser.app.store.folder.opening import to_read
from sab_visualiser.app.store.schema.stamp import refuse_newer
from sab_visualiser.app.store.store import CHECKPOINT_SUFFIX, CHECKPOINTS, DATABASE
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.wire.packing import SentTrace

T = TypeVar("T")


class DataFolder:
    """A data folder that somebody else may be writing to.

    Args:
        folder: The folder that `sab serve --data-dir` names.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder / DATABASE
        self._checkpoints = Blobs(folder / CHECKPOINTS, CHECKPOINT_SUFFIX)

    def run(self, run_id: str) -> Run | None:
        """The run of that id, or None when there is none."""
        return self._read(lambda c: reading.find_run(c, run_id)) if self._path.is_file() else None

    def runs_of(self, group: str) -> list[Run]:
        """The runs of a group, oldest first."""
        runs = self._read(reading.found_runs).runs if self._path.is_file() else []
        return [run for run in runs if run.group == group]

    def snapshot(self, run: Run, update: int | None) -> SentTrace | None:
        """The trace that the run left at an update (None: the latest) of its current attempt."""
        frame = self._read(lambda c: reading.snapshot(c, run, update))
        return None if frame is None else stored_trace(frame)

    def snapshot_updates(self, run: Run) -> list[int]:
        """Updates of the current attempt that have a snapshot, rising."""
        return self._read(lambda c: reading.snapshot_updates(c, run))

    def metrics(self, run: Run, after: int = -1) -> Curves:
        """The curves of the run's current attempt, for updates above `after`."""
        return concatenate(self._read(lambda c: reading.history(c, run, KINDS)), after)

    def checkpoints(self, run: Run) -> list[Stored]:
        """Checkpoints of the current attempt, rising by update."""
        return self._read(lambda c: reading.run_checkpoints(c, run))

    def file(self, checkpoint: Stored) -> Path:
        """Where the bytes of a checkpoint are.

        Raises:
            UserError: A link stands in its place.
        """
        path = self._checkpoints.path(checkpoint.sha256)
        if path.is_symlink():
            raise UserError(409, "Not readable", f"{path} is a link, and no file of this program; put a backup there")
        return path

    def _read(self, question: Callable[[Connection], T]) -> T:
        engine = to_read(self._path)
        try:
            refuse_newer(self._path)
            with engine.connect() as connection:
                return question(connection)
        except (DatabaseError, sqlite3.DatabaseError) as error:
            said = error.orig if isinstance(error, DatabaseError) else error
            reason = f"{self._path}: {said}; is it the data folder of this program?"
            raise UserError(409, "Not readable", reason) from None
        finally:
            engine.dispose()
