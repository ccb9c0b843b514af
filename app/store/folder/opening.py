"""How the database file is opened: for writing, or for reading, also where this process may write nothing.

By URL objects, never by strings that are pasted together: a folder may be called `a#b?c%20`.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from sqlalchemy import URL, Engine, create_engine


def to_write(path: Path) -> Engine:
    """The file for the one connection that writes; it is made where there is none."""
    url = URL.create("sqlite+pysqlite", database=str(path))
    return create_engine(url, connect_args={"check_same_thread": False})


def to_read(path: Path, *, pool_size: int = 1, max_overflow: int = 0, beside_writer: bool = False) -> Engine:
    """The file for connections that read; `beside_writer`: this process has the connection that writes."""
    ways = {"mode": "ro"} if beside_writer else _ways(path)
    url = URL.create("sqlite+pysqlite", database=_place(path), query={"uri": "true", **ways})
    return create_engine(url, pool_size=pool_size, max_overflow=max_overflow)


def look(path: Path) -> sqlite3.Connection:
    """The file for one look, without SQLAlchemy.

    Raises:
        sqlite3.OperationalError: Where it cannot be opened.
    """
    ways = "&".join(f"{name}={value}" for name, value in _ways(path).items())
    return sqlite3.connect(f"{_place(path)}?{ways}", uri=True)


def _place(path: Path) -> str:
    return path.absolute().as_uri()


def _ways(path: Path) -> dict[str, str]:
    """Read-only; where nobody writes, SQLite leaves no files of its own beside it either.

    Whoever writes has a log there. One that is empty, where we may not write, is that of a program that was killed.
    """
    log = Path(f"{path}-wal")
    nobody_writes = not log.exists() or (not log.stat().st_size and not os.access(path.parent, os.W_OK))
    return {"mode": "ro", **({"immutable": "1"} if nobody_writes else {})}
