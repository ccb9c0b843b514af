"""Feature 25: each figure has a sentence and a table whose numbers are the API's; axe finds nothing serious."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.steps import leave_and_delete, opened, probe

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
TITLES = {
    "sequence-strip": "Sequence",
    "paths": "Backtracking paths",
    "gradient-norms": "Gradient norm",
    "attention": "Attention",
    "step-detail": "This step",
}


def choose(page: Page, panel: str, item: str) -> None:
    """An entry of the menu in a panel's head."""
    page.get_by_role("button", name=f"More: {panel}").click()
    page.locator("#panel-menu").get_by_role("button", name=item).click()


def table(page: Page, panel: str) -> Locator:
    choose(page, TITLES[panel], "Show words and numbers")
    found = page.get_by_test_id(panel).locator(".twin table")
    expect(found).to_be_visible()
    return found


def columns(found: Locator) -> dict[str, list[str]]:
    rows: list[list[str]] = found.evaluate("t => [...t.rows].map(row => [...row.cells].map(cell => cell.textContent))")
    return {name: [row[place] for row in rows[1:]] for place, name in enumerate(rows[0])}


def numbers(texts: list[str]) -> list[float | None]:
    """The numbers, whatever is said beside them ("0 exactly", "1e-30, out of reach")."""
    return [None if text in ("–", "not finite") else float(re.split("[ ,]", text)[0]) for text in texts]


def test_the_tables_hold_the_numbers_of_the_api(page: Page, server: LiveServer) -> None:
    opened(page, server)
    trace = probe(server, loss_step=40)
    norms = columns(table(page, "gradient-norms"))
    for rule in ("sab", "truncated", "full"):
        assert numbers(norms[rule]) == trace["gradient_norm"][rule]
    attention = columns(table(page, "attention"))
    for name in ("reader", "source", "weight"):
        assert numbers(attention[name]) == trace["attention"][name]
    paths = columns(table(page, "paths"))
    assert numbers(paths["strength"]) == [path["strength"] for path in trace["paths"] for _ in path["kinds"]]
    strip = columns(table(page, "sequence-strip"))
    assert numbers(strip["loss"]) == trace["loss_T"]
    assert numbers(strip["prediction"]) == trace["predictions"]
    step = columns(table(page, "step-detail"))
    credit = {
        edge["source"]: edge["credit"] for edge in trace["edges"] if edge["kind"] == "skip" and edge["reader"] == 40
    }
    assert dict(zip(map(int, step["source"]), numbers(step["credit"]), strict=True)) == credit


def test_the_sentence_goes_along_with_the_figure(page: Page, server: LiveServer) -> None:
    opened(page, server)
    words = page.locator("#twin-attention")
    expect(words).to_contain_text("Step 40 reads 5 memories, most of all step 0")
    assert page.get_by_test_id("attention").get_attribute("aria-describedby") == "twin-attention"
    page.locator("input[name=loss_step]").fill("43")
    page.locator("input[name=loss_step]").press("Enter")
    expect(words).to_contain_text("Step 43 reads")
    expect(page.locator("#twin-paths")).to_contain_text("The loss at step 43 sends credit")


def test_a_table_is_built_only_when_it_is_asked_for_and_can_be_put_away(page: Page, server: LiveServer) -> None:
    opened(page, server)
    assert page.locator(".twin table").count() == 0
    found = table(page, "attention")
    choose(page, "Attention", "Hide words and numbers")
    expect(found).to_be_hidden()
    expect(page.locator(".twin table")).to_have_count(0)


def test_every_panel_says_in_two_sentences_what_one_sees(page: Page, server: LiveServer) -> None:
    opened(page, server)
    buttons = page.get_by_role("button", name="What do I see")
    assert buttons.count() >= 8
    for place in range(buttons.count()):
        button = buttons.nth(place)
        button.click()
        text = page.locator("#panel-menu p").inner_text()
        assert text.count(". ") + text.endswith(".") == 2, text
        page.keyboard.press("Escape")
        expect(page.locator("#panel-menu")).to_be_hidden()
        expect(button).to_be_focused()


def serious(page: Page) -> list[dict[str, Any]]:
    """What axe finds that would keep somebody out."""
    if not AXE.is_file():
        # Node is not needed to run the page, so a machine without it has no axe either.
        assert not (os.environ.get("SAB_REQUIRE_ALL") and shutil.which("npm")), "axe-core is missing: npm ci"
        pytest.skip("axe-core is not installed: npm ci")
    page.evaluate(AXE.read_text())
    found: list[dict[str, Any]] = page.evaluate(
        "async () => (await axe.run(document, { resultTypes: ['violations'] })).violations"
    )
    return [
        {
            "rule": one["id"],
            "where": [node["target"] for node in one["nodes"]][:5],
            "why": one["nodes"][0]["failureSummary"],
        }
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def test_axe_finds_nothing_serious_on_the_first_view_in_both_themes(page: Page, server: LiveServer) -> None:
    opened(page, server)
    assert serious(page) == []
    page.locator("select[name=theme]").select_option("dark")
    page.wait_for_timeout(300)  # colours have changed, and nothing comes late
    assert serious(page) == []


@pytest.mark.parametrize("width", [360, 320])
def test_axe_finds_nothing_serious_on_a_phone(page: Page, server: LiveServer, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    opened(page, server)
    assert serious(page) == []


@pytest.mark.parametrize("opener", ["Export", "Tour", "Keys", "More: Attention", "What do I see: Attention"])
def test_axe_finds_nothing_serious_in_what_opens(page: Page, server: LiveServer, opener: str) -> None:
    opened(page, server)
    page.get_by_role("button", name=opener, exact=True).click()
    page.wait_for_timeout(200)  # it has opened, and nothing comes late
    assert serious(page) == []


def test_axe_finds_nothing_serious_on_tables_and_on_a_panel_over_the_whole_window(
    page: Page, server: LiveServer
) -> None:
    opened(page, server)
    for panel in TITLES:
        table(page, panel)
    assert serious(page) == []
    choose(page, "Attention", "Maximise")
    assert serious(page) == []


def test_axe_finds_nothing_serious_on_a_live_run(page: Page, server: LiveServer) -> None:
    body = {"task": {"name": "copy", "T": 10, "items": 4}, "model": {"hidden_size": 16, "attention_size": 8}}
    answer = page.request.post(
        f"{server.url}/api/runs", data=json.dumps(body), headers={"content-type": "application/json"}
    )
    run = answer.json()["id"]
    page.goto(f"{server.url}/#run={run}")
    expect(page.get_by_test_id("curves")).to_have_attribute("data-state", "live", timeout=30_000)
    assert serious(page) == []
    leave_and_delete(page, server, str(run))


def test_axe_finds_nothing_serious_in_the_help(page: Page, server: LiveServer) -> None:
    page.goto(f"{server.url}/help")
    assert serious(page) == []
