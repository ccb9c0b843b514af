"""Feature 32: a sequence of 784 steps is an overview and a span in detail; beyond the limit there is a message."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from sab_visualiser.model.contract import MAX_STEPS
from tests.e2e.conftest import LiveServer
from tests.e2e.runs import call, make_run, wait_for
from tests.e2e.steps import still_box
from tests.e2e.test_feature_16_exports import download
from tests.e2e.test_first_visit import opened
from tests.fakes.server import eventually

LONG_MS = 30_000
STEPS = 784
TICKS = (
    "() => [...document.querySelectorAll('[data-testid=sequence-strip] text.tick:not(.row-name)')]"
    ".map(tick => Number(tick.textContent)).filter(Number.isFinite)"
)
SPAN = (
    "() => { const box = document.querySelector('.overview-span').dataset; return [Number(box.from), Number(box.to)]; }"
)


@pytest.fixture(scope="module")
def long_run(server: LiveServer) -> Iterator[str]:
    """A copy run of 784 steps, as long as an image of 28 × 28 pixel by pixel; deleted afterwards."""
    small = {"hidden_size": 12, "attention_size": 8}
    run = make_run(server, "long", task={"T": STEPS - 20, "items": 10}, model=small, training={"updates": 2})
    wait_for(server, run, "finished")
    yield run
    call(server, "DELETE", f"/api/runs/{run}")


@pytest.fixture
def long_page(page: Page, server: LiveServer, long_run: str) -> Page:
    page.goto(f"{server.url}/#run={long_run}")
    expect(page.get_by_test_id("paths")).to_have_attribute("data-state", "live", timeout=LONG_MS)
    expect(page.get_by_test_id("overview")).to_be_visible(timeout=LONG_MS)
    return page


def test_the_overview_holds_all_steps_and_the_panels_a_span_around_the_chosen_one(long_page: Page) -> None:
    expect(long_page.locator("#overview-range")).to_contain_text(f"{STEPS} steps")
    from_step, to_step = long_page.evaluate(SPAN)
    assert from_step <= STEPS - 10 < to_step
    assert to_step - from_step <= 200
    ticks = long_page.evaluate(TICKS)
    assert len(ticks) > 2
    assert all(from_step <= tick < to_step for tick in ticks)
    cuts = long_page.locator("[data-testid=paths] [data-cut]").evaluate_all(
        "all => all.map(one => Number(one.dataset.cut))"
    )
    assert cuts
    assert all(from_step <= cut < to_step for cut in cuts)


def test_a_step_chosen_far_away_brings_the_span_along_and_its_edges_are_the_api_s(
    long_page: Page, server: LiveServer, long_run: str
) -> None:
    field = long_page.locator("input[name=loss_step]")
    field.fill("300")
    field.press("Enter")
    expect(long_page.locator("[data-reader-step='300']")).to_be_attached(timeout=LONG_MS)
    expect(long_page.get_by_test_id("paths")).to_have_attribute("data-state", "live", timeout=LONG_MS)
    from_step, to_step = long_page.evaluate(SPAN)
    assert from_step <= 300 < to_step
    told = call(server, "POST", "/api/probe", {"run": long_run, "loss_step": 300})
    edges = {
        (reader, source)
        for path in told["paths"]
        for reader, source, kind in zip(path["steps"], path["steps"][1:], path["kinds"], strict=False)
        if kind == "skip"
    }
    drawn = long_page.locator("[data-overview-arc]").evaluate_all("all => all.map(one => one.dataset.overviewArc)")
    assert {tuple(map(int, name.split("-"))) for name in drawn} <= edges
    assert len(drawn) == min(len(edges), 150)


def test_keys_and_pointer_move_the_span_and_a_button_brings_it_back(long_page: Page) -> None:
    overview = long_page.locator("[data-testid=overview] svg.drawing")
    before = long_page.evaluate(SPAN)
    overview.focus()
    overview.press("Home")
    expect(long_page.locator(".overview-span")).to_have_attribute("data-from", "0")
    overview.press("ArrowRight")
    expect(long_page.locator(".overview-span")).to_have_attribute("data-from", "10")
    box = still_box(overview)
    long_page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 20)
    eventually(lambda: abs(sum(long_page.evaluate(SPAN)) / 2 - STEPS / 2) < 40)
    long_page.get_by_role("button", name="show all steps").click()
    eventually(lambda: long_page.evaluate(SPAN) == [0, STEPS])
    long_page.locator("#overview-around").click()
    eventually(lambda: long_page.evaluate(SPAN) == before)


def test_a_short_sequence_has_no_overview(page: Page, server: LiveServer) -> None:
    opened(page, server)
    expect(page.get_by_test_id("overview")).to_be_hidden()


def test_beyond_the_limit_a_message_names_it_and_the_page_stays(page: Page, server: LiveServer, watch: object) -> None:
    opened(page, server)
    page.get_by_text("Your own run").click()
    form = page.locator("#run-form")
    form.locator("[name='task.T']").fill(str(MAX_STEPS + 1))
    form.get_by_role("button", name="Start run").click()
    note = form.locator(".form-note")
    expect(note).to_contain_text(str(MAX_STEPS + 1), timeout=LONG_MS)
    expect(note).to_contain_text(str(MAX_STEPS))
    expect(form.locator("[name='task.T']")).to_have_attribute("aria-invalid", "true")
    assert page.get_by_test_id("paths").get_attribute("data-state") == "live"
    watch.errors.clear()  # type: ignore[attr-defined]  # Chromium logs the 422 that this test made


def test_the_heatmap_shows_the_span_and_its_cells_say_the_weights_of_the_api(
    long_page: Page, server: LiveServer, long_run: str
) -> None:
    told = call(server, "POST", "/api/probe", {"run": long_run})["attention"]
    stage = long_page.locator("[data-testid=attention] .stage")
    frame, row = still_box(stage), still_box(stage.locator("[data-cross=row]"))
    first, last = long_page.evaluate(SPAN)
    assert frame["y"] < row["y"] < frame["y"] + frame["height"]
    assert row["height"] > frame["height"] / (last - first) - 1, "a row of the span is taller than one of 784"
    readings = {
        (reader, source): weight
        for reader, source, weight in zip(told["reader"], told["source"], told["weight"], strict=True)
    }
    reader, source, shown = first_words(long_page, row["y"] - frame["y"] + row["height"] / 2)
    assert shown == pytest.approx(readings[reader, source], rel=1e-5)


def first_words(page: Page, y: float) -> tuple[int, int, float]:
    """What the first cell that has a tooltip says, from left to right at a height of the heatmap: who reads whom.

    A row holds few cells that say anything, so one that comes too early for the page is tried again.
    """
    stage = page.locator("[data-testid=attention] .stage")
    width = int(still_box(stage)["width"])
    for _ in range(5):
        for x in range(46, width - 54, 2):
            stage.hover(position={"x": x, "y": y}, force=True)
            lines = page.locator(".tooltip:not([hidden]) > *").all_text_contents()
            if lines and "microstate" in lines[0]:
                reader, source = map(int, re.findall(r"\d+", lines[0]))
                return reader, source, float(lines[1].removeprefix("weight "))
    raise AssertionError("no cell of the chosen row says anything")


def test_the_overview_is_exported_and_maximised_like_any_panel(
    long_page: Page, server: LiveServer, long_run: str
) -> None:
    told = call(server, "POST", "/api/probe", {"run": long_run})
    drawn = long_page.locator("[data-overview-arc]").evaluate_all("all => all.map(one => one.dataset.overviewArc)")
    table = json.loads(download(long_page, "overview", "json"))["columns"]
    rows = list(zip(table["reader"], table["source"], table["credit"], strict=True))
    credit = {(e["reader"], e["source"]): e["credit"] for e in told["edges"] if e["kind"] == "skip"}
    assert {f"{reader}-{source}" for reader, source, _ in rows[:150]} == set(drawn)
    assert all(credit[reader, source] == value for reader, source, value in rows)
    assert [value for *_, value in rows] == sorted((value for *_, value in rows), reverse=True)
    assert "copy T=764" in download(long_page, "overview", "screen-svg").decode()
    long_page.get_by_role("button", name="More: Whole sequence").click()
    long_page.get_by_role("button", name="Maximise").click()
    expect(long_page.get_by_test_id("overview")).to_have_class(re.compile("maximised"))
