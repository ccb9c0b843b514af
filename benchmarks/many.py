"""A server with 4,000 runs: its list, one change of it, and the table of it in a browser."""

from __future__ import annotations

import asyncio
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import websockets
from playwright.sync_api import Browser

from benchmarks.machine import figure, percentile, spread
from benchmarks.running import Running, running
from sab_visualiser.app.runs.run import new_run
from sab_visualiser.app.runs.verdict import NOTHING, Progress
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.store.store import Store
from sab_visualiser.app.wire.codec import decode
from sab_visualiser.app.wire.requests import ModelSpec, RunSpec, TaskSpec, TrainingSpec
from sab_visualiser.model.contract import METHODS

RUNS = 4000
ASKED = ("", "?sort=-best", "?filter=method:sab", "?filter=learned", "?sort=name&limit=500")
"""Pages of the list: the newest, sorted, filtered, and a long one."""
VIEWPORT = {"width": 1280, "height": 800}
TASKS = """
window.tasks = [];
new PerformanceObserver((list) => list.getEntries().forEach((task) => window.tasks.push(task.duration)))
  .observe({ type: "longtask" });
"""
SCROLLS = 40


async def fill(data_dir: Path, runs: int) -> None:
    """A store with that many finished runs of all methods, judged, some of them written on."""
    store = Store(Settings(data_dir=data_dir))
    store.open()
    for number in range(runs):
        method = list(METHODS)[number % len(METHODS)]
        training = TrainingSpec(seed=number)
        spec = RunSpec(task=TaskSpec(T=30 + number % 5), model=ModelSpec(method=method), training=training)
        created = f"2026-01-01T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}.000+00:00"
        share = number % 100 / 100
        progress = Progress(**{**NOTHING, "update": 1000, "value": share, "best": share, "improved": 900})
        written: dict[str, Any] = {"tags": ("paper",), "note": "kept"} if number % 7 == 0 else {}
        run = replace(new_run(f"r{number:06x}", spec, created), status="finished", update=1000, progress=progress)
        await store.commit(replace(run, metrics={"accuracy": share, "loss": 1.0}, **written))
    store.close()


def listed(server: Running, times: int) -> list[dict[str, Any]]:
    """How long a page of the list takes to come, and what a change of one run costs a viewer."""
    taken = []
    for query in ASKED * times:
        started = time.perf_counter()
        with urlopen(f"{server.url}/api/runs{query}", timeout=30) as answer:
            answer.read()
        taken.append(1000 * (time.perf_counter() - started))
    page = percentile(taken, 0.95)
    first, row, frames = asyncio.run(_change(server))
    what = f"{RUNS:,} runs: "
    return [
        figure(what + "a page of the list, p95", page, "ms", "≤ 100", holds=page <= 100, spread=spread(taken)),
        figure(what + "frames to a viewer for one change", frames, "frames", "1", holds=frames == 1, bytes=row),
        figure(what + "first frame of the list to a viewer", first / 1000, "kB"),
    ]


async def _change(server: Running) -> tuple[int, int, int]:
    """Bytes of the first frame of the list, of the row that changed, and frames that came within a second."""
    url = server.url.replace("http", "ws", 1) + "/ws"
    async with websockets.connect(url, compression=None, max_size=2**26, proxy=None) as socket:
        frames: list[bytes] = []

        async def take(seconds: float) -> None:
            try:
                async with asyncio.timeout(seconds):
                    while True:
                        frame = await socket.recv()
                        assert isinstance(frame, bytes)
                        frames.append(frame)
            except TimeoutError:
                return

        await take(1.0)
        first = next(len(frame) for frame in frames if decode(frame)["kind"] == "runs")
        frames.clear()
        await asyncio.to_thread(_star, server)
        await take(1.0)
        assert all(decode(frame)["kind"] == "row" for frame in frames)
        return first, sum(map(len, frames)), len(frames)


def _star(server: Running) -> None:
    body = json.dumps({"starred": True}).encode()
    headers = {"Content-Type": "application/json"}
    urlopen(Request(f"{server.url}/api/runs/r000123", body, headers, method="PATCH"), timeout=30).close()


def table(browser: Browser, server: Running) -> list[dict[str, Any]]:
    """The table of runs: from navigation to its first rows, and the longest task while it is scrolled and sorted."""
    context = browser.new_context(viewport=VIEWPORT)  # type: ignore[arg-type]
    page = context.new_page()
    page.add_init_script(TASKS)
    started = time.perf_counter()
    page.goto(f"{server.url}/runs", wait_until="commit")
    page.locator("[data-testid=runs-table] [data-run]").first.wait_for(timeout=30_000)
    shown = time.perf_counter() - started
    box = page.locator("[data-testid=runs-table] [data-run]").first
    box.hover()
    for _ in range(SCROLLS):
        page.mouse.wheel(0, 2000)
        page.wait_for_timeout(60)
    rows = page.locator("[data-testid=runs-table] [data-run]").count()
    longest = max(page.evaluate("() => window.tasks"), default=0.0)
    context.close()
    what = f"table of {RUNS:,} runs: "
    return [
        figure(what + "first rows after navigation, fresh profile", shown, "s"),
        figure(what + "longest task while scrolled", longest, "ms", "≤ 200", holds=longest <= 200, rows_in_page=rows),
    ]


def served(folder: Path) -> Any:
    """A server over a folder with that many runs; a context."""
    with ThreadPoolExecutor(1) as aside:  # a browser's loop may run in this thread
        aside.submit(asyncio.run, fill(folder, RUNS)).result()
    return running(folder, emitting=False)
