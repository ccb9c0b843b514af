"""Feature 33: the theme follows the system and a switch, every mark is redrawn; rest where it is asked for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.steps import opened
from tests.fakes.server import eventually

TOKENS = (Path(__file__).resolve().parents[2] / "static" / "css" / "tokens.css").read_text()
LINES = ("sab", "truncated", "full", "source", "accent", "warn")
TEXTS = ("text", "muted", "accent", "warn", "truncated-text")
COLOURS = """() => ({
  arc: document.querySelector('path[data-kind=skip]').getAttribute('stroke'),
  lines: document.querySelector('[data-testid=gradient-norms] .plot').data
    .map((line) => line.line?.color ?? line.marker.color),
  ground: getComputedStyle(document.querySelector('.card')).backgroundColor,
  letters: getComputedStyle(document.querySelector('.letter')).fill,
})"""


def tokens(theme: str) -> dict[str, str]:
    """The custom properties in force under a theme."""
    light, dark = TOKENS.split(':root[data-theme="dark"]')
    pattern = r"--([\w-]+):\s*(#[0-9a-f]{6})"
    return dict(re.findall(pattern, light)) | (dict(re.findall(pattern, dark)) if theme == "dark" else {})


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", LINES)
def test_lines_and_marks_stand_out_three_to_one(theme: str, name: str) -> None:
    colours = tokens(theme)
    assert contrast(colours[name], colours["panel"]) >= 3


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", TEXTS)
def test_words_stand_out_four_and_a_half_to_one(theme: str, name: str) -> None:
    colours = tokens(theme)
    for ground in ("panel", "ground"):
        assert contrast(colours[name], colours[ground]) >= 4.5, ground
    assert contrast(colours["on-accent"], colours["accent"]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_methods_can_be_told_apart_without_colour(page: Page, server: LiveServer, theme: str) -> None:
    opened(page, server, f"/#preset=copy&theme={theme}")
    expect(page.get_by_test_id("gradient-norms")).to_have_attribute("data-state", "live", timeout=15_000)
    looks = page.evaluate(
        """() => document.querySelector('[data-testid=gradient-norms] .plot').data
          .filter((line) => line.mode.includes('lines'))
          .map((line) => [line.line.dash, line.marker.symbol].join(' '))"""
    )
    assert len(looks) == len(set(looks)) == 3


def test_every_mark_is_redrawn_when_the_system_or_the_switch_changes(page: Page, server: LiveServer) -> None:
    page.emulate_media(color_scheme="light")
    opened(page, server)
    expect(page.get_by_test_id("gradient-norms")).to_have_attribute("data-state", "live", timeout=15_000)
    light = page.evaluate(COLOURS)
    assert light["arc"] == tokens("light")["sab"]
    page.emulate_media(color_scheme="dark")
    eventually(lambda: all(value != light[name] for name, value in page.evaluate(COLOURS).items()))
    assert page.evaluate(COLOURS)["arc"] == tokens("dark")["sab"]
    page.locator("select[name=theme]").select_option("light")
    eventually(lambda: page.evaluate(COLOURS) == light)
    page.reload()
    page.locator("path[data-kind=skip]").first.wait_for(state="attached")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"


def test_nothing_moves_by_itself_where_a_person_asked_for_rest(page: Page, server: LiveServer) -> None:
    page.emulate_media(reduced_motion="reduce")
    opened(page, server)
    page.wait_for_timeout(500)  # nothing begins by itself
    running = "document.getAnimations().filter(one => one.playState === 'running').length"
    assert page.evaluate(running) == 0
    expect(page.get_by_role("button", name="play the backward pass")).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.querySelector('#dot')).animationName") == "none"


def test_on_paper_the_page_is_light_and_without_controls(page: Page, server: LiveServer) -> None:
    opened(page, server, "/#preset=copy&theme=dark")
    assert page.evaluate(COLOURS)["arc"] == tokens("dark")["sab"]
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    assert page.locator("path[data-kind=skip]").first.get_attribute("stroke") == tokens("light")["sab"]
    for gone in (".toolbar", ".actions", "[data-testid=controls]", ".tools", "#pin", "#range"):
        expect(page.locator(gone).first).to_be_hidden()
    for stays in ("paths", "gradient-norms", "attention", "step-detail", "sequence-strip"):
        expect(page.get_by_test_id(stays)).to_be_visible()
    line = page.locator("#paper-line")
    expect(line).to_be_visible()
    expect(line).to_have_text(
        re.compile(
            r"copy T=30 · delays 1–30 mixed · sab · update [\d,]+ · example 0 · loss step 40 · seed \d+ .*k_top 5"
        )
    )
    page.emulate_media(media="screen")
    expect(line).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
