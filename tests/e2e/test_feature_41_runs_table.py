"""Feature 41: the runs as a table of their own: sorted, filtered, grouped, written on, and deleted with undo."""

from __future__ import annotations

import json
import re
from functools import partial

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.e2e.conftest import LiveServer, Watch
from tests.e2e.runs import call, make_run, wait_for
from tests.fakes.server import eventually

STILL = """async () => {
  const rows = () => document.querySelector('[data-testid=runs-table] tbody').innerHTML;
  for (let [before, same] = [rows(), 0]; same < 20; ) {
    await new Promise((done) => setTimeout(done, 100));
    [same, before] = rows() === before ? [same + 1, before] : [0, rows()];
  }
}"""
"""Once no row was told anew for two seconds: figures of a run that has just ended may come a second later."""
TOUCHED = """() => {
  window.touched = new Set();
  new MutationObserver((all) => all.forEach(({ target }) => {
    const place = target.nodeType === 1 ? target : target.parentElement;
    window.touched.add(place.closest('tr')?.dataset.run ?? place.tagName);
  })).observe(document.querySelector('[data-testid=runs-table] tbody'),
    { subtree: true, childList: true, characterData: true, attributes: true });
}"""


def shown(page: Page, server: LiveServer, hash_: str = "") -> Locator:
    """The table, once its rows stand."""
    page.goto(f"{server.url}/runs{hash_}")
    table = page.get_by_test_id("runs-table")
    expect(table).to_have_attribute("data-state", re.compile("live|empty|error"), timeout=15_000)
    return table


def ids(table: Locator) -> list[str]:
    found: list[str] = table.locator("tr[data-run]").evaluate_all("rows => rows.map(row => row.dataset.run)")
    return found


def in_order(table: Locator, wanted: list[str]) -> bool:
    return ids(table) == wanted


def three(server: LiveServer) -> list[str]:
    """Runs that differ in method and seed, the oldest first, at their end."""
    runs = [
        make_run(server, "zebra", training={"updates": 130, "seed": 3}),
        make_run(server, "ant", training={"updates": 20, "seed": 9}, model={"method": "tbptt"}),
        make_run(server, "mole", training={"updates": 20, "seed": 1}),
    ]
    for run in runs:
        wait_for(server, run, "finished")
    return runs


def test_each_row_shows_its_own_run_as_the_api_has_it(page: Page, server: LiveServer) -> None:
    runs = three(server)
    table = shown(page, server)
    assert ids(table) == runs[::-1]
    for run in runs:
        view = call(server, "GET", f"/api/runs/{run}")
        row = table.locator(f"tr[data-run='{run}']")
        expect(row.get_by_role("link")).to_have_text(view["name"])
        expect(row.get_by_role("link")).to_have_attribute("href", f"./#run={run}")
        expect(row.locator("[data-cell=seed]")).to_have_text(str(view["spec"]["training"]["seed"]))
        expect(row.locator("[data-cell=task]")).to_have_text("copy T=10")
        knobs = "– · 5 · –" if view["name"] == "ant" else "5 · 5 · 1"
        expect(row.locator("[data-cell=knobs]")).to_have_text(knobs)
        best = row.locator("[data-cell=best]")
        if view["best"] is None:
            expect(best).to_have_text("–")
        else:
            told = float(best.inner_text().removeprefix("accuracy "))
            assert told == pytest.approx(view["best"]["value"], rel=5e-3)


def test_a_press_on_a_column_sorts_and_another_turns_the_order_round(page: Page, server: LiveServer) -> None:
    three(server)
    table = shown(page, server)
    head = table.get_by_role("columnheader", name="Seed")
    for order, told in (("seed", "ascending"), ("-seed", "descending")):
        head.get_by_role("button").click()
        expect(head).to_have_attribute("aria-sort", told)
        wanted = [run["id"] for run in call(server, "GET", f"/api/runs?sort={order}")]
        eventually(partial(in_order, table, wanted))


def test_a_filter_says_what_it_found_what_it_did_not_and_what_is_wrong_with_it(
    page: Page, server: LiveServer, watch: Watch
) -> None:
    runs = three(server)
    table = shown(page, server)
    box = table.get_by_role("searchbox", name="Filter")
    box.fill("method:tbptt")
    eventually(lambda: ids(table) == [runs[1]])
    expect(page.locator("#list-count")).to_have_text("1 of 3 runs")
    box.fill("nobody is called so")
    expect(table.locator(".empty")).to_contain_text("No run matches “nobody is called so”.")
    table.get_by_role("button", name="Clear the filter").click()
    eventually(lambda: len(ids(table)) == 3)
    expect(box).to_have_value("")
    box.fill("colour:red")
    problem = page.locator("#filter-problem")
    expect(problem).to_contain_text("colour:red")
    expect(problem).to_contain_text("choose one of these keys")
    assert len(ids(table)) == 3, "what was there stays"
    expect(problem).to_contain_text("Below is still the list of before, without a filter.")
    expect(page.locator("#list-count")).to_have_text("list before: 3 runs")
    expect(table).to_have_attribute("data-state", "error")
    box.fill("method:foo")
    expect(problem).to_contain_text("method is one of sab, tbptt, bptt, attention")
    box.fill("seed:3")
    eventually(lambda: ids(table) == [runs[0]])
    expect(problem).to_be_hidden()
    expect(page.locator("#list-count")).to_have_text("1 of 3 runs")
    assert all("422" in error for error in watch.errors)
    watch.errors.clear()


def test_a_server_without_runs_says_how_to_start_one(page: Page, server: LiveServer) -> None:
    table = shown(page, server)
    expect(table.locator(".empty")).to_contain_text("No run yet. Start one in the explorer")
    expect(table.get_by_role("link", name="To the explorer")).to_have_attribute("href", "./")


def test_groups_say_how_many_runs_they_have_and_how_many_learned_and_fold(page: Page, server: LiveServer) -> None:
    three(server)
    table = shown(page, server)
    table.get_by_label("Group by").select_option("method")
    head = table.locator("tr.head").filter(has_text="SAB").first
    expect(head).to_contain_text(re.compile(r"SAB\s*2 runs · no verdict yet"))
    head.get_by_role("button").click()
    expect(table.locator("tr[data-run]")).to_have_count(1)
    expect(head.get_by_role("button")).to_have_attribute("aria-expanded", "false")
    eventually(lambda: all(part in page.evaluate("location.hash") for part in ("by=method",)))
    page.reload()
    expect(table.locator("tr.head")).to_have_count(2)


def test_B15_name_note_and_tags_are_written_as_text_refused_in_words_and_undone(
    page: Page, server: LiveServer, watch: Watch
) -> None:
    run = three(server)[2]
    table = shown(page, server)
    row = table.locator(f"tr[data-run='{run}']")
    row.get_by_role("button", name="Edit name, note and tags of mole").click()
    form = table.get_by_role("form")
    expect(form.get_by_label("Name")).to_be_focused()
    name = "<img src=x onerror=document.title='ran'>"
    form.get_by_label("Name").fill(name)
    form.get_by_label("Note").fill("section 3\n<b>bold</b>")
    form.get_by_label("Tags").fill("<script>")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert")).to_contain_text("the first a letter or digit")
    expect(form.get_by_label("Name")).to_have_value(name)
    form.get_by_label("Tags").fill("paper, k_top 5")
    form.get_by_role("button", name="Save").click()
    expect(row.get_by_role("link")).to_have_text(name)
    expect(row.locator(".tag")).to_have_text(["paper", "k_top 5"])
    expect(row.locator("[data-part=edit]")).to_be_focused()
    view = call(server, "GET", f"/api/runs/{run}")
    assert (view["name"], view["note"], view["tags"]) == (name, "section 3\n<b>bold</b>", ["paper", "k_top 5"])
    row.locator("[data-part=note]").focus()
    expect(page.get_by_role("tooltip")).to_contain_text("<b>bold</b>")
    assert page.title() != "ran"
    page.locator("#undo-bar").get_by_role("button", name="Undo").click()
    expect(row.get_by_role("link")).to_have_text("mole")
    view = call(server, "GET", f"/api/runs/{run}")
    assert (view["name"], view["note"], view["tags"]) == ("mole", "", [])
    assert all("422" in error for error in watch.errors)
    watch.errors.clear()


def test_a_star_is_kept_and_taken_back_by_the_keyboard(page: Page, server: LiveServer) -> None:
    run = three(server)[0]
    table = shown(page, server)
    star = table.get_by_role("button", name="Star zebra")
    star.focus()
    page.keyboard.press("Enter")
    expect(star).to_have_attribute("aria-pressed", "true")
    assert call(server, "GET", f"/api/runs/{run}")["starred"] is True
    page.keyboard.press("Control+z")
    expect(star).to_have_attribute("aria-pressed", "false")
    assert call(server, "GET", f"/api/runs/{run}")["starred"] is False


def chosen_and_deleted(page: Page, table: Locator, *names: str) -> Locator:
    """Delete the runs of these names; the bar that offers to undo it."""
    for name in names:
        table.get_by_role("checkbox", name=f"Choose {name}").check()
    table.get_by_role("button", name="Delete").click()
    bar = page.locator("#undo-bar")
    expect(bar).to_contain_text(f"{len(names)} runs deleted" if len(names) > 1 else "1 run deleted")
    return bar


def test_deleted_runs_vanish_at_once_and_come_back_by_undo(page: Page, server: LiveServer) -> None:
    runs = three(server)
    table = shown(page, server)
    bar = chosen_and_deleted(page, table, "zebra", "ant")
    assert ids(table) == [runs[2]]
    expect(page.locator("#list-count")).to_have_text("1 run")
    assert {run["id"] for run in call(server, "GET", "/api/runs")} == set(runs), (
        "nothing is sent while it can be undone"
    )
    bar.get_by_role("button", name="Undo").click()
    eventually(lambda: ids(table) == runs[::-1])
    expect(bar).to_be_hidden()
    expect(page.locator("#choice-words")).to_have_text("2 runs chosen")
    for name in ("zebra", "ant"):
        expect(table.get_by_role("checkbox", name=f"Choose {name}")).to_be_checked()


@pytest.mark.parametrize("way", ["its time is over", "the page is left"])
def test_deleted_runs_are_gone_once(page: Page, server: LiveServer, way: str) -> None:
    runs = three(server)
    table = shown(page, server)
    bar = chosen_and_deleted(page, table, "zebra", "ant")
    if way == "the page is left":
        page.goto("about:blank")
    else:
        expect(bar).to_be_hidden(timeout=15_000)
    eventually(lambda: [run["id"] for run in call(server, "GET", "/api/runs")] == [runs[2]])


def test_a_deletion_that_fails_brings_its_row_back_with_the_reason(
    page: Page, server: LiveServer, watch: Watch
) -> None:
    run = three(server)[0]
    table = shown(page, server)

    def refuse(route: Route) -> None:
        if route.request.method != "DELETE":
            return route.continue_()
        problem = {"title": "No room", "status": 507, "detail": "the disk is full: make room"}
        return route.fulfill(status=507, content_type="application/problem+json", body=json.dumps(problem))

    page.route(f"**/api/runs/{run}", refuse)
    chosen_and_deleted(page, table, "zebra")
    expect(page.locator("#list-notice")).to_contain_text("“zebra” was not deleted: the disk is full", timeout=15_000)
    assert run in ids(table)
    assert all("507" in error for error in watch.errors)
    watch.errors.clear()


def test_a_change_of_one_run_touches_one_row(page: Page, server: LiveServer) -> None:
    runs = three(server)
    table = shown(page, server)
    expect(page.get_by_role("status").filter(has_text="live")).to_be_visible()
    page.evaluate(STILL)
    page.evaluate(TOUCHED)
    call(server, "PATCH", f"/api/runs/{runs[1]}", {"name": "changed elsewhere"})
    expect(table.locator(f"tr[data-run='{runs[1]}']").get_by_role("link")).to_have_text("changed elsewhere")
    # Runs of other tests may end or be tidied away meanwhile: theirs are changes of their own.
    assert [run for run in page.evaluate("() => [...window.touched]") if run in runs] == [runs[1]]


def test_a_run_that_is_started_elsewhere_comes_by_itself_and_one_that_is_deleted_goes(
    page: Page, server: LiveServer
) -> None:
    table = shown(page, server)
    expect(page.get_by_role("status").filter(has_text="live")).to_be_visible()
    run = make_run(server, "from elsewhere", training={"updates": 20})
    eventually(lambda: ids(table) == [run])
    call(server, "DELETE", f"/api/runs/{run}")
    eventually(lambda: ids(table) == [])
