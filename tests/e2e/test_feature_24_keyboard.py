"""Feature 24: everything by keyboard; heatmap and arcs are one tab stop each, every move is announced."""

from __future__ import annotations

import itertools
import time

from playwright.sync_api import Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.steps import at_rest, leave_and_delete, listed_runs, opened, probe
from tests.fakes.server import eventually

FOCUS = "document.activeElement.getAttribute('data-arc')"
STOPS = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return 'body';
  const panel = at.closest('[data-testid]');
  const name = at.id || at.name || at.getAttribute('aria-label') || at.textContent;
  return `${panel ? panel.dataset.testid : 'page'} ${at.tagName} ${name}`;
}"""


def stage(page: Page) -> None:
    page.get_by_test_id("attention").locator(".stage").focus()


def said(page: Page, text: str) -> None:
    expect(page.locator("#said")).to_contain_text(text)


def test_arrows_home_and_end_move_the_cell_of_the_heatmap_and_enter_pins_its_step(
    page: Page, server: LiveServer
) -> None:
    opened(page, server)
    stage(page)
    trace = probe(server, loss_step=40)
    weights = trace["attention"]
    read = {(r, s): w for r, s, w in zip(weights["reader"], weights["source"], weights["weight"], strict=True)}
    page.keyboard.press("Home")
    said(page, "Step 40, empty memory")
    page.keyboard.press("ArrowRight")
    credit = next(e["credit"] for e in trace["edges"] if (e["kind"], e["reader"], e["source"]) == ("skip", 40, 0))
    said(page, f"Step 40, memory of step 0: weight {read[40, 0]:.3g}, credit {credit:.3g}")
    page.keyboard.press("End")
    said(page, "Step 40, memory of step 39: not read")
    page.keyboard.press("ArrowUp")
    said(page, "Step 39, memory of step 38")
    page.keyboard.press("Control+Home")
    said(page, "Step 0, empty memory")
    page.keyboard.press("Enter")
    said(page, "1 step pinned: 0")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).not_to_contain_text("pinned")


def test_escape_lets_go_of_the_last_thing_chosen_one_after_another(page: Page, server: LiveServer) -> None:
    opened(page, server)
    stage(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Home")
    cross = page.locator("#crosshair [data-cross=step]")
    expect(page.get_by_test_id("attention").locator("[data-cross=cell]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("attention").locator("[data-cross=cell]")).to_have_count(0)
    expect(page.locator("input[name=loss_step]")).to_have_value("41")
    page.keyboard.press("Escape")
    expect(page.locator("input[name=loss_step]")).to_have_value("40")
    expect(cross).to_have_count(1)


def test_arcs_are_one_tab_stop_with_a_roving_focus_and_enter_fixes_one(page: Page, server: LiveServer) -> None:
    opened(page, server)
    arcs = page.get_by_test_id("paths").locator("[data-arc]")
    assert arcs.count() > 2
    assert page.get_by_test_id("paths").locator("[data-arc][tabindex='0']").count() == 1
    page.locator("[data-arc][tabindex='0']").focus()
    # By source, then by reader.
    names = arcs.evaluate_all("all => all.map(arc => arc.dataset.arc)")
    order = sorted(tuple(map(int, reversed(name.split()))) for name in names)
    assert page.evaluate(FOCUS) == "40 0"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    source, reader = order[order.index((0, 40)) + 2]
    third = page.evaluate(FOCUS)
    assert third == f"{reader} {source}"
    page.keyboard.press("Enter")
    said(page, f"Step 40, memory of step {source}")
    assert page.evaluate(FOCUS) == third
    for key, (end_source, end_reader) in (("Home", order[0]), ("End", order[-1])):
        page.keyboard.press(key)
        assert page.evaluate(FOCUS) == f"{end_reader} {end_source}"


def test_brackets_turn_k_top_and_p_pins_and_e_exports(page: Page, server: LiveServer) -> None:
    opened(page, server)
    page.keyboard.press("[")
    expect(page.locator("#knob-k_top")).to_have_value("4")
    said(page, "k_top 4")
    page.keyboard.press("]")
    expect(page.locator("#knob-k_top")).to_have_value("5")
    page.keyboard.press("p")
    said(page, "1 step pinned: 40")
    page.keyboard.press("e")
    expect(page.locator("#export-dialog")).to_be_visible()
    page.keyboard.press("p")
    page.keyboard.press("Escape")
    expect(page.locator("#export-dialog")).to_be_hidden()
    said(page, "1 step pinned: 40")


def test_a_question_mark_lists_the_keys_and_single_keys_can_be_switched_off_for_good(
    page: Page, server: LiveServer
) -> None:
    opened(page, server)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_contain_text("k_top down, up")
    dialog.get_by_label("single keys are on").uncheck()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    opened(page, server)
    runs = page.locator("li[data-run]").count()
    for key in ("?", "[", "p", "e", "Space"):
        page.keyboard.press(key)
    page.wait_for_timeout(400)  # nothing opens late
    assert page.locator("dialog[open]").count() == 0
    expect(page.locator("#knob-k_top")).to_have_value("5")
    assert page.locator("li[data-run]").count() == runs
    page.keyboard.press("ArrowRight")
    expect(page.locator("input[name=loss_step]")).to_have_value("41")
    page.get_by_role("button", name="Keys", exact=True).click()
    dialog.get_by_label("single keys are on").check()
    page.keyboard.press("Escape")
    page.keyboard.press("[")
    expect(page.locator("#knob-k_top")).to_have_value("4")


def test_letters_typed_into_a_field_are_letters(page: Page, server: LiveServer) -> None:
    opened(page, server)
    page.get_by_text("Your own run").click()
    name = page.locator("#run-form [name=name]")
    name.press_sequentially("pe.[ ]?")
    expect(name).to_have_value("pe.[ ]?")
    assert page.locator("dialog[open]").count() == 0


def test_tab_leads_through_the_page_and_out_again(page: Page, server: LiveServer) -> None:
    opened(page, server)
    seen: list[str] = []
    for _ in range(160):
        page.keyboard.press("Tab")
        where = page.evaluate(STOPS)
        if where == "body" or (seen and where == seen[0]):
            break
        assert where != (seen[-1] if seen else ""), f"Tab does not leave {where}"
        seen.append(where)
    panels = {where.split()[0] for where in seen}
    assert panels >= {"page", "paths", "attention", "step-detail", "controls", "runs"}
    assert len(seen) < 160


def test_moves_are_announced_politely_and_at_most_once_a_second(page: Page, server: LiveServer) -> None:
    opened(page, server)
    region = page.locator("#said")
    expect(region).to_have_attribute("aria-live", "polite")
    page.evaluate(
        """() => {
          window.told = [];
          const place = document.querySelector('#said');
          new MutationObserver(() => window.told.push(performance.now())).observe(place, { childList: true });
        }"""
    )
    ends = time.monotonic() + 2.5
    while time.monotonic() < ends:
        page.keyboard.press("ArrowLeft")
        page.wait_for_timeout(40)
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(300)  # as quick as a hand
    told = eventually(lambda: len(found := page.evaluate("window.told")) >= 2 and found)
    assert min(b - a for a, b in itertools.pairwise(told)) >= 990


def test_space_trains_pauses_and_resumes_and_a_dot_makes_one_update(page: Page, server: LiveServer) -> None:
    opened(page, server)
    page.locator("select[name=preset]").select_option(index=page.locator("select[name=preset] option").count() - 1)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Space")
    expect(page.locator("li[data-status=running]")).to_be_visible(timeout=20_000)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Space")
    expect(page.locator("li[data-status=paused]")).to_be_visible(timeout=20_000)
    before = at_rest(page, server)
    page.keyboard.press(".")
    expect(page.get_by_test_id("sequence-strip")).to_have_attribute("data-update", str(before + 1), timeout=20_000)
    leave_and_delete(page, server, *listed_runs(page))
