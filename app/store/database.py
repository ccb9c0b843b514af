"""One SQLite file, one writing connection, many reading ones.

SQLite before 3.51.3 can corrupt a WAL file when two connections write and checkpoint at once; so a single thread
holds the only writable connection, and readers open the file read-only. Jobs that wait are committed together;
a job's future resolves after its transaction. A job may be run twice (undone in between), so all it does is write
through its connection and return. What the tables mean is said in app/store/store.py.

The file carries the version of its tables and frames as SQLite's `user_version`. Version 0.1 of the program left 0
there. A file with a higher number than ours is refused before anything is written. A column that is called like a
method of SQLAlchemy's collection of columns (`update`) is read in brackets: `table.c["update"]`.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
)

from sab_visualiser.app.wire.errors import UserError

T = TypeVar("T")
Job = Callable[[Connection], Any]
WAITING = 1000
"""Jobs that may wait for the writer; a further one waits for room."""
BATCH = 200
"""Most jobs in one transaction."""
SCHEMA = 1
"""Version of what is in the file. Raise it with a change that older programs would read wrongly; keep reading 0."""

metadata = MetaData()
runs = Table(
    "runs",
    metadata,
    Column("id", String, primary_key=True),
    Column("created", String, nullable=False, index=True),
    Column("state", Text, nullable=False),
)
events = Table(
    "events",
    metadata,
    Column("run", String, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("update", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("frame", LargeBinary, nullable=False),
    Index("events_by_kind", "run", "attempt", "kind", "seq"),
)
snapshots = Table(
    "snapshots",
    metadata,
    Column("run", String, primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("update", Integer, primary_key=True),
    Column("frame", LargeBinary, nullable=False),
)
checkpoints = Table(
    "checkpoints",
    metadata,
    Column("run", String, primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("update", Integer, primary_key=True),
    Column("sha256", String, nullable=False, index=True),
    Column("size_bytes", Integer, nullable=False),
    Column("spec", Text),
)


def refuse_newer(path: Path) -> None:
    """Say no to a file of a later version of this program; one that is missing, ours or older is fine.

    Raises:
        UserError: Naming the folder, its version, ours and the remedy.
        sqlite3.DatabaseError: For a file that is no database.
    """
    if not path.is_file():
        return
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        ((found,),) = connection.execute("PRAGMA user_version").fetchall()
    finally:
        connection.close()
    if found > SCHEMA:
        raise UserError(
            409,
            "Folder of a newer version",
            f"data folder {path.parent} has schema {found} and this program knows schemas up to {SCHEMA}: it was "
            "written by a newer sab-visualiser; update this one, or choose another folder with --data-dir",
        )


class Database:
    """The file, its writer thread and its readers. Open it once; close it once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._jobs: queue.Queue[tuple[Job, Future[Any]] | None] = queue.Queue(WAITING)
        self._thread: threading.Thread | None = None
        self._readers: Engine | None = None

    def open(self) -> None:
        """Make the tables, stamp the file and start the writer.

        Raises:
            UserError: For a file of a later version of this program.
            sqlite3.DatabaseError: For a file that is no database.
        """
        refuse_newer(self.path)
        writer = create_engine(f"sqlite+pysqlite:///{self.path}", connect_args={"check_same_thread": False})
        event.listen(writer, "connect", _prepare_writer)
        event.listen(writer, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        connection = writer.connect()
        with connection.begin():
            metadata.create_all(connection)
            connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA}")
        self._readers = create_engine(
            f"sqlite+pysqlite:///file:{self.path}?mode=ro&uri=true", pool_size=4, max_overflow=12
        )
        event.listen(self._readers, "connect", _prepare_reader)
        self._thread = threading.Thread(target=self._write, args=(writer, connection), name="store", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Commit what waits, then close the file."""
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join(timeout=10)
            self._thread = None
        if self._readers is not None:
            self._readers.dispose()
            self._readers = None

    def submit(self, job: Callable[[Connection], T]) -> Future[T]:
        """Hand `job` to the writer; the future resolves after its commit. Blocks while too many wait."""
        done: Future[T] = Future()
        self._jobs.put((job, done))
        return done

    async def write(self, job: Callable[[Connection], T]) -> T:
        """Run `job` in a transaction; returns once that is committed, in the order of the calls."""
        while True:
            done: Future[T] = Future()
            try:
                self._jobs.put_nowait((job, done))
            except queue.Full:
                await asyncio.sleep(0.005)
                continue
            return await asyncio.wrap_future(done)

    async def read(self, query: Callable[[Connection], T]) -> T:
        """Run `query` on a read-only connection in a thread."""
        return await asyncio.to_thread(self.read_now, query)

    def read_now(self, query: Callable[[Connection], T]) -> T:
        """Run `query` on a read-only connection in this thread."""
        assert self._readers is not None, "the database is not open"
        with self._readers.connect() as connection:
            return query(connection)

    def _write(self, engine: Engine, connection: Connection) -> None:
        ending = False
        while not ending:
            batch = [self._jobs.get()]
            while len(batch) < BATCH and not self._jobs.empty():
                batch.append(self._jobs.get())
            ending = None in batch
            work = [entry for entry in batch if entry is not None]
            if work:
                _commit(connection, work)
        connection.close()
        engine.dispose()


def _commit(connection: Connection, work: list[tuple[Job, Future[Any]]]) -> None:
    """All of `work` in one transaction; should one job fail, each gets a transaction of its own instead."""
    try:
        with connection.begin():
            values = [job(connection) for job, _ in work]
    except Exception as error:
        if len(work) > 1:
            for entry in work:
                _commit(connection, [entry])
        elif work[0][1].set_running_or_notify_cancel():
            work[0][1].set_exception(error)
        return
    for (_, done), value in zip(work, values, strict=True):
        if done.set_running_or_notify_cancel():
            done.set_result(value)


def _prepare_writer(raw: Any, _record: Any) -> None:
    raw.isolation_level = None  # transactions begin where we say, not where the driver guesses
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=5000", "foreign_keys=ON"):
        raw.execute(f"PRAGMA {pragma}").close()


def _prepare_reader(raw: Any, _record: Any) -> None:
    for pragma in ("query_only=ON", "busy_timeout=5000", "wal_autocheckpoint=0"):
        raw.execute(f"PRAGMA {pragma}").close()
