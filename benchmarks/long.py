"""A page under pressure: choosing a step of a sequence of 784, and 200 events a second.

Both are measured inside the page, choosing from the event to the next frame that shows it.
"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser

from benchmarks.knobs import trained
from benchmarks.machine import figure, percentile, spread
from benchmarks.running import Running

STEPS = 784
SPEC = {
    "name": "long",
    "task": {"name": "copy", "T": STEPS - 20},
    "model": {"hidden_size": 32, "attention_size": 16, "k_top": 5, "k_trunc": 5, "k_att": 1},
    "training": {"updates": 2, "batch_size": 2},
}
EVENTS_HZ = 200
# The step is chosen in all panels when the crosshair stands on it and that frame has been handed over.
CHOOSE = """
(step) => new Promise((resolve, reject) => {
  setTimeout(() => reject(new Error(`step ${step} was never chosen`)), 10_000);
  const field = document.querySelector("input[name=loss_step]");
  const started = performance.now();
  const seen = () => document.querySelector("#headline").textContent.includes(String(step))
    || document.querySelector("[data-testid=step-detail] h2").textContent.includes(String(step));
  const frame = () => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => (seen() ? resolve(performance.now() - started) : frame());
    channel.port2.postMessage(null);
  });
  field.value = step;
  for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));  // as typing does
  frame();
})
"""
TASKS = """
window.seen = { tasks: [] };
new PerformanceObserver((list) => list.getEntries().forEach((task) => window.seen.tasks.push(task.duration)))
  .observe({ type: "longtask" });
"""


def choosing(browser: Browser, server: Running, *, quick: bool) -> dict[str, Any]:
    """From choosing a step to the frame that shows it chosen, at T = 784."""
    run = trained(server, SPEC)
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{server.url}/#run={run}")
    page.locator("[data-testid=paths][data-state=live]").wait_for(timeout=60_000)
    page.locator("[data-testid=attention][data-state=live]").wait_for(timeout=60_000)
    page.wait_for_timeout(1000)
    taken = []
    for turn in range(5 if quick else 20):
        taken.append(page.evaluate(CHOOSE, 100 + (turn * 211) % 680))
        page.wait_for_timeout(700)
    page.close()
    late = percentile(taken, 0.95)
    return figure(f"choosing a step at T={STEPS}: p95", late, "ms", "≤ 200", holds=late <= 200, spread=spread(taken))


def flood(browser: Browser, server: Running, seconds: float) -> dict[str, Any]:
    """Longest task of a page that gets 200 events of metrics a second."""
    run = server.post("/api/runs", {"name": f"events {EVENTS_HZ} 400"})["id"]
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.add_init_script(TASKS)
    page.goto(f"{server.url}/#run={run}")
    page.locator("[data-testid=curves][data-state=live]").wait_for(timeout=60_000)
    page.wait_for_timeout(1000)
    page.evaluate("() => { window.seen.tasks = []; }")
    page.wait_for_timeout(1000 * seconds)
    tasks: list[float] = page.evaluate("window.seen.tasks")
    page.close()
    longest = max(tasks, default=0.0)
    what = f"{EVENTS_HZ} events/s: longest task"
    return figure(what, longest, "ms", "≤ 200", holds=longest <= 200, over_50_ms=len(tasks))
