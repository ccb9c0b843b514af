"""Feature 3: k_top, k_trunc and k_att act at once, a labelled preview first, and the weights stay what they are."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.steps import drawn_edges, edges_of_paths, leave_and_delete, opened, probe
from tests.e2e.test_live_run import set_knob

LONG_MS = 20_000
BADGE = "panel => getComputedStyle(panel.querySelector('h2'), '::after').content"
CUTS = "marks => marks.map(mark => Number(mark.dataset.cut)).sort((a, b) => a - b)"


class Gate:
    """Holds the answers to probes back until it is opened."""

    def __init__(self, page: Page) -> None:
        self.held: list[Route] = []
        self.open = False
        page.route("**/api/probe", self._pass)

    def _pass(self, route: Route) -> None:
        if self.open:
            route.continue_()
        else:
            self.held.append(route)

    def release(self) -> None:
        """Let all of them go."""
        self.open = True
        for route in self.held:
            route.continue_()


def cuts(page: Page) -> list[int]:
    found: list[int] = page.locator("[data-testid=paths] [data-cut]").evaluate_all(CUTS)
    return found


def test_a_turned_knob_is_a_labelled_preview_until_the_exact_answer_is_there(page: Page, server: LiveServer) -> None:
    opened(page, server)
    gate = Gate(page)
    set_knob(page, "k_trunc", "7")
    paths = page.get_by_test_id("paths")
    expect(paths).to_have_attribute("data-state", "preview")
    assert paths.evaluate(BADGE) == '"preview"'
    exact = probe(server, loss_step=40, k_trunc=7)
    assert cuts(page) == exact["cuts"]
    gate.release()
    expect(paths).to_have_attribute("data-state", "live", timeout=LONG_MS)
    assert cuts(page) == exact["cuts"]
    assert drawn_edges(page, "skip") == edges_of_paths(exact, "skip")


def test_the_preview_of_a_smaller_k_top_leaves_that_many_readings_a_step(page: Page, server: LiveServer) -> None:
    opened(page, server)
    gate = Gate(page)
    set_knob(page, "k_top", "1")
    expect(page.get_by_test_id("step-detail")).to_have_attribute("data-state", "preview")
    assert page.locator("[data-testid=step-detail] table.readings tbody tr").count() == 1
    assert page.get_by_test_id("attention").get_attribute("data-state") == "preview"
    gate.release()
    expect(page.get_by_test_id("attention")).to_have_attribute("data-state", "live", timeout=LONG_MS)


def test_what_only_the_server_knows_is_dimmed_and_never_called_live(page: Page, server: LiveServer) -> None:
    opened(page, server)
    gate = Gate(page)
    set_knob(page, "k_top", "9")
    expect(page.get_by_test_id("paths")).to_have_attribute("data-state", "stale")
    gate.release()
    expect(page.get_by_test_id("paths")).to_have_attribute("data-state", "live", timeout=LONG_MS)


@pytest.mark.parametrize(("name", "value"), [("k_top", 2), ("k_trunc", 9), ("k_att", 3)])
def test_the_exact_answer_is_that_of_the_api(page: Page, server: LiveServer, name: str, value: int) -> None:
    opened(page, server)
    set_knob(page, name, str(value))
    exact = probe(server, loss_step=40, **{name: value})
    expect(page.get_by_test_id("paths")).to_have_attribute("data-state", "live", timeout=LONG_MS)
    assert exact["parameters"][name] == value
    assert drawn_edges(page, "skip") == edges_of_paths(exact, "skip")
    assert cuts(page) == exact["cuts"]


def test_turning_every_knob_leaves_the_weights_of_a_run_as_they_were(page: Page, server: LiveServer) -> None:
    run = finished_run(page, server)
    before = json.loads(server.get(f"/api/runs/{run}"))
    plain = asked(page, server, {"run": run})
    page.goto(f"{server.url}/#run={run}")
    expect(page.get_by_test_id("attention")).to_have_attribute("data-state", "live", timeout=LONG_MS)
    for name, value in (("k_top", "1"), ("k_trunc", "2"), ("k_att", "2"), ("k_top", "0")):
        set_knob(page, name, value)
        expect(page.get_by_test_id("paths")).to_have_attribute("data-state", "live", timeout=LONG_MS)
    after = json.loads(server.get(f"/api/runs/{run}"))
    assert after["checkpoint"] == before["checkpoint"]
    assert after["params_version"] == before["params_version"]
    assert asked(page, server, {"run": run}) == plain
    leave_and_delete(page, server, str(run))


def asked(page: Page, server: LiveServer, body: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = page.request.post(
        f"{server.url}/api/probe", data={**body, "share": 0.94}, headers={"origin": server.url}
    ).json()
    return found


def finished_run(page: Page, server: LiveServer) -> str:
    spec = {
        "task": {"name": "copy", "T": 10, "items": 3},
        "model": {"hidden_size": 12, "attention_size": 8, "k_top": 3, "k_att": 1},
        "training": {"updates": 3, "batch_size": 4},
    }
    run: str = page.request.post(f"{server.url}/api/runs", data=spec, headers={"origin": server.url}).json()["id"]
    waiting = threading.Event()
    for _ in range(200):
        if json.loads(server.get(f"/api/runs/{run}"))["status"] == "finished":
            return run
        waiting.wait(0.1)
    raise AssertionError("the run did not finish")
