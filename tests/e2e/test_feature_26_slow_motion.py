"""Feature 26: each Step of the slow backward pass takes one edge and prints its credit as the API gives it."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.steps import opened, printed, probe
from tests.fakes.server import eventually

LINE = re.compile(r"Edge (\d+) of (\d+): step (\d+) → step (\d+), credit (\S+) \((local|skip) edge")


def walked(trace: dict[str, Any]) -> list[tuple[str, int, int, float]]:
    """Edges that are drawn, in the order of the API: local ones, and the skip edges of the shown paths."""
    shown = {
        (reader, source)
        for path in trace["paths"]
        for reader, source, kind in zip(path["steps"], path["steps"][1:], path["kinds"], strict=False)
        if kind == "skip"
    }
    return [
        (edge["kind"], edge["reader"], edge["source"], edge["credit"])
        for edge in trace["edges"]
        if edge["kind"] == "local" or (edge["reader"], edge["source"]) in shown
    ]


def drawn(page: Page) -> list[tuple[str, int, int]]:
    found = page.locator("path[data-kind]").evaluate_all(
        "paths => paths.map(path => [path.dataset.kind, Number(path.dataset.reader), Number(path.dataset.source)])"
    )
    return sorted((kind, reader, source) for kind, reader, source in found)


def caption(page: Page, taken: int) -> tuple[str, ...]:
    line = page.locator("#walk-caption")
    expect(line).to_have_attribute("data-taken", str(taken))
    match = LINE.match(line.inner_text())
    assert match is not None, line.inner_text()
    return match.groups()


def test_each_step_takes_one_edge_with_the_credit_that_the_api_gives_it(page: Page, server: LiveServer) -> None:
    opened(page, server)
    edges = walked(probe(server, loss_step=40))
    assert len(edges) > 10
    on = page.get_by_role("button", name="take the next edge")
    on.focus()
    for taken, (kind, reader, source, credit) in enumerate(edges, 1):
        page.keyboard.press("Enter")
        found = caption(page, taken)
        assert found[:4] == (str(taken), str(len(edges)), str(reader), str(source))
        assert found[5] == kind
        assert printed(found[4]) == pytest.approx(credit, rel=1e-5)
        expect(page.locator("path[data-kind]")).to_have_count(taken)
        assert drawn(page) == sorted((kind, reader, source) for kind, reader, source, _ in edges[:taken])
        expect(page.locator("path[data-taken]")).to_have_attribute("data-reader", str(reader))
    expect(on).to_be_disabled()


def test_back_takes_an_edge_away_again_and_leaving_shows_everything(page: Page, server: LiveServer) -> None:
    opened(page, server)
    before = drawn(page)
    on, back = (page.get_by_role("button", name=name) for name in ("take the next edge", "back one edge"))
    expect(back).to_be_disabled()
    on.click()
    on.click()
    expect(page.locator("path[data-kind]")).to_have_count(2)
    back.click()
    expect(page.locator("path[data-kind]")).to_have_count(1)
    caption(page, 1)
    page.get_by_role("button", name="back to the loss").click()
    expect(page.locator("path[data-kind]")).to_have_count(0)
    expect(page.locator("#walk-caption")).to_contain_text("The loss of step 40 enters there")
    page.get_by_role("button", name="leave the backward pass").click()
    expect(page.locator("#walk-caption")).to_be_hidden()
    assert drawn(page) == before


def test_it_plays_when_asked_and_ends_when_another_step_is_chosen(page: Page, server: LiveServer) -> None:
    opened(page, server)
    page.get_by_role("button", name="play the backward pass").click()
    expect(page.locator("#walk-caption")).to_have_attribute("data-taken", "3", timeout=10_000)
    page.get_by_role("button", name="pause the backward pass").click()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#walk-caption")).to_be_hidden()
    expect(page.locator("#headline")).to_contain_text("39", timeout=15_000)


def test_under_reduced_motion_nothing_plays_and_steps_still_work(browser: Browser, server: LiveServer) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page = opened(context.new_page(), server)
    expect(page.get_by_role("button", name="play the backward pass")).to_have_count(0)
    page.get_by_role("button", name="take the next edge").click()
    caption(page, 1)
    page.wait_for_timeout(1200)  # nothing goes on by itself
    caption(page, 1)
    context.close()


def test_the_gradient_norm_of_sab_grows_backwards_with_the_walk(page: Page, server: LiveServer) -> None:
    opened(page, server)
    expect(page.get_by_test_id("gradient-norms")).to_have_attribute("data-state", "live", timeout=15_000)
    steps = (
        "() => [...new Set(document.querySelector('[data-testid=gradient-norms] .plot').data"
        ".filter(line => line.name === 'SAB').flatMap(line => [...line.x]))].sort((a, b) => a - b)"
    )
    edges = walked(probe(server, loss_step=40))

    def begins_at(reader: int) -> bool:
        return bool(page.evaluate(steps)[0] == reader)

    on = page.get_by_role("button", name="take the next edge")
    for taken, (_, reader, _, _) in enumerate(edges[:4], 1):
        on.click()
        caption(page, taken)
        expect(page.locator("path[data-kind]")).to_have_count(taken)
        eventually(partial(begins_at, reader))
    page.get_by_role("button", name="leave the backward pass").click()
    eventually(lambda: page.evaluate(steps)[0] == 0)
