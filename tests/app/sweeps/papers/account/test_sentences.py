"""Every sentence about experiments is counted anew from the rows, and a claim without one of its conditions lies."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import pytest

from sab_visualiser.app.runs.words.say import Claim
from sab_visualiser.app.sweeps.papers.account import balance, knobs, lengths, sentences
from sab_visualiser.app.sweeps.papers.account.balance import balance_of
from sab_visualiser.app.sweeps.papers.account.sentences import answers
from sab_visualiser.app.sweeps.papers.account.shelf import Report, shipped
from tests.app.sweeps.papers.account.cases import CASES, row
from tests.oracles.balance_checker import faults
from tests.oracles.reproduction_checker import fault

OF_ONE = ("TALLY", "CROSSING", "MIXED", "FAILED", "PUBLISHED", "RANKED", "RATES", "KNOB", "FAR")
OF_ALL = ("LEARNS", "SOONER", "COSTS", "FAILS", "RANKS")
SHELVES: list[list[Report]] = [[one] for one in CASES[::2]] + [CASES[n : n + 2] for n in range(0, len(CASES), 2)]


def room_of(place: str) -> ModuleType:
    return {"KNOB": knobs, "FAR": lengths}.get(place, sentences if place in OF_ONE else balance)


def lies_of_one() -> Iterator[str]:
    return (wrong for case in CASES for said in answers(case) if (wrong := fault(case, said)))


def lies_of_all() -> Iterator[str]:
    return (wrong for shelf in SHELVES for wrong in faults(shelf, *balance_of(shelf)))


def caught(lies: Iterator[str]) -> bool:
    """Whether there is one; a sentence about what is not there, which cannot be counted, is one too."""
    try:
        return next(lies, "") != ""
    except (ValueError, ZeroDivisionError):
        return True


def test_every_sentence_about_what_comes_along_is_so() -> None:
    reports = shipped()
    assert reports
    assert [wrong for report in reports for said in answers(report) if (wrong := fault(report, said))] == []
    assert faults(reports, *balance_of(reports)) == []


def test_every_sentence_about_an_experiment_is_so_when_it_is_counted_anew() -> None:
    assert list(lies_of_one()) == []


def test_every_sentence_about_all_of_them_is_so_and_stands_on_its_side() -> None:
    assert list(lies_of_all()) == []


def test_an_experiment_without_a_row_says_nothing() -> None:
    assert answers({**CASES[0], "rows": []}) == []
    assert balance_of([{**CASES[0], "rows": []}]) == ([], [])


@pytest.mark.parametrize("place", [*OF_ONE, *OF_ALL])
def test_every_claim_is_made_somewhere_and_elsewhere_is_not(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module = room_of(place)
    claims: tuple[Claim, ...] = getattr(module, place)
    told = tuple(claim._replace(say=f"§{place} {number}§") for number, claim in enumerate(claims))
    monkeypatch.setattr(module, place, told)
    texts = [said for case in CASES for said in answers(case)] if place in OF_ONE else _sides()
    made = {text for text in texts if text.startswith(f"§{place} ")}
    assert made == {claim.say for claim in told}


def _sides() -> list[str]:
    return [said for shelf in SHELVES for side in balance_of(shelf) for said in side]


CONDITIONS = [
    (place, number, fact)
    for place in (*OF_ONE, *OF_ALL)
    for number, claim in enumerate(getattr(room_of(place), place))
    for fact in claim.when
]


@pytest.mark.parametrize(("place", "number", "fact"), CONDITIONS)
def test_a_claim_without_one_of_its_conditions_is_caught_lying(
    place: str, number: int, fact: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = room_of(place)
    claims: tuple[Claim, ...] = getattr(module, place)
    looser = claims[number]._replace(when=tuple(one for one in claims[number].when if one != fact))
    monkeypatch.setattr(module, place, (*claims[:number], looser, *claims[number + 1 :]))
    assert caught(lies_of_one() if place in OF_ONE else lies_of_all()), f"{fact} is idle"


def test_a_sentence_that_is_made_up_is_caught() -> None:
    report = {**CASES[0], "published": [], "rows": [row(1), row(2, verdict="at chance")]}
    assert "1 of 2 seeds of SAB did not learn" in answers(report)[-1]
    for lie in (
        "Every seed of SAB learned.",
        "At T = 100 with one fixed delay, seeds that learned: SAB 2 of 2.",
        "At T = 200 with one fixed delay, seeds that learned: SAB 1 of 2.",
        "SAB is the best.",
    ):
        assert fault(report, lie)
