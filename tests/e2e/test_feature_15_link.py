"""Feature 15: the whole state in a short link, restored in a window that knows nothing of the first."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.steps import opened
from tests.fakes.server import eventually

MAX_LINK_BYTES = 2000
SEEN = """() => {
  const at = (selector) => document.querySelector(selector);
  const value = (selector) => at(selector).value;
  const checked = (name) => at(`input[name=${name}]`).checked;
  const marks = (selector, ...names) =>
    [...document.querySelectorAll(selector)].map((mark) => names.map((name) => mark.getAttribute(name))).sort();
  return {
    preset: value('select[name=preset]'), loss_step: value('input[name=loss_step]'),
    example: value('input[name=example]'), share: value('input[name=share]'),
    whole: checked('whole_loss'), cell: checked('cell_state'), follow: checked('follow'),
    knobs: ['k_top', 'k_trunc', 'k_att'].map((name) => value(`#knob-${name}`)),
    theme: document.documentElement.dataset.theme, choice: value('select[name=theme]'),
    headline: at('#headline').textContent,
    arcs: marks('path[data-kind]', 'data-kind', 'data-reader', 'data-source', 'data-credit', 'opacity'),
    cuts: marks('[data-testid=paths] [data-cut]', 'data-cut'),
    cross: marks('#crosshair [data-cross]', 'data-cross', 'x1'),
    updates: marks('[data-testid]', 'data-testid', 'data-update', 'data-state'),
  };
}"""


def seen(page: Page) -> dict[str, Any]:
    """Everything of the view that a person can read off the page, once all is answered."""
    expect(page.get_by_test_id("paths")).to_have_attribute("data-state", "live", timeout=15_000)
    expect(page.get_by_test_id("attention")).to_have_attribute("data-state", "live", timeout=15_000)
    expect(page.get_by_test_id("gradient-norms")).to_have_attribute("data-state", "live", timeout=15_000)
    looks: list[dict[str, Any]] = []

    def still() -> dict[str, Any] | None:
        looks.append(page.evaluate(SEEN))
        page.wait_for_timeout(100)  # between two looks
        return looks[-1] if len(looks) > 4 and all(look == looks[-1] for look in looks[-4:]) else None

    return dict(eventually(still))


def enter(page: Page, label: str, value: str) -> None:
    field = page.get_by_label(label, exact=True)
    field.fill(value)
    field.press("Enter")


def arranged(page: Page, server: LiveServer) -> None:
    """A view in which nothing is as in the beginning."""
    opened(page, server)
    enter(page, "loss at step", "43")
    enter(page, "example", "2")
    enter(page, "k_top, as a number", "3")
    enter(page, "k_trunc, as a number", "8")
    page.get_by_label("cell state c").check()
    page.locator("select[name=theme]").select_option("dark")
    expect(page.locator("path[data-kind=skip][data-reader='43']").first).to_be_attached(timeout=15_000)
    page.get_by_test_id("paths").locator("input[name=share]").focus()
    page.keyboard.press("End")
    page.get_by_test_id("step-detail").locator("[aria-pressed]", has_text="step ").first.click()


def shared(page: Page) -> str:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_role("status")).to_contain_text("link copied")
    link: str = page.evaluate("navigator.clipboard.readText()")
    return link


def test_the_link_that_share_copies_gives_the_same_view_in_a_private_window(
    page: Page, server: LiveServer, browser: Browser
) -> None:
    arranged(page, server)
    first = seen(page)
    link = shared(page)
    assert len(link.encode()) < MAX_LINK_BYTES
    assert first["theme"] == "dark"
    assert first["knobs"] == ["3", "8", "1"]
    assert (first["loss_step"], first["example"], first["cell"], first["share"]) == ("43", "2", True, "100")
    private = browser.new_context(viewport={"width": 1280, "height": 800})
    other = private.new_page()
    other.goto(link)
    assert seen(other) == first
    assert other.evaluate("location.hash") == page.evaluate("location.hash").replace("&theme=dark", "")
    private.close()


def test_the_names_in_the_link_are_those_of_the_api(page: Page, server: LiveServer) -> None:
    arranged(page, server)
    said = parse_qs(urlsplit(shared(page)).fragment)
    assert {name: values[0] for name, values in said.items() if name != "memory"} == {
        "preset": "copy", "example": "2", "loss_step": "43", "share": "1",
        "k_top": "3", "k_trunc": "8", "cell": "1", "theme": "dark",
    }  # fmt: skip
    assert said["memory"] == [
        page.get_by_test_id("step-detail")
        .locator("[aria-pressed=true]", has_text="step ")
        .inner_text()
        .replace("step ", "")
    ]


def test_a_link_followed_in_the_page_leaves_nothing_of_the_view_before(page: Page, server: LiveServer) -> None:
    opened(page, server)
    untouched = seen(page)
    arranged(page, server)
    page.locator("select[name=theme]").select_option("auto")
    expect(page).to_have_url(re.compile("memory="))
    page.evaluate("location.hash = '#preset=copy'")
    expect(page.locator("#knob-k_top")).to_have_value("5")
    assert seen(page) == untouched


def test_where_the_clipboard_is_denied_the_link_stands_in_a_field(page: Page, server: LiveServer) -> None:
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('denied'))")
    opened(page, server)
    enter(page, "loss at step", "41")
    page.get_by_role("button", name="Share").click()
    dialog = page.get_by_role("dialog", name="Share this view")
    field = dialog.get_by_role("textbox")
    expect(field).to_have_value(f"{server.url}/#preset=copy&loss_step=41")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


@pytest.mark.parametrize("link", ["#preset=nowhere&k_top=2", "#k_top=2"])
def test_a_link_without_a_network_that_is_here_shows_the_first_one_as_the_link_says(
    page: Page, server: LiveServer, link: str
) -> None:
    opened(page, server, f"/{link}")
    expect(page.locator("#knob-k_top")).to_have_value("2")
    if "nowhere" in link:
        expect(page.get_by_role("alert").filter(has_text="nowhere")).to_contain_text("no such preset")


FULL = (
    "#preset=copy&example=2&whole=1&loss_step=43&memory=3&pins=41_45&range=40-44&share=0.9&k_top=4&k_trunc=8&k_att=2"
    "&ko=43-3_42-2&scale=each&cell=1"
)


def test_everything_that_can_be_chosen_travels(page: Page, server: LiveServer, browser: Browser) -> None:
    opened(page, server, f"/{FULL}")
    first = seen(page)
    assert page.evaluate("location.hash") == FULL
    assert [mark for mark in first["cross"] if mark[0] == "pin"] == [["pin", None], ["pin", None]]
    assert first["whole"] is True
    private = browser.new_context(viewport={"width": 1280, "height": 800})
    other = private.new_page()
    other.goto(shared(page))
    assert seen(other) == first
    private.close()


@pytest.mark.parametrize("target", ["run=rdeadbeef", "checkpoint=deadbeef"])
def test_a_link_to_a_network_that_is_gone_shows_the_first_one_and_says_so(
    page: Page, server: LiveServer, target: str, watch: object
) -> None:
    page.goto(f"{server.url}/#{target}")
    expect(page.get_by_test_id("paths")).to_have_attribute("data-state", "live", timeout=20_000)
    expect(page.get_by_role("alert").filter(has_text="deadbeef")).to_contain_text("here is copy instead")
    watch.errors.clear()  # type: ignore[attr-defined]  # Chromium logs the refusals that this test asked for


def test_a_link_that_asks_what_there_is_not_shows_the_network_and_says_what_was_wrong(
    page: Page, server: LiveServer, watch: object
) -> None:
    page.goto(f"{server.url}/#preset=copy&loss_step=9999")
    expect(page.get_by_test_id("paths")).to_have_attribute("data-state", "live", timeout=20_000)
    expect(page.get_by_role("status")).to_contain_text("loss_step = 9999")
    expect(page.get_by_label("loss at step")).to_have_value("40")
    page.goto(f"{server.url}/#preset=copy&k_top=-4")
    expect(page.get_by_role("status")).to_contain_text("left out: k_top = -4")
    watch.errors.clear()  # type: ignore[attr-defined]  # Chromium logs the 422


def test_help_leads_back_to_the_very_view(page: Page, server: LiveServer) -> None:
    arranged(page, server)
    before = seen(page)
    page.get_by_role("link", name="Help").click()
    page.get_by_role("link", name="back to the pictures").click()
    assert {**seen(page), "theme": before["theme"]} == before
