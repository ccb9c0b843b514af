"""A run trains in its own process while the page watches; knobs act on it and are acknowledged."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.steps import at_rest, leave_and_delete, listed_runs, opened
from tests.fakes.server import eventually

LONG_MS = 20_000
ROWS = """() => {
  const plot = document.querySelector('[data-testid=attention] .plot');
  const z = plot.data.find(trace => trace.type === 'heatmap').z;
  return Array.from(z, row => Array.from(row).filter(cell => cell !== null && !Number.isNaN(cell)).length);
}"""


SMALL = {
    "task.T": "10", "task.items": "4", "model.hidden_size": "16", "model.attention_size": "8",
    "model.k_top": "4", "model.k_att": "1", "training.updates": "200000", "name": "watched",
}  # fmt: skip


def start(page: Page, server: LiveServer, task: str = "copy", **fields: str) -> None:
    """Start a small run through the form of the page, and wait until its picture is live."""
    opened(page, server)
    page.get_by_text("Your own run").click()
    form = page.locator("#run-form")
    form.locator("[name='task.name']").select_option(task)
    for name, value in {**SMALL, **fields}.items():
        form.locator(f"[name='{name}']").fill(value)
    form.get_by_role("button", name="Start run").click()
    expect(page.locator("li[data-status=running] [aria-pressed=true]")).to_be_visible(timeout=LONG_MS)
    expect(page.get_by_test_id("paths")).to_have_attribute("data-state", "live", timeout=LONG_MS)


@pytest.fixture
def live(page: Page, server: LiveServer) -> Iterator[Page]:
    """A small run, deleted afterwards."""
    start(page, server)
    yield page
    leave_and_delete(page, server, *listed_runs(page))


def update_shown(page: Page) -> int:
    return int(page.get_by_test_id("sequence-strip").get_attribute("data-update") or "-1")


def set_knob(page: Page, name: str, value: str) -> None:
    field = page.get_by_label(f"{name}, as a number")
    field.fill(value)
    field.press("Enter")


def test_the_picture_moves_while_the_run_trains(live: Page) -> None:
    first = update_shown(live)
    expect(live.get_by_test_id("curves")).to_have_attribute("data-state", "live", timeout=LONG_MS)
    eventually(lambda: update_shown(live) > first)
    expect(live.get_by_role("status")).to_contain_text("updates/s")


def test_k_top_dragged_to_two_is_acknowledged_and_rows_hold_at_most_two_cells(live: Page) -> None:
    slider = live.locator("input[name=k_top]")
    slider.focus()
    for _ in range(2):
        slider.press("ArrowLeft")
    knob = live.locator("[data-knob=k_top]")
    expect(knob).to_have_attribute("data-pending", "false", timeout=LONG_MS)
    expect(knob.locator(".output")).to_have_text("2", timeout=LONG_MS)
    live.get_by_role("button", name="Pause", exact=True).click()
    expect(live.locator("li[data-status=paused]")).to_be_visible(timeout=LONG_MS)
    expect(live.get_by_test_id("attention")).to_have_attribute("data-state", "live", timeout=LONG_MS)
    eventually(lambda: max(live.evaluate(ROWS)) == 2)


def test_k_trunc_moves_the_cut_marks(live: Page) -> None:
    set_knob(live, "k_trunc", "4")
    expect(live.locator("[data-testid=paths] [data-cut]")).to_have_count(4, timeout=LONG_MS)
    shown = live.locator("[data-testid=paths] [data-cut]").evaluate_all(
        "marks => marks.map(mark => Number(mark.dataset.cut))"
    )
    assert sorted(shown) == [3, 7, 11, 15]
    set_knob(live, "k_trunc", "0")
    expect(live.locator("[data-testid=paths] [data-cut]")).to_have_count(0, timeout=LONG_MS)


def test_a_bad_value_is_named_beside_its_field_and_the_run_stays_as_it_was(live: Page) -> None:
    set_knob(live, "k_top", "-3")
    note = live.locator("[data-knob=k_top] .knob-note")
    expect(note).to_contain_text("k_top", timeout=LONG_MS)
    expect(note).to_contain_text("0 … 10000")
    expect(live.locator("[data-knob=k_top] .output")).to_have_text("4")
    expect(live.locator("li[data-status=running]")).to_be_visible()


def test_pause_step_reset_and_reseed_do_what_they_say(live: Page, server: LiveServer) -> None:
    live.get_by_role("button", name="Pause", exact=True).click()
    expect(live.locator("li[data-status=paused]")).to_be_visible(timeout=LONG_MS)
    before = at_rest(live, server)
    live.get_by_role("button", name="Step", exact=True).click()
    expect(live.get_by_test_id("sequence-strip")).to_have_attribute("data-update", str(before + 1), timeout=LONG_MS)
    live.get_by_role("button", name="Reset", exact=True).click()
    expect(live.locator("li[data-status=paused]")).to_contain_text("update 0", timeout=LONG_MS)
    expect(live.get_by_test_id("sequence-strip")).to_have_attribute("data-update", "0", timeout=LONG_MS)
    live.get_by_role("button", name="Step", exact=True).click()
    expect(live.get_by_test_id("sequence-strip")).to_have_attribute("data-update", "1", timeout=LONG_MS)
    live.get_by_role("button", name="Reseed", exact=True).click()
    expect(live.get_by_test_id("sequence-strip")).to_have_attribute("data-update", "0", timeout=LONG_MS)
    live.get_by_role("button", name="Stop", exact=True).click()
    expect(live.locator("li:has([aria-pressed=true])[data-status=stopped]")).to_be_visible(timeout=LONG_MS)
    names = live.locator("li[data-run] strong").all_inner_texts()
    assert [name.partition(" · ")[2] for name in names if " · " in name] == ["attempt 2", "attempt 1"]


def test_a_run_can_be_deleted_while_it_trains(live: Page) -> None:
    run = live.locator("li[data-run]").first.get_attribute("data-run")
    button = live.locator(f"[data-focus='delete {run}']")
    button.click()
    live.wait_for_timeout(1200)  # the list is redrawn meanwhile, and must not forget the question
    expect(button).to_have_text("delete?")
    button.click()
    expect(live.locator(f"li[data-run='{run}']")).to_have_count(0, timeout=LONG_MS)


def test_panels_that_tell_one_story_show_one_update(live: Page) -> None:
    panels = ("sequence-strip", "paths", "gradient-norms", "step-detail")
    read = f"() => {list(panels)}.map(id => document.querySelector(`[data-testid=${{id}}]`).dataset.update)"
    expect(live.get_by_test_id("paths")).not_to_have_attribute("data-update", "0", timeout=LONG_MS)
    seen = set()

    def look() -> bool:
        shown = live.evaluate(read)
        assert len(set(shown)) == 1, dict(zip(panels, shown, strict=True))
        seen.add(shown[0])
        return len(seen) > 1

    for _ in range(20):
        look()
        live.wait_for_timeout(97)
    eventually(look)


def test_a_second_tab_sees_the_knob_that_the_first_one_turned(live: Page, server: LiveServer) -> None:
    run = live.locator("li[data-run]").first.get_attribute("data-run")
    other = live.context.new_page()
    other.goto(server.url)
    other.locator(f"li[data-run='{run}'] button.run").click(timeout=LONG_MS)
    expect(other.locator("[data-knob=k_att] .output")).to_have_text("1", timeout=LONG_MS)
    set_knob(live, "k_att", "3")
    expect(other.locator("[data-knob=k_att] .output")).to_have_text("3", timeout=LONG_MS)
    other.close()
