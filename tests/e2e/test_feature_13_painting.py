"""Feature 13: however many events rush in, the page merges them: few redraws, newest numbers, and it stays usable."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from sab_visualiser.app.wire.codec import encode
from tests.e2e.conftest import LiveServer
from tests.e2e.runs import call, make_run, wait_for
from tests.fakes.server import eventually

LONG_MS = 20_000
RATE_HZ = 200
SECONDS = 3
MOST_REDRAWS_PER_S = 15
COUNT = (
    "() => { window.redraws = 0; const panel = document.querySelector('[data-testid=curves]');"
    " new MutationObserver(() => { window.redraws += 1; }).observe(panel, { attributes: true,"
    " attributeFilter: ['data-update'] }); }"
)


class Flood:
    """Stands for the server's socket: as many metrics events a second as one likes, all of one run."""

    def __init__(self, page: Page, view: dict[str, Any]) -> None:
        self.view, self.seq = view, view["seq"]
        self.sockets: list[WebSocketRoute] = []
        page.route_web_socket("**/ws", self._join)

    def _join(self, socket: WebSocketRoute) -> None:
        def answer(message: str | bytes) -> None:
            if json.loads(message)["type"] == "subscribe":
                self.sockets.append(socket)
                said = {"kind": "subscribed", "run": self.view["id"], "seq": self.seq, "view": self.view}
                socket.send(encode(said))

        socket.on_message(answer)
        socket.send(encode({"kind": "hello", "epoch": "flood", "version": "0"}))

    def send(self, update: int) -> None:
        """One metrics event."""
        self.seq += 1
        one = np.array([1.0 + 1 / update], np.float32)
        columns = {
            "update": np.array([update], np.int32),
            **dict.fromkeys(("loss", "gradient_norm", "learning_rate"), one),
            "skipped": np.zeros(1, np.uint8),
            "values": {"accuracy": one},
            "updates_per_s": 200.0,
        }
        head = {"kind": "metrics", "run": self.view["id"], "attempt": self.view["attempt"], "seq": self.seq}
        self.sockets[-1].send(encode({**head, "update": update, "data": columns}))


@pytest.fixture
def running(server: LiveServer) -> Iterator[dict[str, Any]]:
    """What the API says of a run, dressed as one that trains."""
    run = make_run(server, "flood", training={"updates": 3})
    yield {**wait_for(server, run, "finished"), "status": "running", "updates": 1_000_000}
    call(server, "DELETE", f"/api/runs/{run}")


def test_two_hundred_events_a_second_are_merged_and_the_last_one_is_shown(
    page: Page, server: LiveServer, running: dict[str, Any]
) -> None:
    flood = Flood(page, running)
    page.goto(f"{server.url}/#run={running['id']}")
    while not flood.sockets:
        page.wait_for_timeout(50)
    page.evaluate(COUNT)
    started, update = time.monotonic(), running["update"]
    while (passed := time.monotonic() - started) < SECONDS:
        while update - running["update"] < RATE_HZ * passed:
            update += 1
            flood.send(update)
        page.wait_for_timeout(5)
    eventually(lambda: page.get_by_test_id("curves").get_attribute("data-update") == str(update))
    seconds = time.monotonic() - started
    redraws = page.evaluate("window.redraws")
    assert 1 <= redraws <= MOST_REDRAWS_PER_S * seconds
    assert redraws < (update - running["update"]) / 4
    page.get_by_role("button", name="Export", exact=True).click()
    expect(page.locator("#export-dialog")).to_be_visible(timeout=LONG_MS)
