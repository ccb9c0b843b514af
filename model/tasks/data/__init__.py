"""Data sets in memory: the bundled ones are read from the files here, those that a person adds are brought as tensors.

What is known of each without reading it is in model/contract/data.py.
"""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from sab_visualiser.model.contract.data import DIGITS, HAMLET, ImageFacts, TextFacts, know, short_name
from sab_visualiser.model.contract.files.folder import find, sought_in
from sab_visualiser.model.contract.files.folder import read as read
from sab_visualiser.model.contract.judge import Found

FOLDER = Path(__file__).parent
LARGEST_DIGIT, LARGEST_BYTE = 16, 255
"""Brightest pixel of the bundled digits, and of other images."""


class DataError(ValueError):
    """A data set is not here, or is not what it was; the message says what to do."""


class Text(NamedTuple):
    """A text as numbers: the place of each character in the alphabet (int16)."""

    facts: TextFacts
    symbols_N: Tensor


class Images(NamedTuple):
    """Images N, one channel or more a pixel P, row by row (uint8), and their labels (int64).

    Those of the training part come first. `brightest` is the number of a pixel that is as bright as can be.
    """

    facts: ImageFacts
    pixels_NPI: Tensor
    labels_N: Tensor
    brightest: int


_BROUGHT: dict[str, Text | Images] = {}


def bring(data: Text | Images) -> None:
    """Keep a data set that was added, for every task of this process that names it."""
    _BROUGHT[data.facts.sha256] = data


def is_here(sha256: str) -> bool:
    """Whether a data set that was added is in the memory of this process."""
    return sha256 in _BROUGHT


def text_named(name: str) -> Text:
    """The text that `task.data` names.

    Raises:
        DataError: It is not here.
    """
    found = _hamlet() if name == HAMLET.name else _added(name)
    if not isinstance(found, Text):
        raise _absent(name)
    return found


def images_named(name: str) -> Images:
    """The images that `task.data` names.

    Raises:
        DataError: They are not here.
    """
    found = _digits() if name == DIGITS.name else _added(name)
    if not isinstance(found, Images):
        raise _absent(name)
    return found


def numbered(facts: TextFacts, text: str) -> Text:
    """A text as the numbers that networks of it read."""
    points_N = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    alphabet_C = np.array([ord(symbol) for symbol in facts.symbols], np.uint32)
    return Text(facts, torch.from_numpy(np.searchsorted(alphabet_C, points_N).astype(np.int16)))


def made_of(found: Found) -> Text | Images:
    """A data set in memory, from its files as they were judged."""
    if isinstance(found.facts, TextFacts):
        return numbered(found.facts, found.text)
    pixels, labels = ([np.asarray(part[at], np.uint8) for part in found.parts] for at in (0, 1))
    count, (rows, columns, channels) = found.facts.training + found.facts.test, found.facts.shape
    pixels_NX = np.concatenate(pixels).reshape(count, -1)
    if found.planes:
        pixels_NPI = pixels_NX[:, 1:].reshape(count, channels, rows * columns).transpose(0, 2, 1).copy()
    else:
        pixels_NPI = pixels_NX.reshape(count, rows * columns, channels)
    labels_N = np.concatenate(labels).astype(np.int64)
    return Images(found.facts, torch.from_numpy(pixels_NPI), torch.from_numpy(labels_N), LARGEST_BYTE)


def _added(name: str) -> Text | Images | None:
    """A data set that was added: in memory, or found in the folder of files of data of this process."""
    sha256 = name.partition("@")[2]
    if sha256 not in _BROUGHT and sha256 and (found := find(sought_in(), name)):
        know(found.facts)
        bring(made_of(found))
    return _BROUGHT.get(sha256)


def _absent(name: str) -> DataError:
    here = ", ".join(short_name(data.facts.name) for data in _BROUGHT.values())
    found = f" (what was read is {here})" if here else ""
    return DataError(
        f"task.data = {short_name(name)}: the data set with this sha256 is not here{found};"
        " name its file, --data PATH or --set task.data=PATH, or put it into the folder SAB_DATA_FILES"
    )


@cache
def _hamlet() -> Text:
    return numbered(HAMLET, _bundled("hamlet.txt", HAMLET.sha256).decode())


@cache
def _digits() -> Images:
    lines = gzip.decompress(_bundled("digits.csv.gz", DIGITS.sha256)).decode().split()
    rows = np.array([line.split(",") for line in lines], np.uint8)
    pixels_NPI = torch.from_numpy(rows[:, :-1].copy()).unsqueeze(-1)
    return Images(DIGITS, pixels_NPI, torch.from_numpy(rows[:, -1].astype(np.int64)), LARGEST_DIGIT)


def _bundled(name: str, sha256: str) -> bytes:
    content = (FOLDER / name).read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DataError(f"{name}: is not the file that this version came with; install it again")
    return content
