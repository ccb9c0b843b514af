"""The foot of the page says what computes."""

from __future__ import annotations

import json

from playwright.sync_api import Page, expect

from tests.e2e.conftest import LiveServer
from tests.fakes.server import known


def test_the_foot_of_the_page_says_what_computes(page: Page, server: LiveServer) -> None:
    view = known(lambda: json.loads(server.get("/api/engine")))
    page.goto(server.url)
    words = "by fused loops" if view["backend"] == "numba" else view["why"]
    expect(page.locator("#engine")).to_contain_text(words, timeout=15_000)
    expect(page.locator("#engine")).to_have_attribute("data-state", "live" if view["as_wished"] else "error")
