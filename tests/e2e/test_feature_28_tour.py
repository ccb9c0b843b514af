"""Feature 28: five stops; each link of their texts sets the state and brings its figure into view; left and resumed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.steps import opened
from tests.fakes.server import eventually

STOPS = 5
IN_VIEW = """figure => {
  const { top, bottom, height } = figure.getBoundingClientRect();
  return Math.min(bottom, innerHeight) - Math.max(top, 0) >= Math.min(height, innerHeight) * 0.4;
}"""


def tour(page: Page, server: LiveServer, stop: int = 0) -> Locator:
    opened(page, server)
    page.get_by_role("button", name="Tour").click()
    box = page.locator("#tour-box")
    for _ in range(stop):
        box.get_by_role("button", name="Next").click()
    expect(box).to_contain_text(f"{stop + 1} of {STOPS}")
    return box


@pytest.mark.parametrize("stop", range(STOPS))
@pytest.mark.parametrize("size", [(1280, 800), (360, 740)])
def test_every_link_sets_the_state_that_it_names_and_brings_its_figure_into_view(
    page: Page, server: LiveServer, stop: int, size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(reduced_motion="reduce")
    box = tour(page, server, stop)
    links = box.locator("a[href]")
    assert links.count() >= 1
    figure = page.locator(".toured")
    for place in range(links.count()):
        wanted = links.nth(place).get_attribute("href")
        links.nth(place).click()
        expect(page).to_have_url(f"{server.url}/{wanted}")
        expect(figure).to_have_count(1)
        eventually(lambda: figure.evaluate(IN_VIEW))


def test_the_first_stop_is_the_path_of_thirty_seconds(page: Page, server: LiveServer) -> None:
    box = tour(page, server)
    long_arc = page.locator("path[data-kind=skip][data-reader='40'][data-source='0']")
    expect(long_arc).to_be_visible()
    box.get_by_role("link", name="take the memories away").click()
    expect(long_arc).to_have_count(0, timeout=15_000)
    expect(page.locator("#knob-k_top")).to_have_value("0")
    expect(page.get_by_test_id("step-detail")).to_contain_text("✗", timeout=15_000)
    box.get_by_role("link", name="Give them back").click()
    expect(long_arc).to_be_visible(timeout=15_000)
    box.get_by_role("link", name="knock out only the arc").click()
    expect(page.locator("#knocked-out")).to_contain_text("40 → 0", timeout=15_000)
    expect(page.get_by_test_id("step-detail")).to_contain_text("✗", timeout=15_000)


def test_leaving_brings_the_view_from_before_back_and_the_tour_resumes_where_it_was_left(
    page: Page, server: LiveServer
) -> None:
    opened(page, server, "/#preset=copy&loss_step=43&k_trunc=8")
    page.get_by_role("button", name="Tour").click()
    box = page.locator("#tour-box")
    for _ in range(2):
        box.get_by_role("button", name="Next").click()
    expect(box).to_contain_text("3 of 5")
    box.get_by_role("button", name="Leave").click()
    expect(box).to_be_hidden()
    expect(page.get_by_role("button", name="Tour")).to_be_focused()
    expect(page).to_have_url(f"{server.url}/#preset=copy&loss_step=43&k_trunc=8")
    opened(page, server)
    page.get_by_role("button", name="Tour").click()
    expect(box).to_contain_text("3 of 5")
    box.get_by_role("button", name="From the start").click()
    expect(box).to_contain_text("1 of 5")


def test_the_tour_can_be_walked_by_keyboard_alone_and_escape_leaves_it(page: Page, server: LiveServer) -> None:
    opened(page, server)
    page.get_by_role("button", name="Tour").focus()
    page.keyboard.press("Enter")
    box = page.locator("#tour-box")
    for stop in range(STOPS):
        expect(box).to_contain_text(f"{stop + 1} of {STOPS}")
        expect(box.locator("h2")).to_be_focused()
        if stop == STOPS - 1:
            break
        for _ in range(20):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent") == "Next":
                break
        page.keyboard.press("Enter")
    page.get_by_test_id("step-detail").click()
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()


def test_the_last_stop_leads_to_a_network_of_ones_own(page: Page, server: LiveServer) -> None:
    box = tour(page, server, STOPS - 1)
    box.get_by_role("button", name="start a network of your own").click()
    expect(box).to_be_hidden()
    expect(page.locator("#run-form")).to_be_visible()
    expect(page.locator("[name='task.name']")).to_be_focused()
