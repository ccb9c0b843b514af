"""Feature 21: the scale is a choice and is stated; a locked range survives scrubbing and streaming."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.steps import SUPERSCRIPTS, opened, probe
from tests.e2e.test_feature_02_rules import LINES, live
from tests.e2e.test_live_run import start, update_shown
from tests.fakes.server import eventually

AXIS = """() => { const { range, ticktext } = document.querySelector('[data-testid=gradient-norms] .plot').layout.yaxis;
  return { range, ticktext }; }"""


def says(page: Page) -> Any:
    return page.locator("#gradient-scale")


def choose(page: Page, step: int) -> None:
    field = page.locator("input[name=loss_step]")
    field.fill(str(step))
    field.press("Enter")
    expect(page.get_by_test_id("step-detail")).to_contain_text(f"Step {step}", timeout=15_000)
    live(page)


def test_the_text_changes_with_the_scale_and_warns_that_sizes_cannot_be_compared(
    page: Page, server: LiveServer
) -> None:
    live(opened(page, server))
    expect(says(page)).to_have_text(re.compile(r"^one log axis for all rules, 10\S+ … 10\S+$"))
    shared = says(page).inner_text()
    page.locator("select[name=gradient_scale]").select_option("each")
    expect(says(page)).to_contain_text("each rule ÷ its own maximum")
    expect(says(page)).to_contain_text("cannot be compared")
    expect(page.locator("[data-testid=gradient-norms] [data-warning]")).to_be_visible()
    trace = probe(server, loss_step=40)
    for name, rule in (("SAB", "sab"), ("truncated", "truncated"), ("full", "full")):
        norms = trace["gradient_norm"][rule]
        for drawn, norm in zip(page.evaluate(LINES)[name], norms, strict=True):
            assert drawn is None or 10**drawn == pytest.approx(norm / max(norms), rel=1e-4)
    page.locator("select[name=gradient_scale]").select_option("shared")
    expect(says(page)).to_have_text(shared)
    expect(page.locator("[data-testid=gradient-norms] [data-warning]")).to_have_count(0)


def test_without_a_lock_the_range_follows_the_numbers_and_a_lock_holds_it(page: Page, server: LiveServer) -> None:
    live(opened(page, server))
    first = page.evaluate(AXIS)
    choose(page, 20)
    assert page.evaluate(AXIS) != first
    choose(page, 40)
    assert page.evaluate(AXIS) == first
    page.locator("input[name=lock_scale]").check()
    expect(says(page)).to_contain_text("locked")
    choose(page, 20)
    assert page.evaluate(AXIS) == first
    held = says(page).inner_text().translate(SUPERSCRIPTS)
    low, high = re.findall(r"10(-?\d+)", held)
    eventually(lambda: f"lock={low}_{high}" in page.evaluate("location.hash"))


def test_a_locked_range_survives_streaming_and_scrubbing(page: Page, server: LiveServer) -> None:
    start(page, server)
    live(page)
    page.locator("input[name=lock_scale]").check()
    expect(says(page)).to_contain_text("locked")
    held = page.evaluate(AXIS)
    seen = update_shown(page)
    eventually(lambda: update_shown(page) > seen)
    assert page.evaluate(AXIS) == held
    page.locator("input[name=follow]").uncheck()
    page.get_by_role("button", name="earlier snapshot").click()
    live(page)
    assert page.evaluate(AXIS) == held
