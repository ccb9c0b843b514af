"""Files named by the sha256 of their bytes, and the folder they live in.

A name is never taken from a person. Written as temporary file, fsync, rename, fsync of the folder, so that a file
either is whole or is not there. The folder is held by one server at a time (kernel lock, gone with its process).
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from sab_visualiser.app.crash import point
from sab_visualiser.app.store.folder.refusals import IN_USE, FolderError
from sab_visualiser.app.wire.errors import UserError

OURS = "sab-"
"""Begins the names of files that are being written, so that nobody else's are swept."""
SHA256 = re.compile(r"[0-9a-f]{64}")


class Blob(NamedTuple):
    """A file, and the sha256 of its bytes: what others know it by."""

    sha256: str
    path: Path


def content_of(path: Path) -> bytes:
    """The bytes of a file of ours; a link that somebody put in its place is not followed.

    Raises:
        OSError: There is no such file, or it is a link.
    """
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:
        return file.read()


def blob_at(path: Path) -> Blob:
    """The file at `path`, which nobody writes to; hashed when it is first asked for, and when it was made anew."""
    return Blob(_hash_of(path, path.stat().st_mtime_ns), path)


@functools.lru_cache(maxsize=64)
def _hash_of(path: Path, changed_ns: int) -> str:
    del changed_ns
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class FolderInUseError(FolderError):
    """Another server holds the data folder."""

    def __init__(self, words: str) -> None:
        super().__init__(IN_USE, words)


class Lock:
    """A kernel lock on the data folder; it ends with the process, so it can never be stale."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "lock"
        self._file: int | None = None

    def acquire(self) -> None:
        """Take the lock and leave our process id in it.

        Raises:
            FolderInUseError: Naming the process that has it.
        """
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.read(handle, 32).decode("ascii", "replace").strip() or "unknown"
            os.close(handle)
            raise FolderInUseError(
                f"data folder {self.path.parent} is in use by the server with process id {holder}; "
                "stop it, or choose another folder with --data-dir"
            ) from None
        self._file = handle
        with contextlib.suppress(OSError):  # who holds it is only told where there is room for a word
            os.ftruncate(handle, 0)
            os.write(handle, str(os.getpid()).encode())

    def release(self) -> None:
        """Give the lock back; without effect when it is not held."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


class Blobs:
    """One folder of files called <sha256><suffix>."""

    def __init__(self, folder: Path, suffix: str) -> None:
        self.folder = folder
        self.suffix = suffix
        self.closed: UserError | None = None
        """Why nothing can be written there, where that is so."""

    def prepare(self) -> None:
        """Make the folder; sweep what a crash left half written."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left in self.folder.glob(f"{OURS}*.part"):
            left.unlink(missing_ok=True)

    def path(self, sha256: str) -> Path:
        """Where the file of that name is, or would be."""
        assert SHA256.fullmatch(sha256), "names come from our own hashes"
        return self.folder / (sha256 + self.suffix)

    def blob(self, sha256: str) -> Blob:
        """The file of that name, said with it."""
        return Blob(sha256, self.path(sha256))

    def write(self, parts: Iterable[bytes]) -> tuple[str, int]:
        """Store the bytes; returns their sha256 and their number."""
        upload = self.upload()
        try:
            for part in parts:
                upload.add(part)
            return upload.keep()
        finally:
            upload.discard()

    def upload(self) -> Upload:
        """A file that is still being received.

        Raises:
            UserError: Nothing can be written there.
        """
        if self.closed is not None:
            raise self.closed
        return Upload(self)

    def remove(self, sha256: str) -> None:
        """Delete the file, if it is there."""
        self.path(sha256).unlink(missing_ok=True)


class Upload:
    """Bytes on their way into a Blobs folder: add, then keep or discard."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs
        handle, name = tempfile.mkstemp(".part", OURS, blobs.folder)
        self.path = Path(name)
        self.size_bytes = 0
        self._file = os.fdopen(handle, "wb")
        self._hash = hashlib.sha256()
        point("blob opened")

    def add(self, part: bytes) -> None:
        """Append bytes."""
        self._file.write(part)
        self._hash.update(part)
        self.size_bytes += len(part)
        point("blob written")

    def blob(self) -> Blob:
        """The bytes so far, to be read by others before it is decided whether they are kept."""
        self._file.flush()
        return Blob(self._hash.hexdigest(), self.path)

    def keep(self) -> tuple[str, int]:
        """Move the file to its place; returns sha256 and size."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        point("blob on disk")
        sha256 = self._hash.hexdigest()
        self.path.replace(self._blobs.path(sha256))
        point("blob renamed")
        folder = os.open(self._blobs.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        point("blob kept")
        return sha256, self.size_bytes

    def discard(self) -> None:
        """Forget the bytes, unless they were kept."""
        self._file.close()
        self.path.unlink(missing_ok=True)
