"""How a knob feels: time to the labelled preview, to the exact answer at T = 120, and what 50 quick moves ask for.

Measured inside the page, from the input event to the panel that says so. Elsewhere: the live heatmap and
the first arcs (benchmarks/page.py).
"""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, Request

from benchmarks.machine import figure, percentile, spread
from benchmarks.running import Running

STEPS = 120
SPEC = {
    "name": "knobs",
    "task": {"name": "copy", "T": STEPS - 20},
    "model": {"hidden_size": 128, "attention_size": 32, "k_top": 5, "k_trunc": 5, "k_att": 1},
    "training": {"updates": 5, "batch_size": 8},
}
MOVES, MOVE_EVERY_MS = 50, 20
# Each move is timed by what the panels themselves say; a value that was seen before would need no request.
TURN = """
([name, value]) => new Promise((resolve) => {
  const panel = document.querySelector("[data-testid=paths]");
  const slider = document.querySelector(`input[name=${name}]`);
  const started = performance.now();
  let preview = null;
  const watch = new MutationObserver(() => {
    if (panel.dataset.state === "preview" && preview === null) preview = performance.now() - started;
    if (panel.dataset.state !== "live") return;
    watch.disconnect();
    resolve({ preview, exact: performance.now() - started });
  });
  watch.observe(panel, { attributes: true, attributeFilter: ["data-state"] });
  slider.value = value;
  slider.dispatchEvent(new Event("input"));
})
"""
MOVE = """
([values, every]) => new Promise((resolve) => {
  const slider = document.querySelector("input[name=k_trunc]");
  const queue = [...values];
  const next = () => {
    slider.value = queue.shift();
    slider.dispatchEvent(new Event("input"));
    if (queue.length) setTimeout(next, every); else resolve();
  };
  next();
})
"""


def knobs(browser: Browser, server: Running, *, quick: bool) -> list[dict[str, Any]]:
    """Preview, exact answer, and the requests of 50 quick moves."""
    run = trained(server, SPEC)
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{server.url}/#run={run}")
    page.locator("[data-testid=paths][data-state=live]").wait_for(timeout=60_000)
    page.locator("[data-testid=attention][data-state=live]").wait_for(timeout=60_000)
    page.wait_for_timeout(1000)
    turns = [page.evaluate(TURN, [name, value]) for name, value in _values(quick)]
    previews = [turn["preview"] for turn in turns if turn["preview"] is not None]
    exact = [turn["exact"] for turn in turns]
    late = percentile(exact, 0.95)
    label = f"knob at T={STEPS}"
    found = [
        figure(f"{label}: preview p95", percentile(previews, 0.95), "ms", "≤ 100",
               holds=percentile(previews, 0.95) <= 100, spread=spread(previews)),
        figure(f"{label}: exact answer p95, from the last move", late, "ms", "≤ 300",
               holds=late <= 300, spread=spread(exact)),
        _quick_moves(page),
    ]  # fmt: skip
    page.close()
    return found


def _values(quick: bool) -> list[tuple[str, int]]:
    """Values that were not asked before, k_trunc and k_top in turn."""
    pairs = [(("k_trunc", 6 + turn) if turn % 4 else ("k_top", 4 - turn // 4 % 4)) for turn in range(40)]
    return pairs[:8] if quick else pairs


def _quick_moves(page: Page) -> dict[str, Any]:
    asked: list[dict[str, Any]] = []

    def note(each: Request) -> None:
        if each.url.endswith("/api/probe"):
            asked.append(each.post_data_json or {})

    page.on("request", note)
    values = [2 + move % 55 for move in range(MOVES)]
    page.evaluate(MOVE, [values, MOVE_EVERY_MS])
    page.wait_for_timeout(1500)
    last = asked[-1]["k_trunc"] if asked else None
    what = f"{MOVES} knob moves, one every {MOVE_EVERY_MS} ms: requests sent"
    return figure(what, len(asked), "requests", "≤ 10", holds=len(asked) <= 10 and last == values[-1], last=last)


def trained(server: Running, spec: dict[str, Any]) -> str:
    """A stored network of that spec; its knobs are asked of its checkpoint, as those of a preset are."""
    run: str = server.post("/api/runs", spec)["id"]
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with urlopen(f"{server.url}/api/runs/{run}", timeout=10) as answer:
            if json.load(answer)["status"] == "finished":
                return run
        time.sleep(0.1)
    raise TimeoutError("the run of the benchmark did not finish within 120 s")
