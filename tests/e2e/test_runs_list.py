"""The list of runs, also of those that nobody watches; and what a reset leaves behind."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.runs import call, command, look_at, make_run, wait_for, wait_until
from tests.e2e.test_live_run import eventually

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


def test_after_a_reset_the_earlier_attempt_can_be_laid_over_the_new_one(page: Page, server: LiveServer) -> None:
    run = make_run(server, "again", training={"updates": 200_000})
    wait_until(server, run, 30)
    command(server, run, "pause")
    last = wait_for(server, run, "paused")["update"]
    look_at(page, server, f"run={run}")
    expect(page.get_by_test_id("curves")).to_have_attribute("data-update", str(last), timeout=15_000)
    page.get_by_role("button", name="Reset").click()
    earlier = page.locator("[data-testid=curves] .earlier")
    expect(earlier).to_contain_text(f"Attempt 1 is kept here, up to update {last}", timeout=15_000)
    page.get_by_role("button", name="Step", exact=True).click()
    expect(page.get_by_test_id("curves")).to_have_attribute("data-update", "1", timeout=15_000)
    earlier.get_by_role("button", name="Lay it over").click()
    eventually(lambda: page.evaluate(DASHED) == [last, last])
    expect(page.locator("#baseline")).to_contain_text("attempt 1")
    earlier.get_by_role("button", name="Take it away").click()
    eventually(lambda: page.evaluate(DASHED) == [])
    call(server, "DELETE", f"/api/runs/{run}")
