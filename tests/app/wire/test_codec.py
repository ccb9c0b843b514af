"""Frames come back as they went in, and damaged bytes are refused with a word."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sab_visualiser.app.wire.codec import ALIGNMENT, DTYPES, FrameError, decode, decode_header, encode

LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.sampled_from(sorted(DTYPES.values())).flatmap(
        lambda code: hnp.arrays(np.dtype(code), hnp.array_shapes(min_dims=1, max_dims=2, min_side=0, max_side=5))
    ),
)
KEYS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8).filter(
    lambda k: k not in ("$array", "arrays")
)
MESSAGES = st.dictionaries(
    KEYS,
    st.recursive(LEAVES, lambda c: st.lists(c, max_size=3) | st.dictionaries(KEYS, c, max_size=3), max_leaves=8),
    max_size=5,
)


def same(left: Any, right: Any) -> bool:
    if isinstance(left, np.ndarray):
        return bool(left.dtype == right.dtype and left.shape == right.shape and left.tobytes() == right.tobytes())
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(same(a, b) for a, b in zip(left, right, strict=True))
    return bool(left == right)


@given(MESSAGES)
def test_a_message_survives_the_journey(message: dict[str, Any]) -> None:
    assert same(message, decode(encode(message)))


@given(MESSAGES)
def test_the_payload_and_every_array_start_on_eight_bytes(message: dict[str, Any]) -> None:
    frame = encode(message)
    assert (4 + int.from_bytes(frame[:4], "little")) % ALIGNMENT == 0
    assert all(offset % ALIGNMENT == 0 for _, _, offset in decode_header(frame)["arrays"])


def test_nan_travels_in_arrays_but_never_in_the_header() -> None:
    frame = encode({"x": np.array([np.nan, np.inf, 0], np.float32)})
    assert np.isnan(decode(frame)["x"][0])
    with pytest.raises(FrameError, match="finite"):
        encode({"x": float("nan")})


def test_an_array_the_wire_does_not_know_is_refused() -> None:
    with pytest.raises(FrameError, match="complex128"):
        encode({"x": np.zeros(2, np.complex128)})


def headed(header: bytes) -> bytes:
    """A frame of a header alone."""
    return len(header).to_bytes(4, "little") + header


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"\x01",
        b"\xff\xff\xff\xff{}",
        b"\x02\x00\x00\x00{}",
        b"\x04\x00\x00\x00nope",
        encode({"x": np.zeros(8)})[:-9],
        headed(b'{"x":{"$array":0},"arrays":[["f64",[1],1%s]]}' % (b"0" * 30)),
    ],
)
def test_damaged_bytes_are_refused(frame: bytes) -> None:
    with pytest.raises(FrameError):
        decode(frame)
