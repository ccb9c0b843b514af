"""A view as a link of the page spells it (static/js/state/url/rows.js), and what a probe is asked for it or a tour."""

from __future__ import annotations

import re
from functools import cache
from typing import Any
from urllib.parse import urlencode

from sab_visualiser.app.export.query import ARCS, Common
from sab_visualiser.app.page.files import page_folder
from sab_visualiser.app.runs.named import Named

TOUR = "page/tour/stops.js"
_TOUR_VIEW = re.compile(r"\$\{COPY\}&([a-z_]+=[\w-]+(?:&[a-z_]+=[\w-]+)*)")
_TOUR_NETWORK = re.compile(r'COPY = "preset=([\w-]+)"')
_AS_ASKED = ("example", "loss_step", "share", "k_top", "k_trunc", "k_att", "phase", "cuts")
"""Words of a query that a link spells alike, where it says them at all."""


def hash_of(network: Named, query: Common, update: int | None = None) -> str:
    """The view that a query asks for, for a page that opens with it; a sequence of one's own has no such spelling.

    Args:
        network: Which one.
        query: The export that is asked.
        update: That of the view where it is not the newest.
    """
    if query.state is not None:
        return query.state
    asked = query.asked()
    said = {name: asked[name] for name in _AS_ASKED if asked.get(name) is not None}
    words: dict[str, Any] = {network.kind: network.name, **({} if update is None else {"update": update}), **said}
    if "loss_step" in asked and asked["loss_step"] is None:
        words["whole"] = 1
    if arcs := asked.get("knocked_out"):
        words["ko"] = "_".join(f"{reader}-{source}" for reader, source in arcs)
    if query.cell:
        words["cell"] = 1
    if words.get("cuts") == "blocks":
        del words["cuts"]
    return urlencode(words)


@cache
def _tour() -> str:
    return (page_folder() / "static" / "js" / TOUR).read_text(encoding="utf-8")


def tour_network() -> Named:
    """The network that the tour is about."""
    found = _TOUR_NETWORK.search(_tour())
    assert found is not None, f"{TOUR} names its preset"
    return Named("preset", found[1])


def tour_questions() -> list[dict[str, Any]]:
    """What the links of the tour ask of its network (static/js/page/tour/stops.js)."""
    views = dict.fromkeys(_TOUR_VIEW.findall(_tour()))
    asked = [asked_by(dict(pair.split("=") for pair in view.split("&"))) for view in views]
    return [words for words in asked if words and "update" not in words]


def asked_by(view: dict[str, str]) -> dict[str, Any]:
    """What of a view, spelt as in a link, a probe is asked."""
    words: dict[str, Any] = {
        name: int(view[name])
        for name in ("loss_step", "k_top", "k_trunc", "k_att", "example", "update")
        if name in view
    }
    if arcs := view.get("ko"):
        assert ARCS.fullmatch(arcs)
        words["knocked_out"] = [tuple(int(step) for step in arc.split("-")) for arc in arcs.split("_")]
    return words
