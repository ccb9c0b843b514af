"""The dialog of a figure offers what the server takes: its words, their choices and their ranges."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import pytest

from sab_visualiser.app.export.many.words import MOST_BESIDE, BesideWords
from sab_visualiser.app.export.paper import PaperWords
from sab_visualiser.app.wire.requests import ExportFormat, Rule

ROOT = Path(__file__).resolve().parents[2]
DIALOG = (ROOT / "templates" / "parts" / "export_dialog.html").read_text(encoding="utf-8")
OPTIONS = (ROOT / "static" / "js" / "controls" / "figure" / "options.js").read_text(encoding="utf-8")
MEASURES = {
    name: (float(low), float(high))
    for name, low, high in re.findall(r"(\w+): \{\s*name: [^,]+,\s*low: ([\d.]+),\s*high: ([\d.]+),", OPTIONS)
}
CHOICES = {
    name: set(re.findall(rf'choice\("{name}", "(\w+)"', DIALOG)) for name in re.findall(r'choice\("(\w+)"', DIALOG)
}
TICKS = set(re.findall(r'tick\("(\w+)"', DIALOG))
OF_STEPS = {"from", "to"}


def _literals(field: str) -> set[Any]:
    (words,) = (one for one in get_args(PaperWords.model_fields[field].annotation) if one is not type(None))
    return set(get_args(words))


def test_every_word_of_the_server_has_a_field_and_every_field_a_word() -> None:
    typed = set(re.findall(r'<input name="(\w+)"', DIALOG))
    assert typed - OF_STEPS == set(MEASURES)
    asked = set(MEASURES) | (set(CHOICES) - {"width"}) | TICKS | {"steps"}
    assert typed >= OF_STEPS
    assert asked == set(PaperWords.model_fields) | set(BesideWords.model_fields)


@pytest.mark.parametrize("field", ["font", "colormap", "theme"])
def test_a_choice_has_the_words_of_the_server(field: str) -> None:
    assert CHOICES[field] == _literals(field)


def test_rules_are_those_of_the_server() -> None:
    assert set(re.findall(r'tick\("rules", .*value="(\w+)"', DIALOG)) == set(get_args(Rule))


@pytest.mark.parametrize("field", sorted(MEASURES))
def test_a_number_has_the_range_of_the_server(field: str) -> None:
    limits = PaperWords.model_fields[field].metadata
    low = next(one.ge for one in limits if hasattr(one, "ge"))
    high = next(one.le for one in limits if hasattr(one, "le"))
    assert MEASURES[field] == (low, high)


def test_the_formats_are_those_of_the_server_and_two_of_the_screen() -> None:
    formats = set(re.findall(r'<option value="([\w-]+)">', DIALOG.split('name="format"')[1]))
    assert formats == set(get_args(ExportFormat)) | {"screen-png", "screen-svg"}


def test_the_dialog_names_no_more_beside_curves_than_the_server_draws() -> None:
    beside = (ROOT / "static" / "js" / "controls" / "figure" / "beside.js").read_text(encoding="utf-8")
    assert re.findall(r"const MOST = (\d+);", beside) == [str(MOST_BESIDE)]
