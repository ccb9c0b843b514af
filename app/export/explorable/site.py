"""The first page of a static site: one link a network, each to a file of its own."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sab_visualiser.app.export.explorable.scripts import styles
from sab_visualiser.app.page.files import page_folder
from sab_visualiser.app.page.templates import unaddressed
from sab_visualiser.app.sweeps.papers.account.shelf import FIGURES, shipped
from sab_visualiser.app.sweeps.papers.account.view import shelf_of
from sab_visualiser.app.version import VERSION

INDEX, EXPERIMENTS = "index.html", "reproduction.html"


class Entry(NamedTuple):
    """A network of the site."""

    file: str
    title: str
    description: str
    facts: str


def entry_of(view: dict[str, Any], size_bytes: int) -> Entry:
    """What the first page says of a preset.

    Args:
        view: The fields of PresetView.
        size_bytes: Of its file.
    """
    facts = [f"trained for {view['update']:,} updates" if view["pretrained"] else "shown as it begins, untrained"]
    if learning := view["learning"]:
        facts.append(f"{learning['reached']} of {learning['of']} measured seeds learn it")
    facts.append(f"{size_bytes / 1e6:.1f} MB")
    return Entry(f"{view['name']}.html", view["title"], view["description"], "; ".join(facts))


def index_page(entries: Sequence[Entry]) -> bytes:
    """The first page, as a file."""
    template = unaddressed().get_template("site.html")
    made = datetime.now(UTC).date().isoformat()
    told = {"entries": entries, "experiments": EXPERIMENTS, "styles": styles()}
    return template.render(**told, version=VERSION, made=made).encode()


def experiments_page() -> bytes:
    """The papers' experiments that come with the program, as a file with its figures in it."""
    folder = page_folder() / "static" / "css"
    css = styles() + (folder / "reproduction.css").read_text("utf-8")
    pictures = {
        path.stem.removesuffix("-light"): f"data:image/svg+xml;base64,{b64encode(path.read_bytes()).decode()}"
        for path in FIGURES.glob("*-light.svg")
    }
    template = unaddressed().get_template("reproduction_file.html")
    told = {"shelf": shelf_of(shipped(), []), "files": {}, "apart": INDEX, "pictures": pictures}
    return template.render(**told, styles=css, version=VERSION).encode()
