"""What a network left, as one frame that the page reads in place of a server: list, curves, pictures, answers.

A picture is a stored snapshot; an answer is what a probe of the newest weights gives: the loss at each other step, the
whole loss, the other examples, and, of the network that the tour is about, all that the tour shows. What is too much
for one file is left out, evenly, and said to be.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

from sab_visualiser.app.export.answers import Answers
from sab_visualiser.app.export.query import ARCS, Common
from sab_visualiser.app.page.files import page_folder
from sab_visualiser.app.runs.curves import Curves
from sab_visualiser.app.runs.named import Named
from sab_visualiser.app.version import VERSION
from sab_visualiser.app.wire.codec import encode
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.wire.packing import SentTrace, as_array
from sab_visualiser.app.wire.requests import ProbeRequest
from sab_visualiser.app.wire.trace_json import plain
from sab_visualiser.model.contract import PROBE_EXAMPLES

MOST_PICTURES = 8_000_000
MOST_ANSWERS = 3_000_000
"""Bytes before they are compressed; in the file about half of it remains."""
MOST_STEPS = 160
"""Steps of a sequence of which each gets its own answer; of longer ones, those that ask for an answer."""
TOUR = "page/tour/stops.js"
_TOUR_VIEW = re.compile(r"\$\{COPY\}&([a-z_]+=[\w-]+(?:&[a-z_]+=[\w-]+)*)")
_TOUR_NETWORK = re.compile(r'COPY = "preset=([\w-]+)"')


class Asked(NamedTuple):
    """A question beside the network and its answer."""

    words: dict[str, Any]
    sent: SentTrace


async def record(
    answers: Answers, network: Named, query: Common, in_view: SentTrace, origin: str | None = None
) -> bytes:
    """All of a network that goes into one file.

    Args:
        answers: Who knows the numbers.
        network: Which one.
        query: The view that is exported; its trace is `in_view`.
        in_view: What the file opens with.
        origin: Address of the page that it was exported from, without the part behind #.

    Returns:
        A frame of app/wire/codec.py, for static/js/wire/recorded/.
    """
    shown = await answers.shown(network)
    pictures, fewer = await _pictures(answers, network, shown.updates)
    newest = pictures[-1][1] if pictures else in_view
    others, without = await _asked(answers, network, newest)
    asked = [Asked(_said(query, in_view, newest), in_view), *others]
    curves = await _curves(answers, network)
    return _frame(
        about=_about(origin),
        target={"kind": network.kind, "id": network.name},
        view=shown.view,
        hash=query.state,
        curves=None if curves is None else {network.kind: network.name, "changes": [], **plain(curves)},
        updates=[update for update, _ in pictures],
        pictures=[sent for _, sent in pictures],
        asked=asked,
        left_out=[words for words in (fewer, without) if words],
    )


def of_one(sent: SentTrace) -> bytes:
    """The recording of a single picture, of a network of which nothing else is known."""
    return _frame(
        about=_about(None),
        target={"kind": "checkpoint", "id": sent.checkpoint},
        view=None,
        hash=f"checkpoint={sent.checkpoint}",
        curves=None,
        updates=[],
        pictures=[],
        asked=[Asked({}, sent)],
        left_out=["this one picture only"],
    )


def _about(origin: str | None) -> dict[str, Any]:
    return {"version": VERSION, "made": datetime.now(UTC).isoformat(timespec="seconds"), "origin": origin}


def _frame(*, pictures: Sequence[SentTrace], asked: Sequence[Asked], **plainly: Any) -> bytes:
    """The fields of Recording in static/js/wire/recorded/recording.js."""
    traces = {
        "pictures": [as_array(sent.frame()) for sent in pictures],
        "asked": [one.words for one in asked],
        "answers": [as_array(one.sent.frame()) for one in asked],
    }
    return encode({**plainly, **traces})


def _said(query: Common, in_view: SentTrace, newest: SentTrace) -> dict[str, Any]:
    """What the view asks, with its update where that is not the newest."""
    update = in_view.record()["update"]
    return query.asked() if update == newest.record()["update"] else {**query.asked(), "update": update}


async def _curves(answers: Answers, network: Named) -> Curves | None:
    if network.kind == "run":
        return await answers.metrics(network.name)
    return await answers.preset_metrics(network.name) if network.kind == "preset" else None


async def _pictures(
    answers: Answers, network: Named, updates: Sequence[int]
) -> tuple[list[tuple[int, SentTrace]], str]:
    """Stored snapshots by update, and a sentence where not all of them have room."""
    if not updates:
        return [], ""
    read = answers.snapshot if network.kind == "run" else answers.preset_snapshot
    newest = await read(network.name, updates[-1])
    kept = thinned(updates, max(MOST_PICTURES // len(newest.content), 2))
    pictures = [(update, await _there(read, network.name, update)) for update in kept[:-1]]
    found = [(update, sent) for update, sent in pictures if sent is not None]
    words = f"{len(kept)} of {len(updates)} stored pictures, evenly spaced: more would make the file too large"
    return [*found, (updates[-1], newest)], words if len(kept) < len(updates) else ""


async def _there(read: Callable[[str, int], Awaitable[SentTrace]], name: str, update: int) -> SentTrace | None:
    """The snapshot; None where the store has thinned it out since it was listed."""
    try:
        return await read(name, update)
    except UserError:
        return None


def thinned(updates: Sequence[int], most: int) -> list[int]:
    """At most so many of them, ≥ 2, evenly spaced, the first and the last among them."""
    if len(updates) <= most:
        return list(updates)
    return [updates[round(place * (len(updates) - 1) / (most - 1))] for place in range(most)]


async def _asked(answers: Answers, network: Named, newest: SentTrace) -> tuple[list[Asked], str]:
    """What the newest weights answer to other questions, as far as there is room."""
    found: list[Asked] = []
    room, update = MOST_ANSWERS, newest.record()["update"]
    for words in questions(network, newest):
        try:
            sent = await answers.probe(ProbeRequest.model_validate({network.kind: network.name, **words}))
        except UserError as error:
            return found, f"no answer to other questions: {error.problem.detail}"
        if sent.record()["update"] != update:
            return found, "no answer to other questions: the weights are not those of the newest picture any more"
        room -= len(sent.content)
        if room < 0:
            return found, f"answers to {len(found)} questions only: more would make the file too large"
        found.append(Asked(words, sent))
    return found, ""


def questions(network: Named, newest: SentTrace) -> list[dict[str, Any]]:
    """What a viewer may ask: the picture as it is, each step's loss, the whole loss, other examples, the tour."""
    record = newest.record()
    steps = range(record["steps"])
    if record["steps"] > MOST_STEPS:
        steps = sorted(int(step) for step in record["true_sources"])[:MOST_STEPS]  # type: ignore[assignment]
    tour = tour_questions() if network == tour_network() else []
    others = ({"loss_step": step} for step in steps)
    examples = ({"example": example} for example in range(1, PROBE_EXAMPLES))
    return [{}, *tour, {"loss_step": None}, *others, *examples]


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
