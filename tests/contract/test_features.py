"""docs/features.md lists every feature once, and names only tests and pictures that are there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "features.md").read_text()
ROWS = re.findall(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", PAGE, flags=re.M)
COUNT = 53
LATER = {"27", "30"}


def test_every_feature_stands_there_once_and_in_order() -> None:
    numbers = [int(number) for number, *_ in ROWS]
    assert len(numbers) == COUNT
    assert numbers == sorted(set(numbers))


def test_what_is_built_names_its_test_and_what_is_not_says_where_it_will_go() -> None:
    for number, _, test, status in ROWS:
        if number in LATER:
            assert "later; seam: " in status, number
        else:
            name = test.strip("`")
            assert name.startswith(f"test_feature_{int(number):02}_"), number
            assert (ROOT / "tests" / "e2e" / name).is_file(), name


def test_every_picture_is_there_and_small() -> None:
    pictures = re.findall(r"\]\((screenshots/[^)]+\.png)\)", PAGE)
    assert len(pictures) == 22
    for picture in pictures:
        assert (ROOT / "docs" / picture).stat().st_size < 150_000, picture
