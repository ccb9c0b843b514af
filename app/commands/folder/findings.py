"""What `sab doctor` finds about a data folder, the port and the environment; it changes nothing there."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sab_visualiser.app.surroundings import told

LEAST_FREE = 256 * 2**20
"""Less room than that is not enough for long."""
SECRETS = ("SAB_TOKEN", "SAB_WORKER_TOKEN")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `fine` is None where there is no good or bad."""

    name: str
    value: str
    fine: bool | None = None


def folder(path: Path) -> Finding:
    """Whether runs can be kept in `path`; nothing is left there."""
    nearest = next(parent for parent in (path, *path.parents) if parent.exists())
    try:
        with tempfile.TemporaryFile(dir=nearest):
            pass
        free = shutil.disk_usage(nearest).free
    except OSError as error:
        return Finding("data folder", f"{path}: {error.strerror}", False)
    room = f"{free / 2**30:.0f} GiB free" if free >= 2**30 else f"{free / 2**20:.0f} MiB free"
    if free < LEAST_FREE:
        return Finding("data folder", f"{path}, {room}: a training pauses when none is left; make room", False)
    return Finding("data folder", f"{path}, {room}", True)


def database(path: Path) -> Iterator[Finding]:
    """What is in a data folder: its schema, how many runs, which cannot be read, and who may read it."""
    from sab_visualiser.app.store.folder.opening import look, to_read
    from sab_visualiser.app.store.folder.taking import refused
    from sab_visualiser.app.store.reading import found_runs
    from sab_visualiser.app.store.schema.stamp import SCHEMA, refuse_newer
    from sab_visualiser.app.store.store import DATABASE
    from sab_visualiser.app.wire.errors import UserError

    file = path / DATABASE
    if not file.is_file():
        return
    try:
        refuse_newer(file)
        with contextlib.closing(look(file)) as connection:
            ((schema,),) = connection.execute("PRAGMA user_version").fetchall()
        engine = to_read(file)
        with engine.connect() as connected:
            runs, unreadable = found_runs(connected)
        engine.dispose()
    except UserError as error:
        yield Finding("database", error.problem.detail, False)
        return
    except Exception as error:  # a report must not end because one of its subjects is broken
        yield Finding("database", refused(path, error).problem.detail, False)
        return
    due = "" if schema == SCHEMA else f", brought to {SCHEMA} by the next sab serve"
    yield Finding("database", f"schema {schema}{due}, {len(runs)} runs, {file.stat().st_size / 1e6:.1f} MB", True)
    for name, why in unreadable.items():
        yield Finding("run", f"{name} cannot be read and is left as it is: {why}", False)
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO) and file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        yield Finding("who may read", f"others of this machine may read {file}; chmod 600 it", False)


def in_use(path: Path) -> Iterator[Finding]:
    """Which process has the folder."""
    import fcntl

    try:
        with (path / "lock").open("rb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                yield Finding("server", f"the one with process id {lock.read(32).decode('ascii', 'replace')} has it")
    except OSError:
        return


def port(host: str, number: int) -> Finding:
    """Whether a server could listen."""
    if number == 0:
        return Finding("port", "any free one", True)
    from sab_visualiser.app.serve import bind

    try:
        bind(host, number).close()
    except OSError as error:
        return Finding("port", f"{number} of {host}: {error.strerror}; sab serve --port takes another")
    return Finding("port", f"{number} of {host} is free", True)


def environment() -> Iterator[Finding]:
    """What of the environment steers this program or the libraries below it; of secrets, only that they are set."""
    home = os.environ.get("HOME")
    yield Finding("HOME", home or "not set: name the folder of runs by --data-dir", None if home else False)
    yield from (Finding(name, words) for name, words in told(os.environ))
    for name in sorted(os.environ):
        if name.startswith("SAB_"):
            yield Finding(name, "set" if name in SECRETS else os.environ[name])


def sqlite() -> Finding:
    """The SQLite that Python brings."""
    return Finding("sqlite", sqlite3.sqlite_version)
