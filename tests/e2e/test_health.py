"""What became of a run, and whether it is healthy: the page says what the API says, for the update in view."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.runs import call, command, look_at, make_run, wait_for, wait_until
from tests.fakes.server import eventually

LONG_MS = 30_000
FIGURES = """() => Object.fromEntries([...document.querySelectorAll('[data-health]')]
  .map((row) => [row.dataset.health, row.dataset.value]))"""
LEVELS = """() => document.querySelector('[data-testid=curves] .plot').layout.shapes
  .filter((shape) => shape.xref === 'paper').map((shape) => [shape.yref, shape.y0])"""
DOTS = """() => document.querySelector('[data-testid=curves] .plot').data
  .filter((one) => (one.name ?? '').endsWith('fresh examples'))
  .map((one) => [one.name, Array.from(one.x), Array.from(one.y)])"""
SPARKS = "() => document.querySelectorAll('[data-testid=health] .spark-dot').length"


@pytest.fixture
def learned(server: LiveServer) -> Iterator[str]:
    """A run that learns in a few seconds, from its start on."""
    run: str = call(server, "POST", "/api/runs", {"preset": "copy-10"})["id"]
    yield run
    call(server, "DELETE", f"/api/runs/{run}")


def looks_of(server: LiveServer, run: str) -> dict[str, Any]:
    found: dict[str, Any] = call(server, "GET", f"/api/runs/{run}/metrics")["looks"]
    return found


def numbers(looks: dict[str, Any], at: int) -> dict[str, float]:
    """Health of one look, NaN where the API has null."""
    return {name: math.nan if column[at] is None else column[at] for name, column in looks["health"].items()}


def numbers_in_view(page: Page) -> dict[str, float]:
    """What the panel says, exactly; its row of the norm holds two of them."""
    told: dict[str, str] = page.evaluate(FIGURES)
    median, p99 = told.pop("norm").split()
    figures = {name: float(value) for name, value in told.items()}
    return {**figures, "norm_median": float(median), "norm_p99": float(p99)}


def test_a_run_learns_and_the_page_says_so_as_the_api_does(page: Page, server: LiveServer, learned: str) -> None:
    look_at(page, server, f"run={learned}")
    verdict = page.get_by_test_id("verdict")
    expect(verdict).to_have_attribute("data-word", "learned", timeout=LONG_MS)
    view = wait_for(server, learned, "finished")
    said = view["verdict"]
    assert said["word"] == "learned"
    expect(verdict.locator(".verdict")).to_have_text(said["label"])
    expect(verdict).to_contain_text(said["sentence"])
    assert re.fullmatch(r"learned at [\d,]+", said["label"])
    chip = page.locator(f"li[data-run='{learned}'] .verdict")
    expect(chip).to_have_text(said["label"], timeout=LONG_MS)
    expect(chip).to_have_attribute("title", re.compile(re.escape(said["sentence"])))

    looks = looks_of(server, learned)
    health = page.get_by_test_id("health")
    expect(health).to_have_attribute("data-update", str(looks["update"][-1]), timeout=LONG_MS)
    expect(health).to_have_attribute("data-state", "live")
    eventually(lambda: numbers_in_view(page) == numbers(looks, -1))
    assert numbers_in_view(page) == view["health"]
    assert page.evaluate(SPARKS) == 8


def test_chance_and_fresh_examples_are_drawn_with_the_curves(page: Page, server: LiveServer, learned: str) -> None:
    view = wait_for(server, learned, "finished")
    look_at(page, server, f"run={learned}")
    fresh = looks_of(server, learned)
    expected = [
        [f"{name}, fresh examples", *zip(*due, strict=True)]
        for name in ("loss", "accuracy")
        if (
            due := [
                (at, value)
                for at, value in zip(fresh["update"], fresh["fresh"][name], strict=True)
                if value is not None
            ]
        )
    ]
    assert len(expected) == 2
    eventually(lambda: [[name, tuple(x), tuple(y)] for name, x, y in page.evaluate(DOTS)] == expected)
    chance = view["chance"]
    assert page.evaluate(LEVELS) == [["y", chance["loss"]], ["y2", chance["accuracy"]]]


def test_scrubbed_back_the_panel_shows_the_look_of_that_time(page: Page, server: LiveServer, learned: str) -> None:
    wait_for(server, learned, "finished")
    stored = call(server, "GET", f"/api/runs/{learned}/snapshots")["updates"]
    looks = looks_of(server, learned)
    wanted = stored[len(stored) // 2]
    look_at(page, server, f"run={learned}&update={wanted}")
    at = max(place for place, update in enumerate(looks["update"]) if update <= wanted)
    health = page.get_by_test_id("health")
    expect(health).to_have_attribute("data-update", str(looks["update"][at]), timeout=LONG_MS)
    eventually(lambda: numbers_in_view(page) == numbers(looks, at))
    page.get_by_label("Follow").check()
    expect(health).to_have_attribute("data-update", str(looks["update"][-1]), timeout=LONG_MS)


def test_without_a_look_at_fresh_examples_the_page_says_when_there_is_one(page: Page, server: LiveServer) -> None:
    short = make_run(server, "short", training={"updates": 20})
    wait_for(server, short, "finished")
    look_at(page, server, f"run={short}")
    verdict = page.get_by_test_id("verdict")
    expect(verdict).to_have_text("No look at fresh examples: it ended before update 125.", timeout=LONG_MS)
    expect(page.locator(f"li[data-run='{short}'] .verdict")).to_be_hidden()
    run = make_run(server, "judged", training={"updates": 200_000})
    wait_until(server, run, 130)
    command(server, run, "pause")
    wait_for(server, run, "paused")
    look_at(page, server, f"run={run}")
    one_look = re.compile(r"One look at fresh examples tells nothing yet: the next is at update 250\.|at chance")
    expect(verdict).to_have_text(one_look, timeout=LONG_MS)
    page.get_by_role("button", name="Reset").click()
    expect(verdict).to_have_text("No look at fresh examples yet: the first is at update 125.", timeout=LONG_MS)
    expect(verdict).to_have_attribute("data-word", "")


def test_a_network_that_nobody_looked_at_says_so(page: Page, server: LiveServer) -> None:
    look_at(page, server, "preset=copy-10")
    health = page.get_by_test_id("health")
    expect(health).to_have_attribute("data-state", "empty")
    expect(health).to_contain_text("Health appears when a run trains")
    expect(page.get_by_test_id("verdict")).to_be_hidden()


def test_a_method_without_memories_says_why_there_is_no_number(page: Page, server: LiveServer) -> None:
    run = make_run(server, "no memory", model={"method": "tbptt"}, training={"updates": 30})
    wait_for(server, run, "finished")
    look_at(page, server, f"run={run}")
    row = page.locator("[data-health=saturated]")
    expect(row.locator(".health-value")).to_have_text("–", timeout=LONG_MS)
    expect(row).to_contain_text("there is no scorer")


def test_the_row_of_each_run_tells_of_that_run(page: Page, server: LiveServer) -> None:
    older = make_run(server, "older", training={"updates": 20})
    wait_for(server, older, "finished")
    newer = make_run(server, "newer", training={"updates": 30})
    wait_for(server, newer, "finished")
    look_at(page, server, f"run={older}")
    expect(page.locator(f"li[data-run='{older}'] .progress")).to_contain_text("update 20", timeout=LONG_MS)
    page.wait_for_timeout(700)  # what comes of the older run does not change the newer one
    expect(page.locator(f"li[data-run='{newer}'] .progress")).to_contain_text("update 30")
