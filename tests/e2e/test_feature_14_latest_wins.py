"""Feature 14: of many quick moves the last one counts, few requests are sent, and late answers are thrown away."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, Route, expect

from benchmarks.knobs import MOVE, MOVES
from tests.e2e.conftest import LiveServer
from tests.e2e.steps import drawn_edges, edges_of_paths, opened, probe, still_box
from tests.e2e.test_feature_03_knobs_keep_the_weights import cuts
from tests.e2e.test_live_run import set_knob
from tests.fakes.server import eventually

LONG_MS = 20_000
MOST_REQUESTS = 10


def test_fifty_quick_moves_end_on_the_last_value_with_few_requests(page: Page, server: LiveServer) -> None:
    opened(page, server)
    sent: list[Any] = []
    page.on("request", lambda each: sent.append(each.post_data_json) if each.url.endswith("/api/probe") else None)
    values = [2 + (move * 7) % 40 for move in range(MOVES - 1)] + [8]
    page.evaluate(MOVE, [values, 10])
    expect(page.locator("[data-knob=k_trunc] .output")).to_have_text("8")
    exact = probe(server, loss_step=40, k_trunc=8)
    expect(page.get_by_test_id("paths")).to_have_attribute("data-state", "live", timeout=LONG_MS)
    assert cuts(page) == exact["cuts"]
    assert drawn_edges(page, "skip") == edges_of_paths(exact, "skip")
    assert 1 <= len(sent) <= MOST_REQUESTS
    assert sent[-1]["k_trunc"] == 8


def test_the_late_answer_to_an_earlier_value_is_never_shown(page: Page, server: LiveServer) -> None:
    opened(page, server)
    held: list[Route] = []
    page.route("**/api/probe", lambda route: held.append(route) if not held else route.continue_())
    seen = (
        "() => { const panel = document.querySelector('[data-testid=paths]'); window.live = [];"
        " new MutationObserver(() => { if (panel.dataset.state === 'live')"
        " window.live.push(panel.querySelectorAll('[data-cut]').length); })"
        ".observe(panel, { attributes: true, attributeFilter: ['data-state'] }); }"
    )
    first = len(cuts(page))
    page.evaluate(seen)
    set_knob(page, "k_trunc", "3")
    expect(page.get_by_test_id("paths")).to_have_attribute("data-state", "preview")
    while not held:
        page.wait_for_timeout(20)
    set_knob(page, "k_trunc", "10")
    page.wait_for_timeout(200)  # the answer is late
    held[0].continue_()
    exact = probe(server, loss_step=40, k_trunc=10)
    expect(page.get_by_test_id("paths")).to_have_attribute("data-state", "live", timeout=LONG_MS)
    assert cuts(page) == exact["cuts"]
    # The first picture may be called live once more, and the last one twice; that of k_trunc = 3 has another number of
    # cuts and never is.
    assert set(page.evaluate("window.live")) - {first} == {len(exact["cuts"])}
    assert page.evaluate("window.live")[-1] == len(exact["cuts"])


def test_undo_takes_back_the_whole_of_a_slow_drag(page: Page, server: LiveServer) -> None:
    opened(page, server)
    slider = page.locator("input[type=range][name=k_trunc]")
    box = still_box(slider)
    middle = box["y"] + box["height"] / 2
    shown = page.locator("[data-knob=k_trunc] .output")
    page.mouse.move(box["x"] + box["width"] * 5 / 60 + 2, middle)
    page.mouse.down()
    values = set()
    for share in (0.3, 0.5, 0.7):
        page.mouse.move(box["x"] + box["width"] * share, middle, steps=3)
        page.wait_for_timeout(300)  # longer than the pause after which a value is sent
        values.add(eventually(lambda: (text := shown.inner_text()) not in values and text))
    page.mouse.up()
    page.locator("#undo").click()
    expect(shown).to_have_text("5")
    expect(page.get_by_test_id("paths")).to_have_attribute("data-state", "live", timeout=LONG_MS)
    assert drawn_edges(page, "skip") == edges_of_paths(probe(server, loss_step=40), "skip")
