"""What many browser tests do: open the page, ask the API the same question, read off the drawn edges."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from playwright.sync_api import Page, expect

from sab_visualiser.app.web.pages import page_folder
from tests.e2e.conftest import LiveServer

OPENING: dict[str, Any] = json.loads((page_folder() / "static" / "presets" / "copy.json").read_text(encoding="utf-8"))
"""Facts of the network of the first visit."""
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


def weight_of(trace: dict[str, Any], reader: int, source: int) -> float:
    """The weight that the API gives to a reading."""
    attention = trace["attention"]
    found = zip(attention["reader"], attention["source"], attention["weight"], strict=True)
    return float(next(weight for r, s, weight in found if (r, s) == (reader, source)))
