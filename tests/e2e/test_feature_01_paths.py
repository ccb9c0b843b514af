"""Feature 1: for random steps, the arcs in the page are the API's edges in number and kind."""

from __future__ import annotations

import random
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.steps import drawn_edges, edges_of_paths, opened, probe

STEPS = random.Random(1).sample(range(1, 50), 20)
ARCS = """() => [...document.querySelectorAll('path[data-kind=skip]')].map(path => ({
  reader: Number(path.dataset.reader), source: Number(path.dataset.source), credit: Number(path.dataset.credit),
  chosen: path.dataset.chosen === 'true', hop: Number(path.dataset.hop),
  width: Number(path.getAttribute('stroke-width')), dash: path.getAttribute('stroke-dasharray') ?? ''}))"""

APART = """() => {
  const [ring, line] = ["[data-true-source='0']", '#crosshair [data-cross=memory]']
    .map(place => document.querySelector(place).getBoundingClientRect());
  return Math.abs(ring.x + ring.width / 2 - line.x);
}"""
"""How many px the dashed line of the memory stands beside the ring of the true source: both read from one drawing."""


def edges_of(trace: dict[str, Any], kind: str) -> set[tuple[int, int]]:
    return {(edge["reader"], edge["source"]) for edge in trace["edges"] if edge["kind"] == kind}


def show_everything(page: Page) -> None:
    page.get_by_role("button", name="show more").click()
    expect(page.locator("#share-value")).to_have_text("100 %")
    expect(page.locator("#paths-hidden")).to_have_text("all paths shown", timeout=15_000)


def choose(page: Page, step: int) -> None:
    field = page.locator("input[name=loss_step]")
    field.fill(str(step))
    field.press("Enter")
    expect(page.locator("#gradient-quantity")).to_have_text(f"‖∂L{subscript(step)}/∂hₛ‖₂ at each step s")
    expect(page.get_by_test_id("paths")).to_have_attribute("data-state", "live", timeout=15_000)


def subscript(number: int) -> str:
    return "".join("₀₁₂₃₄₅₆₇₈₉"[int(digit)] for digit in str(number))


def test_for_twenty_random_steps_the_arcs_are_the_edges_of_the_api_in_number_and_kind(
    page: Page, server: LiveServer
) -> None:
    opened(page, server)
    show_everything(page)
    for step in STEPS:
        choose(page, step)
        trace = probe(server, loss_step=step, share=1)
        assert trace["paths_hidden"] == 0
        for kind in ("skip", "local"):
            assert drawn_edges(page, kind) == edges_of(trace, kind), (step, kind)
            assert page.locator(f"path[data-kind={kind}]").count() == len(edges_of(trace, kind)), (step, kind)


def test_at_first_the_arcs_hold_95_per_cent_and_the_number_of_hidden_ones_is_said(
    page: Page, server: LiveServer
) -> None:
    opened(page, server)
    trace = probe(server, loss_step=40)
    assert trace["share"] == 0.95
    assert trace["paths_hidden"] > 0
    expect(page.locator("#paths-hidden")).to_have_text(f"{trace['paths_hidden']} paths hidden")
    skips = edges_of_paths(trace, "skip")
    assert drawn_edges(page, "skip") == skips
    credit = {(e["reader"], e["source"]): e["credit"] for e in trace["edges"] if e["kind"] == "skip"}
    assert sum(credit[edge] for edge in skips) >= 0.95 * trace["skip_credit"]


def test_width_is_credit_and_every_hop_has_a_line_style_of_its_own(page: Page, server: LiveServer) -> None:
    opened(page, server)
    show_everything(page)
    trace = probe(server, loss_step=40, share=1)
    credit = {(e["reader"], e["source"]): e["credit"] for e in trace["edges"] if e["kind"] == "skip"}
    arcs = page.evaluate(ARCS)
    assert {(arc["reader"], arc["source"]): arc["credit"] for arc in arcs} == credit
    by_credit = sorted(arcs, key=lambda arc: arc["credit"])
    assert [arc["width"] for arc in by_credit] == sorted(arc["width"] for arc in arcs)
    assert by_credit[-1]["width"] > 3 * by_credit[0]["width"]
    dashes = {min(arc["hop"], 3): arc["dash"] for arc in arcs if arc["chosen"]}
    assert len(set(dashes.values())) == len(dashes) >= 2
    assert {arc["dash"] for arc in arcs if not arc["chosen"]}.isdisjoint(dashes.values())
    assert {(arc["reader"], arc["source"]): arc["hop"] for arc in arcs} == hops_of(trace)


def hops_of(trace: dict[str, Any]) -> dict[tuple[int, int], int]:
    """Which hop each skip edge is, on the path where it comes soonest."""
    hop: dict[tuple[int, int], int] = {}
    for path in trace["paths"]:
        skips = 0
        for reader, source, kind in zip(path["steps"], path["steps"][1:], path["kinds"], strict=False):
            skips += kind == "skip"
            if kind == "skip":
                hop[reader, source] = min(hop.get((reader, source), skips), skips)
    return hop


def test_the_legend_names_every_mark_that_is_drawn_and_no_other(page: Page, server: LiveServer) -> None:
    opened(page, server)
    legend = page.locator("#paths-legend [data-legend]")
    trace = probe(server, loss_step=40)
    chosen = {(e["reader"], e["source"]): e["chosen"] for e in trace["edges"] if e["kind"] == "skip"}
    shown = edges_of_paths(trace, "skip")
    hops = {hop for pair, hop in hops_of(trace).items() if chosen[pair]}
    expected = [
        "width is credit",
        *(["2nd hop"] if 2 in hops else []),
        *(["threshold memory"] if not all(chosen[pair] for pair in shown) else []),
        "cut",
        "true source",
    ]
    assert max(hops) <= 2
    assert legend.evaluate_all("all => all.map(one => one.dataset.legend)") == expected
    show_everything(page)
    expect(page.locator("[data-legend='2nd hop']")).to_be_visible()


def test_an_arc_that_is_hovered_or_focused_shows_its_memory_in_all_panels_of_the_story(
    page: Page, server: LiveServer
) -> None:
    opened(page, server)
    dashed = page.locator("#crosshair [data-cross=memory]")
    expect(dashed).to_have_count(0)
    arc = page.locator("[data-arc='40 0']")
    arc.focus()
    expect(dashed).to_have_count(1)
    assert page.evaluate(APART) <= 1
    arc.blur()
    expect(dashed).to_have_count(0)
