"""Feature 34: 360 × 740 without sideways scroll; a tap chooses, a drag over a chart scrolls the page; 320 px too."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.steps import still_box
from tests.fakes.server import eventually

WIDEST = """() => {
  const held = (one) => one !== null && one !== document.body
    && (/auto|scroll|hidden/.test(getComputedStyle(one).overflowX) || held(one.parentElement));
  return [...document.querySelectorAll('body *')].filter((element) => {
    const { right, width, height } = element.getBoundingClientRect();
    const wide = width > 1 && height > 1 && right > innerWidth + 1;
    return wide && !held(element.parentElement) && !element.closest('.unseen, svg');
  }).map((element) => element.outerHTML.slice(0, 80));
}"""
SMALL = """() => [...document.querySelectorAll('button, select, summary, input')]
  .filter((element) => !['range', 'checkbox', 'radio'].includes(element.type))
  .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest('.unseen'))
  .map((element) => [element.outerHTML.slice(0, 70), element.getBoundingClientRect()])
  .filter(([, box]) => box.width > 0 && (box.width < 24 || box.height < 24)).map(([name]) => name)"""


def swipe(page: Page, x: float, y: float, by: float) -> None:
    """A finger that is put down, dragged and lifted."""
    touch = page.context.new_cdp_session(page)

    def send(kind: str, *points: dict[str, float]) -> None:
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})
        page.wait_for_timeout(16)

    send("touchStart", {"x": x, "y": y})
    for part in range(1, 13):
        send("touchMove", {"x": x, "y": y + by * part / 12})
    send("touchEnd")
    touch.detach()


@pytest.mark.parametrize("width", [360, 320])
def test_nothing_is_wider_than_the_window(phone: Page, width: int) -> None:
    phone.set_viewport_size({"width": width, "height": 740})
    phone.wait_for_timeout(300)  # nothing that is drawn late is wider
    assert phone.evaluate("document.documentElement.scrollWidth") <= width
    assert phone.evaluate(WIDEST) == []
    for panel in ("Backtracking paths", "Attention"):
        phone.get_by_role("button", name=f"More: {panel}").click()
        phone.locator("#panel-menu").get_by_role("button", name="Show words").click()
    phone.get_by_text("Your own run").click()
    phone.wait_for_timeout(300)  # nothing that is drawn late is wider
    assert phone.evaluate("document.documentElement.scrollWidth") <= width
    assert phone.evaluate(WIDEST) == []


def test_a_tap_chooses_a_step_and_a_cell(phone: Page) -> None:
    strip = still_box(phone.get_by_test_id("sequence-strip").locator("svg.drawing"))
    phone.touchscreen.tap(strip["x"] + strip["width"] * 0.9, strip["y"] + 50)
    expect(phone.locator("#headline")).not_to_contain_text("step 40", timeout=10_000)
    stage = phone.get_by_test_id("attention").locator(".stage")
    stage.scroll_into_view_if_needed()
    box = still_box(stage)
    phone.touchscreen.tap(box["x"] + 60, box["y"] + box["height"] * 0.6)
    expect(phone.get_by_test_id("attention").locator("[data-cross=cell]")).to_have_count(1)


@pytest.mark.parametrize("panel", ["sequence-strip", "paths", "gradient-norms", "attention"])
def test_the_page_scrolls_when_a_finger_is_dragged_over_a_chart(phone: Page, panel: str) -> None:
    drawing = phone.get_by_test_id(panel).locator("svg.drawing, .stage").first
    drawing.scroll_into_view_if_needed()
    headline = phone.locator("#headline").inner_text()
    box = still_box(drawing)
    before = phone.evaluate("scrollY")
    swipe(phone, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, -120)
    eventually(lambda: phone.evaluate("scrollY") > before + 60)
    assert phone.locator("#headline").inner_text() == headline, "a drag is not a tap"


def test_the_knobs_come_up_from_below_while_the_arcs_stay_in_view(phone: Page) -> None:
    phone.get_by_test_id("paths").evaluate("panel => panel.scrollIntoView({ block: 'start' })")
    phone.get_by_role("button", name="Knobs", exact=True).tap()
    k_top = phone.get_by_role("slider", name="k_top")
    expect(k_top).to_be_in_viewport()
    expect(phone.get_by_test_id("paths").locator("h2")).to_be_in_viewport()
    for _ in range(5):
        phone.get_by_role("button", name="decrease k_top").tap()
    expect(phone.locator("path[data-kind=skip]")).to_have_count(0, timeout=15_000)
    phone.get_by_role("button", name="Close knobs").tap()
    expect(k_top).not_to_be_in_viewport()


def test_whatever_can_be_pressed_is_as_large_as_a_finger_needs_it(phone: Page) -> None:
    assert phone.evaluate(SMALL) == []


HALF_HIDDEN = """() => [...document.querySelectorAll('body *')]
  .filter((one) => getComputedStyle(one).position === 'fixed' && one.checkVisibility({ visibilityProperty: true }))
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([one, box]) => box.width > 1 && box.height > 1 && getComputedStyle(one).pointerEvents !== 'none')
  .filter(([_, box]) => box.left > 0 || box.right < innerWidth).map(([one]) => one.outerHTML.slice(0, 80))"""
LOWEST = """() => Math.max(...[...document.querySelectorAll('footer p')].filter((one) => one.checkVisibility())
  .map((one) => one.getBoundingClientRect().bottom))"""


def test_what_floats_hides_no_end_of_a_line_and_the_last_line_can_be_read(phone: Page) -> None:
    handle = phone.get_by_role("button", name="Knobs", exact=True)
    for part in range(6):
        phone.evaluate("part => scrollTo(0, part * document.documentElement.scrollHeight / 5)", part)
        expect(handle).to_be_in_viewport()
        assert phone.evaluate(HALF_HIDDEN) == [], "it goes over the whole width or not at all"
    assert phone.evaluate(LOWEST) <= still_box(handle)["y"]
    handle.tap()
    assert phone.evaluate(HALF_HIDDEN) == []


def test_what_has_the_focus_is_not_under_the_bar(phone: Page) -> None:
    bar = phone.get_by_role("button", name="Knobs", exact=True)
    for name in ("Prove it", "Pin as baseline", "Keys"):
        phone.evaluate("scrollTo(0, 0)")
        control = phone.get_by_role("button", name=name, exact=True)
        control.focus()
        box = still_box(control)
        assert box["y"] + box["height"] <= still_box(bar)["y"], name
