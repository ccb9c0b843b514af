"""A zip file that nobody vouches for, opened: how large, which names, and each file as the manifest says it was.

Nothing is ever written under a name that the zip brings, and nothing is unpacked beyond the limits here: sizes are
looked up before anything is read, and counted again while it is read.
"""

from __future__ import annotations

import hashlib
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sab_visualiser.app.bundle.manifest import (
    CONFIG,
    EVENTS,
    MANIFEST,
    METRICS,
    MOST_FILES,
    MOST_FRAMES_BYTES,
    NEEDED,
    RUN,
    SNAPSHOTS,
    TEXT,
    Manifest,
    is_known,
    not_ours,
    parse_manifest,
    refused,
)
from sab_visualiser.app.store.texts import MOST_TEXT_BYTES

MOST_BYTES = 2**30
"""Most bytes of all files, unpacked."""
MOST_RATIO, ALLOWANCE_BYTES = 200, 2**24
"""Unpacked bytes for each packed one, at most; small files may be more."""
MOST_DIRECTORY_BYTES = 2**20
"""Of the zip's own list of its files, which is read before anything else is known."""
MOST_OF = {
    MANIFEST: 2**21,
    RUN: 2**20,
    EVENTS: MOST_FRAMES_BYTES,
    SNAPSHOTS: MOST_FRAMES_BYTES,
    TEXT: MOST_TEXT_BYTES,
}
"""Unpacked bytes of the files that are held in memory."""
PART_BYTES = 2**16
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    struct.error,
    OSError,
)
"""What Python's zipfile raises for bytes that are no zip, or no longer one."""
OLD = "a bundle of version 0.1, which lacks what a run needs to be brought in"
_END, _END_BYTES, _MOST_COMMENT = b"PK\x05\x06", 22, 2**16


class Zip:
    """The files of a bundle whose names and sizes have passed; see `opened`."""

    def __init__(self, file: zipfile.ZipFile, manifest: Manifest) -> None:
        self._file, self.manifest = file, manifest

    def parts(self, name: str) -> Iterator[bytes]:
        """The bytes of a file, part by part; the error for one that was changed comes after the last.

        Raises:
            UserError: It is not as the manifest says.
        """
        facts = self.manifest.files[name]
        digest, size = hashlib.sha256(), 0
        for part in _read(self._file, name):
            digest.update(part)
            size += len(part)
            yield part
        if size != facts.size_bytes or digest.hexdigest() != facts.sha256:
            raise refused(f"{name} was changed after the bundle was made", "every file as its manifest says")

    def read(self, name: str) -> bytes:
        """The bytes of a file that is not large."""
        return b"".join(self.parts(name))

    def check(self, *names: str) -> None:
        """Read those files to their end, and keep nothing of them."""
        for name in names:
            for _ in self.parts(name):
                pass


@contextmanager
def opened(path: Path) -> Iterator[Zip]:
    """The bundle at `path`, once its list of files has passed.

    Raises:
        UserError: It is no zip file, none of ours, cut short, too large, or its files are not those of its manifest.
    """
    _require_end(path)
    with ExitStack() as files:
        raw = files.enter_context(path.open("rb"))
        try:
            file = files.enter_context(zipfile.ZipFile(raw))
        except DAMAGED as error:
            raise refused(f"a damaged zip file: {error}", "a bundle as it was downloaded") from None
        _check_entries(file.infolist(), path.stat().st_size)
        yield Zip(file, _manifest(file))


def _require_end(path: Path) -> None:
    """A zip file has its list of files at its end: without it nothing can be read, with a huge one nothing shall."""
    size = path.stat().st_size
    with path.open("rb") as file:
        begin = file.read(4)
        file.seek(max(0, size - _END_BYTES - _MOST_COMMENT))
        tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + _END_BYTES:
        if begin.startswith(b"PK"):
            raise refused("a zip file that is cut short", "a bundle must be whole", "download or copy it again")
        raise not_ours("not a zip file" if size else "an empty file")
    directory_bytes = struct.unpack_from("<I", tail, at + 12)[0]
    if directory_bytes > MOST_DIRECTORY_BYTES:
        raise refused("a zip file with a huge list of files", f"at most {MOST_FILES} files, as a bundle has")


def _check_entries(entries: list[zipfile.ZipInfo], packed_bytes: int) -> None:
    names = [entry.filename for entry in entries]
    if MANIFEST not in names:
        if CONFIG in names and METRICS in names:
            remedy = "send the checkpoint that is in it to POST /api/checkpoints, or make the bundle anew"
            raise refused(OLD, f"one that holds {MANIFEST}", remedy)
        raise not_ours(f"a zip file without {MANIFEST}")
    if strange := next((name for name in names if not is_known(name)), None):
        raise refused(f"holds {strange}", "only files that a bundle has")
    if twice := next((name for name, count in Counter(names).items() if count > 1), None):
        raise refused(f"holds {twice} twice", "each file once")
    if len(entries) > MOST_FILES:
        raise refused(f"holds {len(entries)} files", f"at most {MOST_FILES}")
    _check_sizes(entries, packed_bytes)


def _check_sizes(entries: list[zipfile.ZipInfo], packed_bytes: int) -> None:
    """As the zip says them: `_read` never reads more than that."""
    for entry in entries:
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or entry.flag_bits & 1:
            raise refused(f"{entry.filename} is encrypted or packed in another way", "stored or deflated files")
        if entry.file_size > (most := MOST_OF.get(entry.filename, MOST_BYTES)):
            raise refused(f"{entry.filename} has {entry.file_size} bytes unpacked", f"at most {most}")
    total = sum(entry.file_size for entry in entries)
    most = min(MOST_BYTES, ALLOWANCE_BYTES + MOST_RATIO * packed_bytes)
    if total > most:
        raise refused(f"{total} bytes unpacked out of {packed_bytes}", f"at most {most}", "it is no bundle of ours")


def _manifest(file: zipfile.ZipFile) -> Manifest:
    manifest = parse_manifest(b"".join(_read(file, MANIFEST)))
    there = {name for name in file.namelist() if name != MANIFEST}
    if missing := sorted({*manifest.files, *NEEDED} - there):
        raise refused(f"{missing[0]} is missing", "every file of its manifest")
    if more := sorted(there - set(manifest.files)):
        raise refused(f"{more[0]} does not stand in the manifest", "only files of its manifest")
    return manifest


def _read(file: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """The parts of a file; zipfile itself ends at the size that the list of files says, and compares the checksum."""
    try:
        with file.open(name) as entry:
            while part := entry.read(PART_BYTES):
                yield part
    except DAMAGED as error:
        raise refused(f"{name} is damaged: {error}", "a bundle as it was downloaded") from None
