"""Feature 6: a fresh profile sees at once where credit goes; one slider kills the long arc and restores it.

How long “at once” is stands in the bench (benchmarks/page.py): a busy machine must not fail a test.
"""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.steps import PANELS, drawn_edges, opened, probe, still_box

LONG_ARC = "path[data-kind=skip][data-reader='40'][data-source='0']"


def test_the_first_arcs_stand_by_themselves_and_the_page_notes_once_when(page: Page, server: LiveServer) -> None:
    page.goto(server.url)
    page.locator("path[data-kind=skip]").first.wait_for(state="attached")
    (mark,) = page.evaluate("performance.getEntriesByName('first-arcs').map(mark => mark.startTime)")
    assert mark > 0


def test_every_panel_of_the_contract_is_there_and_says_what_it_shows(page: Page, server: LiveServer) -> None:
    opened(page, server)
    update = str(probe(server, loss_step=40)["update"])
    for panel in PANELS:
        located = page.get_by_test_id(panel)
        expect(located).to_be_visible()
        assert located.get_attribute("data-state") in {"live", "empty"}, panel
    for panel in ("sequence-strip", "attention", "gradient-norms", "paths"):
        expect(page.get_by_test_id(panel)).to_have_attribute("data-update", update)


def test_the_bundled_picture_is_what_the_network_really_gives(server: LiveServer) -> None:
    bundled = probe(server, loss_step=40)
    computed = probe(server, loss_step=40, share=0.951)
    for name in ("inputs", "predictions", "memories", "cuts", "update", "steps"):
        assert bundled[name] == computed[name], name
    pairs = zip(bundled["attention"]["weight"], computed["attention"]["weight"], strict=True)
    assert max(abs(a - b) for a, b in pairs) < 1e-4
    for rule in ("sab", "truncated", "full"):
        left, right = bundled["gradient_norm"][rule], computed["gradient_norm"][rule]
        assert max(abs(a - b) for a, b in zip(left, right, strict=True)) <= 1e-3 * max(right)


def test_one_labelled_slider_kills_the_long_arc_and_restores_it(page: Page, server: LiveServer) -> None:
    opened(page, server)
    before = drawn_edges(page, "skip")
    slider = page.get_by_role("slider", name="k_top")
    expect(page.locator("[data-knob=k_top] label")).to_contain_text("memories read")
    expect(page.locator("#weights-note")).to_contain_text("Drag k_top to 0")
    expect(page.locator(LONG_ARC)).to_be_visible()
    box = still_box(slider)
    at = box["x"] + 8 + (box["width"] - 16) * 5 / 20
    page.mouse.move(at, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 2, box["y"] + box["height"] / 2, steps=8)
    page.mouse.up()
    expect(page.locator(LONG_ARC)).to_have_count(0, timeout=15_000)
    expect(page.locator("#answer")).to_contain_text("k_top = 0: no written memory is read", timeout=15_000)
    expect(page.locator(".reach.sab")).to_contain_text("39–40", timeout=15_000)
    assert probe(server, loss_step=40, k_top=0)["reach"]["sab"] == [[39, 40]]
    page.mouse.move(box["x"] + 8, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(at, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()
    expect(page.locator("#knob-k_top")).to_have_value("5")
    expect(page.locator(LONG_ARC)).to_be_visible(timeout=15_000)
    expect(page.get_by_test_id("paths")).to_have_attribute("data-state", "live", timeout=15_000)
    assert drawn_edges(page, "skip") == before


def test_nothing_has_to_be_clicked_and_nothing_covers_the_story(page: Page, server: LiveServer) -> None:
    opened(page, server)
    assert page.locator("dialog[open], [popover]:popover-open, #tour-box:not([hidden])").count() == 0
    expect(page.locator(LONG_ARC)).to_be_in_viewport(ratio=1)
