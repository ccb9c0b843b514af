"""docs/reliability.md has a row for every promise, and each row names all tests that carry its id, and no others."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "reliability.md").read_text()
ROWS = {
    name: re.findall(r"`(tests/[^`]+)`", tests)
    for name, tests in re.findall(r"^\| ([BC]\d+) \| [^|]+ \| ([^|]+) \|$", PAGE, flags=re.M)
}
PROMISED = [*(f"B{number}" for number in range(1, 21)), *(f"C{number}" for number in range(1, 29))]
CARRIES = re.compile(r"""^\s*(?:async )?def test_([BC]\d+)_|\btest\(\s*["'`]([BC]\d+): """, flags=re.M)


def carried() -> dict[str, set[str]]:
    """By id: the files with tests that carry it."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / "tests").rglob("*"):
        if (path.name.startswith("test_") and path.suffix == ".py") or path.name.endswith(".test.js"):
            for match in CARRIES.finditer(path.read_text("utf-8")):
                found.setdefault(match[1] or match[2], set()).add(str(path.relative_to(ROOT)))
    return found


def test_every_promise_has_one_row_and_rows_are_in_order() -> None:
    assert re.findall(r"^\| ([BC]\d+) \|", PAGE, flags=re.M) == PROMISED
    assert list(ROWS) == PROMISED, "each row has an id, a promise and tests"


@pytest.mark.parametrize("name", PROMISED)
def test_a_row_names_all_tests_that_carry_its_id_and_no_others(name: str) -> None:
    files = ROWS[name]
    assert files
    assert len(files) == len(set(files))
    assert set(files) == carried().get(name, set())


def test_no_test_carries_an_id_that_has_no_row() -> None:
    assert set(carried()) <= set(ROWS)
