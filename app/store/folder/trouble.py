"""What is told when the data folder does not take or give something: a cause in few words, and a remedy.

One place for the numbers of SQLite and of the system, so that the API, the reason of a run and the log say the same.
"""

from __future__ import annotations

import errno
import sqlite3

from sqlalchemy.exc import DatabaseError

from sab_visualiser.app.wire.errors import UserError

NO_ROOM = 507
"""Status of what cannot be kept now."""
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
CLOSED = (errno.EROFS, errno.EACCES, errno.EPERM)
DAMAGED = "The store is damaged"
BUSY = "another program holds runs.sqlite"
ANEW = "and start the server anew"
GONE = "the data folder was moved or deleted while the server had it"
MAKE_ROOM = "free some space in the data folder and try again"
REMEDIES = {
    "disk full": MAKE_ROOM,
    "the data folder cannot be written": "let this user write to it and try again",
    BUSY: "end it and try again",
    GONE: "put it back where it was, or start the server anew",
}
"""By the cause; a cause that is not here is the disk's own."""


class FolderGoneError(OSError):
    """The files of the store are no longer where they were opened: what is written would be lost with them."""

    def __init__(self) -> None:
        super().__init__(errno.ESTALE, GONE)


def trouble(error: BaseException) -> UserError | None:
    """The error as it is told, where the folder is the cause; None where it is not.

    Args:
        error: What SQLAlchemy, sqlite3 or the system raised.
    """
    if isinstance(error, DatabaseError) and isinstance(error.orig, BaseException):
        error = error.orig
    if isinstance(error, sqlite3.DatabaseError):
        return _of_database(error)
    if not isinstance(error, OSError):
        return None
    if isinstance(error, FolderGoneError):
        return _refused(GONE, None)
    if error.errno in FULL:
        return _refused("disk full", error.strerror)
    return _refused("the data folder cannot be written", error.strerror) if error.errno in CLOSED else None


def only_to_read(error: BaseException) -> UserError | None:
    """Why a folder is opened to look only; None where it could not even be read, or the cause will pass."""
    told = trouble(error)
    if told is None or told.problem.status != NO_ROOM or BUSY in told.problem.detail:
        return None
    cause, _, remedy = told.problem.detail.partition("; ")
    words = f"{cause}: runs can be looked at and exported, and nothing can be trained or written"
    status = NO_ROOM if cause.startswith("disk full") else 403
    return UserError(status, "Read-only data folder", f"{words}; {remedy.removesuffix(' and try again')}, {ANEW}")


def _of_database(error: sqlite3.DatabaseError) -> UserError | None:
    number = getattr(error, "sqlite_errorcode", 0) or 0
    match number & 0xFF:
        case sqlite3.SQLITE_FULL:
            return _refused("disk full", str(error))
        case sqlite3.SQLITE_READONLY:
            return _refused("the data folder cannot be written", str(error))
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return _refused(BUSY, str(error))
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            words = f"runs.sqlite is damaged ({error}); stop the server, and put a backup in its place (sab backup)"
            return UserError(500, DAMAGED, words)
        case _ if isinstance(error, sqlite3.OperationalError):
            return _refused("the disk answers with an error", str(error))
    return None


def _refused(cause: str, said: str | None) -> UserError:
    words = f"{cause} ({said})" if said else cause
    return UserError(NO_ROOM, "The store cannot keep it", f"{words}; {REMEDIES.get(cause, MAKE_ROOM)}")
