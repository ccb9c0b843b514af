"""Feature 4: the identities of the specification on the weights in view; page and API show the same differences."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.steps import opened, printed
from tests.e2e.test_feature_16_exports import download

LONG_MS = 20_000
WANTED = {"oracle", "lstm", "sab-truncated", "sab-full", "arrivals", "causality"}


def ask(page: Page) -> None:
    page.get_by_test_id("self-proof").locator("button.link").click()


def test_page_and_api_show_the_same_differences_of_every_identity(page: Page, server: LiveServer) -> None:
    opened(page, server)
    panel = page.get_by_test_id("self-proof")
    expect(panel).to_have_attribute("data-verdict", "not asked")
    ask(page)
    expect(panel).to_have_attribute("data-verdict", "passed", timeout=LONG_MS)
    told = json.loads(server.get("/api/selfcheck?preset=copy"))
    rows = panel.locator("tr[data-identity]").evaluate_all(
        "rows => rows.map(row => [row.dataset.identity, Number(row.dataset.difference), row.dataset.holds])"
    )
    assert [tuple(row) for row in rows] == [
        (each["name"], each["difference"], str(each["holds"]).lower()) for each in told["identities"]
    ]
    assert {name for name, _, _ in rows} >= WANTED
    expect(panel.locator(".badge")).to_have_text(f"{len(rows)} of {len(rows)} hold")


def test_the_numbers_one_reads_are_those_differences(page: Page, server: LiveServer) -> None:
    opened(page, server)
    ask(page)
    panel = page.get_by_test_id("self-proof")
    panel.get_by_text("Identities and differences").click()
    told = {
        each["name"]: each["difference"] for each in json.loads(server.get("/api/selfcheck?preset=copy"))["identities"]
    }
    for name, difference in told.items():
        cell = panel.locator(f"tr[data-identity={name}] .difference")
        expect(cell).to_be_visible(timeout=LONG_MS)
        shown = cell.inner_text()
        if difference == 0:
            assert shown == "0 exactly"
        else:
            assert printed(shown) == pytest.approx(difference, rel=1e-3)


def test_another_network_is_not_proven_by_the_proof_of_the_last_one(page: Page, server: LiveServer) -> None:
    opened(page, server)
    ask(page)
    panel = page.get_by_test_id("self-proof")
    expect(panel).to_have_attribute("data-verdict", "passed", timeout=LONG_MS)
    others = [each["name"] for each in json.loads(server.get("/api/presets")) if each["name"] != "copy"]
    page.locator("select[name=preset]").select_option(others[0])
    expect(panel).to_have_attribute("data-verdict", "not asked")


@pytest.mark.parametrize(
    ("status", "body", "verdict", "words"),
    [
        (503, {"title": "Busy", "status": 503, "detail": "no worker is free"}, "unavailable", "no worker is free"),
        (
            200,
            {
                "identities": [
                    {"name": "sab-full", "statement": "no cut", "difference": 0.5, "tolerance": 1e-6, "holds": False},
                    {"name": "lstm", "statement": "no memory", "difference": None, "tolerance": 1e-6, "holds": False},
                ],
                "update": 3,
                "holds": False,
            },
            "failed",
            "not finite",
        ),
    ],
)
def test_a_proof_that_fails_or_cannot_be_had_says_so(
    page: Page, server: LiveServer, watch: object, status: int, body: object, verdict: str, words: str
) -> None:
    def answer(route: Route) -> None:
        route.fulfill(status=status, content_type="application/json", body=json.dumps(body))

    page.route("**/api/selfcheck*", answer)
    opened(page, server)
    ask(page)
    panel = page.get_by_test_id("self-proof")
    expect(panel).to_have_attribute("data-verdict", verdict)
    expect(panel).to_contain_text(words)
    watch.errors.clear()  # type: ignore[attr-defined]  # Chromium logs the 503 that this test made


def test_the_identities_can_be_taken_along_with_the_numbers_of_the_api(page: Page, server: LiveServer) -> None:
    opened(page, server)
    ask(page)
    expect(page.get_by_test_id("self-proof")).to_have_attribute("data-verdict", "passed", timeout=LONG_MS)
    page.get_by_role("button", name="More: Self-proof").click()
    page.locator("#panel-menu").get_by_role("button", name="Export…").click()
    expect(page.locator("#export-dialog select[name=panel]")).to_have_value("proof")
    page.keyboard.press("Escape")
    columns = json.loads(download(page, "proof", "json"))["columns"]
    told = json.loads(server.get("/api/selfcheck?preset=copy"))["identities"]
    assert columns["identity"] == [each["name"] for each in told]
    assert columns["difference"] == [each["difference"] for each in told]
