"""Small runs for the browser tests, made and asked over the API, so that a page starts from a known place."""

from __future__ import annotations

import json
import time
import urllib.request
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.conftest import LiveServer

WAIT_S = 30.0
SMALL: dict[str, Any] = {
    "task": {"name": "copy", "T": 10, "items": 4},
    "model": {"hidden_size": 16, "attention_size": 8, "k_top": 5, "k_trunc": 5, "k_att": 1},
    "training": {"batch_size": 8, "updates": 300},
}


def call(server: LiveServer, method: str, path: str, body: Any = None) -> Any:
    """The JSON answer of the API."""
    if method == "DELETE":
        server.will_lose(path.rsplit("/", 1)[1])
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(server.url + path, data, {"content-type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=WAIT_S) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def make_run(server: LiveServer, name: str, **parts: dict[str, Any]) -> str:
    """Start a small run; `parts` change fields of its task, model or training."""
    spec = {part: {**fields, **parts.get(part, {})} for part, fields in SMALL.items()}
    run: str = call(server, "POST", "/api/runs", {"name": name, **spec})["id"]
    return run


def command(server: LiveServer, run: str, kind: str, **fields: Any) -> None:
    """Command a run."""
    call(server, "POST", f"/api/runs/{run}/commands", {"type": kind, **fields})


def wait_for(server: LiveServer, run: str, status: str) -> dict[str, Any]:
    """The run once it has that status."""
    deadline = time.monotonic() + WAIT_S
    while True:
        view: dict[str, Any] = call(server, "GET", f"/api/runs/{run}")
        if view["status"] == status:
            return view
        assert time.monotonic() < deadline, view
        time.sleep(0.05)


def wait_until(server: LiveServer, run: str, update: int) -> dict[str, Any]:
    """The run once it has made so many updates."""
    deadline = time.monotonic() + WAIT_S
    while (view := call(server, "GET", f"/api/runs/{run}"))["update"] < update:
        assert time.monotonic() < deadline, view
        time.sleep(0.05)
    found: dict[str, Any] = view
    return found


def look_at(page: Page, server: LiveServer, view: str) -> Page:
    """Open a view by its link, and wait until its pictures stand."""
    page.goto(f"{server.url}/#{view}")
    expect(page.get_by_test_id("attention")).to_have_attribute("data-state", "live", timeout=WAIT_S * 1000)
    return page
