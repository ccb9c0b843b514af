"""What both languages need to know of a picture's look is spelt in one place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sab_visualiser.app.export.content import look

ROOT = Path(__file__).resolve().parents[4]
SPELT = {"app/export/content/look.py", "static/js/draw/look.js"}
DASHES = [dash for dash in (*look.HOP_DASHES, look.THRESHOLD_DASH) if dash]
COLOUR = re.compile(r"#[0-9a-f]{6}\b", re.IGNORECASE)
THEMES = look.themes((ROOT / "static/css/tokens.css").read_text("utf-8"))


def elsewhere() -> list[tuple[str, str]]:
    paths = [*(ROOT / "app").rglob("*.py"), *(ROOT / "static/js").rglob("*.js")]
    named = [(path.relative_to(ROOT).as_posix(), path) for path in paths]
    return [(place, path.read_text("utf-8")) for place, path in named if place not in SPELT]


@pytest.mark.parametrize("dash", DASHES)
def test_a_dash_pattern_is_spelt_nowhere_else(dash: str) -> None:
    assert [place for place, text in elsewhere() if f'"{dash}"' in text] == []


def test_a_colour_of_a_theme_is_spelt_in_the_style_sheet_alone() -> None:
    themed = {value.lower() for theme in THEMES for value in theme.values()}
    assert len(themed) > 10
    assert [(place, c) for place, text in elsewhere() for c in COLOUR.findall(text) if c.lower() in themed] == []
