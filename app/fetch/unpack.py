"""Takes out of an archive the files that make a data set. Only named files are read; nothing is written here."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zipfile
from collections.abc import Iterator

from sab_visualiser.app.fetch.sources import Source

AR, AR_HEAD = b"!<arch>\n", 60
SIDE, PIXELS, CLASSES = 28, 784, 10
TRAINED = 4 / 5
"""Share of each digit's images that training reads."""


class PackedError(ValueError):
    """An archive is not what it should be; the message says what is wrong."""


def unpacked(source: Source, archive: bytes) -> dict[str, bytes]:
    """The files of a data set, by the names that they get.

    Raises:
        PackedError: The archive does not hold them.
    """
    found = dict(_inside(source, archive))
    if not found:
        raise PackedError(f"the archive has no {source.inside}; get it again")
    if source.kept == "digits":
        ((_, table),) = found.items()
        return _idx_files(gzip.decompress(table).decode())
    if source.kept == "text":
        plays = [found[name].decode() for name in sorted(found) if name.endswith(".md")]
        return {f"{source.name}.txt": "".join(plays).encode()}
    return {name.rpartition("/")[2]: content for name, content in found.items()}


def _inside(source: Source, archive: bytes) -> Iterator[tuple[str, bytes]]:
    """Files of the archive whose names begin as those do that are kept."""
    try:
        if source.packed == "zip":
            with zipfile.ZipFile(io.BytesIO(archive)) as packed:
                for name in packed.namelist():
                    if name.startswith(source.inside) and not name.endswith("/"):
                        yield name, packed.read(name)
            return
        inner = _data_of(archive) if source.packed == "deb" else archive
        with tarfile.open(fileobj=io.BytesIO(inner)) as tar:
            for member in tar:
                if member.isfile() and member.name.startswith(source.inside):
                    file = tar.extractfile(member)
                    assert file is not None, "a file has content"
                    yield member.name, file.read()
    except (tarfile.TarError, zipfile.BadZipFile, EOFError, OSError) as error:
        raise PackedError(f"the archive cannot be read ({error}); get it again") from None


def _data_of(package: bytes) -> bytes:
    """The files of a Debian package: its member data.tar.* (the format of ar: a head of 60 bytes, then the bytes)."""
    at = len(AR)
    while package.startswith(AR) and at + AR_HEAD <= len(package):
        name, size = package[at : at + 16].decode("ascii", "replace").strip(" /"), package[at + 48 : at + 58]
        if not size.strip().isdigit():
            break
        begin = at + AR_HEAD
        if name.startswith("data.tar"):
            return package[begin : begin + int(size)]
        at = begin + int(size) + int(size) % 2
    raise PackedError("it is no package of Debian; get it again")


def _idx_files(table: str) -> dict[str, bytes]:
    """A table of digits (784 numbers and the label, a line each) as the four files of an IDX data set."""
    rows = [list(map(int, line.split(","))) for line in table.split()]
    if any(len(row) != PIXELS + 1 or not 0 <= row[-1] < CLASSES for row in rows):
        raise PackedError("the table has lines that are no digit of 28 × 28 pixels; get it again")
    of_class = [[row for row in rows if row[-1] == digit] for digit in range(CLASSES)]
    cut = [round(TRAINED * len(some)) for some in of_class]
    parts = {
        "train": [row for some, at in zip(of_class, cut, strict=True) for row in some[:at]],
        "t10k": [row for some, at in zip(of_class, cut, strict=True) for row in some[at:]],
    }
    files = {}
    for part, some in parts.items():
        pixels = b"".join(bytes(row[:-1]) for row in some)
        files[f"{part}-images-idx3-ubyte"] = struct.pack(">4i", 0x803, len(some), SIDE, SIDE) + pixels
        files[f"{part}-labels-idx1-ubyte"] = struct.pack(">2i", 0x801, len(some)) + bytes(row[-1] for row in some)
    return files
