"""Feature 31: a forced NaN stops training, names the update, and offers the last finite checkpoint, which works."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.runs import call, command, make_run, wait_for, wait_until

LONG_MS = 20_000


@pytest.fixture
def diverged(server: LiveServer) -> Iterator[dict[str, Any]]:
    """A run whose learning rate was turned up until its loss was no number; deleted afterwards."""
    run = make_run(server, "diverging", task={"name": "adding", "items": None}, training={"updates": 1_000_000})
    wait_until(server, run, 60)
    command(server, run, "set_parameters", parameters={"learning_rate": 1e21})
    yield wait_for(server, run, "diverged")
    call(server, "DELETE", f"/api/runs/{run}")


def test_training_stops_and_the_reason_names_the_update(diverged: dict[str, Any], server: LiveServer) -> None:
    assert f"update {diverged['update']}" in diverged["reason"] or str(diverged["update"]) in diverged["reason"]
    assert diverged["checkpoint_update"] < diverged["update"]
    assert call(server, "GET", f"/api/runs/{diverged['id']}")["update"] == diverged["update"]


def test_the_page_says_so_and_opens_the_last_finite_checkpoint(
    page: Page, server: LiveServer, diverged: dict[str, Any]
) -> None:
    page.goto(f"{server.url}/#run={diverged['id']}")
    alarm = page.get_by_role("alert").filter(has_text="diverged")
    expect(alarm).to_contain_text(f"update {diverged['update']}", timeout=LONG_MS)
    page.get_by_role("button", name="Open last finite checkpoint").click()
    paths = page.get_by_test_id("paths")
    expect(paths).to_have_attribute("data-update", str(diverged["checkpoint_update"]), timeout=LONG_MS)
    expect(paths).to_have_attribute("data-state", "live", timeout=LONG_MS)
    expect(alarm).to_be_hidden()
    page.get_by_test_id("self-proof").locator("button.link").click()
    expect(page.get_by_test_id("self-proof")).to_have_attribute("data-verdict", "passed", timeout=LONG_MS)


def test_the_checkpoint_gives_finite_numbers(server: LiveServer, diverged: dict[str, Any]) -> None:
    trace = call(server, "POST", "/api/probe", {"checkpoint": diverged["checkpoint"]})
    assert trace["update"] == diverged["checkpoint_update"]
    assert trace["nonfinite"] == 0
    assert all(math.isfinite(loss) for loss in trace["loss_T"])
