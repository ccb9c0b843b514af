"""How soon it is noticed that something is gone: `python -m benchmarks.noticed`, with real servers, workers and pages.

A worker that is killed or stands still, until a viewer is told; a server that is killed, until its workers are gone; a
link that passes nothing any more, until the page has dialled again, and until it says that a command had no answer.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import psutil
from playwright.sync_api import Page, expect

from benchmarks.chromium import chromium
from benchmarks.machine import figure, machine, spread
from tests.e2e.proxy import Proxy
from tests.fakes.server import Live, in_process

TIMES = 5
LONGEST_S, SETTLES_MS = 60, 3000
TRAINING = {"updates": 1_000_000}


def workers(live: Live) -> list[psutil.Process]:
    """Of this server, whatever they do."""
    assert live.process is not None
    return psutil.Process(live.process.pid).children(recursive=True)


def training(live: Live) -> tuple[str, psutil.Process]:
    """A run, and the process that trains it: the one that has worked most since it began."""
    run = live.start(training=TRAINING)
    live.reach(run, "running", update=20, seconds=LONGEST_S)
    before = {one: one.cpu_times().user for one in workers(live)}
    live.reach(run, "running", update=live.run(run)["update"] + 300, seconds=LONGEST_S)
    return run, max(before, key=lambda one: one.cpu_times().user - before[one])


def told(live: Live, run: str, act: Callable[[], object], news: Callable[[dict[str, Any]], Any]) -> float:
    """Seconds from an act until a viewer has the news of it."""
    with live.viewer() as viewer:
        viewer.say(type="subscribe", run=run, after=None)
        viewer.until(lambda frame: frame["kind"] == "metrics", LONGEST_S)
        act()
        started = time.monotonic()
        viewer.until(news, LONGEST_S)
        return time.monotonic() - started


def killed_worker(live: Live) -> float:
    """C1: until its run is failed."""
    run, worker = training(live)
    failed = lambda frame: frame["kind"] == "status" and frame["data"]["status"] == "failed"  # noqa: E731
    return told(live, run, worker.kill, failed)


def still_worker(live: Live) -> float:
    """C2: until its run is called so."""
    run, worker = training(live)
    taken = told(live, run, worker.suspend, lambda frame: frame["kind"] == "row" and frame["view"]["stalled"])
    worker.kill()
    live.reach(run, "failed", seconds=LONGEST_S)
    return taken


def killed_server(live: Live) -> float:
    """C3: until none of its workers is there."""
    training(live)
    left = workers(live)
    assert live.process is not None
    started = time.monotonic()
    live.process.kill()
    _, alive = psutil.wait_procs(left, LONGEST_S)
    assert not alive, alive
    return time.monotonic() - started


def watching(live: Live, page: Page, proxy: Proxy) -> str:
    """A run that a page follows over the proxy."""
    run = live.start(training=TRAINING)
    live.reach(run, "running", update=20, seconds=LONGEST_S)
    page.goto(f"{proxy.url}/#run={run}")
    expect(page.get_by_role("status")).to_contain_text("updates/s", timeout=1000 * LONGEST_S)
    expect(page.get_by_test_id("curves").locator(".plot path.js-line").first).to_be_attached(timeout=1000 * LONGEST_S)
    page.wait_for_timeout(SETTLES_MS)  # the drawing library of a page that has just been opened takes seconds
    return run


def frozen_link(live: Live, page: Page) -> float:
    """C14: until the page has dialled again."""
    with Proxy(live) as proxy:
        run = watching(live, page, proxy)
        proxy.freeze()
        started = time.monotonic()
        while proxy.sockets == 0 and time.monotonic() < started + LONGEST_S:
            page.wait_for_timeout(50)
        taken = time.monotonic() - started
        page.goto("about:blank")
    live.http.delete(f"/api/runs/{run}")
    return taken


def dead_command(live: Live, page: Page) -> float:
    """C15: until the page says that a command had no answer."""
    with Proxy(live) as proxy:
        run = watching(live, page, proxy)
        proxy.freeze()
        page.get_by_role("button", name="Pause").click()
        started = time.monotonic()
        while "no answer to Pause yet" not in page.get_by_role("status").inner_text():
            assert time.monotonic() < started + LONGEST_S
            page.wait_for_timeout(50)  # expect() would look once a second by then
        taken = time.monotonic() - started
        page.goto("about:blank")
    live.http.delete(f"/api/runs/{run}")
    return taken


def measure() -> list[dict[str, Any]]:
    """All figures."""
    killed = []
    for _ in range(TIMES):
        with tempfile.TemporaryDirectory() as folder, in_process(Path(folder), "--real") as live:
            killed.append(killed_server(live))
    with tempfile.TemporaryDirectory() as folder, in_process(Path(folder), "--real") as live:
        died, stood = ([one(live) for _ in range(TIMES)] for one in (killed_worker, still_worker))
        with chromium(shell=True) as browser:
            page = browser.new_page()
            frozen, unanswered = ([one(live, page) for _ in range(TIMES)] for one in (frozen_link, dead_command))
    found = (
        ("C1: a killed worker, until its viewer knows", died, 1),
        ("C2: a worker that stands still, until its viewer knows", stood, 5),
        ("C3: a killed server, until its workers are gone", killed, 2),
        ("C14: a frozen link, until the page has dialled again", frozen, 10),
        ("C15: a command into a frozen link, until the page says so", unanswered, 3),
    )
    return [
        figure(what, median(took), "s", f"≤ {budget}", holds=max(took) <= budget, spread=spread(took))
        for what, took, budget in found
    ]


def main() -> int:
    """Measure and print."""
    print(json.dumps({"machine": machine(), "figures": measure()}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
