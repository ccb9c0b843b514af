"""Reads data sets from disk: a file, a folder of files, or all that lie in a folder of data files.

What a set of files is, is judged in model/contract/judge.py. Nothing here keeps pixels or texts in memory.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from sab_visualiser.model.contract.data import DataFacts, ImageFacts, TextFacts, full_name
from sab_visualiser.model.contract.files.published import published
from sab_visualiser.model.contract.judge import FileError, Found, judged

DATA_FILE = re.compile(r"(train|t10k)-(images|labels).*|(data_batch_\d|test_batch).*\.bin(\.gz)?")
"""Names of the files of IDX and CIFAR-10 data sets."""
TEXT_ENDS = (".txt", ".txt.gz")
MEMORY = "files.json"
"""What was found out of a folder, beside the runs: files that are as they were are not read again."""


_WHERE: list[Callable[[], Path | None]] = []


class Held(NamedTuple):
    """A data set in a folder: where it lies, and what is to be known of it."""

    path: Path
    facts: DataFacts


class Look(NamedTuple):
    """What lies in a folder of data files, and what was refused of it, a line each."""

    held: tuple[Held, ...] = ()
    refused: tuple[str, ...] = ()


def read(path: Path) -> Found:
    """Judge a file, or the files of a folder: those that are named like data, else all texts in it.

    Raises:
        FileError: What is wrong with them; a folder that is not there among it.
    """
    try:
        if path.is_file():
            return judged({path.name: path.read_bytes()}, path.name)
        return judged({each.name: each.read_bytes() for each in _files(path)}, path.name)
    except OSError as error:
        raise FileError(f"{path}: {error.strerror}; name a file or a folder that can be read") from None


def look(folder: Path | None, memory: Path | None = None) -> Look:
    """All data sets of a folder: its texts, its folders with files of data, and itself where it has such files.

    Args:
        folder: Of data files; None, or one that is not there, holds nothing.
        memory: Where what was found out is kept for the next look; None keeps nothing.
    """
    before = _remembered(memory)
    after: dict[str, Any] = {}
    held, refused = [], []
    for path in _members(folder):
        stamp = _stamp(path)
        known = before.get(str(path))
        told = known if known and known.get("stamp") == stamp else {"stamp": stamp, **_told(path)}
        after[str(path)] = told
        if facts := _facts(told):
            held.append(Held(path, facts))
        elif told.get("refused"):
            refused.append(f"{path}: {told['refused']}")
    if memory is not None and after != before:
        _keep(memory, after)
    return Look(tuple(held), tuple(refused))


def seek_in(where: Callable[[], Path | None]) -> None:
    """Have this process look there for data sets that it lacks.

    Args:
        where: Asked for the folder of files of data when one is lacking; None where there is none.
    """
    _WHERE[:] = [where]


def sought_in() -> Path | None:
    """The folder where this process looks for data sets that it lacks."""
    return _WHERE[0]() if _WHERE else None


def find(folder: Path | None, name: str) -> Found | None:
    """The data set of a folder that has the sha256 of a name; None where it has none.

    Args:
        folder: Of data files.
        name: As `task.data` says it, with its sha256; what is called so is looked at first.
    """
    word, _, sha256 = name.partition("@")
    members = sorted(_members(folder), key=lambda path: full_name(path.name, "").rstrip("@") != word)
    for path in members:
        with suppress(FileError):
            if (found := read(path)).facts.sha256 == sha256:
                return found
    return None


def _files(folder: Path) -> list[Path]:
    """The files of a folder that make one data set."""
    listed = sorted(each for each in folder.iterdir() if each.is_file())
    chosen = [each for each in listed if DATA_FILE.match(each.name)]
    return chosen or [each for each in listed if each.name.endswith(TEXT_ENDS)]


def _members(folder: Path | None) -> Iterator[Path]:
    """What may be a data set: texts, folders with files of one, and the folder itself where it has such files."""
    if folder is None or not folder.is_dir():
        return
    with suppress(OSError):
        if any(DATA_FILE.match(each.name) for each in folder.iterdir() if each.is_file()):
            yield folder
        for each in sorted(folder.iterdir()):
            if each.name.endswith(TEXT_ENDS) and each.is_file():
                yield each
            elif each.is_dir():
                with suppress(OSError):
                    if _files(each):
                        yield each


def _stamp(path: Path) -> list[list[Any]]:
    """What a data set looks like from outside: names, sizes and times of its files."""
    files = [path] if path.is_file() else _files(path)
    return [[each.name, each.stat().st_size, each.stat().st_mtime_ns] for each in files]


def _told(path: Path) -> dict[str, Any]:
    try:
        facts = read(path).facts
    except FileError as error:
        return {"refused": str(error)}
    return {"kind": "text" if isinstance(facts, TextFacts) else "images", "facts": asdict(facts)}


def _facts(told: dict[str, Any]) -> DataFacts | None:
    if (values := told.get("facts")) is None:
        return None
    if told["kind"] == "text":
        return TextFacts(**values)
    facts = ImageFacts(**{**values, "shape": tuple(values["shape"]), "classes": tuple(values["classes"])})
    return published(facts)


def _remembered(memory: Path | None) -> dict[str, Any]:
    with suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        found = json.loads(memory.read_text("utf-8")) if memory else {}
        for told in found.values():
            _facts(told)
        return dict(found)
    return {}


def _keep(memory: Path, told: dict[str, Any]) -> None:
    """Write it whole, or not at all: whoever cannot write looks again the next time."""
    with suppress(OSError):
        handle, name = tempfile.mkstemp(suffix=".part", dir=memory.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(told, file, ensure_ascii=False)
        Path(name).replace(memory)
