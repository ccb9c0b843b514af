"""How the subcommands write a file: all of it or nothing, in the place that a person means.

`-` is standard output. A link is followed, a device or a pipe is written into and stays what it is, a file that is
there keeps its mode, a new one can be read by whom the umask lets.
"""

from __future__ import annotations

import errno
import os
import re
import sys
import tempfile
from pathlib import Path

import typer

from sab_visualiser.app.commands.shared.common import CommandError
from sab_visualiser.app.wire.errors import shorten

OPEN_ALREADY = re.compile(r"/dev/(?P<name>stdout|stderr)|/(?:dev|proc/self)/fd/(?P<number>\d+)")
"""Names for what is open already: opening it anew would empty a file that somebody appends to."""
NUMBERS = {"stdout": 1, "stderr": 2}


def is_stdout(path: Path | None) -> bool:
    """Whether the file is standard output."""
    return str(path) == "-"


def told(path: Path | None, words: str) -> None:
    """Say what was written: on standard output, unless that is what was written to."""
    opened = OPEN_ALREADY.fullmatch(str(path))
    typer.echo(words, err=is_stdout(path) or opened is not None)


def write(path: Path, body: bytes) -> None:
    """Write the whole file, or leave what was there.

    Raises:
        CommandError: When the folder is missing or cannot be written, or the name is none that a file can have.
    """
    try:
        if is_stdout(path):
            sys.stdout.flush()
            _write_open(1, body)
        elif opened := OPEN_ALREADY.fullmatch(str(path)):
            _write_open(NUMBERS.get(opened["name"]) or int(opened["number"]), body)
        elif path.exists() and not path.is_file():
            with path.open("wb") as file:
                file.write(body)
        else:
            _replace(Path(os.path.realpath(path)), body)
    except (OSError, ValueError) as error:  # a ValueError is a name with a NUL in it
        number, why = (error.errno, error.strerror) if isinstance(error, OSError) else (None, error)
        remedy = _REMEDIES.get(number, "choose a folder that exists and can be written")
        raise CommandError(f"--output {_shown(path)}: {why}; {remedy}") from None


def _write_open(number: int, body: bytes) -> None:
    left = memoryview(body)
    while left:
        left = left[os.write(number, left) :]


def _replace(path: Path, body: bytes) -> None:
    """A temporary file in the same folder takes the name at the end."""
    part = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        part = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(body)
        part.chmod(_mode(path))
        part.replace(path)
        part = None
    except PermissionError:
        if not path.is_file():
            raise
        with path.open("r+b") as file:  # the folder takes no new file, but this one may be written
            file.write(body)
            file.truncate()
    finally:
        if part is not None:
            part.unlink(missing_ok=True)


def _mode(path: Path) -> int:
    """That of the file that is there, else what the umask lets a new one have."""
    try:
        return path.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


_REMEDIES = {
    errno.ENAMETOOLONG: "choose a shorter name",
    errno.EISDIR: "name a file in it",
    errno.ENOSPC: "make room, or choose another disk",
    errno.EPIPE: "let the program behind the pipe read on",
    None: "choose a name without it",
}
"""What helps, by the number of the error."""


def _shown(path: Path) -> str:
    """A path for one line of an error, cut where it is long."""
    said = str(shorten(str(path)))
    return said if said.isprintable() else repr(said)
