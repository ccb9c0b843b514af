"""`python -m benchmarks.screenshots --output docs/screenshots`: the page as a person sees it first, three times.

Light and dark at 1280 px and light at 360 px, from a server of its own with an empty data folder.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.chromium import chromium
from benchmarks.running import running

SHOTS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    "narrow": {"viewport": {"width": 360, "height": 740}, "color_scheme": "light", "has_touch": True},
}
READY = "[data-testid=paths] path[data-kind=skip]"
SETTLE_MS = 2500


def main() -> int:
    """Take the pictures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.screenshots", description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("docs/screenshots"))
    folder = parser.parse_args().output
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, running(Path(data), emitting=False) as server, chromium() as browser:
        for name, options in SHOTS.items():
            page = browser.new_context(**options, reduced_motion="reduce").new_page()
            page.goto(server.url)
            page.locator(READY).first.wait_for(timeout=20_000)
            page.wait_for_timeout(SETTLE_MS)
            page.screenshot(path=folder / f"{name}.png", full_page=name == "narrow")
            print(folder / f"{name}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
