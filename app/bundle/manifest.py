"""What a bundle holds and how its parts are called: `manifest.json`, which says size and sha256 of every other file.

People read config.json, metrics.csv and snapshots/; a program goes on from run.json, the frames and the checkpoints.
A file of frames is each frame of docs/protocol.md, as it was stored, behind its length (u32, little-endian).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

import pydantic_core
from pydantic import Field, StringConstraints

from sab_visualiser.app.wire.errors import UserError, field_error, shorten, validate
from sab_visualiser.app.wire.requests import Identifier, Strict

FORMAT = "sab-visualiser bundle"
VERSION = 1
"""Raise it with a change that older programs would read wrongly; keep reading the versions before."""
MANIFEST, RUN, CONFIG, METRICS = "manifest.json", "run.json", "config.json", "metrics.csv"
EVENTS, SNAPSHOTS = "frames/events.bin", "frames/snapshots.bin"
TEXT = "text.txt"
"""The text that a run of `char` reads, where that was sent; bundles made before texts travelled have none."""
NEEDED = (RUN, EVENTS, SNAPSHOTS)
"""Without these nothing can be brought in."""
CHECKPOINT = re.compile(r"checkpoint-(\d{1,8})\.safetensors")
TRACE = re.compile(r"snapshots/\d{8}\.json")
MOST_FILES = 4_000
MOST_FRAMES_BYTES = 128 * 2**20
"""Most bytes of one file of frames, unpacked."""
_LENGTH = struct.Struct("<I")
Size = Annotated[int, Field(ge=0, le=2**40)]


class FileFacts(Strict):
    """A file as it was when the bundle was made."""

    size_bytes: Size
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class LeftOut(Strict):
    """A file that the run has and the bundle has not, and why."""

    file: Annotated[str, StringConstraints(max_length=200)]
    reason: Annotated[str, StringConstraints(max_length=200)]


class Manifest(Strict):
    """The bundle's own list of what is in it."""

    format: Literal["sab-visualiser bundle"] = "sab-visualiser bundle"
    version: Literal[1] = 1
    made_by: Annotated[str, StringConstraints(max_length=80)]
    """Version of the program that made it."""
    run: Identifier
    attempt: Annotated[int, Field(ge=1, le=2**31)]
    files: Annotated[dict[str, FileFacts], Field(max_length=MOST_FILES)]
    left_out: Annotated[tuple[LeftOut, ...], Field(max_length=100_000)] = ()


def parse_manifest(raw: bytes) -> Manifest:
    """The manifest that a bundle brought.

    Raises:
        UserError: It is no manifest of ours, or one of a later version.
    """
    try:
        said = pydantic_core.from_json(raw)
    except ValueError as error:
        raise refused(MANIFEST, f"JSON, and it is not: {error}") from None
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise not_ours(f"{MANIFEST} is of another program")
    version = said.get("version")
    if isinstance(version, int) and version > VERSION:
        by = f"sab-visualiser {shorten(said.get('made_by'))}"
        raise refused(
            f"format version {version}, made by {by}",
            f"format versions up to {VERSION}",
            "it was made by a newer version of this program: update this one",
        )
    try:
        return validate(Manifest, raw)
    except UserError as error:
        raise refused(MANIFEST, f"not as it was written: {error.problem.detail}") from None


def checkpoint_name(update: int) -> str:
    """The name of the checkpoint of an update."""
    return f"checkpoint-{update}.safetensors"


def trace_name(update: int) -> str:
    """The name of the snapshot of an update, as people read it."""
    return f"snapshots/{update:08d}.json"


def is_known(name: str) -> bool:
    """Whether a bundle has files of that name."""
    fixed = name in (MANIFEST, RUN, CONFIG, METRICS, EVENTS, SNAPSHOTS, TEXT)
    return fixed or bool(CHECKPOINT.fullmatch(name) or TRACE.fullmatch(name))


def joined(frames: Iterable[bytes]) -> bytes:
    """Frames as one file."""
    return b"".join(part for frame in frames for part in (_LENGTH.pack(len(frame)), frame))


def split(content: bytes, name: str) -> Iterator[bytes]:
    """The frames of one file.

    Raises:
        UserError: A length points beyond the end.
    """
    at = 0
    while at < len(content):
        start = at + _LENGTH.size
        end = start + _LENGTH.unpack_from(content, at)[0] if start <= len(content) else len(content) + 1
        if end > len(content):
            raise refused(f"{name} ends in the middle of a frame", "whole frames, each behind its length")
        yield content[start:end]
        at = end


def refused(found: str, allowed: str, remedy: str = "download the bundle again, and send it as it is") -> UserError:
    """What is said of a bundle that is not accepted: what was found, what belongs there, what to do."""
    return field_error("bundle", found, allowed, remedy)


def not_ours(found: str) -> UserError:
    """What is said of a file that no program of ours made."""
    return refused(
        found, "a bundle of a run", "GET /api/runs/{run_id}/bundle and the button Download bundle of the page make one"
    )
