"""One SQLite file, one writing connection, many reading ones.

SQLite before 3.51.3 can corrupt a WAL file when two connections write and checkpoint at once; so a single thread
holds the only writable connection, and readers open the file read-only. Jobs that wait are committed together;
a job's future resolves after its transaction. A job may be run twice (undone in between), so all it does is write
through its connection and return. What the tables mean is said in app/store/store.py.

A commit is on the disk when its job's future resolves (synchronous=FULL), unless all that it keeps are figures and
pictures of a training (NORMAL): those outlive the end of every process, and a power cut may take the last of them.

Which version of its tables and frames a file has, and how an older one is brought up to date: app/store/schema/. A
column that is called like a method of SQLAlchemy's collection of columns (`update`) is read in brackets:
`table.c["update"]`.
"""

from __future__ import annotations

import asyncio
import os
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

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
    event,
)

from sab_visualiser.app.crash import point
from sab_visualiser.app.store.folder.opening import to_read, to_write
from sab_visualiser.app.store.folder.trouble import FolderGoneError
from sab_visualiser.app.store.schema.stamp import bring_up_to_date, refuse_newer
from sab_visualiser.app.wire.errors import UserError

T = TypeVar("T")
Job = Callable[[Connection], Any]


class Wanted(NamedTuple):
    """A job that waits for the writer, whom to tell, and whether its commit must outlive a power cut."""

    job: Job
    done: Future[Any]
    durable: bool


WAITING = 1000
"""Jobs that may wait for the writer; a further one waits for room."""
BATCH = 200
"""Most jobs in one transaction."""

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


class Database:
    """The file, its writer thread and its readers. Open it once; close it once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._jobs: queue.Queue[Wanted | None] = queue.Queue(WAITING)
        self._thread: threading.Thread | None = None
        self._readers: Engine | None = None
        self._file: tuple[int, int] | None = None
        self._refusal: UserError | None = None

    def open(self) -> None:
        """Make the tables, stamp the file and start the writer.

        Raises:
            UserError: For a file of a later version of this program.
            sqlite3.DatabaseError: For a file that is no database.
        """
        refuse_newer(self.path)
        writer = to_write(self.path)
        event.listen(writer, "connect", _prepare_writer)
        event.listen(writer, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        connection = writer.connect()
        try:
            with connection.begin():
                bring_up_to_date(connection, metadata, self.path)
            self._file = _identity(self.path)
        except BaseException:
            connection.close()
            writer.dispose()
            raise
        self._open_readers()
        self._thread = threading.Thread(target=self._write, args=(writer, connection), name="store", daemon=True)
        self._thread.start()

    def open_to_look(self, why: UserError) -> None:
        """Start readers only; whoever wants to write is told why not."""
        refuse_newer(self.path)
        self._refusal = why
        self._open_readers()

    def _open_readers(self) -> None:
        beside_writer = self._refusal is None
        self._readers = to_read(self.path, pool_size=4, max_overflow=12, beside_writer=beside_writer)
        event.listen(self._readers, "connect", _prepare_reader)

    def close(self) -> None:
        """Commit what waits, move all of it into the one file, and close it: that file alone is a whole backup."""
        if self._readers is not None:  # first: beside a reader the writer cannot take the log away
            self._readers.dispose()
            self._readers = None
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join(timeout=10)
            self._thread = None

    def submit(self, job: Callable[[Connection], T]) -> Future[T]:
        """Hand `job` to the writer; the future resolves after its commit. Blocks while too many wait."""
        self._may_write()
        done: Future[T] = Future()
        self._jobs.put(Wanted(job, done, True))
        return done

    async def write(self, job: Callable[[Connection], T], *, durable: bool = True) -> T:
        """Run `job` in a transaction; returns once that is committed, in the order of the calls.

        Args:
            job: Writes through the connection it gets, and does nothing else.
            durable: Whether the commit must be on the disk when this returns. One that need not be outlives the end of
                any process, but a power cut may take the last of them, up to the next that is durable.

        Raises:
            UserError: The file was opened to look only.
        """
        self._may_write()
        while True:
            done: Future[T] = Future()
            try:
                self._jobs.put_nowait(Wanted(job, done, durable))
            except queue.Full:
                await asyncio.sleep(0.005)
                continue
            return await asyncio.wrap_future(done)

    def _may_write(self) -> None:
        if self._refusal is not None:
            raise self._refusal

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
            if work and _identity(self.path) != self._file:
                _fail(work, FolderGoneError())
            elif work:
                _commit(connection, work)
        _pragma(connection, "wal_checkpoint(TRUNCATE)")
        connection.close()
        engine.dispose()


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file that is, whatever it is called; None where there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116 (a stat of a string is twice as fast, and this is asked at each commit)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _fail(work: list[Wanted], error: Exception) -> None:
    for wanted in work:
        if wanted.done.set_running_or_notify_cancel():
            wanted.done.set_exception(error)


def _pragma(connection: Connection, words: str) -> None:
    raw = connection.connection.cursor()
    raw.execute(f"PRAGMA {words}")
    raw.fetchall()
    raw.close()


def _commit(connection: Connection, work: list[Wanted]) -> None:
    """All of `work` in one transaction; should one job fail, each gets a transaction of its own instead."""
    _pragma(connection, f"synchronous={'FULL' if any(wanted.durable for wanted in work) else 'NORMAL'}")
    try:
        with connection.begin():
            point("commit begun")
            values = [wanted.job(connection) for wanted in work]
            point("commit written")
        point("commit done")
    except Exception as error:
        if len(work) > 1:
            for entry in work:
                _commit(connection, [entry])
        else:
            _fail(work, error)
        return
    for wanted, value in zip(work, values, strict=True):
        if wanted.done.set_running_or_notify_cancel():
            wanted.done.set_result(value)


def _prepare_writer(raw: Any, _record: Any) -> None:
    raw.isolation_level = None  # transactions begin where we say, not where the driver guesses
    for pragma in ("journal_mode=WAL", "busy_timeout=5000", "foreign_keys=ON"):
        raw.execute(f"PRAGMA {pragma}").close()


def _prepare_reader(raw: Any, _record: Any) -> None:
    for pragma in ("query_only=ON", "busy_timeout=5000", "wal_autocheckpoint=0"):
        raw.execute(f"PRAGMA {pragma}").close()
