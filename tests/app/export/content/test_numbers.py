"""Numbers in exports read exactly as JavaScript would print them."""

from __future__ import annotations

import math
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sab_visualiser.app.export.content.numbers import js_number

PRINTED_BY_NODE = [
    (struct.unpack(">d", bytes.fromhex(bits))[0], text)
    for bits, text in (line.split(" ") for line in (Path(__file__).parent / "js_numbers.txt").read_text().splitlines())
]


def test_every_number_of_the_table_is_printed_as_node_prints_it() -> None:
    assert len(PRINTED_BY_NODE) > 2000
    wrong = [(value, text, js_number(value)) for value, text in PRINTED_BY_NODE if js_number(value) != text]
    assert wrong == []


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_text_reads_back_as_the_same_number_and_has_no_needless_digit(value: float) -> None:
    text = js_number(value)
    assert float(text) == value
    digits = "".join(c for c in text.partition("e")[0] if c.isdigit()).strip("0")
    assert len(digits) <= 17
    if len(digits) > 1:
        shorter = f"{value:.{len(digits) - 2}e}"
        assert float(shorter) != value


@given(st.integers(-(2**53), 2**53))
def test_whole_numbers_have_no_point(value: int) -> None:
    assert js_number(value) == str(value)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_is_refused_with_a_remedy(value: float) -> None:
    with pytest.raises(ValueError, match="empty cell or null"):
        js_number(value)
