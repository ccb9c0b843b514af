"""The table of runs when it is long, on a phone, by the keyboard, and as a link; what it can do: feature 41."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.runs import call
from tests.e2e.test_feature_25_twins import serious
from tests.e2e.test_feature_34_phone import SMALL, WIDEST
from tests.e2e.test_feature_41_runs_table import ids, shown, three
from tests.e2e.test_live_run import eventually


def many(template: dict[str, Any], count: int) -> list[dict[str, Any]]:
    """So many runs like one, newest first."""
    stamp = "2025-01-01T{:02}:{:02}:{:02}Z"
    times = [stamp.format(n // 3600, n // 60 % 60, n % 60) for n in range(count)]
    runs = [{**template, "id": f"r{n:05}", "name": f"run {n}", "created": time} for n, time in enumerate(times)]
    return runs[::-1]


def test_of_four_thousand_runs_only_those_in_view_are_in_the_page(page: Page, server: LiveServer) -> None:
    run = three(server)[0]
    all_of_them = many(call(server, "GET", f"/api/runs/{run}"), 4000)
    places = {one["id"]: place for place, one in enumerate(all_of_them)}

    def answer(route: Route) -> None:
        query = parse_qs(urlsplit(route.request.url).query)
        first = places[query["after"][0]] + 1 if "after" in query else 0
        part = all_of_them[first : first + int(query["limit"][0])]
        route.fulfill(json=part, headers={"X-Total-Count": str(len(all_of_them))})

    page.route(re.compile(r"/api/runs\?"), answer)
    table = shown(page, server)
    expect(page.locator("#list-count")).to_have_text("4,000 runs")
    frame = table.locator(".frame")
    assert len(ids(table)) < 60
    frame.evaluate("frame => { frame.scrollTop = frame.scrollHeight }")
    expect(table.get_by_role("link", name="run 0", exact=True)).to_be_in_viewport(timeout=20_000)
    assert len(ids(table)) < 60
    frame.evaluate("frame => { frame.scrollTop = frame.scrollHeight / 2 }")
    expect(table.get_by_role("link", name="run 2000", exact=True)).to_be_in_viewport()
    expect(table.get_by_role("table")).to_have_attribute("aria-rowcount", "4001")


def test_the_table_is_gone_through_by_the_keyboard(page: Page, server: LiveServer) -> None:
    three(server)
    table = shown(page, server)
    table.get_by_role("checkbox", name="Choose mole").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(table.get_by_role("checkbox", name="Choose ant")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("#choice-words")).to_have_text("2 runs chosen")
    page.keyboard.press("F2")
    expect(table.get_by_role("form").get_by_label("Name")).to_be_focused()
    page.keyboard.press("Escape")
    expect(table.get_by_role("form")).to_have_count(0)


def test_a_link_shows_the_same_table(page: Page, server: LiveServer) -> None:
    runs = three(server)
    table = shown(page, server)
    table.get_by_role("searchbox", name="Filter").fill("copy")
    table.get_by_role("columnheader", name="Name").get_by_role("button").click()
    table.get_by_role("checkbox", name="Choose ant").check()
    table.get_by_role("checkbox", name="Choose zebra").check()
    eventually(lambda: all(part in page.evaluate("location.hash") for part in ("sort=name", "runs=", "filter=copy")))
    other = shown(page, server, page.evaluate("location.hash"))
    eventually(lambda: ids(other) == [runs[1], runs[2], runs[0]])
    expect(other.get_by_role("checkbox", name="Choose ant")).to_be_checked()
    expect(other.get_by_role("checkbox", name="Choose zebra")).to_be_checked()
    expect(page.locator("#choice-words")).to_have_text("2 runs chosen")


@pytest.mark.parametrize("width", [360, 320])
def test_on_a_phone_nothing_is_wider_than_the_window_and_all_is_large_enough(
    phone: Page, server: LiveServer, width: int
) -> None:
    three(server)
    phone.set_viewport_size({"width": width, "height": 740})
    table = shown(phone, server)
    table.get_by_role("checkbox", name="Choose ant").check()
    table.get_by_role("checkbox", name="Choose mole").check()
    table.get_by_role("button", name="Edit name, note and tags of mole").click()
    expect(phone.get_by_test_id("compare").locator(".compared")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= width
    assert phone.evaluate(WIDEST) == []
    assert phone.evaluate(SMALL) == []


def test_axe_finds_nothing_serious_in_either_theme(page: Page, server: LiveServer) -> None:
    three(server)
    table = shown(page, server, "#by=method")
    table.get_by_role("checkbox", name="Choose all runs of this list").check()
    table.get_by_role("button", name="Edit name, note and tags of mole").click()
    expect(page.get_by_test_id("compare").locator(".plot .main-svg").first).to_be_visible(timeout=20_000)
    for theme in ("light", "dark"):
        page.locator("select[name=theme]").select_option(theme)
        assert serious(page) == [], theme
