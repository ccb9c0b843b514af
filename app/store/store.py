"""What the server remembers: runs, their events, snapshots and checkpoints; commit first, publish afterwards.

Metrics are kept once, inside their events. Snapshots beyond the cap are thinned evenly, the first and the last stay.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select
from sqlalchemy.exc import DatabaseError

from sab_visualiser.app.runs.run import Run
from sab_visualiser.app.runs.shapes import Spec, Stored
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.store import database as tables
from sab_visualiser.app.store import reading
from sab_visualiser.app.store.aside import hand_over
from sab_visualiser.app.store.blobs import Blobs, Lock
from sab_visualiser.app.store.database import Database
from sab_visualiser.app.store.folder.taking import make_database, make_private, refused
from sab_visualiser.app.store.folder.trouble import only_to_read
from sab_visualiser.app.store.frames import packed
from sab_visualiser.app.store.schema.stamp import refuse_newer
from sab_visualiser.app.store.texts import Texts
from sab_visualiser.app.store.whole import Whole, whole
from sab_visualiser.app.store.writing.rows import forget_void, named, replace_row, save_run, surplus, unreferenced
from sab_visualiser.app.wire.errors import UserError

DATABASE, CHECKPOINTS, TEXTS, SPOOL = "runs.sqlite", "checkpoints", "texts", "spool"
CHECKPOINT_SUFFIX = ".safetensors"
PASSING = frozenset({"metrics", "look"})
"""Events whose last second a power cut may take: a resumed training makes them again."""


@dataclass(frozen=True)
class Entry:
    """One encoded event on its way into the store."""

    seq: int
    kind: str
    update: int
    attempt: int
    frame: bytes


class Store:
    """The data folder. `open` before use, `close` once."""

    def __init__(self, settings: Settings) -> None:
        self.folder = settings.data_dir
        self.database = Database(self.folder / DATABASE)
        self.checkpoints = Blobs(self.folder / CHECKPOINTS, CHECKPOINT_SUFFIX)
        self.texts = Texts(self.folder / TEXTS)
        self._lock = Lock(self.folder)
        self._kept = {tables.snapshots: settings.snapshots_kept, tables.checkpoints: settings.checkpoints_kept}
        self._uploads = (settings.uploads_kept, settings.uploads_mb << 20)
        self._open = False
        self.found = reading.Found([], {})
        """Runs as they were when the folder was opened, and those that could not be read; they are left as they are."""
        self.read_only: UserError | None = None
        """Why nothing can be written, where that is so."""

    def open(self) -> None:
        """Take the folder and open the file; without effect when it is open.

        A folder that cannot be written is opened to look, and `read_only` says why.

        Raises:
            FolderError: When another server has the folder, or it cannot be used.
        """
        if self._open:
            return
        try:
            self._open_to_write()
        except (OSError, DatabaseError, sqlite3.DatabaseError) as error:
            self._lock.release()
            self._open_to_look(error)
        except BaseException:
            self._lock.release()
            raise
        self._open = True

    def _open_to_write(self) -> None:
        make_private(self.folder)
        self._lock.acquire()
        refuse_newer(self.database.path)
        log = Path(f"{self.database.path}-wal")
        make_database(self.database.path, [self.checkpoints.folder, self.folder / TEXTS, self.folder / SPOOL, log])
        self.checkpoints.prepare()
        self.texts.open()
        self.database.open()
        self.found = self.database.read_now(reading.found_runs)

    def _open_to_look(self, error: Exception) -> None:
        """Readers only, where the folder is ours to read and only cannot be written."""
        why = only_to_read(error)
        try:
            if why is None or not self.database.path.is_file():
                raise refused(self.folder, error) from error
            self.database.open_to_look(why)
            self.found = self.database.read_now(reading.found_runs)
            self.texts.learn()
        except (OSError, DatabaseError, sqlite3.DatabaseError):
            raise refused(self.folder, error) from error
        self.read_only = self.checkpoints.closed = why

    def close(self) -> None:
        """Write what waits, close the file, give the folder back."""
        if self._open:
            self.database.close()
            self._lock.release()
            self._open = False

    async def commit(
        self,
        run: Run,
        entries: Sequence[Entry] = (),
        snapshot: tuple[int, bytes] | None = None,
        checkpoint: Stored | None = None,
        aside: Run | None = None,
    ) -> Run | None:
        """Keep the run as it is now with what belongs to it; returns once all of it is committed together.

        Args:
            run: As it is now.
            entries: New events.
            snapshot: Update and frame of a new snapshot.
            checkpoint: A new checkpoint.
            aside: A run that takes over what the attempt of its number left in `run`.

        Returns:
            `aside` with the seq of the last event that it took over.
        """
        durable = checkpoint is not None or aside is not None or any(entry.kind not in PASSING for entry in entries)
        begins_anew = any(e.kind == "rewound" or (e.kind == "status" and run.status == "queued") for e in entries)

        def job(connection: Connection) -> tuple[list[str], Run | None]:
            orphans: list[str] = []
            save_run(connection, run)
            kept = aside and replace(aside, seq=hand_over(connection, run.id, aside))
            if kept is not None:
                save_run(connection, kept)
            if entries:
                connection.execute(insert(tables.events), [{"run": run.id, **vars(entry)} for entry in entries])
            if begins_anew:
                orphans += forget_void(connection, run)
            place = {"run": run.id, "attempt": run.attempt}
            if snapshot is not None:
                row = {**place, "update": snapshot[0], "frame": packed(snapshot[1])}
                replace_row(connection, tables.snapshots, row)
                self._thin(connection, tables.snapshots, run)
            if checkpoint is not None:
                replace_row(connection, tables.checkpoints, {**place, **named(checkpoint)})
                orphans += self._thin(connection, tables.checkpoints, run)
            return (unreferenced(connection, orphans) if orphans else []), kept

        lost, kept = await self.database.write(job, durable=durable or (not entries and snapshot is None))
        for sha256 in lost:
            self.checkpoints.remove(sha256)
        return kept

    async def commit_whole(
        self, run: Run, entries: Sequence[Entry], snapshots: Sequence[tuple[int, bytes]], checkpoints: Sequence[Stored]
    ) -> None:
        """Keep a run that comes with all it has (a bundle); all of it is committed together, or nothing is."""

        def job(connection: Connection) -> list[str]:
            place = {"run": run.id, "attempt": run.attempt}
            rows: dict[Table, list[dict[str, Any]]] = {
                tables.events: [{"run": run.id, **vars(entry)} for entry in entries],
                tables.snapshots: [{**place, "update": at, "frame": packed(frame)} for at, frame in snapshots],
                tables.checkpoints: [{**place, **named(each)} for each in checkpoints],
            }
            save_run(connection, run)
            for table, values in rows.items():
                if values:
                    connection.execute(insert(table), values)
            self._thin(connection, tables.snapshots, run)
            return unreferenced(connection, self._thin(connection, tables.checkpoints, run))

        for sha256 in await self.database.write(job):
            self.checkpoints.remove(sha256)

    async def whole(self, run_id: str) -> Whole | None:
        """The run with all it has, as of one moment; None when there is none of that id."""
        return await self.database.read(lambda c: whole(c, run_id))

    async def drop_unused(self, names: list[str]) -> None:
        """Delete the files of those checkpoints that no run and no upload has."""
        for sha256 in await self.database.read(lambda c: unreferenced(c, names)):
            self.checkpoints.remove(sha256)

    def _thin(self, connection: Connection, table: Table, run: Run) -> list[str]:
        """Drop rows beyond the cap where they stand closest; returns the files that lost a row."""
        here = reading.current(table, run)
        updates = list(connection.scalars(select(table.c["update"]).where(here).order_by(table.c["update"])))
        dropped: list[str] = []
        for step in surplus(updates, self._kept[table]):
            row = here & (table.c["update"] == step)
            if table is tables.checkpoints:
                dropped.extend(connection.scalars(select(table.c.sha256).where(row)))
            connection.execute(delete(table).where(row))
        return dropped

    async def forget_checkpoint(self, sha256: str) -> None:
        """No run has the checkpoint of that name any more; its file is left alone."""
        table = tables.checkpoints
        await self.database.write(lambda c: c.execute(delete(table).where(table.c.sha256 == sha256)) and None)

    def load_runs(self) -> list[Run]:
        """All runs, oldest first; blocking."""
        return self.database.read_now(reading.found_runs).runs

    async def remove_run(self, run_id: str) -> None:
        """Delete the run with all that is only its own."""

        def job(connection: Connection) -> list[str]:
            checkpoints = tables.checkpoints
            mine = list(connection.scalars(select(checkpoints.c.sha256).where(checkpoints.c.run == run_id)))
            for table in (tables.events, tables.snapshots, checkpoints):
                connection.execute(delete(table).where(table.c.run == run_id))
            connection.execute(delete(tables.runs).where(tables.runs.c.id == run_id))
            return unreferenced(connection, mine)

        for sha256 in await self.database.write(job):
            self.checkpoints.remove(sha256)

    async def events(self, run_id: str, after: int, limit: int) -> list[tuple[int, bytes]]:
        """Events with a seq above `after`, in order, at most `limit`."""
        return await self.database.read(lambda c: reading.events(c, run_id, after, limit))

    async def history(self, run: Run, kinds: Sequence[str]) -> list[bytes]:
        """Frames of those kinds in the current attempt, in order of seq."""
        return await self.database.read(lambda c: reading.history(c, run, kinds))

    async def snapshot(self, run: Run, at: int | None) -> bytes | None:
        """The frame of the snapshot at update `at` (None: the latest) of the current attempt."""
        return await self.database.read(lambda c: reading.snapshot(c, run, at))

    async def snapshot_updates(self, run: Run) -> list[int]:
        """Updates of the current attempt that have a snapshot, rising."""
        return await self.database.read(lambda c: reading.snapshot_updates(c, run))

    async def run_checkpoints(self, run: Run) -> list[Stored]:
        """Checkpoints of the current attempt, rising by update."""
        return await self.database.read(lambda c: reading.run_checkpoints(c, run))

    async def checkpoint(self, sha256: str) -> Stored | None:
        """The checkpoint of that name with the spec of its run or of its upload."""
        return await self.database.read(lambda c: reading.checkpoint(c, sha256))

    async def keep_upload(self, sha256: str, size_bytes: int, spec: Spec, at: int) -> None:
        """Remember a checkpoint that a person sent; the oldest are forgotten where they are too many or too large."""
        row = {
            "run": f"{reading.UPLOAD}{sha256}",
            "attempt": 0,
            "update": at,
            "sha256": sha256,
            "size_bytes": size_bytes,
        }

        def job(connection: Connection) -> list[str]:
            table = tables.checkpoints
            connection.execute(delete(table).where(table.c.run == row["run"]))  # sent again, it is the newest
            replace_row(connection, table, {**row, "spec": json.dumps(spec)})
            too_many = reading.surplus_uploads(connection, *self._uploads)
            connection.execute(delete(table).where(table.c.run.in_([f"{reading.UPLOAD}{name}" for name in too_many])))
            return unreferenced(connection, too_many)

        for name in await self.database.write(job):
            self.checkpoints.remove(name)
