"""The whole view as one HTML file that works without any network: all panels that it has.

Drawings, numbers and policy are those of the single panels (sections.py, tables.py, page.py). Pointing
shows every number; nothing is asked of a server.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sab_visualiser.app.export.content.tables import make_table
from sab_visualiser.app.export.content.text import as_json
from sab_visualiser.app.export.page import sections
from sab_visualiser.app.export.page.draw.plots import figure
from sab_visualiser.app.export.page.markup import Markup, join, tag
from sab_visualiser.app.export.page.page import TITLES, document
from sab_visualiser.app.export.query import OF_TRAINING
from sab_visualiser.app.export.story.headline import headline

TRACED = ("paths", "gradients", "attention")
HONEST = "An arc shows a route of gradient, not a cause. One example is not a trend."


def view_html(data: Mapping[str, Any], caption: Mapping[str, Any]) -> bytes:
    """The stand-alone page of a view; `#view` holds the tables of all panels as the JSON export holds them.

    Args:
        data: A trace in JSON shape; under `curves` the columns of a training, where there are any, and under `state`
            the view as a link spells it.
        caption: From `trace_caption`.
    """
    metrics, state = data.get("curves"), data.get("state")
    sources: dict[str, Mapping[str, Any]] = dict.fromkeys(TRACED, data)
    if metrics is not None and len(metrics["update"]):
        of_training = {**metrics, "in_view": data["update"]}
        looked = len(metrics["looks"]["update"]) > 0
        sources |= dict.fromkeys(OF_TRAINING if looked else OF_TRAINING[:1], of_training)
    tables = {panel: make_table(panel, source) for panel, source in sources.items()}
    figures = {panel: figure(tables[panel], sources[panel]) for panel in sources if panel in TITLES}
    title, answer = headline(data)
    blocks = {"view": {panel: as_json(table, {**caption, "panel": panel}) for panel, table in tables.items()}}
    if state:
        blocks["state"] = sections.state_block(state)
    head = tag("header", {}, tag("h1", {}, title), tag("p", {"class": "lead"}, answer), sections.meta(data, caption))
    pair = [sections.plot("attention", *TITLES["attention"]), sections.step(data)]
    body = [
        head,
        _story(data),
        tag("div", {"class": "pair"}, *pair) if pair[1] else pair[0],
        *(sections.plot(panel, *TITLES[panel]) for panel in OF_TRAINING if panel in sources),
        sections.colophon(caption, state),
        tag("p", {"class": "note"}, HONEST),
    ]
    return document(f"{title} – Sparse Attentive Backtracking", body, blocks, figures)


def _story(data: Mapping[str, Any]) -> Markup:
    """Sequence, arcs and gradients over one time axis."""
    parts = [sections.sequence(data)]
    parts += [
        tag("div", {"id": name}, part)
        for name, part in (("paths", sections.paths(data)), ("gradients", sections.gradients(data)))
    ]
    return sections.card("story", join(parts), more="story")
