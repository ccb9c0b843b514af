"""How a sentence is chosen: of a place the first claim is said whose facts hold. Pure.

The page does the same (static/js/draw/say.js). What each sentence asserts is recounted by tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

Facts = Mapping[str, bool | str]


class Claim(NamedTuple):
    """One sentence.

    Attributes:
        name: Its own, for tests.
        when: Facts that must hold, or must not (`!`).
        say: The sentence; words in braces are facts.
    """

    name: str
    when: tuple[str, ...]
    say: str


def say(place: tuple[Claim, ...], facts: Facts) -> str:
    """The sentence of the first claim that the facts allow; the last of a place needs none or is not reached."""
    return claim_of(place, facts).say.format_map(facts)


def claim_of(place: tuple[Claim, ...], facts: Facts) -> Claim:
    """The first claim that the facts allow."""
    return next(claim for claim in place if all(_holds(fact, facts) for fact in claim.when))


def _holds(fact: str, facts: Facts) -> bool:
    return not facts[fact[1:]] if fact.startswith("!") else bool(facts[fact])
