"""The page in a real Chromium: first arcs, knobs, and a live heatmap of 320 × 320 at 30 pictures a second."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

from benchmarks import from_disk, many, results
from benchmarks.chromium import chromium, find
from benchmarks.emitter import CHOSEN
from benchmarks.knobs import knobs
from benchmarks.long import choosing, flood
from benchmarks.machine import figure, spread
from benchmarks.running import Running, running

VIEWPORT = {"width": 1280, "height": 800}
FIRST_ARC = "[data-testid=paths] path[data-kind=skip]"
WAIT_MS = 20_000
ARCS = "≤ 1.5"
RATE_HZ = 30
STEPS = 320
# Counts, in the page: pictures of the heatmap (its data-update changes), animation frames, tasks over 50 ms.
COUNTERS = """
window.seen = { drawn: 0, frames: 0, tasks: [] };
new PerformanceObserver((list) => list.getEntries().forEach((task) => window.seen.tasks.push(task.duration)))
  .observe({ type: "longtask" });
const frame = () => { window.seen.frames += 1; requestAnimationFrame(frame); };
requestAnimationFrame(frame);
addEventListener("DOMContentLoaded", () => {
  const panel = document.querySelector("[data-testid=attention]");
  new MutationObserver(() => { window.seen.drawn += 1; })
    .observe(panel, { attributes: true, attributeFilter: ["data-update"] });
});
"""
# The page's own clock, from the start of the navigation to the end of the frame that has the first arc: what waits
# outside for an element waits for the next free moment of a main thread that reads the drawing library meanwhile.
IN_SIGHT = f"""
new MutationObserver((_, watching) => {{
  if (window.arcsInSight !== undefined || !document.querySelector("{FIRST_ARC}")) return;
  watching.disconnect();
  requestAnimationFrame(() => setTimeout(() => {{ window.arcsInSight = performance.now(); }}));
}}).observe(document, {{ childList: true, subtree: true }});
"""
RESET = "() => Object.assign(window.seen, { drawn: 0, frames: 0, tasks: [] })"
NOTHING = "no Chromium found; install the package chromium, or set CHROMIUM=/path"


def measure(*, quick: bool) -> list[dict[str, Any]]:
    """All figures of the page."""
    if find() is None:
        return [figure("page", None, "", reason=NOTHING)]
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        with running(Path(folder) / "real", emitting=False) as server:
            found = [first_arcs(browser, server, 2 if quick else 5), *knobs(browser, server, quick=quick)]
            found.append(choosing(browser, server, quick=quick))
        found += from_disk.measured(browser, Path(folder), IN_SIGHT, quick=quick)
        with many.served(Path(folder) / "many") as server:
            found += many.table(browser, server)
        found += results.measured(browser, Path(folder) / "results", quick=quick)
        # Each in a server of its own, so that the one does not emit while the other is measured.
        seconds = 3.0 if quick else 10.0
        with running(Path(folder) / "heatmap", emitting=True) as server:
            found += live_heatmap(browser, server, seconds)
        with running(Path(folder) / "flood", emitting=True) as server:
            return [*found, flood(browser, server, seconds)]


def first_arcs(browser: Browser, server: Running, times: int) -> dict[str, Any]:
    """From navigation to the first arc in sight, each time with a fresh profile."""
    what, taken = "first arcs after navigation, fresh profile", []
    for _ in range(times):
        context = browser.new_context(viewport=VIEWPORT)  # type: ignore[arg-type]
        page = context.new_page()
        page.add_init_script(IN_SIGHT)
        page.goto(server.url, wait_until="commit")
        try:
            page.wait_for_function("() => window.arcsInSight !== undefined", timeout=WAIT_MS)
        except Exception as error:
            return figure(what, None, "s", ARCS, reason=f"no arc within {WAIT_MS / 1000:g} s ({type(error).__name__})")
        taken.append(page.evaluate("() => window.arcsInSight / 1000"))
        context.close()
    seconds = spread(taken)
    return figure(what, seconds["median"], "s", ARCS, holds=seconds["median"] <= 1.5, spread=seconds)


def live_heatmap(browser: Browser, server: Running, seconds: float) -> list[dict[str, Any]]:
    """Pictures a second, main-thread share and longest task while a run sends 30 traces a second."""
    # The knobs in force must be those that the emitted snapshots name, or the page shows a preview of them instead.
    model = {"k_top": CHOSEN, "k_trunc": 5, "k_att": 1}
    run = server.post("/api/runs", {"name": f"snapshots {RATE_HZ} {STEPS}", "model": model})["id"]
    page = browser.new_page(viewport=VIEWPORT)  # type: ignore[arg-type]
    page.add_init_script(COUNTERS)
    page.goto(f"{server.url}/#run={run}")
    page.locator("[data-testid=attention][data-update]").wait_for(timeout=WAIT_MS)
    page.wait_for_timeout(2000)
    client = page.context.new_cdp_session(page)
    # Processor time of the main thread: on a busy machine a task that only waits is not work of the page.
    client.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.evaluate(RESET)
    started, busy = time.perf_counter(), _busy_s(client)
    page.wait_for_timeout(1000 * seconds)
    passed, busy = time.perf_counter() - started, _busy_s(client) - busy
    judged = _judged(page, passed, busy)
    page.close()
    return judged


def _judged(page: Page, passed: float, busy: float) -> list[dict[str, Any]]:
    seen: dict[str, Any] = page.evaluate("window.seen")
    label = f"live heatmap {STEPS}×{STEPS}, {RATE_HZ} snapshots/s"
    drawn, share, longest = seen["drawn"] / passed, busy / passed, max(seen["tasks"], default=0.0)
    return [
        figure(
            f"{label}: drawn", drawn, "pictures/s", "30", holds=drawn >= 0.95 * RATE_HZ, frames=seen["frames"] / passed
        ),
        figure(f"{label}: main thread busy, processor time", share, "share", "≤ 0.35", holds=share <= 0.35),
        figure(f"{label}: longest task", longest, "ms", "≤ 200", holds=longest <= 200, over_50_ms=len(seen["tasks"])),
    ]


def _busy_s(client: CDPSession) -> float:
    metrics = client.send("Performance.getMetrics")["metrics"]
    return float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration"))
