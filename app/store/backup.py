"""A data folder as one file, made while a server may be writing to the folder: the database as of one moment, and the
checkpoints that it names; texts that runs read are there too.

Nothing in the folder is changed. Unpacked, the file is a data folder again.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from sab_visualiser.app.store.folder.opening import look
from sab_visualiser.app.store.store import CHECKPOINT_SUFFIX, CHECKPOINTS, DATABASE, TEXTS
from sab_visualiser.app.wire.errors import UserError

TRIES = 3
"""A checkpoint that a server thins out while we copy it makes us begin again, so often at most."""


class Backup(NamedTuple):
    """What a backup holds.

    Attributes:
        runs: How many.
        checkpoints: How many.
        missing: Checkpoints that the database names and the folder has not got.
        size_bytes: Of the file.
    """

    runs: int
    checkpoints: int
    missing: int
    size_bytes: int


def back_up(folder: Path, target: Path, told: Callable[[int, int], None] = lambda done, of: None) -> Backup:
    """Write the data folder into a new zip file, which takes its name once it is whole and on the disk.

    Args:
        folder: The data folder; a server may have it.
        target: The file; there must be none of that name.
        told: Called with the checkpoints copied so far and all of them.

    Raises:
        UserError: 404 where the folder has no database, 409 where it cannot be read or the file is there already.
        OSError: The file cannot be written.
    """
    database = folder / DATABASE
    if not database.is_file():
        raise UserError(404, "Nothing to back up", f"{database}: there is no such file; name the folder by --data-dir")
    if target.exists():
        raise UserError(409, "File exists", f"FILE = {target}: there is one already; name a new file")
    handle, name = tempfile.mkstemp(suffix=".part", dir=target.absolute().parent)
    os.close(handle)
    part = Path(name)
    try:
        found = _written(database, part, told)
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.chmod(0o600)  # as private as the folder
        os.link(part, target)  # fails where somebody else made one meanwhile
    except FileExistsError:
        raise UserError(409, "File exists", f"FILE = {target}: there is one already; name a new file") from None
    except sqlite3.DatabaseError as error:
        raise UserError(409, "Not readable", f"{database}: {error}; is it the data folder of this program?") from None
    finally:
        part.unlink(missing_ok=True)
    return found


def _written(database: Path, part: Path, told: Callable[[int, int], None]) -> Backup:
    for _ in range(TRIES):
        if not (found := _attempt(database, part, told)).missing:
            break
    return found


def _attempt(database: Path, part: Path, told: Callable[[int, int], None]) -> Backup:
    folder = database.parent / CHECKPOINTS
    with tempfile.TemporaryDirectory(dir=part.parent) as scratch:
        copy = Path(scratch) / DATABASE
        runs, names = _copied(database, copy)
        with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
            archive.write(copy, DATABASE)
            for text in sorted((database.parent / TEXTS).glob("*.[tj]*")):  # with what is told of each
                archive.write(text, f"{TEXTS}/{text.name}")
            missing = 0
            for number, name in enumerate(names):
                told(number, len(names))
                try:
                    archive.write(folder / (name + CHECKPOINT_SUFFIX), f"{CHECKPOINTS}/{name}{CHECKPOINT_SUFFIX}")
                except FileNotFoundError:
                    missing += 1
    told(len(names), len(names))
    return Backup(runs, len(names) - missing, missing, part.stat().st_size)


def _copied(database: Path, copy: Path) -> tuple[int, list[str]]:
    """The database as of one moment, checked; how many runs it has, and the checkpoints it names."""
    source = look(database)
    with contextlib.closing(source), contextlib.closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        ((sound,),) = target.execute("PRAGMA integrity_check").fetchall()
        if sound != "ok":
            raise sqlite3.DatabaseError(sound)
        ((runs,),) = target.execute("SELECT count(*) FROM runs").fetchall()
        names = [name for (name,) in target.execute("SELECT DISTINCT sha256 FROM checkpoints ORDER BY sha256")]
    return int(runs), names
