"""Feature 5: one selection drives all panels, in the same frame, and without a request when it was seen before."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.steps import opened, probe

SHOWN = """() => ({
  headline: document.querySelector('#headline').textContent,
  detail: document.querySelector('#detail-title').textContent,
  quantity: document.querySelector('#gradient-quantity').textContent,
  readers: [...new Set([...document.querySelectorAll('[data-testid=paths] path[data-kind=skip]')]
    .map(arc => Number(arc.dataset.reader)))].sort((a, b) => b - a)[0],
  cross: Number(document.querySelector('#crosshair [data-cross=step]').getAttribute('x1')),
  row: Number(document.querySelector('[data-testid=attention] [data-cross=row]').getAttribute('y')),
  field: Number(document.querySelector('input[name=loss_step]').value),
  states: [...document.querySelectorAll('main [data-testid]')].map(panel => panel.dataset.state),
})"""
# A click, and what stands there when the very next frame has been painted.
CLICK_AND_LOOK = (
    """async ([selector, x, y]) => {
  const element = document.querySelector(selector), box = element.getBoundingClientRect();
  const place = { bubbles: true, button: 0, clientX: box.left + x * box.width, clientY: box.top + y * box.height };
  element.dispatchEvent(new PointerEvent('pointerdown', place));
  element.dispatchEvent(new PointerEvent('pointerup', place));
  await new Promise(requestAnimationFrame);
  return ("""
    + SHOWN
    + """)();
}"""
)
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def choose(page: Page, step: int) -> None:
    field = page.locator("input[name=loss_step]")
    field.fill(str(step))
    field.press("Enter")
    field.blur()
    expect(page.locator("#headline")).to_contain_text(f"step {step}", timeout=15_000)
    expect(page.get_by_test_id("paths")).to_have_attribute("data-state", "live", timeout=15_000)


def place_of(page: Page, panel: str, step: int) -> Any:
    """Where in a panel one clicks to choose a step: on the time axis, or in a row of the heatmap."""
    if panel == "attention":
        return page.evaluate(
            """([step]) => { const stage = document.querySelector('[data-testid=attention] .stage');
            const { t, b } = stage.querySelector('.plot').layout.margin, height = stage.clientHeight;
            return ['[data-testid=attention] .stage', 0.13, (t + (step + 0.5) * (height - t - b) / 50) / height]; }""",
            [step],
        )  # fmt: skip
    selector = f"[data-testid={panel}] " + (".stage" if panel == "gradient-norms" else "svg.drawing")
    return page.evaluate(
        """([selector, step]) => { const width = document.querySelector(selector).getBoundingClientRect().width;
        return [selector, (58 + (step + 0.5) * (width - 76) / 50) / width, 0.1]; }""",
        [selector, step],
    )  # fmt: skip


@pytest.mark.parametrize("panel", ["sequence-strip", "gradient-norms", "attention"])
def test_a_step_that_was_seen_before_is_in_all_panels_at_the_next_frame(
    page: Page, server: LiveServer, panel: str
) -> None:
    opened(page, server)
    choose(page, 43)
    before = page.evaluate(SHOWN)
    choose(page, 46)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    shown = page.evaluate(CLICK_AND_LOOK, place_of(page, panel, 43))
    assert shown == before
    assert shown["headline"].startswith("At step 43")
    assert (shown["detail"], shown["field"], shown["readers"]) == ("Step 43", 43, 43)
    assert "43".translate(SUBSCRIPTS) in shown["quantity"]
    page.wait_for_timeout(500)  # nothing is asked late
    assert [url for url in asked if "/api/" in url] == []


def test_a_step_that_was_not_seen_is_asked_for_once_and_marked_at_once(page: Page, server: LiveServer) -> None:
    opened(page, server)
    asked: list[dict[str, Any]] = []

    def note(request: Request) -> None:
        if request.url.endswith("/api/probe"):
            asked.append(json.loads(request.post_data or "{}"))

    page.on("request", note)
    shown = page.evaluate(CLICK_AND_LOOK, place_of(page, "sequence-strip", 47))
    assert (shown["detail"], shown["field"]) == ("Step 47", 47)
    expect(page.locator("#headline")).to_contain_text("step 47", timeout=15_000)
    assert [request["loss_step"] for request in asked] == [47]


def test_a_memory_chosen_in_the_step_detail_is_marked_in_every_panel(page: Page, server: LiveServer) -> None:
    opened(page, server)
    trace = probe(server, loss_step=40)
    rows = zip(trace["attention"]["reader"], trace["attention"]["source"], trace["attention"]["weight"], strict=True)
    _, source = max((weight, source) for reader, source, weight in rows if reader == 40)
    page.get_by_test_id("step-detail").get_by_role("button", name=f"step {source}", exact=True).click()
    expect(page.locator("#crosshair [data-cross=memory]")).to_have_count(1)
    expect(page.locator("[data-testid=attention] [data-cross=cell]")).to_have_count(1)
    expect(page.get_by_role("button", name=f"release memory {source}")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#crosshair [data-cross=memory]")).to_have_count(0)
