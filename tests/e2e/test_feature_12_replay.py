"""Feature 12: after a cut of the link the curves have no gap and no double update; only what was missed travels."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from sab_visualiser.app.wire.codec import decode
from tests.e2e.conftest import LiveServer
from tests.e2e.runs import call, make_run, wait_until
from tests.fakes.server import eventually

LONG_MS = 20_000
CUT_MS = 5000
CURVE = (
    "() => { const plot = document.querySelector('[data-testid=curves] .plot');"
    " const line = (plot.data ?? []).find(trace => trace.x?.length > 2); return line ? Array.from(line.x) : []; }"
)


class Link:
    """The page's socket with a switch in it; keeps what went through."""

    def __init__(self, page: Page) -> None:
        self.up = True
        self.asked: list[dict[str, Any]] = []
        self.came: list[list[dict[str, Any]]] = []
        self._sockets: list[WebSocketRoute] = []
        page.route_web_socket("**/ws", self._join)

    def _join(self, socket: WebSocketRoute) -> None:
        if not self.up:
            socket.close()
            return
        server = socket.connect_to_server()
        frames: list[dict[str, Any]] = []
        self.came.append(frames)
        self._sockets.append(socket)

        def from_page(message: str | bytes) -> None:
            self.asked.append(json.loads(message))
            server.send(message)

        def from_server(message: str | bytes) -> None:
            assert isinstance(message, bytes)
            if self.up and socket in self._sockets:
                frames.append(decode(message))
                socket.send(message)

        socket.on_message(from_page)
        server.on_message(from_server)

    def cut(self) -> None:
        """No frame goes through any more, and no new socket opens."""
        self.up = False
        for socket in self._sockets:
            socket.close(code=1001)
        self._sockets.clear()


@pytest.fixture
def run(server: LiveServer) -> Iterator[str]:
    name = make_run(server, "replayed", model={"hidden_size": 48}, training={"updates": 1_000_000, "batch_size": 32})
    yield name
    call(server, "DELETE", f"/api/runs/{name}")


def test_C14_after_a_cut_of_five_seconds_no_update_is_missing_and_none_comes_twice(
    page: Page, server: LiveServer, run: str
) -> None:
    link = Link(page)
    page.goto(f"{server.url}/#run={run}")
    expect(page.get_by_test_id("curves")).to_have_attribute("data-state", "live", timeout=LONG_MS)
    eventually(lambda: page.evaluate("1") and mine(link.came[0], run))  # frames pass while the page is asked
    link.cut()
    expect(page.get_by_role("status")).to_contain_text("reconnecting", timeout=LONG_MS)
    page.wait_for_timeout(CUT_MS)  # the cut
    link.up = True
    behind = call(server, "GET", f"/api/runs/{run}")["update"]
    expect(page.get_by_role("status")).not_to_contain_text("reconnecting", timeout=LONG_MS)
    wait_until(server, run, behind + 20)
    page.get_by_role("button", name="Pause").click()
    expect(page.locator(f"li[data-run='{run}'][data-status=paused]")).to_be_visible(timeout=LONG_MS)
    told = call(server, "GET", f"/api/runs/{run}/metrics")["update"]
    eventually(lambda: page.evaluate(CURVE)[-1:] == told[-1:])

    before, after = mine(link.came[0], run), mine(link.came[-1], run)
    numbers = [frame["seq"] for frame in before + after]
    assert numbers == sorted(set(numbers)), "event ids rise, and none comes twice"
    last = before[-1]["seq"]
    asked = [each for each in link.asked if each["type"] == "subscribe"]
    assert asked[0]["after"] is None
    assert asked[-1]["after"] == last, "only what was missed is asked for"
    assert after[0]["seq"] == last + 1

    updates = [int(at) for frame in before + after if frame["kind"] == "metrics" for at in frame["data"]["update"]]
    assert updates == told
    shown = page.evaluate(CURVE)
    assert shown == sorted(set(shown)), "no update is drawn twice"
    assert "missing" not in page.get_by_test_id("curves").locator("[role=note]").inner_text(), "no gap is told of"


def mine(frames: list[dict[str, Any]], run: str) -> list[dict[str, Any]]:
    """The numbered events of the run."""
    unnumbered = ("snapshot", "subscribed", "runs", "row", "hello", "accepted", "rejected", "pong")
    return [frame for frame in frames if frame.get("run") == run and frame["kind"] not in unnumbered]
