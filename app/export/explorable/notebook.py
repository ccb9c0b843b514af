"""`show` of the package: the page with a recorded network inside a notebook cell; no server, no network."""

from __future__ import annotations

import html
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sab_visualiser.app.export.content.caption import trace_caption
from sab_visualiser.app.export.explorable.page import explorable
from sab_visualiser.app.export.explorable.recording import of_one
from sab_visualiser.app.export.explorable.tables import tables_of
from sab_visualiser.app.export.sources import from_here
from sab_visualiser.app.export.story.headline import headline
from sab_visualiser.app.page.files import page_folder
from sab_visualiser.app.presets.bundled import Presets
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.store.readonly import DataFolder
from sab_visualiser.app.wire.errors import field_error
from sab_visualiser.app.wire.packing import SentTrace, to_bytes
from sab_visualiser.app.wire.trace_json import record_of

HEIGHTS = (200, 5_000)
"""Least and largest height of the frame, px."""
SHOWN = "a run or preset by its name, a .safetensors file, a run of the API, or a trace of POST /api/probe"


class Embedded:
    """A page in one file; a notebook shows it in a frame of its own.

    Attributes:
        html: The file.
        height: Of the frame, px.
    """

    def __init__(self, html: bytes, height: int) -> None:
        self.html, self.height = html, height

    def _repr_html_(self) -> str:
        """A frame whose document is the file itself: nothing is asked of the notebook's server."""
        content = html.escape(self.html.decode(), quote=True)
        style = f"width: 100%; height: {self.height}px; border: 1px solid #8884; border-radius: 6px"
        return f'<iframe title="Sparse Attentive Backtracking" style="{style}" srcdoc="{content}"></iframe>'

    def __repr__(self) -> str:
        return f"<page of {len(self.html) / 1e6:.1f} MB; show it in a notebook, or write it with .save('page.html')>"

    def save(self, path: str | Path) -> Path:
        """Write the file. Raises OSError where that cannot be."""
        file = Path(path)
        file.write_bytes(self.html)
        return file


def show(what: str | Path | Mapping[str, Any], *, height: int = 900, data_dir: str | Path | None = None) -> Embedded:
    """The page with a network, to look at in a notebook.

    Args:
        what: Id of a run, name of a preset, a .safetensors file, a run as the API shows it, or a trace as
            `POST /api/probe` answers it.
        height: Of the frame, px.
        data_dir: Folder of runs, in which a run is looked up; that of `sab serve` when left out.

    Returns:
        What a notebook shows by itself; `.save(path)` writes it as a file.

    Raises:
        UserError: When nothing is called so, or `what` is none of these.
    """
    low, high = HEIGHTS
    if not low <= height <= high:
        raise field_error("height", height, f"{low} … {high} px", "choose one that fits the screen")
    if isinstance(what, Mapping):
        if "attention" in what and "edges" in what:
            return Embedded(_of_trace(what), height)
        what = str(what.get("id", ""))
    name = str(what)
    if not name:
        raise field_error("what", name, SHOWN, "GET /api/runs lists the runs of a server")
    presets = Presets(page_folder() / "static" / "presets")
    folder = DataFolder(Settings().data_dir if data_dir is None else Path(data_dir))
    return Embedded(from_here(name, {"panel": "view", "format": "html"}, presets, folder).body, height)


def _of_trace(trace: Mapping[str, Any]) -> bytes:
    """The page with one picture and nothing to scrub."""
    try:
        sent = SentTrace(to_bytes(record_of(trace)), checkpoint="trace")
    except (KeyError, TypeError, ValueError) as error:
        raise field_error("what", f"a trace without {error}", SHOWN, "pass the answer as it came") from None
    caption = trace_caption("view", trace)
    return explorable(of_one(sent), headline(trace)[0], tables_of(trace, caption))
