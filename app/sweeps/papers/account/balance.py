"""What SAB is better at and what it is not, over all experiments: claims chosen by counts, none left out. Pure.

Experiments that look for a learning rate or turn knobs take no part. Counts are pooled where both methods were trained:
the same experiment, length and kind of delays, and beside truncated backpropagation the same cuts as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median
from typing import NamedTuple

from sab_visualiser.app.runs.kin.results import Row
from sab_visualiser.app.runs.words.say import Claim, Facts, claim_of, say
from sab_visualiser.app.sweeps.papers.account.knobs import scans_of
from sab_visualiser.app.sweeps.papers.account.lengths import of_lengths
from sab_visualiser.app.sweeps.papers.account.places import listed, places_of
from sab_visualiser.app.sweeps.papers.account.sentences import RANKED, ranks_of
from sab_visualiser.app.sweeps.papers.account.settings import (
    Group,
    groups_of,
    is_tuning,
    setting_of,
    update_ms,
    updates_to_the_goal,
)
from sab_visualiser.app.sweeps.papers.account.shelf import Report

RIVALS = {
    "tbptt": "truncated backpropagation with the same cuts",
    "bptt": "full backpropagation",
    "attention": "attention over all memories",
}
LEARNS = (
    Claim("better", ("more",), "{kind}, SAB learned with {sab} seeds, {rival} with {other}."),
    Claim("neither", ("nobody",), "{kind}, neither SAB ({sab} seeds) nor {rival} ({other}) learned."),
    Claim("no better", ("equal",), "{kind}, {rival} learned as well as SAB: {other} seeds and {sab}."),
    Claim("worse", (), "{kind}, {rival} learned more often than SAB: {other} seeds and {sab}."),
)
_MEDIANS = "than {rival}: {own} and {theirs} in the median of seeds that learned."
SOONER = (
    Claim("better", ("fewer",), f"{{kind}}, SAB came to the goal after fewer updates {_MEDIANS}"),
    Claim("no better", (), f"{{kind}}, SAB needed no fewer updates {_MEDIANS}"),
)
_COST = "An update of SAB took {times} times as long as one of {rival}, in the median of what is compared."
COSTS = (Claim("better", ("cheaper",), _COST), Claim("no better", (), _COST))
FAILS = (Claim("no better", (), "{kind}, {failed} of {of} seeds of SAB did not learn: {words}."),)
RANKS = (RANKED[0]._replace(name="better"), *RANKED[1:])
KINDS = ("With one fixed delay", "With mixed delays", "On real data")
"""What trainings are pooled by (Setting.kind)."""
BETTER = "better"


class Balance(NamedTuple):
    """Sentences on either side."""

    better: list[str]
    no_better: list[str]


class Pair(NamedTuple):
    """Rows of SAB and of another method that were trained alike."""

    sab: list[Row]
    other: list[Row]


def balance_of(reports: Sequence[Report]) -> Balance:
    """Both sides; empty without a report that compares."""
    found = Balance([], [])
    for place, facts in _all(reports):
        claim = claim_of(place, facts)
        side = found.better if claim.name == BETTER else found.no_better
        side.append(claim.say.format_map(facts))
    return found


def learns_of(reports: Sequence[Report], rival: str) -> list[str]:
    """Whether SAB learns more often than a rival, a sentence for each kind of delays."""
    return [say(LEARNS, facts) for kind in KINDS if (facts := _beside(reports, rival, kind))]


def _beside(reports: Sequence[Report], rival: str, kind: str) -> Facts:
    """Facts of the two methods; none where they were not trained alike."""
    pairs = pairs_of(reports, rival, kind)
    return {**_about(rival, kind), **_learns(pairs)} if pairs else {}


def _about(rival: str, kind: str) -> dict[str, str]:
    return {"kind": kind, "rival": RIVALS[rival]}


def _all(reports: Sequence[Report]) -> Iterator[tuple[tuple[Claim, ...], Facts]]:
    for kind in KINDS:
        for rival in RIVALS:
            if facts := _beside(reports, rival, kind):
                yield LEARNS, facts
            if (sooner := _sooner(pairs_of(reports, rival, kind))) is not None:
                yield SOONER, {**_about(rival, kind), **sooner}
        own = [row for report in compared(reports) for row in report["rows"] if row["method"] == "sab"]
        own = [row for row in own if setting_of(row).kind == kind]
        if any(row["verdict"] != "learned" for row in own):
            yield FAILS, {**_about("tbptt", kind), **_fails(own)}
    for rival, words in RIVALS.items():
        pairs = [pair for kind in KINDS for pair in pairs_of(reports, rival, kind)]
        if (costs := _costs(pairs)) is not None:
            yield COSTS, {"rival": words, **costs}
    for report in compared(reports):
        for place, groups in places_of(groups_of(report["rows"])).items():
            if (ranks := ranks_of(place, groups)) is not None:
                yield RANKS, {**ranks, "where": f"{report['title']}: a{place.words[1:]}"}


def compared(reports: Sequence[Report]) -> list[Report]:
    """The experiments that set methods beside one another: none that looks for a rate, turns knobs or measures only."""
    return [report for report in reports if not of_lengths(report["rows"]) and _compares(groups_of(report["rows"]))]


def _compares(groups: Sequence[Group]) -> bool:
    return not is_tuning(groups) and not scans_of(groups)


def pairs_of(reports: Sequence[Report], rival: str, kind: str) -> list[Pair]:
    """What can be compared: a pair for each experiment and length, and for each k_trunc beside the same cuts."""
    found = []
    for report in compared(reports):
        for place, groups in places_of(groups_of(report["rows"])).items():
            if place.kind == kind:
                found += [_pair(groups, rival, cut) for cut in _cuts(groups, rival)]
    return [pair for pair in found if pair.sab and pair.other]


def _cuts(groups: Sequence[Group], rival: str) -> list[int | None]:
    if rival != "tbptt":
        return [None]
    return [*sorted({setting.k_trunc for setting, _ in groups if setting.method == rival})]


def _pair(groups: Sequence[Group], rival: str, cut: int | None) -> Pair:
    def rows(method: str) -> list[Row]:
        own = [group for group in groups if group.setting.method == method]
        return [row for group in own if cut in (None, group.setting.k_trunc) for row in group.rows]

    return Pair(rows("sab"), rows(rival))


def _learned(rows: Sequence[Row]) -> int:
    return sum(row["verdict"] == "learned" for row in rows)


def _learns(pairs: Sequence[Pair]) -> Facts:
    sab, other = [row for pair in pairs for row in pair.sab], [row for pair in pairs for row in pair.other]
    own, theirs = _learned(sab) / len(sab), _learned(other) / len(other)
    return {
        "sab": f"{_learned(sab)} of {len(sab)}",
        "other": f"{_learned(other)} of {len(other)}",
        "more": own > theirs,
        "equal": own == theirs,
        "nobody": not own and not theirs,
    }


def _sooner(pairs: Sequence[Pair]) -> Facts | None:
    """Of pairs in which both learned."""
    both = [pair for pair in pairs if _learned(pair.sab) and _learned(pair.other)]
    own = updates_to_the_goal(row for pair in both for row in pair.sab)
    theirs = updates_to_the_goal(row for pair in both for row in pair.other)
    if own is None or theirs is None:
        return None
    return {"own": f"{own:,.0f}", "theirs": f"{theirs:,.0f}", "fewer": own < theirs}


def _costs(pairs: Sequence[Pair]) -> Facts | None:
    both = [(update_ms(pair.sab), update_ms(pair.other)) for pair in pairs]
    ratios = [own / theirs for own, theirs in both if own and theirs]
    if not ratios:
        return None
    ratio = median(ratios)
    return {"times": f"{ratio:.2f}", "cheaper": round(ratio, 2) < 1}


def _fails(rows: Sequence[Row]) -> Facts:
    failed = [row for row in rows if row["verdict"] != "learned"]
    kinds = dict.fromkeys(str(row["verdict"] or row["status"]) for row in failed)
    counts = {kind: sum((row["verdict"] or row["status"]) == kind for row in failed) for kind in kinds}
    return {
        "of": str(len(rows)),
        "failed": str(len(failed)),
        "words": listed(f"{count} {kind}" for kind, count in counts.items()),
    }
