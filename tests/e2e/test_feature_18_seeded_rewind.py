"""Feature 18: two resets give identical losses from the first update on; Reseed is another button and gives others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.runs import call, make_run, wait_until

LONG_MS = 20_000
FIRST = 50


@pytest.fixture
def opened_run(page: Page, server: LiveServer) -> Iterator[tuple[Page, str]]:
    """A small run in view, far enough; deleted afterwards."""
    run = make_run(server, "rewound", training={"updates": 1_000_000})
    wait_until(server, run, FIRST + 10)
    page.goto(f"{server.url}/#run={run}")
    expect(page.get_by_role("button", name="Reset")).to_be_enabled(timeout=LONG_MS)
    yield page, run
    call(server, "DELETE", f"/api/runs/{run}")


def first_losses(server: LiveServer, run: str, attempt: int) -> list[float]:
    """The losses of the first updates of an attempt."""
    wait_until(server, run, 1)
    while True:
        metrics = call(server, "GET", f"/api/runs/{run}/metrics")
        if metrics["attempt"] == attempt and len(metrics["loss"]) >= FIRST:
            assert metrics["update"][:FIRST] == list(range(1, FIRST + 1))
            found: list[float] = metrics["loss"][:FIRST]
            return found
        wait_until(server, run, len(metrics["loss"]) + 1)


def test_two_resets_give_the_same_first_fifty_losses_and_reseed_gives_others(
    opened_run: tuple[Page, str], server: LiveServer
) -> None:
    page, run = opened_run
    attempt = call(server, "GET", f"/api/runs/{run}")["attempt"]
    seen = [first_losses(server, run, attempt)]
    for name in ("Reset", "Reset", "Reseed"):
        page.get_by_role("button", name=name, exact=True).click()
        attempt += 1
        expect(page.locator(f"li[data-run='{run}']")).to_be_visible()
        while call(server, "GET", f"/api/runs/{run}")["attempt"] < attempt:
            page.wait_for_timeout(50)
        seen.append(first_losses(server, run, attempt))
    assert seen[0] == seen[1] == seen[2]
    assert seen[3] != seen[0]
