"""Which modules and style sheets the page loads, read from static/ itself so that no list is kept by hand."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from posixpath import dirname, join, normpath

ENTRY = "main.js"
STATIC_IMPORT = re.compile(r"""^((?:import|export)\s(?:[^"';]*?\sfrom\s)?)["'](\.[^"']+)["']""", re.MULTILINE)
"""An import of a relative module: what stands before the name, and the name."""


def imported_by(source: str) -> list[str]:
    """The relative modules a source imports before it runs; `import()` and types in comments do not count."""
    return [found[2] for found in STATIC_IMPORT.finditer(source)]


def page_modules(folder: Path, entry: str = ENTRY) -> list[str]:
    """Every module below `folder` (static/js) that `entry` needs before it can run, sorted, the entry itself left out.

    The browser would find them one import after another, a round trip each; the page names them all at once instead.
    A module that is only imported by `import()` is left to the moment that needs it.
    """
    found, waiting = set[str](), [entry]
    while waiting:
        name = waiting.pop()
        file = folder / name
        if name in found or not file.is_file():
            continue
        found.add(name)
        for target in imported_by(file.read_text(encoding="utf-8")):
            # Names alone: to ask the disk about every import takes longer than to read all files.
            wanted = normpath(join(dirname(name), target))
            if wanted.startswith(".."):
                raise ValueError(f"{name} imports {target}: no module of the page; import one below {folder}")
            waiting.append(wanted)
    return sorted(found - {entry})


def panel_styles(folder: Path) -> list[str]:
    """The style sheets of the single panels below `folder` (static), sorted: their rules do not overlap."""
    return sorted(file.relative_to(folder).as_posix() for file in (folder / "css" / "panels").glob("*.css"))


def page_folder() -> Path:
    """The folder that holds static/ and templates/: the installed package, or the root of a checkout."""
    return Path(__file__).resolve().parents[2]


def plotly_file() -> Path:
    """plotly.min.js of the installed plotly package, found without importing it."""
    spec = importlib.util.find_spec("plotly")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("plotly is not installed; run `make install`")
    return Path(spec.submodule_search_locations[0]) / "package_data" / "plotly.min.js"
