"""Whatever stands in a forged bundle, reading it ends in a run or in a refusal in words, never in another error."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sab_visualiser.app.bundle.manifest import EVENTS, RUN, SNAPSHOTS, joined, split
from sab_visualiser.app.bundle.read import read_bundle
from sab_visualiser.app.runs.kin.branch import Birth
from sab_visualiser.app.wire.codec import ALIGNMENT, decode, encode
from sab_visualiser.app.wire.errors import UserError
from tests.app.bundle.zips import forged, unzipped

BORN = Birth("r0123", "2026-01-01T00:00:00.000+00:00")
WEIRD: list[Any] = [
    *(None, True, -1, 0, 1.5, 10**30, -(10**30), 2**31, float("inf"), float("nan"), "", "x" * 300, "\ud800"),
    *([], {}, [[]], {"$array": 0}, {"$array": 99}, {"$array": "x"}, [["u8", [10**12], 0]], [["f32", [-1], 10**25]]),
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz") / "bundle.zip"


def ends_in_words(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    try:
        read_bundle(path, BORN)
    except UserError as error:
        words = [problem.field for problem in error.problem.errors]
    else:
        words = ["bundle"]
    assert words == ["bundle"]


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Ways to every part of a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at] * bool(at) + [way for key, part in inner for way in places(part, (*at, key))]


def changed(value: Any, data: st.DataObject) -> Any:
    """The value with one of its parts replaced by something weird."""
    copy = json.loads(json.dumps(value))
    *above, last = data.draw(st.sampled_from(places(copy)))
    place = copy
    for step in above:
        place = place[step]
    place[last] = data.draw(st.sampled_from(WEIRD))
    return copy


def with_header(frame: bytes, data: st.DataObject) -> bytes:
    """The frame with something weird in its header."""
    (length,) = struct.unpack_from("<I", frame)
    header = json.dumps(changed(json.loads(frame[4 : 4 + length]), data)).encode("utf-8", "surrogatepass")
    header += b" " * (-(4 + len(header)) % ALIGNMENT)
    return struct.pack("<I", len(header)) + header + frame[4 + length :]


@pytest.mark.parametrize("name", [EVENTS, SNAPSHOTS])
@given(st.data())
@settings(max_examples=150)
def test_something_weird_in_a_frame(bundle: bytes, path: Path, name: str, data: st.DataObject) -> None:
    frames = list(split(unzipped(bundle)[name], name))
    place = data.draw(st.integers(0, len(frames) - 1))
    frames[place] = with_header(frames[place], data)
    ends_in_words(path, forged(bundle, {name: joined(frames)}))


@given(st.data())
@settings(max_examples=150)
def test_something_weird_in_a_trace(bundle: bytes, path: Path, data: st.DataObject) -> None:
    frames = list(split(unzipped(bundle)[SNAPSHOTS], SNAPSHOTS))
    message = decode(frames[0])
    trace = with_header(message["trace"].tobytes(), data)
    frames[0] = encode({**message, "trace": np.frombuffer(trace, np.uint8)})
    ends_in_words(path, forged(bundle, {SNAPSHOTS: joined(frames)}))


@given(st.data())
@settings(max_examples=150)
def test_something_weird_in_the_record(bundle: bytes, path: Path, data: st.DataObject) -> None:
    record = changed(json.loads(unzipped(bundle)[RUN]), data)
    ends_in_words(path, forged(bundle, {RUN: json.dumps(record).encode("utf-8", "surrogatepass")}))


@pytest.mark.parametrize("name", [EVENTS, SNAPSHOTS, RUN])
@given(st.data())
@settings(max_examples=100)
def test_flipped_bytes_under_a_manifest_that_agrees(bundle: bytes, path: Path, name: str, data: st.DataObject) -> None:
    content = bytearray(unzipped(bundle)[name])
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    ends_in_words(path, forged(bundle, {name: bytes(content)}))
