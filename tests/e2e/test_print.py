"""On paper: nothing is cut off, drawings keep to one another, and the page says what it shows and where it is from."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.steps import opened
from tests.e2e.test_feature_44_explorable_file import Reader, reader
from tests.fakes.server import eventually

__all__ = ["reader"]

PAPER = {"width": 720, "height": 1000}
"""A4 at 96 px an inch, less what browsers leave free around it."""
CUT = """() => [...document.querySelectorAll('.card')].flatMap(card => {
  const box = card.getBoundingClientRect();
  return [...card.querySelectorAll('svg, canvas, .plot, table, p, h2')]
    .filter(one => one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length)
    .map(one => [one, one.getBoundingClientRect()])
    .filter(([, { left, right, bottom }]) => left < box.left - 1 || right > box.right + 1 || bottom > box.bottom + 1)
    .map(([one]) => `${card.dataset.testid ?? card.id}: ${one.tagName} ${one.getAttribute('class')}`);
})"""
"""What reaches beyond its card."""
APART = """() => [...document.querySelectorAll('.stage')]
  .filter(stage => stage.checkVisibility() && stage.querySelector('.main-svg'))
  .map(stage => [stage.querySelector('.main-svg'), stage])
  .filter(([plot, stage]) => Math.abs(plot.clientWidth - stage.clientWidth) > 1
    || Math.abs(plot.clientHeight - stage.clientHeight) > 1)
  .map(both => both.map(one => `${one.clientWidth} × ${one.clientHeight}`).join(' in '))"""
"""Plots of another size than the layers that lie over them."""


def put_on_paper(page: Page) -> None:
    """What a browser does when somebody prints: the page is told, then laid out for paper."""
    for panel in ("gradient-norms", "attention", "curves"):
        expect(page.get_by_test_id(panel).locator(".main-svg").first).to_be_attached(timeout=20_000)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    page.set_viewport_size(PAPER)  # type: ignore[arg-type]


def reads_well(page: Page) -> None:
    """Nothing is cut, and nothing that can only be pressed is printed."""
    # The window of the test has another size than before, which a page that is printed has not: it draws once more.
    eventually(lambda: page.evaluate(APART) == [])
    assert page.evaluate(CUT) == []
    assert page.evaluate("() => document.documentElement.scrollWidth") <= PAPER["width"]
    for pressed in ("input", "select", "summary", "[role=slider]", "button:not(.term, .link)"):
        expect(page.locator(pressed).locator("visible=true")).to_have_count(0)
    for panel in ("sequence-strip", "paths", "gradient-norms", "attention", "step-detail", "curves", "health"):
        expect(page.get_by_test_id(panel)).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_printed_page_is_whole_and_says_what_it_shows(page: Page, server: LiveServer, theme: str) -> None:
    opened(page, server, f"/#preset=copy&loss_step=43&theme={theme}")
    put_on_paper(page)
    reads_well(page)
    line = page.locator("#paper-line")
    expect(line).to_contain_text(re.compile(r"update [\d,]+ · example 0 · loss step 43 · seed \d+ .*k_top 5"))
    expect(line).to_contain_text(re.compile(rf"SAB Visualiser \d+\.\d+\S* · {re.escape(server.url)}/#.*loss_step=43"))
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(line).to_be_hidden()
    expect(page.locator(".toolbar")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    # Back in the window, drawings have its width again.
    eventually(lambda: page.evaluate(APART) == [])


def test_a_printed_recording_is_whole_and_says_where_it_comes_from(server: LiveServer, reader: Reader) -> None:
    page = reader.open(server.get("/api/export?preset=copy&panel=view&format=html"))
    put_on_paper(page)
    reads_well(page)
    line = page.locator("#paper-line")
    expect(line).to_contain_text(re.compile(r"update 3,750 · example 0 · loss step 40 · seed \d+ .*k_top 5"))
    expect(line).to_contain_text(re.compile(rf"Recorded by SAB Visualiser \S+ on [\d-]+ · {re.escape(server.url)}/#"))
