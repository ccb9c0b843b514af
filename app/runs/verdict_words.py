"""A verdict in words: what is said of a run, and what helps; each sentence is chosen by the facts it needs. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from sab_visualiser.app.runs.shapes import ENDED, Rate, Spec
from sab_visualiser.app.runs.verdict import NOTHING, Progress, word_of
from sab_visualiser.app.runs.words.say import say
from sab_visualiser.app.runs.words.verdict_claims import ADVICE, SENTENCES
from sab_visualiser.app.runs.words.verdict_facts import Case, facts, knobs_in_force
from sab_visualiser.app.wire.requests import RunStatus, VerdictWord


class Verdict(TypedDict):
    """What became of a run; `update` is that which the label speaks of, `advice` is empty where nothing is to do."""

    word: VerdictWord
    label: str
    sentence: str
    advice: str
    update: int | None


def verdict(
    progress: Progress | None,
    spec: Spec,
    status: RunStatus,
    rate: Rate | None = None,
    parameters: Mapping[str, Any] | None = None,
    branched_with: Mapping[str, Any] | None = None,
) -> Verdict | None:
    """VerdictWord, sentence and advice for a run; None before its first look at fresh examples.

    Args:
        progress: What its looks came to.
        spec: Of the run.
        status: Of the run.
        rate: How surely its preset learns, where it trains exactly that.
        parameters: The knobs in force; None where nobody could turn any.
        branched_with: The knobs that a branch began with; None for any other run.
    """
    word = word_of(progress, status)
    if word is None:
        return None
    known = progress or NOTHING
    now, begun = knobs_in_force(spec, parameters), knobs_in_force(spec, branched_with)
    said = facts(Case(known, spec, status, rate, now, begun, branched_with is not None))
    update = known[_UPDATES[word]] if word in _UPDATES else None  # type: ignore[literal-required]
    return Verdict(
        word=word,
        label=_WAS_LEARNING if word == "learning" and status in ENDED else _LABELS.get(word, word).format_map(said),
        sentence=say(SENTENCES[word], said),
        advice=say(ADVICE[word], said),
        update=update,
    )


_WAS_LEARNING = "was learning"
_LABELS: dict[VerdictWord, str] = {
    "learned": "learned at {learned}",
    "lost again": "lost again at {lost}",
    "attention dead": "attention dead ({dead})",
    "standing still": "standing still since {since}",
}
_UPDATES: dict[VerdictWord, str] = {
    "learning": "improved",
    "learned": "learned",
    "lost again": "lost",
    "attention dead": "update",
    "scorer saturated": "improved",
    "at chance": "update",
    "standing still": "improved",
}
"""The update that each speaks of, by its name in Progress."""
