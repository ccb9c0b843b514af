"""`python -m benchmarks.screenshots --output docs/screenshots`: the page as a person sees it first, the tour, two runs.

Light and dark at 1280 px and light at 360 px, then the five stops of the tour in both themes, then a run that learned
and one whose attention died, then the form of a run and the table of runs with three methods laid over one another,
the results of a group and the page Reproduction, from a server of its own with an empty data folder. Nothing moves in
them: reduced motion is asked for. `--only results reproduction` takes those alone. Pillow, where it is installed, makes
the files a third of their size by counting their colours.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from benchmarks.chromium import chromium
from benchmarks.running import Running, running

WIDE = {"width": 1280, "height": 800}
SHOTS: dict[str, dict[str, Any]] = {
    "light": {"viewport": WIDE, "color_scheme": "light"},
    "dark": {"viewport": WIDE, "color_scheme": "dark"},
    "narrow": {"viewport": {"width": 360, "height": 740}, "color_scheme": "light", "has_touch": True},
}
THEMES = ("light", "dark")
# At the first stop the most telling link is followed: the memories are taken away.
FOLLOWED = {1: "take the memories away"}
STOPS = 5
READY = "[data-testid=paths] path[data-kind=skip]"
JUDGED: dict[str, dict[str, Any]] = {
    "learned": {"preset": "copy-10"},
    "attention dead": {
        "task": {"name": "copy", "T": 10, "items": 5},
        "model": {"k_att": 1},
        "training": {"learning_rate": 1.0, "clip_norm": 0.0, "updates": 1000},
    },
}
"""Runs by the verdict that they come to."""
TALL: dict[str, Any] = {"viewport": {"width": 1280, "height": 1300}, "color_scheme": "light"}
COMPARED: dict[str, Any] = {
    "base": {"preset": "copy-10"},
    "grid": {"model.method": ["sab", "tbptt", "bptt"]},
    "seeds": [1, 2, 3],
}
"""What the table of runs is shown with."""
SWEPT: dict[str, Any] = {
    "base": {"preset": "copy-10", "training": {"updates": 1500}},
    "grid": {"model.k_top": [1, 2, 5], "model.k_trunc": [2, 5]},
    "seeds": [1, 2],
    "name": "memories",
}
"""What the results are shown with."""
COMPARED_S = 600
ENDED = ("finished", "stopped", "failed", "diverged")
SETTLE_MS = 2500
ANSWER_MS = 60_000
COLOURS = 256
# Pillow's "maximum coverage": the one green ring must not turn blue because everything else is.
RARE_HUES = 1


def main() -> int:
    """Take the pictures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.screenshots", description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("docs/screenshots"))
    parser.add_argument("--only", nargs="*", choices=PARTS, default=PARTS)
    asked = parser.parse_args()
    folder = asked.output
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, running(Path(data), emitting=False) as server, chromium() as browser:
        for part in asked.only:
            PARTS[part](browser, server, folder)
    return 0


def first(browser: Browser, server: Running, folder: Path) -> None:
    """The page as a person sees it first."""
    for name, options in SHOTS.items():
        page = opened(browser, server.url, options)
        shot(page, folder / f"{name}.png", full_page=name == "narrow")
        page.context.close()


def tours(browser: Browser, server: Running, folder: Path) -> None:
    """The tour, in both themes."""
    for theme in THEMES:
        tour(opened(browser, server.url, SHOTS[theme]), folder, theme)


def verdicts(browser: Browser, server: Running, folder: Path) -> None:
    """A run for each verdict that is shown."""
    for word, asked in JUDGED.items():
        judged(browser, server, word, asked, folder)


def tables(browser: Browser, server: Running, folder: Path) -> None:
    """The form of a run, and the table of runs."""
    group = started(server, COMPARED)
    for name, options in SHOTS.items():
        form(opened(browser, server.url, options), folder / f"form-{name}.png")
        compared(browser, f"{server.url}/runs#group={group}", options, folder / f"runs-{name}.png")


def results(browser: Browser, server: Running, folder: Path) -> None:
    """What came of a group."""
    group = started(server, SWEPT)
    for name, options in SHOTS.items():
        page = browser.new_context(**options, reduced_motion="reduce").new_page()
        page.goto(f"{server.url}/runs/group/{group}")
        page.locator("[data-testid=results-heat][data-state=live] [data-cell]").first.wait_for(timeout=ANSWER_MS)
        page.wait_for_timeout(SETTLE_MS)
        kept(page, folder / f"results-{name}.png", full_page=True)
        page.context.close()


def reproduction(browser: Browser, server: Running, folder: Path) -> None:
    """The papers' experiments, as far as a screen or two."""
    for name, options in SHOTS.items():
        tall = {**options, "viewport": {**options["viewport"], "height": 1200}}
        page = browser.new_context(**tall, reduced_motion="reduce").new_page()
        page.goto(f"{server.url}/reproduction")
        page.locator("[data-testid=reproduction]").wait_for(timeout=ANSWER_MS)
        page.wait_for_timeout(SETTLE_MS)
        kept(page, folder / f"reproduction-{name}.png", full_page=False)
        page.context.close()


PARTS: dict[str, Callable[[Browser, Running, Path], None]] = {
    part.__name__: part for part in (first, tours, verdicts, tables, results, reproduction)
}


def opened(browser: Browser, url: str, options: dict[str, Any]) -> Page:
    """A fresh profile that looks at the page."""
    page = browser.new_context(**options, reduced_motion="reduce").new_page()
    page.goto(url)
    page.locator(READY).first.wait_for(timeout=20_000)
    return page


def tour(page: Page, folder: Path, theme: str) -> None:
    """The five stops, one picture each."""
    page.get_by_role("button", name="Tour", exact=True).click()
    box = page.locator("#tour-box")
    for stop in range(1, STOPS + 1):
        box.get_by_text(f"{stop} of {STOPS}").wait_for()
        if stop in FOLLOWED:
            page.wait_for_timeout(SETTLE_MS)
            box.get_by_role("link", name=FOLLOWED[stop]).click()
        shot(page, folder / f"tour-{stop}-{theme}.png")
        if stop < STOPS:
            box.get_by_role("button", name="Next").click()
    page.context.close()


def judged(browser: Browser, server: Running, word: str, asked: dict[str, Any], folder: Path) -> None:
    """A run once it has ended: what its panels Learning and Health say, above it its attention."""
    run = server.post("/api/runs", asked)["id"]
    page = browser.new_context(**TALL, reduced_motion="reduce").new_page()
    page.goto(f"{server.url}/#run={run}")
    page.locator(f"[data-testid=verdict][data-word='{word}']").wait_for(timeout=ANSWER_MS)
    page.locator("#dot[data-status=finished]").wait_for(timeout=ANSWER_MS)
    shot(page, folder / f"{word.replace(' ', '-')}.png", full_page=True)
    page.context.close()


def started(server: Running, asked: dict[str, Any]) -> str:
    """A group, once all its runs have ended."""
    group: str = server.post("/api/groups", asked)["group"]
    deadline = time.monotonic() + COMPARED_S
    while any(run["status"] not in ENDED for run in server.get(f"/api/runs?filter=group:{group}")):
        if time.monotonic() > deadline:
            raise RuntimeError(f"the runs of group {group} did not end within {COMPARED_S} s")
        time.sleep(0.5)
    return group


def form(page: Page, path: Path) -> None:
    """The form of a run of one's own, filled with the settings in view."""
    if page.viewport_size and page.viewport_size["width"] < WIDE["width"]:
        page.locator("#sheet").click()
    page.locator("#own-run summary").click()
    page.evaluate("document.querySelector('#own-run').scrollIntoView()")
    shot(page, path)
    page.context.close()


def compared(browser: Browser, url: str, options: dict[str, Any], path: Path) -> None:
    """The table of runs with a group laid over one another."""
    page = browser.new_context(**options, reduced_motion="reduce").new_page()
    page.goto(url)
    page.locator("[data-testid=compare] .js-plotly-plot").first.wait_for(timeout=ANSWER_MS)
    page.wait_for_timeout(SETTLE_MS)
    kept(page, path, full_page=True)
    page.context.close()


def shot(page: Page, path: Path, full_page: bool = False) -> None:
    """One picture, once every panel shows the exact answer and nothing moves any more."""
    page.wait_for_timeout(SETTLE_MS)
    for panel in ("paths", "gradient-norms", "attention"):
        page.locator(f"[data-testid={panel}][data-state=live]").wait_for(timeout=ANSWER_MS)
    kept(page, path, full_page=full_page)


def kept(page: Page, path: Path, *, full_page: bool) -> None:
    """The page as it is, as a small file."""
    page.screenshot(path=path, full_page=full_page)
    if importlib.util.find_spec("PIL") is not None:
        image = importlib.import_module("PIL.Image")
        image.open(path).convert("RGB").quantize(COLOURS, method=RARE_HUES).save(path, optimize=True)
    print(f"{path} {path.stat().st_size} bytes")


if __name__ == "__main__":
    sys.exit(main())
