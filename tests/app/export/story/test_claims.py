"""No sentence of the title says what is not so: a sceptic recounts each, and no condition of a claim is idle."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from sab_visualiser.app.export.story import claims
from sab_visualiser.app.export.story.facts import facts
from sab_visualiser.app.runs.words.say import Claim, Facts, claim_of, say
from tests.oracles.claim_checker import faults
from tests.oracles.story_traces import made_up, networks

MADE_UP = 6000
PLACES = {name: place for name, place in vars(claims).items() if name.isupper()}
CLAIMS = [(name, claim) for name, place in PLACES.items() for claim in place]
Known = tuple[dict[str, Any], Facts]


@cache
def traces() -> list[Known]:
    """Made up by chance, and of real networks, with their facts."""
    found = [made_up(seed) for seed in range(MADE_UP)] + list(networks())
    return [(trace, facts(trace)) for trace in found]


def test_every_sentence_is_true_of_its_trace() -> None:
    lies = [
        (said, lie)
        for trace, known in traces()
        for place in PLACES.values()
        if (said := say(place, known))
        for lie in faults(trace, said)
    ]
    assert not lies, f"{len(lies)} lies, the first: {lies[:3]}"


@pytest.mark.parametrize(("place", "claim"), CLAIMS, ids=[f"{place}: {claim.name}" for place, claim in CLAIMS])
def test_every_claim_is_made_somewhere_and_elsewhere_is_not(place: str, claim: Claim) -> None:
    made = {claim_of(PLACES[place], known) is claim for _, known in traces()}
    assert made == {True, False}


TASTE = {("REACH", "story")}
"""Conditions that choose what is worth telling; without them another true sentence would stand there."""
CONDITIONS = [
    (place, claim, fact) for place, claim in CLAIMS for fact in claim.when if claim.say and (place, fact) not in TASTE
]


@pytest.mark.parametrize(
    ("place", "claim", "fact"),
    CONDITIONS,
    ids=[f"{place}: {claim.name} without {fact}" for place, claim, fact in CONDITIONS],
)
def test_a_claim_without_one_of_its_conditions_is_caught_lying(place: str, claim: Claim, fact: str) -> None:
    looser = claim._replace(when=tuple(one for one in claim.when if one != fact))
    loose = tuple(looser if one is claim else one for one in PLACES[place])
    assert any(_lies(trace, known, loose) for trace, known in traces()), f"{fact} is idle"


def _lies(trace: dict[str, Any], known: Facts, place: tuple[Claim, ...]) -> bool:
    try:
        return bool(faults(trace, say(place, known)))
    except (KeyError, IndexError, TypeError, ValueError):
        return True  # it speaks of what is not there
