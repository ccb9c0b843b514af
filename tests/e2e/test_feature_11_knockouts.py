"""Feature 11: deleting an arc returns new loss, prediction and gradients; Undo restores the first values exactly."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.steps import at_rest, drawn_edges, edges_of_paths, leave_and_delete, opened, probe, weight_of
from tests.e2e.test_live_run import start
from tests.fakes.server import eventually

LOSS_STEP = 40
ARC = (40, 0)
NORMS = """() => Object.fromEntries(document.querySelector('[data-testid=gradient-norms] .plot').data
  .filter(trace => trace.mode !== 'markers').map(trace => [trace.name, Array.from(trace.y)]))"""


def arc(page: Page, reader: int, source: int) -> Any:
    return page.locator(f"[data-arc='{reader} {source}']")


def shown(page: Page) -> dict[str, Any]:
    """Everything that must come back: arcs, gradient lines, loss and answer of the step."""
    return {
        "arcs": page.locator("path[data-kind]").evaluate_all("paths => paths.map(path => path.outerHTML)"),
        "norms": page.evaluate(NORMS),
        "step": page.get_by_test_id("step-detail").inner_text(),
        "headline": page.locator("#headline").inner_text(),
    }


def knock_out(page: Page, key: str = "Delete") -> None:
    arc(page, *ARC).focus()
    page.keyboard.press(key)
    expect(page.locator("#knocked-out")).to_contain_text("loss at step 40", timeout=15_000)
    expect(page.get_by_test_id("paths")).to_have_attribute("data-state", "live")


def change(page: Page, name: str) -> str:
    return page.locator(f"[data-change='{name}']").inner_text()


def digits(value: float, count: int = 3) -> str:
    """So many digits as the page prints numbers of a middling size."""
    return f"{value:.{count}g}"


def test_delete_on_an_arc_shows_the_loss_prediction_and_gradient_that_the_api_gives(
    page: Page, server: LiveServer
) -> None:
    opened(page, server)
    knock_out(page)
    after = probe(server, knocked_out=[list(ARC)])
    assert drawn_edges(page, "skip") == edges_of_paths(after, "skip")
    assert ARC not in drawn_edges(page, "skip")
    assert change(page, "loss at step 40").endswith(f"→ {digits(after['loss_T'][LOSS_STEP])}")
    says = after["task"]["symbols"][after["predictions"][LOSS_STEP]]
    assert after["predictions"][LOSS_STEP] != after["targets"][LOSS_STEP]
    assert change(page, "says").endswith(f"→ {says} ✗")
    norm = change(page, "SAB gradient at step 0")
    assert norm.endswith(f"→ {digits(after['gradient_norm']['sab'][0])}")
    hits = [hit for hit in after["hits"].values() if hit is not None]
    assert change(page, "hits").endswith(f"→ {sum(hits)} of {len(hits)}")
    line = page.evaluate(NORMS)["SAB"]
    for drawn, norm_of_step in zip(line, after["gradient_norm"]["sab"], strict=True):
        assert drawn is None or 10**drawn == pytest.approx(norm_of_step, rel=1e-6)


def test_undo_restores_the_first_picture_to_the_last_bit(page: Page, server: LiveServer) -> None:
    opened(page, server)
    expect(page.get_by_test_id("gradient-norms")).to_have_attribute("data-state", "live", timeout=15_000)
    first = shown(page)
    knock_out(page)
    assert shown(page) != first
    page.locator("#knocked-out").get_by_role("button", name="Undo").click()
    expect(page.locator("#knocked-out")).to_be_hidden()
    expect(page.get_by_test_id("paths")).to_have_attribute("data-state", "live")
    page.keyboard.press("Escape")  # Undo keeps what is chosen; the first picture had nothing chosen
    assert shown(page) == first
    assert probe(server) == probe(server)


def test_a_chosen_arc_offers_the_same_by_mouse_and_its_ghost_puts_it_back(page: Page, server: LiveServer) -> None:
    opened(page, server)
    before = drawn_edges(page, "skip")
    arc(page, *ARC).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#chosen-arc")).to_contain_text(
        f"40 → 0 weight {weight_of(probe(server, loss_step=40), 40, 0):.3g}"
    )
    page.get_by_role("button", name="Knock out").click()
    ghost = page.locator("[data-knocked-out='40 0']")
    expect(ghost).to_be_attached(timeout=15_000)
    assert page.locator("path[data-kind][data-reader='40'][data-source='0']").count() == 0
    ghost.focus()
    page.keyboard.press("Enter")
    expect(ghost).to_have_count(0)
    assert drawn_edges(page, "skip") == before


def test_the_focus_stays_on_the_arc_that_was_knocked_out(page: Page, server: LiveServer) -> None:
    opened(page, server)
    knock_out(page)
    assert page.evaluate("document.activeElement.dataset.knockedOut") == "40 0"
    page.keyboard.press("Control+z")
    expect(page.locator("#knocked-out")).to_be_hidden()
    assert page.evaluate("document.activeElement.dataset.arc") == "40 0"


def test_a_link_brings_the_knock_out_back_with_both_sides_of_the_comparison(page: Page, server: LiveServer) -> None:
    opened(page, server, "/#preset=copy&loss_step=40&ko=40-0")
    banner = page.locator("#knocked-out")
    expect(banner).to_contain_text("loss at step 40", timeout=15_000)
    before, after = probe(server, loss_step=40), probe(server, loss_step=40, knocked_out=[list(ARC)])
    assert digits(after["loss_T"][40]) in change(page, "loss at step 40")
    assert f"{before['gradient_norm']['sab'][0]:.3g} →" in change(page, "SAB gradient at step 0")
    eventually(lambda: "ko=40-0" in page.evaluate("location.hash"))


def test_a_paused_run_is_asked_without_the_arc_and_undo_brings_its_picture_back(page: Page, server: LiveServer) -> None:
    start(page, server)
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("li[data-status=paused]")).to_be_visible(timeout=15_000)
    at_rest(page, server)
    before = drawn_edges(page, "skip")
    drawn = page.locator("[data-arc]:has(path[data-chosen=true])").last
    reader, source = map(int, (drawn.get_attribute("data-arc") or "").split())
    drawn.focus()
    page.keyboard.press("Delete")
    banner = page.locator("#knocked-out")
    expect(banner).to_contain_text(f"Knocked out {reader} → {source}")
    expect(banner).to_contain_text("loss at step", timeout=15_000)
    expect(banner).not_to_contain_text("the weights moved")
    run = page.locator("li[data-run]").first.get_attribute("data-run")
    after = probe_run(server, run, knocked_out=[[reader, source]])
    assert drawn_edges(page, "skip") == edges_of_paths(after, "skip")
    said = change(page, f"loss at step {after['loss_step']}").removesuffix(", unchanged")
    # Two numbers that differ little are told with so many digits that it shows.
    told = said.split()[-1]
    assert told in {digits(after["loss_T"][after["loss_step"]], count) for count in range(3, 10)}
    banner.get_by_role("button", name="Undo").click()
    expect(banner).to_be_hidden()
    assert drawn_edges(page, "skip") == before
    arc(page, reader, source).focus()
    page.keyboard.press("Delete")
    expect(page.locator(f"[data-knocked-out='{reader} {source}']")).to_be_attached(timeout=15_000)
    page.get_by_role("button", name="Resume").click()
    expect(banner).to_contain_text("the weights moved too", timeout=15_000)
    leave_and_delete(page, server, str(run))


def probe_run(server: LiveServer, run: str | None, **fields: Any) -> dict[str, Any]:
    """The API's answer about a run."""
    return probe(server, preset=None, run=run, **fields)
