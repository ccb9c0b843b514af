"""The explorable file: its size, and how soon it shows arcs when it is opened from a disk with the network off.

`python -m benchmarks.from_disk [FILE…]` measures these files, or that of the first preset where none is named.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from benchmarks.chromium import chromium
from benchmarks.machine import figure, load, machine, spread

FIRST = "copy"
MOST_MB, MOST_S = 6, 2
WAIT_MS = 30_000


def measured(browser: Browser, folder: Path, in_sight: str, *, quick: bool) -> list[dict[str, Any]]:
    """Size of the first preset's file, and its first arcs from disk.

    Args:
        browser: Where it is opened.
        folder: Where it is written.
        in_sight: A script that sets `arcsInSight`, ms after the navigation began.
        quick: Whether two openings are enough.
    """
    from sab_visualiser.app.commands.export import without_server

    file = folder / f"{FIRST}.html"
    file.write_bytes(without_server(FIRST, {"panel": "view", "format": "html"}, None)[0])
    return of_file(browser, file, in_sight, 2 if quick else 5, f"explorable file of preset {FIRST}")


def of_file(browser: Browser, file: Path, in_sight: str, times: int, what: str) -> list[dict[str, Any]]:
    """The same two figures of a file; arguments as of `measured`."""
    size_mb, taken = file.stat().st_size / 1e6, []
    for _ in range(times):
        context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
        page = context.new_page()
        page.add_init_script(in_sight)
        page.goto(file.as_uri(), wait_until="commit")
        page.wait_for_function("() => window.arcsInSight !== undefined", timeout=WAIT_MS)
        taken.append(page.evaluate("() => window.arcsInSight / 1000"))
        context.close()
    seconds = spread(taken)
    return [
        figure(f"{what}: size", round(size_mb, 2), "MB", f"≤ {MOST_MB}", holds=size_mb <= MOST_MB),
        figure(
            f"{what}: first arcs from disk, network off",
            seconds["median"],
            "s",
            f"≤ {MOST_S}",
            holds=seconds["median"] <= MOST_S,
            spread=seconds,
        ),
    ]


def main() -> None:
    """Print the figures as JSON, with the machine and its load."""
    from benchmarks.page import IN_SIGHT

    files = [Path(name).resolve() for name in sys.argv[1:]]
    before = load()
    with chromium() as browser, tempfile.TemporaryDirectory() as folder:
        found = [entry for file in files for entry in of_file(browser, file, IN_SIGHT, 5, file.name)]
        found = found or measured(browser, Path(folder), IN_SIGHT, quick=False)
    print(json.dumps({"figures": found, "machine": machine(), "load": [before, load()]}, ensure_ascii=False))


if __name__ == "__main__":
    main()
