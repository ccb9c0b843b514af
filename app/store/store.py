"""What the server remembers: runs, their events, snapshots and checkpoints; commit first, publish afterwards.

Metrics are kept once, inside their events. Snapshots beyond the cap are thinned evenly, the first and the last stay.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, select
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.dialects.sqlite import insert as upsert

from sab_visualiser.app.runs.run import Run
from sab_visualiser.app.runs.shapes import Spec, Stored
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.store import database as tables
from sab_visualiser.app.store import reading
from sab_visualiser.app.store.aside import hand_over
from sab_visualiser.app.store.blobs import Blobs, Lock
from sab_visualiser.app.store.database import Database, refuse_newer
from sab_visualiser.app.store.frames import packed
from sab_visualiser.app.store.whole import Whole, whole

DATABASE, CHECKPOINTS = "runs.sqlite", "checkpoints"
CHECKPOINT_SUFFIX = ".safetensors"


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
        self._lock = Lock(self.folder)
        self._kept = {tables.snapshots: settings.snapshots_kept, tables.checkpoints: settings.checkpoints_kept}
        self._open = False

    def open(self) -> None:
        """Take the folder and open the file; without effect when it is open.

        Raises:
            FolderInUseError: When another server has the folder.
            UserError: When a later version of this program has written to it.
        """
        if self._open:
            return
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        self._lock.acquire()
        try:
            refuse_newer(self.database.path)
            self.checkpoints.prepare()
            self.database.open()
        except BaseException:
            self._lock.release()
            raise
        self._open = True

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
        begins_anew = any(e.kind == "rewound" or (e.kind == "status" and run.status == "queued") for e in entries)

        def job(connection: Connection) -> tuple[list[str], Run | None]:
            orphans: list[str] = []
            _save_run(connection, run)
            kept = aside and replace(aside, seq=hand_over(connection, run.id, aside))
            if kept is not None:
                _save_run(connection, kept)
            if entries:
                connection.execute(insert(tables.events), [{"run": run.id, **vars(entry)} for entry in entries])
            if begins_anew:
                orphans += _forget_void(connection, run)
            place = {"run": run.id, "attempt": run.attempt}
            if snapshot is not None:
                row = {**place, "update": snapshot[0], "frame": packed(snapshot[1])}
                _replace(connection, tables.snapshots, row)
                self._thin(connection, tables.snapshots, run)
            if checkpoint is not None:
                _replace(connection, tables.checkpoints, {**place, **_named(checkpoint)})
                orphans += self._thin(connection, tables.checkpoints, run)
            return (_unreferenced(connection, orphans) if orphans else []), kept

        lost, kept = await self.database.write(job)
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
                tables.checkpoints: [{**place, **_named(each)} for each in checkpoints],
            }
            _save_run(connection, run)
            for table, values in rows.items():
                if values:
                    connection.execute(insert(table), values)
            self._thin(connection, tables.snapshots, run)
            return _unreferenced(connection, self._thin(connection, tables.checkpoints, run))

        for sha256 in await self.database.write(job):
            self.checkpoints.remove(sha256)

    async def whole(self, run_id: str) -> Whole | None:
        """The run with all it has, as of one moment; None when there is none of that id."""
        return await self.database.read(lambda c: whole(c, run_id))

    async def drop_unused(self, names: list[str]) -> None:
        """Delete the files of those checkpoints that no run and no upload has."""
        for sha256 in await self.database.read(lambda c: _unreferenced(c, names)):
            self.checkpoints.remove(sha256)

    def _thin(self, connection: Connection, table: Table, run: Run) -> list[str]:
        """Drop rows beyond the cap where they stand closest; returns the files that lost a row."""
        here = reading.current(table, run)
        updates = list(connection.scalars(select(table.c["update"]).where(here).order_by(table.c["update"])))
        dropped: list[str] = []
        for step in _surplus(updates, self._kept[table]):
            row = here & (table.c["update"] == step)
            if table is tables.checkpoints:
                dropped.extend(connection.scalars(select(table.c.sha256).where(row)))
            connection.execute(delete(table).where(row))
        return dropped

    def load_runs(self) -> list[Run]:
        """All runs, oldest first; blocking, for the start of the server."""
        return self.database.read_now(reading.all_runs)

    async def remove_run(self, run_id: str) -> None:
        """Delete the run with all that is only its own."""

        def job(connection: Connection) -> list[str]:
            checkpoints = tables.checkpoints
            mine = list(connection.scalars(select(checkpoints.c.sha256).where(checkpoints.c.run == run_id)))
            for table in (tables.events, tables.snapshots, checkpoints):
                connection.execute(delete(table).where(table.c.run == run_id))
            connection.execute(delete(tables.runs).where(tables.runs.c.id == run_id))
            return _unreferenced(connection, mine)

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
        """Remember a checkpoint that a person sent."""
        row = {"run": f"upload:{sha256}", "attempt": 0, "update": at, "sha256": sha256, "size_bytes": size_bytes}
        await self.database.write(lambda c: _replace(c, tables.checkpoints, {**row, "spec": json.dumps(spec)}))


def _named(checkpoint: Stored) -> dict[str, Any]:
    """What the row of a checkpoint says beside whose it is."""
    return {"update": checkpoint.update, "sha256": checkpoint.sha256, "size_bytes": checkpoint.size_bytes}


def _save_run(connection: Connection, run: Run) -> None:
    _replace(connection, tables.runs, {"id": run.id, "created": run.created, "state": run_state(run)})


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


def _replace(connection: Connection, table: Table, row: dict[str, Any]) -> None:
    connection.execute(_upsert(table, tuple(row)), row)


def _forget_void(connection: Connection, run: Run) -> list[str]:
    """After reset, reseed or resume: no snapshot or checkpoint of another attempt or of a later update stays."""
    dropped: list[str] = []
    for table in (tables.snapshots, tables.checkpoints):
        void = (table.c.run == run.id) & ((table.c.attempt != run.attempt) | (table.c["update"] > run.update))
        if table is tables.checkpoints:
            dropped.extend(connection.scalars(select(table.c.sha256).where(void)))
        connection.execute(delete(table).where(void))
    return dropped


def _unreferenced(connection: Connection, names: list[str]) -> list[str]:
    table = tables.checkpoints
    used = set(connection.scalars(select(table.c.sha256).where(table.c.sha256.in_(names)).group_by(table.c.sha256)))
    return [name for name in dict.fromkeys(names) if name not in used]


def _surplus(updates: list[int], cap: int) -> list[int]:
    """The updates to drop so that `cap` stay: each time the inner one whose neighbours stand closest."""
    left, dropped = list(updates), []
    while len(left) > cap:
        gaps = [left[i + 1] - left[i - 1] for i in range(1, len(left) - 1)]
        dropped.append(left.pop(1 + gaps.index(min(gaps))))
    return dropped
