"""Coming in by a link, looking without steering, being shut out; and pages into which nobody can smuggle a style."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.conftest import LiveServer, Watch, free_port
from tests.fakes.locked import asker, keys, locked_server
from tests.fakes.nginx import nginx
from tests.fakes.server import Live, in_thread
from tests.faults.test_folder import closed

__all__ = ["closed"]  # a fixture
VIOLATIONS = """window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective} ${event.sourceFile}:${event.lineNumber}`));"""
GREY = ("#train", "#reset", "#compare-methods", "#open-bundle", "#own-run [type=submit]")


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with locked_server(tmp_path_factory.mktemp("locked")) as live:
        yield live


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 800})
    yield made
    made.close()


def link(live: Live, role: str) -> str:
    found: str = live.app.state.door.link(role)
    return found


def plain(page: Page) -> str:
    """The address, without what the page writes of its view behind it."""
    return page.url.partition("#")[0]


def opened(page: Page) -> None:
    """Wait for the picture of the first preset."""
    page.locator("path[data-kind=skip]").first.wait_for(state="attached")


def test_B6_a_link_lets_a_browser_in_and_its_code_leaves_the_address(context: BrowserContext, locked: Live) -> None:
    page = context.new_page()
    asked: list[str] = []
    page.goto(locked.url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Not let in")
    expect(page.get_by_role("listitem").first).to_contain_text("sab link")
    page.on("request", lambda request: asked.append(request.url))
    page.goto(link(locked, "controller"))
    opened(page)
    assert plain(page) == f"{locked.url}/"
    assert len([url for url in asked if "code=" in url]) == 1
    assert page.evaluate("document.cookie") == "", "no script of the page can read it"
    expect(page.locator("#onlooker")).to_have_count(0)
    before = len(locked.http.get("/api/runs").json())  # other tests train on this server too
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.locator("[data-testid=runs] li")).to_have_count(before + 1)
    second = context.new_page()
    second.goto(f"{locked.url}/runs")
    expect(second.locator("tbody tr[data-run]").first).to_be_visible()


def test_B6_a_link_in_a_page_of_another_site_lets_a_browser_in_too(context: BrowserContext, locked: Live) -> None:
    page = context.new_page()
    page.route("http://chat.example/", lambda route: route.fulfill(
        content_type="text/html", body=f'<a href="{link(locked, "controller")}">the lab</a>'))  # fmt: skip
    page.goto("http://chat.example/")
    page.get_by_role("link").click()
    opened(page)
    assert plain(page) == f"{locked.url}/"


def test_B10_a_viewer_sees_what_is_not_theirs_in_grey_and_in_a_word(context: BrowserContext, locked: Live) -> None:
    run = locked.start(name="of the teacher", training={"updates": 1_000_000})
    page = context.new_page()
    page.goto(link(locked, "viewer"))
    opened(page)
    expect(page.locator("#onlooker")).to_contain_text("nothing you do changes a run")
    for selector in GREY:
        expect(page.locator(selector)).to_be_disabled()
        expect(page.locator(selector)).to_have_attribute("title", re.compile("needs a link of controllers"))
    expect(page.locator("input[name=k_top]").first, "a trained network may be asked").to_be_enabled()
    page.get_by_text("Your own run").click()
    upload = page.locator("#own-run [data-form=text]")
    expect(upload, "a text may not be sent").to_be_disabled()
    expect(upload).to_have_attribute("title", re.compile("needs a link of controllers"))
    expect(page.locator("#own-run input[type=file]")).to_be_disabled()
    page.locator("#own-input summary").click()
    own = page.locator("#own-input")
    own.locator("[name=own_input]").fill(own.locator("[name=own_input]").get_attribute("placeholder") or "")
    with page.expect_response("**/api/probe") as answer:
        own.locator("[type=submit]").click()
    assert answer.value.status == 200, "a question of one's own is a look"
    page.goto(f"{locked.url}/#run={run}")
    page.reload()
    note = page.locator("[data-knob=k_top] .knob-note")
    expect(note).to_have_text("only controllers turn the knobs of a run")
    expect(page.locator("#pause")).to_be_disabled()
    page.goto(f"{locked.url}/runs")
    row = page.locator(f"tr[data-run={run}]")
    expect(row.locator("[data-part=star]")).to_be_disabled()
    expect(page.locator("#onlooker")).to_be_visible()
    locked.command(run, "stop")


def test_C21_a_page_over_a_folder_that_can_only_be_read_says_so_and_offers_nothing_else(
    context: BrowserContext, closed: tuple[Path, str]
) -> None:
    folder, run = closed
    with in_thread(folder) as live:
        page = context.new_page()
        page.goto(f"{live.url}/#run={run}")
        opened(page)
        expect(page.locator("#onlooker")).to_contain_text("can only be read")
        for selector in GREY:
            expect(page.locator(selector)).to_be_disabled()
            expect(page.locator(selector)).to_have_attribute("title", re.compile("can only be read"))
        page.goto(f"{live.url}/runs")
        expect(page.locator(f"tr[data-run={run}]").locator("[data-part=star]")).to_be_disabled()
        expect(page.locator("#onlooker")).to_be_visible()


def test_B7_a_page_that_is_shut_out_says_so_and_where_to_read_on(context: BrowserContext, locked: Live) -> None:
    page = context.new_page()
    page.goto(link(locked, "controller"))
    opened(page)
    with asker(locked, "controller") as owner:
        assert owner.delete("/api/links").status_code == 204
    locked.http.headers["Authorization"] = f"Bearer {keys(locked).controller}"
    expect(page.locator("#shut-out")).to_be_visible()
    page.get_by_role("link", name="How to come in again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Not let in")


def test_B7_who_comes_in_again_by_another_tab_finds_the_first_one_as_it_was(
    context: BrowserContext, locked: Live
) -> None:
    page = context.new_page()
    page.goto(link(locked, "controller"))
    opened(page)
    page.locator("input[name=k_top]").first.fill("2")
    with asker(locked, "controller") as owner:
        assert owner.delete("/api/links").status_code == 204
    locked.http.headers["Authorization"] = f"Bearer {keys(locked).controller}"
    expect(page.locator("#shut-out")).to_be_visible()
    context.new_page().goto(link(locked, "controller"))
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")  # a browser without a head never loses it
    expect(page.locator("#shut-out")).to_be_hidden()
    expect(page.locator("input[name=k_top]").first).to_have_value("2")
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.locator("[data-testid=runs] li").first).to_be_visible()


def test_the_page_lives_behind_a_prefix_and_tls(browser: Browser, tmp_path: Path) -> None:
    port = free_port()
    base = f"https://localhost:{port}/lab/sab"
    with (
        locked_server(tmp_path / "data", public_url=base) as live,
        nginx(tmp_path / "nginx", port, live.url, prefix="/lab/sab", tls=True),
    ):
        context = browser.new_context(ignore_https_errors=True, viewport={"width": 1280, "height": 800})
        page = context.new_page()
        beside: list[str] = []
        page.on("request", lambda request: beside.append(request.url))
        page.goto(link(live, "controller"))
        opened(page)
        assert plain(page) == f"{base}/"
        page.get_by_role("button", name="Train", exact=True).click()
        expect(page.locator("[data-testid=runs] li")).to_have_count(1)
        page.wait_for_function("() => Number(document.querySelector('[data-testid=curves]').dataset.update) > 0")
        page.get_by_role("link", name="Runs", exact=True).click()
        page.locator("tr[data-run] [data-part=name]").first.click()
        page.wait_for_url(f"{base}/#run=*")
        page.get_by_role("link", name="Help", exact=True).click()
        page.get_by_role("link", name="back to the pictures").click()
        page.wait_for_url(f"{base}/#*")
        ours = (base, base.replace("https", "wss"), "data:", "blob:")
        assert [url for url in beside if not url.startswith(ours)] == []
        context.close()


@pytest.mark.parametrize("path", ["/", "/runs", "/reproduction", "/help"])
def test_B4_no_page_needs_a_style_or_a_script_that_is_forbidden(
    page: Page, server: LiveServer, watch: Watch, path: str
) -> None:
    page.add_init_script(VIOLATIONS)
    page.goto(server.url + path)
    if path == "/":
        opened(page)
        expect(page.get_by_test_id("attention")).to_have_attribute("data-state", "live", timeout=15_000)
        page.wait_for_function("() => document.querySelector('[data-testid=curves] .main-svg')")
        rules = "document.getElementById('plotly.js-style-global').sheet.cssRules.length"
        assert page.evaluate(rules) > 10, "the styles of the drawing library found their place"
    else:
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("window.violations") == []
    assert watch.errors == []
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<i style=\"color: red\">x</i>')")
    page.wait_for_function("() => window.violations.length === 1")
    watch.errors.clear()  # the browser tells of it there, too
