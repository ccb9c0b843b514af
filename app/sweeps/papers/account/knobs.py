"""What one knob costs and buys, the others held: claims chosen by the rows of an experiment that turns them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sab_visualiser.app.runs.words.say import Claim, Facts, say
from sab_visualiser.app.sweeps.papers.account.settings import Group, Setting, update_ms, updates_to_the_goal
from sab_visualiser.model.contract import knob_words

KNOBS = ("k_top", "k_trunc", "k_att")
LEAST_VALUES = 3
"""So many values of a knob make a scan of it."""
KNOB = (
    Claim("none", ("none",), "With {knob} = {values}, no seed learned{cost}."),
    Claim("all", ("all",), "With {knob} = {values}, all seeds learned{soonest}{cost}."),
    Claim("nowhere", ("nowhere",), "With no {knob} did all seeds learn, {others}{soonest}{cost}."),
    Claim("some", (), "With {knob} = {whole} all seeds learned, not with {others}{soonest}{cost}."),
)


class Scan(NamedTuple):
    """Settings of SAB that differ in one knob alone, by its value, rising; no cut comes last."""

    knob: str
    groups: list[Group]

    def value(self, group: Group) -> str:
        """Of the knob, in words."""
        return knob_words(self.knob, getattr(group.setting, self.knob))


def scans_of(groups: Sequence[Group]) -> list[Scan]:
    """For each knob the largest set of settings that differ in it alone, where it is a scan."""
    found = []
    for knob in KNOBS:
        kinds: dict[Setting, list[Group]] = {}
        held: Any = {knob: 0}
        for group in groups:
            if group.setting.method == "sab":
                kinds.setdefault(group.setting._replace(**held), []).append(group)
        most = max(kinds.values(), key=len, default=[])
        if len(most) >= LEAST_VALUES:
            found.append(Scan(knob, sorted(most, key=lambda group: _rank(knob, getattr(group.setting, knob)))))
    return found


def _rank(knob: str, value: int) -> float:
    return float("inf") if knob == "k_trunc" and value == 0 else value


def knob_answers(groups: Sequence[Group]) -> list[str]:
    """A sentence a scan."""
    return [say(KNOB, facts) for facts in map(_facts, scans_of(groups))]


def _facts(scan: Scan) -> Facts:
    whole = [group for group in scan.groups if len(group.learned) == len(group.rows)]
    others = [group for group in scan.groups if group not in whole]
    return {
        "knob": scan.knob,
        "values": ", ".join(map(scan.value, scan.groups)),
        "whole": ", ".join(map(scan.value, whole)),
        "others": ", ".join(f"{scan.value(group)} ({len(group.learned)} of {len(group.rows)})" for group in others),
        "none": not any(group.learned for group in scan.groups),
        "all": not others,
        "nowhere": not whole,
        "soonest": next(_soonest(scan), ""),
        "cost": next(_cost(scan), ""),
    }


def _soonest(scan: Scan) -> Iterator[str]:
    made = [(updates_to_the_goal(group.rows), group) for group in scan.groups]
    known = [(updates, group) for updates, group in made if updates is not None]
    if len(known) > 1:
        updates, group = min(known, key=lambda one: one[0])
        yield f"; the goal came soonest with {scan.value(group)}, after {updates:,.0f} updates in the median"


def _cost(scan: Scan) -> Iterator[str]:
    """How the dearest update compares with the cheapest, where both have a time."""
    costs = [(update_ms(group.rows), group) for group in scan.groups]
    known = [(cost, group) for cost, group in costs if cost]
    if len(known) > 1:
        (least, cheap), (most, dear) = min(known, key=lambda one: one[0]), max(known, key=lambda one: one[0])
        yield f"; an update took {most / least:.2f} times as long with {scan.value(dear)} as with {scan.value(cheap)}"
