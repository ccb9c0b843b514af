"""No verdict says what is not so, and none advises what the run does already: a sceptic recounts each sentence."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from sab_visualiser.app.runs.verdict import NOTHING, word_of
from sab_visualiser.app.runs.verdict_words import verdict
from sab_visualiser.app.runs.words.say import Claim, Facts, claim_of, say
from sab_visualiser.app.runs.words.verdict_claims import ADVICE, SENTENCES
from sab_visualiser.app.runs.words.verdict_facts import Case, facts, knobs_in_force
from sab_visualiser.app.wire.requests import VerdictWord
from tests.oracles.verdict_checker import fault
from tests.oracles.verdict_states import Made, runs

MADE_UP = 12_000
PLACES: dict[str, dict[VerdictWord, tuple[Claim, ...]]] = {"says": SENTENCES, "advises": ADVICE}
CLAIMS = [
    pytest.param(name, word, claim, id=f"{word} {name}: {claim.name}")
    for name, places in PLACES.items()
    for word, place in places.items()
    for claim in place
    if len(place) > 1
]
TASTE = {("mix", "!measured")}
"""Conditions that choose what is worth advising; without them another true sentence would stand there."""


@cache
def judged() -> dict[VerdictWord, list[tuple[Made, Facts]]]:
    """Runs by their verdict, with their facts."""
    found: dict[VerdictWord, list[tuple[Made, Facts]]] = {word: [] for word in SENTENCES}
    for made in runs(MADE_UP):
        progress = made.progress
        word = word_of(progress, made.status)
        if word is not None:
            knobs = knobs_in_force(made.spec, made.parameters)
            begun = knobs_in_force(made.spec, made.branched_with)
            branch = made.branched_with is not None
            case = Case(progress or NOTHING, made.spec, made.status, made.rate, knobs, begun, branch)
            found[word].append((made, facts(case)))
    return found


@pytest.mark.parametrize("word", SENTENCES)
def test_what_a_verdict_says_and_advises_is_so_when_it_is_counted_anew(word: VerdictWord) -> None:
    for made, known in judged()[word]:
        for places in PLACES.values():
            assert fault(made, say(places[word], known)) == "", made


@pytest.mark.parametrize(("name", "word", "claim"), CLAIMS)
def test_each_claim_is_made_of_some_run_and_not_of_another(name: str, word: VerdictWord, claim: Claim) -> None:
    assert {claim_of(PLACES[name][word], known) is claim for _, known in judged()[word]} == {True, False}


@pytest.mark.parametrize(("name", "word", "claim"), CLAIMS)
def test_a_claim_without_one_of_its_conditions_is_caught_lying(name: str, word: VerdictWord, claim: Claim) -> None:
    for fact in claim.when:
        if (claim.name, fact) in TASTE or not claim.say:
            continue
        looser = claim._replace(when=tuple(one for one in claim.when if one != fact))
        loose = tuple(looser if one is claim else one for one in PLACES[name][word])
        assert any(_lies(made, known, loose) for made, known in judged()[word]), f"{fact} is idle"


def _lies(made: Made, known: Facts, place: tuple[Claim, ...]) -> bool:
    try:
        return fault(made, say(place, known)) != ""
    except (KeyError, IndexError, TypeError, ValueError):
        return True  # it speaks of what is not there


def test_a_knob_that_was_turned_changes_what_is_said_of_it() -> None:
    made = next(one for one in runs(MADE_UP) if one.spec["training"]["clip_norm"] == 1.25)
    told: list[Any] = [
        verdict(None, made.spec, "diverged", None, {**made.parameters, "clip_norm": clip}) for clip in (0.0, 1.25)
    ]
    assert [one["advice"] for one in told] == [
        "Clipping was turned off: Reset trains with clip_norm 1.25 again.",
        "Train with a lower learning_rate.",
    ]
