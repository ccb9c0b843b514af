"""The table of runs when it is long, on a phone, by the keyboard, and as a link; what it can do: feature 41."""

from __future__ import annotations

import base64
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import LiveServer, Watch
from tests.e2e.runs import call
from tests.e2e.test_feature_25_twins import serious
from tests.e2e.test_feature_34_phone import SMALL, WIDEST
from tests.e2e.test_feature_41_runs_table import ids, shown, three
from tests.e2e.test_feature_43_bundles import DROP
from tests.fakes.server import eventually


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


CUT = """() => [...document.querySelectorAll('.frame :is(.verdict, .status-word, .start, .imported)')]
  .filter((word) => word.checkVisibility() && word.textContent)
  .filter((word) => { const [box, row] = [word, word.closest('tr')].map((one) => one.getBoundingClientRect());
    const end = Math.min(row.right, word.closest('.frame').getBoundingClientRect().right);
    const cell = word.closest('td').getBoundingClientRect();
    const foot = cell.width ? Math.min(cell.bottom, row.bottom) : row.bottom;
    return box.bottom > foot + 1 || box.right > (cell.width ? cell.right : end) + 1
      || word.scrollWidth > word.clientWidth + 1 && getComputedStyle(word).display !== 'inline'; })
  .map((word) => word.textContent)"""
LONG = "copy T=10 · sparse attention, a name that is longer than two lines of the column can hold by far"
AT_CHANCE = {"word": "at chance", "label": "at chance", "sentence": "", "advice": "", "update": None}
BEST = {"metric": "accuracy", "value": 0.5, "update": 100}
WORDS = [
    ("learned", "learned at 9,999,999", "interrupted"),
    ("standing still", "standing still", "stopped"),
    ("attention dead", "attention dead", "diverged"),
    ("scorer saturated", "scorer saturated", "failed"),
    ("learned", "learned at 9,999,999", "paused"),
]


@pytest.mark.parametrize("width", [1280, 360])
def test_no_word_on_what_became_of_a_run_is_cut_and_rows_keep_their_height(
    page: Page, server: LiveServer, width: int
) -> None:
    run = call(server, "GET", f"/api/runs/{three(server)[0]}")
    imported = {"run": "r1", "started": "2025-11-28T20:44:00Z"}
    rows = [
        {**run, "id": f"r{n}", "name": LONG, "status": status, "imported": imported, "updates": 10**7}
        | {"verdict": {**AT_CHANCE, "word": word, "label": label}, "best": {**BEST, "value": 0.0123}}
        | {"spec": {**run["spec"], "training": {**run["spec"]["training"], "seed": 2**31 - 1}}}
        for n, (word, label, status) in enumerate(WORDS)
    ]
    page.route(re.compile(r"/api/runs\?"), lambda route: route.fulfill(json=rows, headers={"X-Total-Count": "5"}))
    page.set_viewport_size({"width": width, "height": 800})
    table = shown(page, server)
    expect(table.locator("tr[data-run]")).to_have_count(5)
    assert page.evaluate(CUT) == []
    heights = table.locator("tr[data-run]").evaluate_all("rows => rows.map((row) => row.offsetHeight)")
    wanted = table.locator(".frame").evaluate("frame => parseFloat(getComputedStyle(frame).getPropertyValue('--row'))")
    assert set(heights) == {wanted}


def test_a_long_name_and_folded_tags_are_read_whole_by_pointer_and_keyboard(page: Page, server: LiveServer) -> None:
    run = three(server)[0]
    tags = ["paper", "for the appendix of it", "again", "k_top 5"]
    call(server, "PATCH", f"/api/runs/{run}", {"name": LONG, "tags": tags})
    table = shown(page, server)
    row = table.locator(f"tr[data-run='{run}']")
    tip = page.get_by_role("tooltip")
    for part, words in (("name", LONG), ("tags", "k_top 5")):
        row.locator(f"[data-part={part}]").focus()
        expect(tip).to_contain_text(words)
        page.keyboard.press("Escape")
        expect(tip).to_be_hidden()
        row.locator(f"[data-part={part}]").hover()
        expect(tip).to_contain_text(words)
        page.mouse.move(0, 0)
    expect(row.locator("[data-part=tags]")).to_have_text("+2")
    table.locator("tr[data-run] [data-part=name]").first.focus()
    expect(tip).to_be_hidden()


def test_a_bundle_that_is_dropped_comes_to_the_list_marked_as_imported_and_a_bad_one_is_named(
    page: Page, server: LiveServer, watch: Watch
) -> None:
    run = three(server)[0]
    before = call(server, "GET", f"/api/runs/{run}")
    bundle = server.get(f"/api/runs/{run}/bundle")
    call(server, "DELETE", f"/api/runs/{run}")
    table = shown(page, server)
    expect(page.get_by_role("status").filter(has_text="live")).to_be_visible()
    drop = DROP.replace("attention", "runs-table")
    page.evaluate(drop, ["cut.zip", base64.b64encode(bundle[:-100]).decode(), True])
    expect(page.locator("#list-notice")).to_contain_text("cut.zip: bundle = ", timeout=15_000)
    watch.errors[:] = [each for each in watch.errors if not each.endswith("/api/bundles")]
    page.evaluate(drop, ["zebra.zip", base64.b64encode(bundle).decode(), False])
    expect(page.locator("#drop")).to_be_visible()
    page.evaluate(drop, ["zebra.zip", base64.b64encode(bundle).decode(), True])
    expect(page.locator("#list-said")).to_have_text("Brought in “zebra”, finished at update 130.", timeout=15_000)
    expect(page.locator("#list-notice")).to_be_hidden()
    expect(page.locator("#drop")).to_be_hidden()
    row = table.locator("tr[data-run]").filter(has_text="zebra")
    expect(row.locator(".imported")).to_have_text("imported")
    expect(row.locator(".imported")).to_have_attribute("title", re.compile(f"a copy of run {run}"))
    view = call(server, "GET", f"/api/runs/{row.get_attribute('data-run')}")
    assert view["imported"] == {"run": run, "started": before["created"]}
    assert view["trained_per_s"] == before["trained_per_s"]
    expect(row.locator("[data-cell=rate]")).not_to_have_text("–")
