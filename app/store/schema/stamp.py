"""The stamp of the database file: SQLite's `user_version`, the number of its schema.

Version 0.1 of the program left 0 there. A file with a higher number than ours is refused before anything is written.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from sqlalchemy import Connection, MetaData

from sab_visualiser.app.store.folder.opening import look
from sab_visualiser.app.store.folder.refusals import OTHER_VERSION, UNUSABLE, FolderError

SCHEMA = 1
"""Version of what is in the file. A change that older programs would read wrongly raises it, by a step of its own."""


def refuse_newer(path: Path) -> None:
    """Say no to a file of a later version of this program, or of another; one that is missing, ours or older is fine.

    Raises:
        FolderError: Naming the folder, its version, ours and the remedy, or a table that is not ours.
        sqlite3.DatabaseError: For a file that is no database.
    """
    if not path.is_file():
        return
    with contextlib.closing(look(path)) as connection:
        ((found,),) = connection.execute("PRAGMA user_version").fetchall()
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if names and "runs" not in names:
        words = f"{path} is not a database of this program (it has the table {min(names)})"
        raise FolderError(UNUSABLE, f"{words}; choose another folder with --data-dir")
    if found > SCHEMA:
        raise FolderError(
            OTHER_VERSION,
            f"data folder {path.parent} has schema {found} and this program knows schemas up to {SCHEMA}: it was "
            "written by a newer sab-visualiser; update this one, or choose another folder with --data-dir",
        )


def bring_up_to_date(connection: Connection, metadata: MetaData, path: Path) -> None:
    """Make the tables of a new file, or the steps that an older one needs; where nothing is due, nothing is written.

    Args:
        connection: In a transaction, which the caller commits.
        metadata: The tables as they are to be.
        path: Of the file, for words.

    Raises:
        FolderError: For an older file that cannot be brought up to date.
    """
    found = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    names = set(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars())
    if "runs" in names and found < SCHEMA:
        _upgrade(connection, found, path)
    metadata.create_all(connection)
    if found != SCHEMA:
        connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA}")


def _upgrade(connection: Connection, found: int, path: Path) -> None:
    from sab_visualiser.app.store.schema.upgrade import upgrade

    try:
        upgrade(connection, found)
    except Exception as error:
        raise FolderError(
            OTHER_VERSION,
            f"{path} cannot be brought from schema {found} to {SCHEMA}: {error}; nothing was changed, "
            "open it with the version that wrote it, or choose another folder with --data-dir",
        ) from error
