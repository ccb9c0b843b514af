"""The lower bounds of pyproject.toml as pip constraints, one a line; torch stays at the pin of constraints.txt.

`python .ci/lowest.py --light` prints the requirements without torch instead, for a Python that has no torch at hand.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def bounds(project: dict[str, list[str]], dev: list[str]) -> dict[str, str]:
    """Lowest version by name; a requirement without one is an error, since then nothing is promised."""
    found = {}
    for words in (*project["dependencies"], *dev):
        match = re.match(r"([\w.-]+)(?:\[[\w,-]+\])?>=([\w.]+)", words)
        if match is None:
            raise SystemExit(f"pyproject.toml: {words!r} has no lower bound; write it as name>=version")
        found[match[1]] = match[2]
    return found


def main() -> None:
    """Print constraints, or with --light requirements."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    if "--light" in sys.argv:
        print(*(words for words in project["dependencies"] if not words.startswith("torch")), sep="\n")
        return
    pins = (ROOT / "constraints.txt").read_text().splitlines()
    lowest = bounds(project, project["optional-dependencies"]["dev"])
    for name, version in lowest.items():
        print(next(pin for pin in pins if pin.startswith("torch==")) if name == "torch" else f"{name}=={version}")


if __name__ == "__main__":
    main()
