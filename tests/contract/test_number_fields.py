"""No field of the page is of the browser's number type, which drops what it cannot read without a word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NATIVE = re.compile(r"\btype\W{1,6}number\b|valueAsNumber|inner-spin-button|stepUp\(|stepDown\(", re.IGNORECASE)
"""Such a field in a template, made by code or picked by a style, and what only such a field can be asked."""
INPUT = re.compile(r"<input\b[^>]*>")
KEYS = re.compile(r'inputmode="([^"]*)"')


def sources() -> Iterator[Path]:
    for folder, kinds in (("templates", {".html"}), ("static/js", {".js"}), ("static/css", {".css"})):
        yield from (path for path in sorted((ROOT / folder).rglob("*")) if path.suffix in kinds)


def without_types(text: str) -> str:
    """A script without its comments, where `number` is a type."""
    return re.sub(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", "", text, flags=re.S)


def test_no_template_script_or_style_has_a_native_number_field() -> None:
    files = list(sources())
    assert len(files) > 300
    found = {}
    for path in files:
        text = path.read_text(encoding="utf-8")
        hits = [one[0] for one in NATIVE.finditer(without_types(text) if path.suffix == ".js" else text)]
        if hits:
            found[path.relative_to(ROOT).as_posix()] = hits
    assert found == {}


@pytest.mark.parametrize(
    "bad",
    [
        '<input type="number" name="T">',
        "<input name=T type=number>",
        'html("input", { type: "number", min: 0 })',
        "field.type = 'number';",
        'field.setAttribute("type", "number");',
        '"<input type=\\"number\\">"',
        '.number input[type="number"] { width: 1px; }',
        "input::-webkit-inner-spin-button {}",
        "const value = field.valueAsNumber;",
    ],
)
def test_the_pattern_catches_every_way_to_make_one(bad: str) -> None:
    assert NATIVE.search(without_types(bad))


def test_every_field_of_a_template_that_takes_digits_says_which_keys_a_phone_shows() -> None:
    asked = {
        keys[1]
        for path in (ROOT / "templates").rglob("*.html")
        for tag in INPUT.findall(path.read_text(encoding="utf-8"))
        if (keys := KEYS.search(tag))
    }
    assert asked == {"numeric", "decimal", "{{ keys }}"}
