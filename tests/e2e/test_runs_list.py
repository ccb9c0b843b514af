"""The list of runs, also of those that nobody watches; and what a reset leaves behind."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import LiveServer, Watch
from tests.e2e.runs import call, command, look_at, make_run, wait_for, wait_until
from tests.e2e.steps import still_box
from tests.fakes.server import eventually

DASHED = """() => (document.querySelector('[data-testid=curves] .plot').data ?? [])
  .filter(line => line.line?.dash).map(line => line.x[line.x.length - 1])"""


def test_a_run_that_nobody_watches_shows_how_far_it_is(page: Page, server: LiveServer) -> None:
    run = make_run(server, "in the background", training={"updates": 200_000})
    look_at(page, server, "preset=copy")
    row = page.locator(f"li[data-run='{run}']")
    wait_until(server, run, 50)
    expect(row).to_contain_text(re.compile(r"running · update [1-9]"), timeout=20_000)
    first = row.inner_text()
    expect(row).not_to_have_text(first, timeout=20_000)
    call(server, "DELETE", f"/api/runs/{run}")


STANDS = """run => {
  const seen = window.seenHeights = new Set();
  const words = window.seenWords = new Set();
  (function look() {
    const row = document.querySelector(`li[data-run="${run}"]`);
    if (row) {
      const top = row.getBoundingClientRect().top;
      const buttons = [...row.querySelectorAll('.icon')].map(one => one.getBoundingClientRect().top - top);
      seen.add([row.getBoundingClientRect().height, ...buttons].join(' '));
      words.add(row.querySelector('.progress').textContent.split(/[ ,]/)[0]);
      words.add(row.querySelector('.verdict').textContent);
    }
    requestAnimationFrame(look);
  })();
}"""
LONGEST = """run => {
  const row = document.querySelector(`li[data-run="${run}"]`);
  row.querySelector('.progress').textContent = 'queued, waits for a worker process to start';
  row.querySelector('.verdict').textContent = 'standing still since 1,234,567';
}"""


def test_a_row_is_as_high_with_every_word_of_a_run_and_its_buttons_stay(page: Page, server: LiveServer) -> None:
    page.set_viewport_size({"width": 1280, "height": 2400})
    look_at(page, server, "preset=copy")
    run = make_run(server, "from first to last", training={"updates": 400})
    page.evaluate(STANDS, run)
    row = page.locator(f"li[data-run='{run}']")
    expect(row).to_contain_text("finished", timeout=60_000)
    expect(row.locator(".verdict")).not_to_be_empty()
    page.evaluate(LONGEST, run)
    still_box(row)
    assert {"running", "finished"} <= set(page.evaluate("() => [...window.seenWords]"))
    assert len(page.evaluate("() => [...window.seenHeights]")) == 1
    call(server, "DELETE", f"/api/runs/{run}")


PRESSED = "() => document.querySelector('[data-testid=runs] ul button.icon:active') !== null"


def test_a_press_on_a_row_is_not_lost_when_the_list_is_redrawn_before_the_release(
    page: Page, server: LiveServer
) -> None:
    page.set_viewport_size({"width": 1280, "height": 2400})
    older = make_run(server, "goes meanwhile", training={"updates": 20})
    wait_for(server, older, "finished")
    run = make_run(server, "pressed", training={"updates": 200_000})
    look_at(page, server, "preset=copy")
    gone = page.locator(f"li[data-run='{older}']")
    progress = page.locator(f"li[data-run='{run}'] .progress")
    delete = page.locator(f"li[data-run='{run}'] [aria-label^=Delete]")
    expect(gone).to_have_count(1)
    page.wait_for_function("() => performance.getEntriesByName('plotly').length > 0")
    held = still_box(delete)
    delete.hover()
    page.mouse.down()
    assert page.evaluate(PRESSED)
    expect(progress).not_to_have_text(progress.inner_text(), timeout=20_000)
    call(server, "DELETE", f"/api/runs/{older}")
    expect(gone).to_have_count(0, timeout=20_000)
    assert still_box(delete) == held, "nothing above it moves it away from under the pointer"
    page.mouse.up()
    expect(delete).to_have_text("delete?")
    delete.click()
    expect(delete).to_have_count(0, timeout=20_000)


def test_after_a_reset_the_earlier_attempt_can_be_laid_over_the_new_one(page: Page, server: LiveServer) -> None:
    run = make_run(server, "again", training={"updates": 200_000})
    wait_until(server, run, 30)
    command(server, run, "pause")
    last = wait_for(server, run, "paused")["update"]
    look_at(page, server, f"run={run}")
    expect(page.get_by_test_id("curves")).to_have_attribute("data-update", str(last), timeout=15_000)
    page.get_by_role("button", name="Reset").click()
    earlier = page.locator("[data-testid=curves] .earlier")
    expect(earlier).to_contain_text(f"Attempt 1 is kept in Runs, up to update {last}", timeout=15_000)
    page.get_by_role("button", name="Step", exact=True).click()
    expect(page.get_by_test_id("curves")).to_have_attribute("data-update", "1", timeout=15_000)
    earlier.get_by_role("button", name="Lay it over").click()
    eventually(lambda: page.evaluate(DASHED) == [last, last])
    expect(page.locator("#baseline")).to_contain_text("attempt 1")
    earlier.get_by_role("button", name="Take it away").click()
    eventually(lambda: page.evaluate(DASHED) == [])
    earlier.get_by_role("button", name="Undo").click()
    expect(page.get_by_test_id("curves")).to_have_attribute("data-update", str(last), timeout=15_000)
    expect(page.locator("button.run[aria-pressed=true]")).to_contain_text("again · attempt 1")
    for one in call(server, "GET", "/api/runs"):
        if one["name"].startswith("again"):
            call(server, "DELETE", f"/api/runs/{one['id']}")


def test_ctrl_z_goes_back_to_a_run_that_was_reset_while_it_trained(page: Page, server: LiveServer) -> None:
    run = make_run(server, "in full swing", training={"updates": 200_000})
    wait_until(server, run, 50)
    look_at(page, server, f"run={run}")
    page.get_by_role("button", name="Reset").click()
    expect(page.locator("[data-testid=curves] .earlier")).to_contain_text("Attempt 1 is kept", timeout=15_000)
    page.keyboard.press("Control+z")
    chosen = page.locator("button.run[aria-pressed=true]")
    expect(chosen).to_contain_text("in full swing · attempt 1", timeout=15_000)
    expect(chosen).to_contain_text("running", timeout=30_000)
    wait_for(server, run, "stopped")
    for one in call(server, "GET", "/api/runs"):
        if one["name"].startswith("in full swing"):
            call(server, "DELETE", f"/api/runs/{one['id']}")


COUNTERS = """() =>
  ['[role=status]', '#scrubber .output', 'button.run[aria-pressed=true] .progress', '[data-testid=runs]']
  .map(place => document.querySelector(place))
  .map(found => found.dataset.testid ? found.dataset.update : found.textContent)
  .map(text => Number((text.match(/update ([\\d,]+)/)?.[1] ?? text).replace(/,/g, '')))"""


def test_status_scrubber_and_row_show_one_update_in_every_frame(page: Page, server: LiveServer) -> None:
    run = make_run(server, "counted", training={"updates": 200_000})
    look_at(page, server, f"run={run}")
    seen = set()

    def look() -> bool:
        counters = page.evaluate(COUNTERS)
        assert len(set(counters)) == 1, counters
        seen.add(counters[0])
        return len(seen) > 1

    for _ in range(20):
        look()
        page.wait_for_timeout(83)
    eventually(look)
    call(server, "DELETE", f"/api/runs/{run}")


def test_train_beside_a_run_says_so_and_the_new_run_has_no_event_of_the_other(page: Page, server: LiveServer) -> None:
    run = make_run(server, "twin", training={"updates": 200_000})
    look_at(page, server, f"run={run}")
    train = page.get_by_role("button", name="Train", exact=True)
    expect(train).not_to_have_class("primary")
    expect(train).to_have_attribute("title", re.compile("second run beside"))
    expect(page.locator("select[name=preset] option:checked")).to_have_text("own run of copy T=10")
    command(server, run, "set_parameters", parameters={"k_top": 2})
    marks = page.locator("[data-testid=curves] .marks li")
    expect(marks).to_have_count(1, timeout=15_000)
    train.click()
    expect(page.get_by_role("status")).to_contain_text("“twin” goes on too", timeout=15_000)
    expect(marks).to_have_count(0)
    page.get_by_role("button", name="Stop", exact=True).click()
    labels = page.locator("li[data-run] [aria-label^=Delete]").evaluate_all("all => all.map(one => one.ariaLabel)")
    assert len(set(labels)) == len(labels) == 2


def test_a_preset_can_be_chosen_while_an_own_run_is_in_view(page: Page, server: LiveServer) -> None:
    run = make_run(server, "own", training={"updates": 20})
    wait_for(server, run, "finished")
    look_at(page, server, f"run={run}")
    box = page.locator("select[name=preset]")
    expect(box.locator("option:checked")).to_have_text("own run of copy T=10")
    box.select_option("copy")
    expect(box.locator("option:checked")).to_contain_text("Copy, 30 steps (trained)")
    expect(box.locator("option").first).to_have_attribute("value", "copy")
    call(server, "DELETE", f"/api/runs/{run}")


TOPS = """() => ['.toolbar', '#story', '[data-testid=paths] svg.drawing', '[data-testid=gradient-norms] .stage']
  .map(place => Math.round(document.querySelector(place).getBoundingClientRect().top + scrollY))"""


@pytest.mark.parametrize("width", [1280, 800, 360])
def test_a_press_on_train_moves_no_button(page: Page, server: LiveServer, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    look_at(page, server, "preset=copy-10")
    before = [still_box(page.get_by_role("button", name=name, exact=True)) for name in ("Train", "Stop", "Reseed")]
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_enabled(timeout=30_000)
    after = [still_box(page.get_by_role("button", name=name, exact=True)) for name in ("Train", "Stop", "Reseed")]
    assert after == before
    page.get_by_role("button", name="Stop", exact=True).click()


@pytest.mark.parametrize("width", [1280, 360])
def test_toolbar_and_story_stay_where_they_are_while_a_run_trains(page: Page, server: LiveServer, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    run = make_run(server, "calm", training={"updates": 200_000})
    look_at(page, server, f"run={run}")
    page.wait_for_timeout(1500)  # the first pictures, which may still push others, have come
    tops = set()
    for _ in range(25):
        tops.add(tuple(page.evaluate(TOPS)))
        page.wait_for_timeout(90)
    assert len(tops) == 1, tops
    call(server, "DELETE", f"/api/runs/{run}")


def test_an_empty_list_of_runs_says_in_its_body_what_to_do(page: Page, server: LiveServer) -> None:
    page.route("**/api/runs", lambda route: route.fulfill(json=[]))
    look_at(page, server, "preset=copy")
    words = page.locator("[data-testid=runs] .none-yet")
    expect(words).to_contain_text("No run yet. Train starts one")
    box = still_box(words)
    assert box["width"] > 150


def test_a_run_that_is_gone_may_be_asked_for_once_more_but_no_other_error_is_excused(
    page: Page, server: LiveServer, watch: Watch
) -> None:
    run = make_run(server, "gone")
    checkpoint = wait_for(server, run, "finished")["checkpoint"]
    call(server, "DELETE", f"/api/runs/{run}")
    look_at(page, server, "preset=copy")
    asked = """async ([path, body]) => (await fetch(path, body && { method: "POST", body: JSON.stringify(body),
      headers: { "content-type": "application/json" } })).status"""
    assert page.evaluate(asked, [f"/api/runs/{run}", None]) == 404
    assert page.evaluate(asked, ["/api/probe", {"run": run}]) == 404
    assert page.evaluate(asked, ["/api/hits", {"checkpoint": checkpoint}]) == 404
    eventually(lambda: page.evaluate("1") == 1 and len(watch.errors) == 3)
    assert watch.unexplained() == []
    assert page.evaluate(asked, ["/api/runs/rnever", None]) == 404
    eventually(lambda: page.evaluate("1") == 1 and len(watch.errors) == 4)
    (left,) = watch.unexplained()
    assert left.endswith("/api/runs/rnever")
    watch.errors.clear()
