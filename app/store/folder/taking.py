"""Making sure that a folder is fit to be written to: made for this user alone, and not one that has lost its database.

What was there before keeps its mode, and what is not ours in it stays as it is.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from sab_visualiser.app.store.folder.refusals import CLOSED, UNUSABLE, FolderError
from sab_visualiser.app.store.folder.trouble import trouble

OTHER = "choose another folder with --data-dir"


def make_private(folder: Path) -> None:
    """Make the folder, for this user alone; one that is there stays as it is.

    Raises:
        OSError: It cannot be made, or there is something else of that name.
    """
    try:
        folder.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        if not folder.is_dir():
            raise


def make_database(path: Path, traces: Sequence[Path]) -> None:
    """Make an empty database file for this user alone, where there never was one.

    Args:
        path: Of the file.
        traces: What is in the folder only when runs were kept there: files, or folders that have files.

    Raises:
        FolderError: The file is missing or empty, and it was not always so.
    """
    there = path.exists()
    if there and path.stat().st_size:
        return
    left = next((trace for trace in traces if trace.is_file() or (trace.is_dir() and any(trace.iterdir()))), None)
    if left is not None:
        words = f"{path} is {'empty' if there else 'missing'}, though {left} shows that runs were kept here"
        raise FolderError(UNUSABLE, f"{words}; put it back, or unpack a backup (sab backup), or {OTHER}")
    os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))


def refused(folder: Path, error: BaseException) -> FolderError:
    """What is told where a folder could not be opened.

    Args:
        folder: The data folder.
        error: What the system, sqlite3 or SQLAlchemy raised.
    """
    told = trouble(error)
    if told is not None and told.problem.status == 500:
        return FolderError(UNUSABLE, f"data folder {folder}: {told.problem.detail}; or {OTHER}")
    said = getattr(error, "orig", None) or error
    code = UNUSABLE if isinstance(said, sqlite3.DatabaseError) and told is None else CLOSED
    return FolderError(code, f"data folder {folder}: {said}; {OTHER}")
