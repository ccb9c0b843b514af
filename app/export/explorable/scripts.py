"""The modules of the page under names of their own, so that one file can hold them all.

A module that stands in a file has no address, and so nothing is relative to it: each import is rewritten to a name
that begins with `sab/`, and the file's import map says where the names are. static/js/recorded_boot.js makes the map.
"""

from __future__ import annotations

import re
from functools import cache
from posixpath import dirname, join, normpath

from sab_visualiser.app.page.files import ENTRY, STATIC_IMPORT, page_folder, page_modules, panel_styles

PREFIX = "sab/"
BOOT = "recorded_boot.js"


@cache
def modules() -> dict[str, str]:
    """The source of every module that the page needs, by its name in the import map; the entry comes first."""
    folder = page_folder() / "static" / "js"
    names = [ENTRY, *page_modules(folder)]
    return {PREFIX + name: renamed(name, (folder / name).read_text(encoding="utf-8")) for name in names}


def renamed(name: str, source: str) -> str:
    """A module whose imports are names: `import … from "../wire/codec.js"` in panels/ becomes a name of ours."""

    def absolute(found: re.Match[str]) -> str:
        return f'{found[1]}"{PREFIX}{normpath(join(dirname(name), found[2]))}"'

    return STATIC_IMPORT.sub(absolute, source)


def classic(name: str) -> str:
    """A script of static/js that is no module, as text with line ends as a browser hashes them."""
    return (page_folder() / "static" / "js" / name).read_text(encoding="utf-8").replace("\r\n", "\n")


@cache
def styles() -> str:
    """All style sheets of the explorer in the order of its templates."""
    folder = page_folder()
    html = "".join((folder / "templates" / name).read_text(encoding="utf-8") for name in ("base.html", "index.html"))
    names = re.findall(r"asset\('(css/[^']+)'\)", html)
    place = names.index("css/panels.css") + 1
    ordered = [*names[:place], *panel_styles(folder / "static"), *names[place:]]
    return "\n".join((folder / "static" / name).read_text(encoding="utf-8") for name in ordered)
