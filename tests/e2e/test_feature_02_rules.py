"""Feature 2: one click on a step draws the gradient norm of every step under three rules, as the API gives them."""

from __future__ import annotations

import math
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.steps import opened, probe, still_box

RULES = {"SAB": "sab", "truncated": "truncated", "full": "full"}
LINES = """() => Object.fromEntries(document.querySelector('[data-testid=gradient-norms] .plot').data
  .filter(line => line.mode !== 'markers').map(line => [line.name, Array.from(line.y)]))"""
MARKS = """() => document.querySelector('[data-testid=gradient-norms] .plot').data
  .filter(marks => marks.mode === 'markers' && marks.marker.symbol === 'triangle-down-open')
  .map(marks => [marks.name, Array.from(marks.x)])"""


def live(page: Page) -> Page:
    expect(page.get_by_test_id("gradient-norms")).to_have_attribute("data-state", "live", timeout=15_000)
    return page


def click_step(page: Page, step: int) -> None:
    """A click in the gradient panel, where the axis of the page says that the step is, once nothing moves."""
    box = still_box(page.locator("[data-testid=gradient-norms] .stage"))
    ring, reader = (
        page.locator(selector).evaluate(
            "dot => { const b = dot.getBoundingClientRect(); return b.left + b.width / 2; }"
        )
        for selector in ("[data-true-source='0']", "circle[data-reader-step='40']")
    )
    page.mouse.click(ring + (reader - ring) / 40 * step, box["y"] + box["height"] / 2)


def check_series(page: Page, trace: dict[str, Any]) -> None:
    lines, zeros = page.evaluate(LINES), dict(page.evaluate(MARKS))
    for name, rule in RULES.items():
        norms = trace["gradient_norm"][rule]
        assert zeros.get(name, []) == [step for step, norm in enumerate(norms) if norm == 0]
        for drawn, norm in zip(lines[name], norms, strict=True):
            assert (drawn is None) == (norm == 0)
            assert drawn is None or 10**drawn == pytest.approx(norm, rel=1e-4)


def test_one_click_on_a_step_draws_three_rules_with_the_numbers_of_the_api(page: Page, server: LiveServer) -> None:
    live(opened(page, server))
    check_series(page, probe(server, loss_step=40))
    click_step(page, 44)
    expect(page.locator("#gradient-quantity")).to_contain_text("L₄₄", timeout=15_000)
    check_series(live(page), probe(server, loss_step=44))


def test_the_reach_of_each_rule_is_printed_as_intervals(page: Page, server: LiveServer) -> None:
    live(opened(page, server))
    trace = probe(server, loss_step=40)
    for rule, name in (("sab", "SAB"), ("truncated", "truncated"), ("full", "full")):
        spans = ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in trace["reach"][rule])
        expect(page.locator(f"#reach .{rule}")).to_have_text(f"{name} {spans}")
        largest = max(trace["gradient_norm"][rule])
        reached = {step for step, norm in enumerate(trace["gradient_norm"][rule]) if norm > 1e-6 * largest}
        assert reached == {step for a, b in trace["reach"][rule] for step in range(a, b + 1)}


def test_the_cell_state_is_drawn_on_request(page: Page, server: LiveServer) -> None:
    live(opened(page, server))
    page.locator("input[name=cell_state]").check()
    expect(page.locator("#gradient-quantity")).to_contain_text("∂c")
    line = page.evaluate(LINES)["full"]
    norms = probe(server, loss_step=40)["gradient_norm_cell"]["full"]
    assert [None if norm == 0 else pytest.approx(math.log10(norm)) for norm in norms] == line
