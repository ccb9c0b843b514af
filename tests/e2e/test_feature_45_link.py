"""Feature 45: a link that died without a word is noticed and dialled again; no command is lost or done twice."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.proxy import Proxy
from tests.e2e.runs import call, make_run, wait_for, wait_until

NOTICED_S = 10
TOLD_S = 3
SLACK_S = 20
"""For a machine that does other things too."""


def watching(browser: Browser, proxy: Proxy, run: str) -> Page:
    page = browser.new_page()
    page.goto(f"{proxy.url}/#run={run}")
    expect(page.get_by_test_id("attention")).to_have_attribute("data-state", "live", timeout=20_000)
    expect(page.get_by_role("status")).to_contain_text("updates/s", timeout=20_000)
    assert proxy.sockets == 1
    return page


def test_C14_a_frozen_link_is_noticed_within_ten_seconds_and_the_picture_goes_on(
    browser: Browser, server: LiveServer
) -> None:
    run = make_run(server, "frozen", training={"updates": 200_000})
    wait_until(server, run, 20)
    with Proxy(server) as proxy:
        page = watching(browser, proxy, run)
        proxy.freeze()
        since = time.monotonic()
        while proxy.sockets == 0 and time.monotonic() < since + NOTICED_S + SLACK_S:
            page.wait_for_timeout(100)  # until it is dialled
        assert proxy.sockets == 1, "dialled again"
        shown = page.get_by_test_id("attention").get_attribute("data-update")
        expect(page.get_by_test_id("attention")).not_to_have_attribute("data-update", str(shown), timeout=10_000)
        page.close()
    call(server, "DELETE", f"/api/runs/{run}")


def test_C15_a_command_into_a_dead_link_is_told_in_three_seconds_and_obeyed_once(
    browser: Browser, server: LiveServer
) -> None:
    run = make_run(server, "commanded", training={"updates": 200_000})
    wait_until(server, run, 20)
    with Proxy(server) as proxy:
        page = watching(browser, proxy, run)
        proxy.freeze()
        page.get_by_role("button", name="Pause").click()
        expect(page.get_by_role("status")).to_contain_text("no answer to Pause yet", timeout=(TOLD_S + SLACK_S) * 1000)
        paused = wait_for(server, run, "paused")
        expect(page.get_by_role("status")).to_contain_text("paused", timeout=(NOTICED_S + SLACK_S) * 1000)
        proxy.freeze()
        page.get_by_role("button", name="Step", exact=True).click()
        wait_until(server, run, paused["update"] + 1)
        expect(page.get_by_test_id("runs")).to_have_attribute(
            "data-update", str(paused["update"] + 1), timeout=(NOTICED_S + SLACK_S) * 1000
        )
        assert call(server, "GET", f"/api/runs/{run}")["update"] == paused["update"] + 1, "one step, not two"
        page.close()
    call(server, "DELETE", f"/api/runs/{run}")


def test_a_clock_that_is_set_back_stops_no_picture(browser: Browser, server: LiveServer) -> None:
    run = make_run(server, "back in time", training={"updates": 200_000})
    wait_until(server, run, 20)
    page = browser.new_page()
    page.goto(f"{server.url}/#run={run}")
    expect(page.get_by_test_id("attention")).to_have_attribute("data-state", "live", timeout=20_000)
    page.evaluate("() => { const was = Date.now; Date.now = () => was() - 600_000; }")
    for _ in range(2):
        shown = page.get_by_test_id("attention").get_attribute("data-update")
        expect(page.get_by_test_id("attention")).not_to_have_attribute("data-update", str(shown), timeout=10_000)
    expect(page.get_by_role("status")).to_contain_text(re.compile(r"last frame \d\.\d s ago"))
    page.close()
    call(server, "DELETE", f"/api/runs/{run}")


def test_a_module_that_is_held_back_or_has_another_type_is_named(browser: Browser, server: LiveServer) -> None:
    def as_text(route: Route) -> None:
        route.fulfill(status=200, content_type="text/plain", body="export const x = 1;")

    for spoil in (lambda route: route.abort(), as_text):
        for path in ("/", "/runs"):
            page = browser.new_page()
            page.route("**/js/main.js*", spoil)
            page.route("**/js/runs.js*", spoil)
            page.goto(server.url + path)
            expect(page.locator("#unloaded")).to_contain_text("Part of this page did not load", timeout=10_000)
            expect(page.locator("#unloaded")).to_contain_text("js/main.js" if path == "/" else "js/runs.js")
            page.close()


def test_a_part_that_is_missing_deep_inside_is_noticed_too(browser: Browser, server: LiveServer) -> None:
    page = browser.new_page()
    page.route("**/js/wire/codec.js*", lambda route: route.abort())
    page.goto(server.url)
    expect(page.locator("#unloaded")).to_be_visible(timeout=20_000)
    page.close()


def test_a_browser_without_scripts_is_told_what_it_needs(browser: Browser, server: LiveServer) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for path in ("/", "/runs"):
        page.goto(server.url + path)
        expect(page.locator("noscript .alarm")).to_contain_text("scripts are switched off")
    context.close()


OLDER = """() => {
  if (sessionStorage.getItem('seen')) return;
  sessionStorage.setItem('seen', 'yes');
  new MutationObserver((_, observer) => {
    if (!document.body) return;
    document.body.dataset.version = '0.0.1';
    observer.disconnect();
  }).observe(document, { childList: true, subtree: true });
}"""


def test_a_server_of_another_version_offers_a_reload(browser: Browser, server: LiveServer) -> None:
    page = browser.new_page()
    page.add_init_script(f"({OLDER})()")
    page.goto(server.url)
    expect(page.locator("#newer")).to_contain_text("this page is of version 0.0.1", timeout=20_000)
    expect(page.locator("#newer")).to_be_visible()
    page.locator("#newer button").click()
    expect(page.get_by_test_id("attention")).to_have_attribute("data-state", "live", timeout=20_000)
    expect(page.locator("#newer p")).to_contain_text("this page", use_inner_text=False)
    expect(page.locator("#newer")).to_be_hidden()
    page.close()


VIEWS_ASK = ("/api/health", "/api/tasks", "/api/probe", "/api/hits", "/ws", "/snapshots", "/metrics")
"""What pictures and the link ask for: they keep the picture of before and say that it is old."""


def awake(page: Page) -> list[str]:
    """What a person can press now: elements by a number that they are given."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("button, a[href]:not([href^='#'])")].flatMap((one, index) => {
          if (one.closest("dialog, [popover]") || !one.checkVisibility({ visibilityProperty: true })) return [];
          if (one.disabled || one.getAttribute("aria-disabled") === "true") return [];
          one.dataset.number = String(index);
          return [`[data-number="${index}"]`];
        })"""
    )
    return found


def test_C15_what_needs_a_server_that_is_away_looks_so_and_wakes_when_it_is_back(
    browser: Browser, server: LiveServer
) -> None:
    with Proxy(server) as proxy:
        page = browser.new_page()
        page.goto(proxy.url)
        expect(page.get_by_test_id("attention")).to_have_attribute("data-state", "live", timeout=20_000)
        train = page.get_by_role("button", name="Train", exact=True)
        expect(train).to_be_enabled()
        hint = train.get_attribute("title")
    expect(train).to_be_disabled(timeout=(NOTICED_S + SLACK_S) * 1000)
    expect(page.get_by_role("status")).to_contain_text("the server does not answer, asking again")
    failed: list[str] = []
    page.on("requestfailed", lambda request: failed.append(f"{request.method} {request.url}"))
    pressed = awake(page)
    for one in pressed:
        place = page.locator(one)
        # A press may have taken another button away.
        if place.count() and place.is_visible() and place.is_enabled():
            place.dispatch_event("click")
            page.wait_for_timeout(30)
            page.evaluate("() => document.querySelectorAll('dialog[open]').forEach((one) => one.close())")
    assert len(pressed) > 20
    assert page.url.startswith(proxy.url), "nobody was led away from the picture"
    lost = [one for one in failed if not any(word in one for word in VIEWS_ASK)]
    assert not lost, lost
    page.locator("#train").dispatch_event("click")
    expect(page.get_by_role("status")).to_contain_text("the page goes on asking")
    assert page.locator("#knob-k_top, input[name=k_top]").first.is_disabled()
    with Proxy(server, port=proxy.port):
        expect(train).to_be_enabled(timeout=20_000)
        assert train.get_attribute("title") == hint
        expect(page.locator("[data-away], button[aria-disabled=true]")).to_have_count(0)
        page.close()
