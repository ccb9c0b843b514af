"""Where the local gradient is cut is a control: a phase moves the blocks, a window always sees k_trunc steps."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.steps import opened, probe


def reached(page: Page, steps: str) -> None:
    """Rule truncated reaches these steps, and the picture is the exact one."""
    expect(page.locator(".reach.truncated")).to_contain_text(steps, timeout=15_000)
    expect(page.get_by_test_id("paths")).to_have_attribute("data-state", "live", timeout=15_000)


def test_a_window_sees_k_trunc_steps_where_blocks_end_sooner_and_a_phase_moves_them(
    page: Page, server: LiveServer
) -> None:
    opened(page, server)
    note = page.locator("#cut-note")
    reached(page, "39–40")
    expect(note).to_contain_text("sees 2 steps, though a block has 5")
    cuts, phase = page.locator("select[name=cuts]"), page.locator("input[name=phase]")
    cuts.select_option("window")
    reached(page, "36–40")
    expect(note).to_contain_text("the last 5 steps")
    expect(phase).to_be_disabled()
    assert probe(server, loss_step=40, cuts="window")["reach"]["truncated"] == [[36, 40]]
    cuts.select_option("blocks")
    phase.fill("1")
    phase.press("Enter")
    reached(page, "40")
    expect(note).to_contain_text("A cut falls right before the loss")
    expect(page.locator("#answer")).to_contain_text("reaches step 40 only: a cut falls right before it")
    assert probe(server, loss_step=40, phase=1)["reach"]["truncated"] == [[40, 40]]


def test_a_link_carries_how_it_is_cut_and_a_bad_phase_says_what_would_do(page: Page, server: LiveServer) -> None:
    opened(page, server, "/#preset=copy&loss_step=43&cuts=window&k_trunc=8")
    reached(page, "36–43")
    expect(page.locator("select[name=cuts]")).to_have_value("window")
    page.locator("select[name=cuts]").select_option("blocks")
    phase = page.locator("input[name=phase]")
    phase.fill("1.5")
    phase.press("Enter")
    expect(page.locator("#phase-note")).to_contain_text("phase = 1.5: 0 … 1023, whole number")
    expect(phase).to_have_value("1.5")


def test_the_whole_loss_has_no_window(page: Page, server: LiveServer) -> None:
    opened(page, server, "/#preset=copy&cuts=window")
    page.locator("input[name=whole_loss]").check()
    expect(page.locator("select[name=cuts]")).to_be_disabled()
    expect(page.locator("#cut-note")).to_contain_text("Of the whole loss")
    expect(page.get_by_test_id("paths")).to_have_attribute("data-state", "live", timeout=15_000)
