"""Feature 49: a text is drawn as its characters, with those that the network says beside those that come."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import LiveServer, Watch
from tests.e2e.runs import call, look_at, make_run, wait_for
from tests.e2e.test_feature_29_own_input import type_in
from tests.fakes.server import eventually

LONG_MS = 20_000


@pytest.fixture
def text_run(server: LiveServer) -> Iterator[str]:
    run = make_run(
        server, "hamlet", task={"name": "char", "T": 30, "items": None}, training={"updates": 3, "batch_size": 4}
    )
    wait_for(server, run, "finished")
    yield run
    call(server, "DELETE", f"/api/runs/{run}")


def rows(page: Page) -> dict[float, list[str]]:
    """The letters of the rows of the sequence, from left to right, by where the row stands."""
    letters = page.locator("[data-testid=sequence-strip] text.letter")
    found: list[tuple[float, float, str]] = letters.evaluate_all(
        "all => all.map(one => [Number(one.getAttribute('y')), Number(one.getAttribute('x')), one.textContent])"
    )
    tops = sorted({y for y, _, _ in found})
    return {top: [text for y, _, text in sorted(found) if y == top] for top in tops}


def test_characters_stand_as_characters_with_those_that_are_said(page: Page, server: LiveServer, text_run: str) -> None:
    told = call(server, "GET", f"/api/runs/{text_run}/snapshots/latest")
    names = told["task"]["symbols"]
    look_at(page, server, f"run={text_run}")
    read, wanted, said = rows(page).values()
    assert read == [names[place] for place in told["inputs"]]
    assert wanted == [names[place] for place in told["targets"]]
    assert said == [names[place] for place in told["predictions"]]
    assert read[1:] == wanted[:-1], "at each character the next one is asked"


def test_a_text_of_ones_own_is_read_and_what_the_network_never_saw_is_named(
    page: Page, server: LiveServer, text_run: str, watch: Watch
) -> None:
    look_at(page, server, f"run={text_run}")
    type_in(page, "To be or not")
    expect(page.locator("#own-input")).to_have_attribute("data-in-use", "true")
    eventually(lambda: "".join(next(iter(rows(page).values()))) == "To␣be␣or␣not")
    with page.expect_response("**/api/probe") as answer:
        type_in(page, "To be ж")
    assert answer.value.status == 422
    watch.excused.append(answer.value.url)
    expect(page.locator("#own-note")).to_contain_text("ж", timeout=LONG_MS)
    page.get_by_role("button", name="Back to example 0").click()
    expect(page.locator("#own-note")).to_have_text("")
    expect(page.get_by_test_id("paths")).to_have_attribute("data-state", "live", timeout=LONG_MS)
