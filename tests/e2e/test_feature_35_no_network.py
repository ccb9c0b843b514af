"""Feature 35: nothing from another machine, and every panel can have the whole window."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.steps import opened, still_box
from tests.e2e.test_feature_25_twins import choose

NAMES = {
    "sequence-strip": "Sequence",
    "paths": "Backtracking paths",
    "gradient-norms": "Gradient norm",
    "attention": "Attention",
    "step-detail": "This step",
    "curves": "Learning",
    "controls": "Knobs",
    "self-proof": "Self-proof",
    "runs": "Runs",
}


def test_the_page_and_its_help_ask_no_other_machine(page: Page, server: LiveServer) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    opened(page, server)
    page.get_by_role("link", name="Help").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    ours = (server.url, server.url.replace("http", "ws"), "data:", "blob:")
    assert [url for url in asked if not url.startswith(ours)] == []


def test_a_page_that_asked_another_machine_would_fail_its_test(browser: Browser) -> None:
    with browser.new_context() as context:
        page, said = context.new_page(), list[str]()
        page.on("console", lambda message: said.append(f"{message.type} {message.text}"))
        page.set_content("<img src='http://elsewhere.example/x.png' onerror='this.alt = 1'>")
        page.wait_for_function("() => document.images[0].alt")
        assert [words for words in said if words.startswith("error") and "ERR_NAME_NOT_RESOLVED" in words]


def test_the_page_works_while_the_machine_is_cut_off_from_every_other(page: Page, server: LiveServer) -> None:
    page.context.route(lambda url: not url.startswith(server.url), lambda route: route.abort())
    opened(page, server)
    expect(page.get_by_test_id("gradient-norms")).to_have_attribute("data-state", "live")


@pytest.mark.parametrize("panel", NAMES)
def test_a_panel_takes_the_whole_window_and_escape_gives_it_back(page: Page, server: LiveServer, panel: str) -> None:
    opened(page, server)
    located = page.get_by_test_id(panel)
    opener = page.get_by_role("button", name=f"More: {NAMES[panel]}")
    opener.scroll_into_view_if_needed()  # as pressing it does: places are those in the window
    before = still_box(located)
    choose(page, NAMES[panel], "Maximise")
    card = page.locator(".maximised")
    expect(card).to_have_count(1)
    assert still_box(card) == {"x": 0, "y": 0, "width": 1280, "height": 800}
    grown = still_box(located)
    assert grown["height"] > before["height"]
    expect(opener).to_be_focused()
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(opener).to_be_focused()
    assert still_box(located) == before


def test_what_lies_behind_a_grown_panel_cannot_be_reached_and_the_selection_stays(
    page: Page, server: LiveServer
) -> None:
    opened(page, server)
    page.locator("input[name=loss_step]").fill("43")
    page.locator("input[name=loss_step]").press("Enter")
    choose(page, "Attention", "Maximise")
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('.maximised')"
        )
    page.keyboard.press("Escape")
    expect(page.locator("input[name=loss_step]")).to_have_value("43")
