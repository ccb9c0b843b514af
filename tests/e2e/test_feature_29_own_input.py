"""Feature 29: a sequence of one's own; a bad one is explained beside its field and the last good picture stays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.runs import call, make_run, wait_for
from tests.e2e.test_first_visit import drawn_edges, edges_of_paths, opened
from tests.fakes.server import eventually

LONG_MS = 20_000
LETTERS = "HGFEDCBAHG"


def type_in(page: Page, text: str) -> None:
    details = page.locator("#own-input")
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    field = page.locator("input[name=own_input]")
    field.fill(text)
    field.press("Enter")


def inputs_of(letters: str) -> list[int]:
    return [*("ABCDEFGH".index(letter) for letter in letters), *[8] * 29, 9, *[8] * 10]


def test_letters_of_ones_own_are_what_the_network_reads_and_what_it_should_say(page: Page, server: LiveServer) -> None:
    opened(page, server)
    type_in(page, LETTERS)
    told = call(server, "POST", "/api/probe", {"preset": "copy", "inputs": inputs_of(LETTERS)})
    assert told["targets"][-10:] == told["inputs"][:10] == inputs_of(LETTERS)[:10]
    assert told["true_sources"]["40"] == [0]
    read = page.locator("[data-testid=sequence-strip] text.letter.symbol")
    eventually(lambda: "".join(read.evaluate_all("all => all.map(one => one.textContent)")[:10]) == LETTERS)
    expect(page.get_by_test_id("paths")).to_have_attribute("data-state", "live", timeout=LONG_MS)
    assert drawn_edges(page, "skip") == edges_of_paths(told, "skip")
    expect(page.locator("[data-true-source='0']")).to_have_count(1)


@pytest.mark.parametrize("text", ["ABC", "ABCDEFGHIJ", "", "1234567890", "ABCDEFGHAB<script>"])
def test_bad_letters_are_explained_beside_the_field_and_the_picture_stays(
    page: Page, server: LiveServer, text: str
) -> None:
    opened(page, server)
    before = drawn_edges(page, "skip")
    title = page.locator("#headline").inner_text()
    type_in(page, text)
    note = page.locator("#own-note")
    expect(note).to_contain_text("10 letters of A … H")
    expect(page.locator("input[name=own_input]")).to_have_attribute("aria-invalid", "true")
    assert drawn_edges(page, "skip") == before
    assert page.locator("#headline").inner_text() == title
    assert page.get_by_test_id("paths").get_attribute("data-state") == "live"


def test_a_bad_one_after_a_good_one_leaves_the_good_one(page: Page, server: LiveServer) -> None:
    opened(page, server)
    type_in(page, LETTERS)
    expect(page.locator("#own-input")).to_have_attribute("data-in-use", "true")
    expect(page.get_by_test_id("paths")).to_have_attribute("data-state", "live", timeout=LONG_MS)
    title = page.locator("#headline").inner_text()
    type_in(page, "nonsense")
    expect(page.locator("#own-note")).to_contain_text("“N” at place 1 is none of them: write one from A to H there")
    assert page.locator("#headline").inner_text() == title
    page.get_by_role("button", name="Back to example 0").click()
    expect(page.locator("#own-input")).to_have_attribute("data-in-use", "false")
    expect(page.locator("#own-note")).to_have_text("")


@pytest.fixture
def trained(server: LiveServer) -> Iterator[list[tuple[str, str]]]:
    """One finished run of each other task, with a text of one's own; deleted afterwards."""
    made = []
    for name, items, text in (("adding", None, "1:0.25 7:0.5"), ("recall", 2, "c5 a2 a"), ("denoise", 3, "A..B...C..")):
        run = make_run(server, name, task={"name": name, "T": 10, "items": items}, training={"updates": 2})
        wait_for(server, run, "finished")
        made.append((run, text))
    yield made
    for run, _ in made:
        call(server, "DELETE", f"/api/runs/{run}")


def test_every_task_takes_values_pairs_or_symbols(
    page: Page, server: LiveServer, trained: list[tuple[str, str]]
) -> None:
    sent: list[Any] = []
    page.on("request", lambda each: sent.append(each.post_data_json) if each.url.endswith("/api/probe") else None)
    for run, text in trained:
        page.goto(f"{server.url}/#run={run}")
        expect(page.get_by_test_id("paths")).to_have_attribute("data-state", "live", timeout=LONG_MS)
        sent.clear()
        type_in(page, text)
        expect(page.locator("#own-input")).to_have_attribute("data-in-use", "true")
        expect(page.get_by_test_id("paths")).to_have_attribute("data-state", "live", timeout=LONG_MS)
        expect(page.locator("#own-note")).to_have_text("")
        told = call(server, "POST", "/api/probe", {"run": run, "inputs": sent[-1]["inputs"]})
        assert told["inputs"] == sent[-1]["inputs"]
        assert any(told["true_sources"].values())
