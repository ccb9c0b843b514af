"""The results of a group of 2,000 trials in a browser: from a gesture to the frame that shows what it asked for."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from playwright.sync_api import Browser, Page

from benchmarks.machine import figure, percentile, spread
from benchmarks.running import Running, running
from sab_visualiser.app.runs.run import new_run
from sab_visualiser.app.runs.verdict import NOTHING, Progress
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.store.store import Store
from sab_visualiser.app.wire.requests import ModelSpec, RunSpec, TaskSpec, TrainingSpec

GROUP = "gbench"
K_TOP = K_TRUNC = (1, 2, 3, 5, 8, 10, 15, 20, 30, 40)
RATES = (0.0005, 0.001, 0.002, 0.005)
SEEDS = range(5)
TRIALS = len(K_TOP) * len(K_TRUNC) * len(RATES) * len(SEEDS)
VIEWPORT = {"width": 1280, "height": 1600}
MOST_MS = 200
SETTLED_MS = 1000
# From the gesture to the end of the first frame after it: what it changes is painted then.
PAINTED = """(gesture) => new Promise((resolve) => {
  const began = performance.now();
  gesture();
  requestAnimationFrame(() => { const seen = new MessageChannel(); seen.port1.onmessage = () =>
    resolve(performance.now() - began); seen.port2.postMessage(0); });
})"""
CHOOSE = """([name, value]) => (%s)(() => {
  const select = document.querySelector(`#results-tools [name="${name}"]`);
  select.value = value;
  select.dispatchEvent(new Event("change", { bubbles: true }));
})"""
SORT = """(key) => (%s)(() => document.querySelector(`[data-testid=results-table] [data-sort="${key}"]`).click())"""
POINT = """([testid, x, y]) => (%s)(() => {
  const place = document.querySelector(`[data-testid=${testid}] .picture`);
  const box = place.getBoundingClientRect();
  const at = { clientX: box.left + x * box.width, clientY: box.top + y * box.height, bubbles: true };
  document.elementFromPoint(at.clientX, at.clientY).dispatchEvent(new PointerEvent("pointermove", at));
})"""
SCROLL = """(px) => (%s)(() => { document.querySelector("[data-testid=results-table] .rows").scrollTop = px; })"""
AXES = ("model.k_top", "model.k_trunc", "training.learning_rate")
CHOICES = [
    *(("metric", name) for name in ("loss", "learned", "seconds", "accuracy")),
    *((axis, name) for name in AXES for axis in ("x", "y")),
    *(("x", "model.k_top"), ("y", "model.k_trunc")),
    *(("training.learning_rate", value) for value in ("0.002", "0.005", "")),
]
SORTS = ("loss", "training.seed", "name", "verdict", "accuracy")
PLACES = [(x / 10, y / 10) for x in range(2, 10) for y in (3, 5, 7)]


async def _fill(data_dir: Path) -> None:
    """A group of finished trials: three knobs and a seed, each with figures of its own; one in a hundred failed."""
    store = Store(Settings(data_dir=data_dir))
    store.open()
    for number, (seed, top, trunc, rate) in enumerate(product(SEEDS, K_TOP, K_TRUNC, RATES)):
        model, training = ModelSpec(k_top=top, k_trunc=trunc), TrainingSpec(seed=seed, learning_rate=rate)
        spec = RunSpec(task=TaskSpec(T=30), model=model, training=training)
        share = min(0.125 + 0.8 * (top * trunc / 1600) ** 0.25 + (number * 37 % 100) / 700, 1.0)
        fresh = {"accuracy": share, "ce10": 2.08 * (1 - share), "ce": 0.3 * (1 - share), "loss": 0.31 - 0.3 * share}
        progress = Progress(**{**NOTHING, "update": 1000, "value": share, "best": share, "fresh": fresh})
        if share > 0.95:
            progress["learned"] = 900
        run = new_run(
            f"r{number:06x}", spec, f"2026-01-01T{number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}Z"
        )
        failed = number % 100 == 0
        run = replace(run, status="failed" if failed else "finished", progress=None if failed else progress)
        await store.commit(replace(run, update=1000, trained_s=20 + number % 9, group=GROUP, group_name="many trials"))
    store.close()


def measured(browser: Browser, folder: Path, *, quick: bool) -> list[dict[str, Any]]:
    """Every gesture that the page knows, some of them several times."""
    with ThreadPoolExecutor(1) as aside:  # a browser's loop may run in this thread
        aside.submit(asyncio.run, _fill(folder)).result()
    with running(folder, emitting=False) as server:
        return _measure(browser, server, 1 if quick else 3)


def _measure(browser: Browser, server: Running, times: int) -> list[dict[str, Any]]:
    started = time.perf_counter()
    with urlopen(f"{server.url}/api/groups/{GROUP}", timeout=30) as answer:
        size = len(answer.read())
    answered = 1000 * (time.perf_counter() - started)
    context = browser.new_context(viewport=VIEWPORT)  # type: ignore[arg-type]
    page = context.new_page()
    started = time.perf_counter()
    page.goto(f"{server.url}/runs/group/{GROUP}", wait_until="commit")
    page.locator("[data-testid=results-heat] [data-cell]").first.wait_for(timeout=30_000)
    shown = time.perf_counter() - started
    at_once = float(page.evaluate(CHOOSE % PAINTED, list(CHOICES[-1])))
    page.wait_for_timeout(SETTLED_MS)
    what = f"results of {TRIALS:,} trials: "
    found = [
        figure(what + "its rows over HTTP", answered, "ms", bytes=size),
        figure(what + "first cells after navigation, fresh profile", shown, "s"),
        figure(what + "a choice right after the first cells, while the page loads", at_once, "ms"),
    ]
    for name, taken in _gestures(page, times).items():
        late = percentile(taken, 0.95)
        words = f"{what}{name}, p95"
        found.append(figure(words, late, "ms", f"≤ {MOST_MS}", holds=late <= MOST_MS, spread=spread(taken)))
    context.close()
    return found


def _gestures(page: Page, times: int) -> dict[str, list[float]]:
    """Milliseconds of each gesture."""

    def take(script: str, words: list[Any]) -> list[float]:
        return [float(page.evaluate(script % PAINTED, word)) for word in words * times]

    return {
        "choosing metric, axes, what is held": take(CHOOSE, [list(choice) for choice in CHOICES]),
        "sorting": take(SORT, [*SORTS]),
        "pointing at cells": take(POINT, [["results-heat", *place] for place in PLACES]),
        "pointing at dots": take(POINT, [["results-band", *place] for place in PLACES]),
        "pointing at lines": take(POINT, [["results-lines", *place] for place in PLACES]),
        "scrolling the table": take(SCROLL, [*range(0, 40_000, 4_000)]),
    }
