"""What a network left, as one frame that the page reads in place of a server: list, curves, pictures, answers.

A picture is a stored snapshot; an answer is what a probe of the newest weights gives: the loss at each other step, the
whole loss, the other examples, and, of the network that the tour is about, all that the tour shows. What is too much
for one file is left out, evenly, and said to be.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sab_visualiser.app.export.answers import Answers
from sab_visualiser.app.export.content.caption import Caption, readable, text
from sab_visualiser.app.export.explorable import room
from sab_visualiser.app.export.explorable.view import hash_of, tour_network, tour_questions
from sab_visualiser.app.export.query import Common
from sab_visualiser.app.runs.curves import Curves
from sab_visualiser.app.runs.named import Named
from sab_visualiser.app.version import VERSION
from sab_visualiser.app.wire.codec import encode
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.wire.packing import SentTrace, as_array
from sab_visualiser.app.wire.requests import ProbeRequest
from sab_visualiser.app.wire.trace_json import plain
from sab_visualiser.model.contract import PROBE_EXAMPLES


class Asked(NamedTuple):
    """A question beside the network and its answer."""

    words: dict[str, Any]
    sent: SentTrace


class Origin(NamedTuple):
    """Where a file was exported.

    Attributes:
        page: Address of the page, without the part behind #.
        first: Name of the first page of the site that the file is part of.
    """

    page: str | None = None
    first: str | None = None


NOWHERE = Origin()


class About(NamedTuple):
    """Where a recording comes from.

    Attributes:
        caption: Of the view that the file opens with: network, update, seed, configuration.
        origin: Where it was exported.
        lacks: What is left out beside the recording, in words.
    """

    caption: Caption
    origin: Origin = NOWHERE
    lacks: Sequence[str] = ()

    def told(self) -> dict[str, Any]:
        """The fields of About in static/js/wire/recorded/recording.js."""
        of = [[key, text(value)] for key, value in readable(self.caption).items() if key != "panel"]
        made = datetime.now(UTC).isoformat(timespec="seconds")
        return {"version": VERSION, "made": made, "origin": self.origin.page, "index": self.origin.first, "of": of}


class Recording(NamedTuple):
    """A frame of app/wire/codec.py, for static/js/wire/recorded/, and what it says of itself in plain values."""

    frame: bytes
    said: dict[str, Any]


async def record(answers: Answers, network: Named, query: Common, in_view: SentTrace, about: About) -> Recording:
    """All of a network that goes into one file.

    Args:
        answers: Who knows the numbers.
        network: Which one.
        query: The view that is exported; its trace is `in_view`.
        in_view: What the file opens with.
        about: Where it comes from.

    Raises:
        UserError: An update that was chosen has no stored picture, or the network is there no longer.
    """
    shown, update = await answers.shown(network), in_view.record()["update"]
    wanted = room.chosen(query.updates, shown.updates, f"{network.kind} {network.name}")
    pictures = await _pictures(answers, network, wanted, update)
    newest = pictures[-1][1] if pictures else in_view
    others, without = await _asked(answers, network, newest)
    earlier = None if update == newest.record()["update"] else update
    first = query.asked() if earlier is None else {**query.asked(), "update": earlier}
    curves, coarser = room.coarse(await _curves(answers, network))
    updates = [update for update, _ in pictures]
    return _recording(
        about,
        target={"kind": network.kind, "id": network.name},
        view=shown.view,
        hash=hash_of(network, query, earlier),
        curves=None if curves is None else {network.kind: network.name, "changes": [], **plain(curves)},
        updates=updates,
        pictures=[sent for _, sent in pictures],
        asked=[Asked(first, in_view), *others],
        left_out=[
            words
            for words in (room.fewer_pictures(updates, wanted, shown.updates), coarser, without, *about.lacks)
            if words
        ],
    )


def of_one(sent: SentTrace, about: About) -> Recording:
    """The recording of a single picture, of a network of which nothing else is known."""
    return _recording(
        about,
        target={"kind": "checkpoint", "id": sent.checkpoint},
        view=None,
        hash=f"checkpoint={sent.checkpoint}",
        curves=None,
        updates=[],
        pictures=[],
        asked=[Asked({}, sent)],
        left_out=["this one picture only", *about.lacks],
    )


def _recording(about: About, *, pictures: Sequence[SentTrace], asked: Sequence[Asked], **plainly: Any) -> Recording:
    """The fields of Recording in static/js/wire/recorded/recording.js."""
    told = about.told()
    traces = {
        "pictures": [as_array(sent.frame()) for sent in pictures],
        "asked": [one.words for one in asked],
        "answers": [as_array(one.sent.frame()) for one in asked],
    }
    names = ("version", "made", "origin", "index")
    said = {
        "program": "SAB Visualiser",
        **{name: told[name] for name in names},
        "view": plainly["hash"],
        "caption": about.caption,
        "updates": plainly["updates"],
        "left_out": plainly["left_out"],
    }
    return Recording(encode({"about": told, **plainly, **traces}), said)


async def _curves(answers: Answers, network: Named) -> Curves | None:
    if network.kind == "run":
        return await answers.metrics(network.name)
    return await answers.preset_metrics(network.name) if network.kind == "preset" else None


async def _pictures(
    answers: Answers, network: Named, wanted: Sequence[int], in_view: int
) -> list[tuple[int, SentTrace]]:
    """Stored snapshots by update, as many as there is room for; the newest, and that of the view, in any case."""
    if not wanted:
        return []
    read = answers.snapshot if network.kind == "run" else answers.preset_snapshot
    held = {wanted[-1]: await read(network.name, wanted[-1])}
    kept, most = list(wanted), max(room.MOST_PICTURES // len(held[wanted[-1]].content), room.LEAST_PICTURES)
    while True:
        kept = room.thinned(kept, most, in_view)
        for update in kept:
            if update not in held and (sent := await _there(read, network.name, update)):
                held[update] = sent
        found = [(update, held[update]) for update in kept if update in held]
        size = sum(len(sent.content) for _, sent in found)
        if size <= room.MOST_PICTURES or most <= room.LEAST_PICTURES:
            return found
        # Pictures of one run are not of one size: those of its beginning may be larger.
        most = max(min(len(found) * room.MOST_PICTURES // size, most - 1), room.LEAST_PICTURES)


async def _there(read: Callable[[str, int], Awaitable[SentTrace]], name: str, update: int) -> SentTrace | None:
    """The snapshot; None where the store has thinned it out since it was listed."""
    try:
        return await read(name, update)
    except UserError:
        return None


async def _asked(answers: Answers, network: Named, newest: SentTrace) -> tuple[list[Asked], str]:
    """What the newest weights answer to other questions, as far as there is room."""
    found: list[Asked] = []
    left, update = room.MOST_ANSWERS, newest.record()["update"]
    for words in questions(network, newest):
        try:
            sent = await answers.probe(ProbeRequest.model_validate({network.kind: network.name, **words}))
        except UserError as error:
            return found, f"no answer to other questions: {error.problem.detail}"
        if sent.record()["update"] != update:
            return found, "no answer to other questions: the weights are not those of the newest picture any more"
        left -= len(sent.content)
        if left < 0:
            return found, f"answers to {len(found)} questions only: more would make the file too large"
        found.append(Asked(words, sent))
    return found, ""


def questions(network: Named, newest: SentTrace) -> list[dict[str, Any]]:
    """What a viewer may ask: the picture as it is, each step's loss, the whole loss, other examples, the tour."""
    record = newest.record()
    steps = range(record["steps"])
    if record["steps"] > room.MOST_STEPS:
        steps = sorted(int(step) for step in record["true_sources"])[: room.MOST_STEPS]  # type: ignore[assignment]
    tour = tour_questions() if network == tour_network() else []
    others = ({"loss_step": step} for step in steps)
    examples = ({"example": example} for example in range(1, PROBE_EXAMPLES))
    return [{}, *tour, {"loss_step": None}, *others, *examples]
