"""`show` of the package: the page with a recorded network inside a notebook cell; no server, no network."""

from __future__ import annotations

import html
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sab_visualiser.app.export.content.caption import trace_caption
from sab_visualiser.app.export.explorable.page import explorable
from sab_visualiser.app.export.explorable.recording import About, of_one
from sab_visualiser.app.export.explorable.tables import tables_of
from sab_visualiser.app.export.remote import from_there
from sab_visualiser.app.export.sources import from_here, from_weights
from sab_visualiser.app.export.story.headline import headline
from sab_visualiser.app.page.files import page_folder
from sab_visualiser.app.presets.bundled import Presets
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.store.readonly import DataFolder
from sab_visualiser.app.wire.errors import field_error
from sab_visualiser.app.wire.packing import SentTrace, to_bytes
from sab_visualiser.app.wire.trace_json import record_of, trace_json

HEIGHTS = (200, 5_000)
"""Least and largest height of the frame, px."""
SHOWN = (
    "a run or preset by its name, a .safetensors file, a run or a trace of the API, a Trainer or Checkpoint,"
    " or with task= and update= a Network or a trace taken here"
)
REMEDY = "GET /api/runs lists the runs of a server; help(show) has examples"
VIEW = {"panel": "view", "format": "html"}
TRACE = "trace"
"""What the network of a single picture is called."""

UNTRUSTED = (
    "<style>.sab-untrusted { display: none }</style>"
    '<p class="sab-untrusted">The view of the network is not shown, since this notebook is not trusted here: '
    "run the cell, or choose Trust Notebook.</p>"
)
"""Where a notebook that somebody else ran is shown without its frames, it is shown without its styles too."""


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
        frame = f'<iframe title="Sparse Attentive Backtracking" style="{style}" srcdoc="{content}"></iframe>'
        return f"{UNTRUSTED}{frame}"

    def __repr__(self) -> str:
        return f"<page of {len(self.html) / 1e6:.1f} MB; show it in a notebook, or write it with .save('page.html')>"

    def save(self, path: str | Path) -> Path:
        """Write the file. Raises OSError where that cannot be."""
        file = Path(path)
        file.write_bytes(self.html)
        return file


def show(
    what: object,
    *,
    task: object = None,
    update: int | None = None,
    height: int = 900,
    data_dir: str | Path | None = None,
    server: str | None = None,
) -> Embedded:
    """The page with a network, to look at in a notebook.

    Args:
        what: Id of a run, name of a preset or a .safetensors file; a run as the API shows it; a trace as
            `POST /api/probe` answers it or as `sab_visualiser.model.probe.trace` takes it; a Trainer, a Checkpoint or
            a Network.
        task: Of a Network or of a trace that was taken here; whatever else there is knows its own.
        update: How many updates that network has had; of a run, the stored look with which the page opens.
        height: Of the frame, px.
        data_dir: Folder of runs, in which a run is looked up; that of `sab serve` when left out.
        server: Address of a server, whose runs and presets are meant then.

    Returns:
        What a notebook shows by itself; `.save(path)` writes it as a file.

    Raises:
        UserError: When nothing is called so, `what` is none of these, or a server cannot be reached.
    """
    low, high = HEIGHTS
    if isinstance(height, bool) or not isinstance(height, int) or not low <= height <= high:
        raise field_error("height", height, f"{low} … {high} px, whole number", "choose one that fits the screen")
    if isinstance(what, str | Path | Mapping):
        if task is not None:
            allowed = f"left out: {_kind(what)} knows its own"
            raise field_error("task", type(task).__name__, allowed, "leave it out")
        return Embedded(_of_name(what, update, data_dir, server), height)
    return Embedded(_of_object(what, task, update), height)


def _of_name(what: str | Path | Mapping[str, Any], update: int | None, data_dir: Any, server: str | None) -> bytes:
    """The page of what is called so, or of a trace that came as JSON."""
    if isinstance(what, Mapping):
        if "attention" in what and "edges" in what:
            return _of_trace(what)
        name = str(what.get("id", ""))
    else:
        name = str(what)
    if not name:
        raise field_error("what", _named(what), SHOWN, REMEDY)
    query = {**VIEW, **({} if update is None else {"update": str(update)})}
    if server is not None:
        return from_there(server, name, query, "server").body
    folder = DataFolder(Settings().data_dir if data_dir is None else Path(data_dir))
    return from_here(name, query, _presets(), folder).body


def _of_object(what: object, task: object, update: object) -> bytes:
    """The page of a network or a trace in the memory of this process."""
    from sab_visualiser.app.offline.held import held, packed

    if content := packed(what, task, update):
        sent = SentTrace(content, checkpoint=TRACE)
        return _one_picture(sent, trace_json(sent.record()))
    network = held(what, task, update)
    if network is None:
        raise field_error("what", _named(what), SHOWN, REMEDY)
    return from_weights(network, VIEW, _presets(), DataFolder(Settings().data_dir)).body


def _of_trace(trace: Mapping[str, Any]) -> bytes:
    """The page with one picture and nothing to scrub."""
    try:
        sent = SentTrace(to_bytes(record_of(trace)), checkpoint=TRACE)
        return _one_picture(sent, trace)
    except (AttributeError, IndexError, KeyError, OverflowError, TypeError, ValueError) as error:
        lacks = f"without {error}" if isinstance(error, KeyError) else f"in which something is no part of one: {error}"
        raise field_error("what", f"a trace {lacks}", SHOWN, "pass the answer as it came") from None


def _one_picture(sent: SentTrace, trace: Mapping[str, Any]) -> bytes:
    caption = trace_caption("view", trace)
    tables = tables_of(trace, caption)
    return explorable(of_one(sent, About(caption, lacks=tables.lacks)), headline(trace)[0], tables)


def _presets() -> Presets:
    return Presets(page_folder() / "static" / "presets")


def _kind(what: object) -> str:
    return "a trace of the API" if isinstance(what, Mapping) else "a network that has a name"


def _named(what: object) -> str:
    """What was given, in words."""
    if isinstance(what, Mapping):
        return f"{type(what).__name__} with {', '.join(map(str, what)) or 'nothing in it'}"
    return f"{type(what).__name__} {what!r}" if isinstance(what, str | int | float | None) else type(what).__name__
