"""Nothing moves under the eye or the hand: every frame of training, pausing, going on, stopping and resetting."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.runs import look_at
from tests.e2e.steps import leave_and_delete, listed_runs, still_box

LONG_MS = 60_000
STILL = (
    ".toolbar",
    "#train",
    "#headline",
    "#answer",
    ".status",
    "#story",
    "[data-testid=sequence-strip] svg.drawing",
    "[data-testid=paths] svg.drawing",
    "[data-testid=gradient-norms] .plot",
    "[data-testid=attention] .stage",
    "[data-knob=k_top]",
    "[data-knob=clip_norm]",
    "#cutting",
    "input[name=loss_step]",
)
WATCH = """places => {
  window.tops = Object.fromEntries(places.map(place => [place, new Set()]));
  const look = () => {
    for (const place of places) {
      const { top } = document.querySelector(place).getBoundingClientRect();
      window.tops[place].add(Math.round(top + scrollY));
    }
    requestAnimationFrame(look);
  };
  look();
}"""
SEEN = "() => Object.fromEntries(Object.entries(window.tops).map(([place, tops]) => [place, [...tops]]))"


def press(page: Page, name: str, then: str) -> None:
    """A press, until the button that it makes possible is there and pictures went by."""
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.get_by_role("button", name=then, exact=True)).to_be_enabled(timeout=LONG_MS)
    still_box(page.locator("#story"))


@pytest.mark.parametrize("width", [1280, 1440])
def test_nothing_moves_when_the_rate_over_many_examples_comes_late(page: Page, server: LiveServer, width: int) -> None:
    held: list[Route] = []
    page.route("**/api/hits*", lambda route: held.append(route))
    page.set_viewport_size({"width": width, "height": 900})
    look_at(page, server, "preset=copy-50")
    expect(page.locator("#cut-note")).not_to_be_empty(timeout=LONG_MS)
    still_box(page.locator("#story"))
    page.evaluate(WATCH, list(STILL))
    assert held
    for route in held:
        route.continue_()
    expect(page.locator("#paths-legend")).to_contain_text("over all", timeout=LONG_MS)
    seen: dict[str, Any] = page.evaluate(SEEN)
    assert {place: tops for place, tops in seen.items() if len(tops) != 1} == {}


@pytest.mark.parametrize("width", [1280, 1440])
def test_no_press_on_a_button_of_the_run_moves_a_picture_a_button_or_a_knob(
    page: Page, server: LiveServer, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    look_at(page, server, "preset=copy-50")
    expect(page.locator("#cut-note")).not_to_be_empty(timeout=LONG_MS)
    still_box(page.locator("#story"))
    page.evaluate(WATCH, list(STILL))
    press(page, "Train", "Pause")
    expect(page.get_by_test_id("curves").locator(".plot path.js-line").first).to_be_attached(timeout=LONG_MS)
    press(page, "Pause", "Resume")
    press(page, "Resume", "Pause")
    press(page, "Stop", "Reset")
    expect(page.locator("#stop")).to_be_disabled(timeout=LONG_MS)
    press(page, "Reset", "Pause")
    seen: dict[str, Any] = page.evaluate(SEEN)
    assert {place: tops for place, tops in seen.items() if len(tops) != 1} == {}
    leave_and_delete(page, server, *listed_runs(page))
