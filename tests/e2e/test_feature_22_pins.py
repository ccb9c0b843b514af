"""Feature 22: up to three steps can be pinned; a second press or Esc lets go; the count is announced."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.steps import opened, printed, probe


@pytest.fixture
def open_page(page: Page, server: LiveServer) -> Page:
    return opened(page, server)


def go_to(page: Page, step: int) -> None:
    field = page.locator("input[name=loss_step]")
    field.fill(str(step))
    field.press("Enter")
    expect(page.locator("#detail-title")).to_have_text(f"Step {step}")
    field.blur()


def pinned(page: Page) -> list[str]:
    return page.locator("[aria-label^='release pin']").all_inner_texts()


def test_a_second_press_of_the_key_lets_the_pin_go(open_page: Page) -> None:
    page = open_page
    go_to(page, 43)
    page.keyboard.press("p")
    expect(page.get_by_role("button", name="release pin 43")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("1 of 3 steps pinned")
    page.keyboard.press("p")
    expect(page.get_by_role("button", name="release pin 43")).to_have_count(0)
    expect(page.get_by_role("status")).not_to_contain_text("pinned")


def test_three_pins_at_most_and_the_button_says_why(open_page: Page) -> None:
    page = open_page
    for step in (41, 42, 43):
        go_to(page, step)
        page.get_by_role("button", name="Pin", exact=True).click()
        expect(page.get_by_role("button", name="Unpin")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("3 of 3 steps pinned")
    go_to(page, 44)
    expect(page.get_by_role("button", name="Pin", exact=True)).to_be_disabled()
    page.keyboard.press("p")
    expect(page.get_by_role("status")).to_contain_text("release one first")
    assert pinned(page) == ["pin 41 ×", "pin 42 ×", "pin 43 ×"]


def test_escape_lets_go_of_the_last_pin_first_and_the_cross_of_any(open_page: Page) -> None:
    page = open_page
    for step in (41, 42, 43):
        go_to(page, step)
        page.keyboard.press("p")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="release pin 43")).to_have_count(0)
    assert pinned(page) == ["pin 41 ×", "pin 42 ×"]
    page.get_by_role("button", name="release pin 41").click()
    expect(page.get_by_role("button", name="release pin 41")).to_have_count(0)
    assert pinned(page) == ["pin 42 ×"]
    expect(page.locator("#crosshair [data-cross=pin][data-step='42']")).to_have_count(1)


def test_pinned_steps_stand_beside_the_chosen_one_with_the_numbers_of_the_api(
    open_page: Page, server: LiveServer
) -> None:
    page = open_page
    go_to(page, 42)
    page.keyboard.press("p")
    go_to(page, 45)
    expect(page.get_by_test_id("step-detail")).to_have_attribute("data-state", "live", timeout=15_000)
    expect(page.locator("table.facts")).to_have_attribute("data-steps", "45 42")
    trace = probe(server, loss_step=45)
    for step in (45, 42):
        column = {
            name: page.locator(f"[data-fact='{name} {step}']").inner_text() for name in ("says", "loss", "weight")
        }
        assert column["says"][0] == trace["task"]["symbols"][trace["predictions"][step]]
        assert printed(column["loss"]) == pytest.approx(trace["loss_T"][step], rel=6e-3)
        row = zip(trace["attention"]["reader"], trace["attention"]["weight"], strict=True)
        assert printed(column["weight"]) == pytest.approx(max(w for reader, w in row if reader == step), rel=6e-3)


def test_pins_come_back_with_the_link(page: Page, server: LiveServer) -> None:
    opened(page, server, "/#preset=copy&pins=41_43")
    expect(page.get_by_role("button", name="release pin 41")).to_be_visible()
    assert pinned(page) == ["pin 41 ×", "pin 43 ×"]
