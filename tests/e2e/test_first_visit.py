"""A fresh profile, nothing clicked: within 2.5 s the page shows where a trained network sends credit."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import LiveServer

PANELS = (
    "sequence-strip",
    "attention",
    "gradient-norms",
    "paths",
    "curves",
    "step-detail",
    "controls",
    "runs",
)
FIRST_ARCS_MS = 2500


def probe(server: LiveServer, **fields: Any) -> dict[str, Any]:
    """The API's answer to what the page asks."""
    body = json.dumps({"preset": "copy", **fields}).encode()
    request = urllib.request.Request(server.url + "/api/probe", body, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def opened(page: Page, server: LiveServer, path: str = "/") -> Page:
    page.goto(server.url + path)
    page.locator("path[data-kind=skip]").first.wait_for(state="attached")
    expect(page.get_by_test_id("attention")).to_have_attribute("data-state", "live", timeout=15_000)
    return page


def drawn_edges(page: Page, kind: str) -> set[tuple[int, int]]:
    pairs = page.locator(f"path[data-kind={kind}]").evaluate_all(
        "paths => paths.map(p => [Number(p.dataset.reader), Number(p.dataset.source)])"
    )
    return {(reader, source) for reader, source in pairs}


def edges_of_paths(trace: dict[str, Any], kind: str) -> set[tuple[int, int]]:
    return {
        (reader, source)
        for path in trace["paths"]
        for reader, source, edge in zip(path["steps"], path["steps"][1:], path["kinds"], strict=False)
        if edge == kind
    }


def test_the_first_arcs_stand_within_two_and_a_half_seconds_of_navigation(page: Page, server: LiveServer) -> None:
    page.goto(server.url)
    page.locator("path[data-kind=skip]").first.wait_for(state="attached")
    (mark,) = page.evaluate("performance.getEntriesByName('first-arcs').map(mark => mark.startTime)")
    assert mark <= FIRST_ARCS_MS


def test_every_panel_of_the_contract_is_there_and_says_what_it_shows(page: Page, server: LiveServer) -> None:
    opened(page, server)
    update = str(probe(server, loss_step=40)["update"])
    for panel in PANELS:
        located = page.get_by_test_id(panel)
        expect(located).to_be_visible()
        assert located.get_attribute("data-state") in {"live", "empty"}, panel
    for panel in ("sequence-strip", "attention", "gradient-norms", "paths"):
        expect(page.get_by_test_id(panel)).to_have_attribute("data-update", update)


def test_the_bundled_picture_is_what_the_network_really_gives(server: LiveServer) -> None:
    bundled = probe(server, loss_step=40)
    computed = probe(server, loss_step=40, share=0.951)
    for name in ("inputs", "predictions", "memories", "cuts", "update", "steps"):
        assert bundled[name] == computed[name], name
    pairs = zip(bundled["attention"]["weight"], computed["attention"]["weight"], strict=True)
    assert max(abs(a - b) for a, b in pairs) < 1e-4
    for rule in ("sab", "truncated", "full"):
        left, right = bundled["gradient_norm"][rule], computed["gradient_norm"][rule]
        assert max(abs(a - b) for a, b in zip(left, right, strict=True)) <= 1e-3 * max(right)


def test_a_step_chosen_in_one_panel_is_chosen_in_all(page: Page, server: LiveServer) -> None:
    opened(page, server)
    field = page.locator("input[name=loss_step]")
    field.fill("43")
    field.press("Enter")
    expect(page.locator("#headline")).to_contain_text("43")
    expect(page.locator("path[data-kind=skip][data-reader='43']").first).to_be_attached(timeout=15_000)
    expect(page.get_by_test_id("step-detail")).to_contain_text("43")
    assert drawn_edges(page, "skip") == edges_of_paths(probe(server, loss_step=43), "skip")


def test_a_step_beyond_the_sequence_leaves_the_picture_and_says_why(page: Page, server: LiveServer) -> None:
    opened(page, server)
    before = drawn_edges(page, "skip")
    field = page.locator("input[name=loss_step]")
    field.fill("999")
    field.press("Enter")
    expect(page.locator("#step-note")).to_contain_text("loss_step = 999: 0 … 49")
    assert drawn_edges(page, "skip") == before


@pytest.mark.parametrize("value", ["-1", "1e23", "2.5"])
def test_a_bad_knob_is_refused_beside_it_and_the_old_value_comes_back(
    page: Page, server: LiveServer, value: str
) -> None:
    opened(page, server)
    before = drawn_edges(page, "skip")
    field = page.get_by_label("k_top, as a number")
    field.fill(value)
    field.press("Enter")
    note = page.locator("[data-knob=k_top] .knob-note")
    expect(note).to_contain_text("0 … 10000, whole number")
    expect(field).to_have_value("5")
    assert drawn_edges(page, "skip") == before


def test_the_page_never_scrolls_sideways_on_a_phone(page: Page, server: LiveServer) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    opened(page, server)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_escape_leaves_the_tour_from_its_last_stop(page: Page, server: LiveServer) -> None:
    opened(page, server)
    page.get_by_role("button", name="Tour").click()
    box = page.get_by_role("dialog", name="Tour")
    for _ in range(4):
        box.get_by_role("button", name="Next").click()
    expect(box).to_contain_text("5 of 5")
    page.get_by_test_id("step-detail").click()
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
