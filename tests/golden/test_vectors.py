"""The stored golden vectors are what the codec writes today; the page reads the same files."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from sab_visualiser.app.wire.codec import decode, encode

HERE = Path(__file__).parent
SPEC = importlib.util.spec_from_file_location("golden_vectors", HERE / "vectors.py")
assert SPEC is not None
assert SPEC.loader is not None
golden = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(golden)


@pytest.mark.parametrize("name", sorted(golden.vectors()))
def test_a_stored_frame_is_what_the_codec_writes(name: str) -> None:
    message = golden.vectors()[name]
    assert (HERE / f"{name}.bin").read_bytes() == encode(message)
    assert (HERE / f"{name}.json").read_text("utf-8") == golden.text(message)


@pytest.mark.parametrize("name", sorted(golden.vectors()))
def test_a_stored_frame_reads_back_as_the_message(name: str) -> None:
    assert golden.spelled(decode((HERE / f"{name}.bin").read_bytes())) == golden.spelled(golden.vectors()[name])


def test_no_vector_lies_about_without_a_message() -> None:
    assert {path.stem for path in HERE.glob("*.bin")} == set(golden.vectors())
