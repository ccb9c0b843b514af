"""A mark a seed: names on the axis of places stand apart."""

from __future__ import annotations

import pytest

from sab_visualiser.app.export.print.many.seeds import apart


@pytest.mark.parametrize(
    ("places", "shown"),
    [
        (
            ["SAB\n5", "SAB\n10", "TBPTT\n5", "BPTT", "attention"],
            ["SAB\n5", "SAB\n10", "TBPTT\n5", "BPTT", "\nattention"],
        ),
        (["a", "b", "BPTT", "attention", "SAB"], ["a", "b", "BPTT", "\nattention", "SAB"]),
        (["T = 100", "T = 200"], ["T = 100", "T = 200"]),
        (list("abcdef"), list("abcdef")),
    ],
)
def test_a_long_name_beside_another_stands_a_line_lower(places: list[str], shown: list[str]) -> None:
    assert apart(places) == shown
