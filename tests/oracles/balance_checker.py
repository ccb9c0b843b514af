"""Recounts what SAB is said to be better at, and not better at, from the rows of all reports."""

from __future__ import annotations

import re
from statistics import median
from typing import Any

from tests.oracles.knob_checker import goal, scans
from tests.oracles.reproduction_checker import KNOBS, Known, fault_of, ranked
from tests.oracles.reproduction_rows import LONG, MEANS, NAMES, REAL, WHERE, Report, Row, is_mixed, learned, of, share

Pairs = list[tuple[list[Row], list[Row]]]
DELAYS = r"(?P<kind>With one fixed delay|With mixed delays|On real data), "
RIVAL = rf"(?P<rival>{'|'.join(LONG)})"


def compared(reports: list[Report]) -> list[Report]:
    """Those in which no setting was trained at two rates, no knob turned through three values, no length measured."""
    kinds = ("T_min", "permuted", *KNOBS[:-1])
    found = []
    for report in reports:
        rates: dict[tuple[Any, ...], set[float]] = {}
        for row in report["rows"]:
            rates.setdefault(tuple(row.get(name) for name in kinds), set()).add(row["learning_rate"])
        measured = any("T_test" in row for row in report["rows"])
        if all(len(own) == 1 for own in rates.values()) and not measured and not scans(report["rows"]):
            found.append(report)
    return found


def kind_of(row: Row) -> str:
    if row["task"] in REAL:
        return "On real data"
    return "With mixed delays" if is_mixed(row) else "With one fixed delay"


def pairs_of(reports: list[Report], rival: str, kind: str) -> Pairs:
    """Rows of SAB and of a rival that were trained alike: experiment, length, delays, and of tbptt the cuts."""
    found = []
    for report in compared(reports):
        for T, order in {(row["T"], row.get("permuted")) for row in report["rows"]}:
            rows = [row for row in report["rows"] if (row["T"], row.get("permuted")) == (T, order)]
            rows = [row for row in rows if kind_of(row) == kind]
            cuts = {row["k_trunc"] for row in of(rows, "tbptt")} if rival == "tbptt" else {None}
            for cut in cuts:
                own = [row for row in of(rows, "sab") if cut in (None, row["k_trunc"])]
                other = [row for row in of(rows, rival) if cut in (None, row["k_trunc"])]
                if own and other:
                    found.append((own, other))
    return found


def said_pairs(reports: list[Report], said: re.Match[str]) -> Pairs:
    return pairs_of(reports, LONG[said["rival"]], said["kind"])


def learns(sign: int | None) -> Any:
    """Pooled shares differ that way, 0 for as often; None when nobody learned."""

    def holds(reports: list[Report], said: re.Match[str]) -> bool:
        pairs = said_pairs(reports, said)
        own, other = ([row for pair in pairs for row in pair[side]] for side in (0, 1))
        if [f"{learned(rows)} of {len(rows)}" for rows in (own, other)] != [said["sab"], said["other"]]:
            return False
        if sign is None:
            return learned(own) == learned(other) == 0
        differ = share(own) - share(other)
        return learned(own) + learned(other) > 0 and (differ > 0) - (differ < 0) == sign

    return holds


def sooner(fewer: bool) -> Any:
    def holds(reports: list[Report], said: re.Match[str]) -> bool:
        pairs = [pair for pair in said_pairs(reports, said) if learned(pair[0]) and learned(pair[1])]
        made = [
            median(goal(row) for pair in pairs for row in pair[side] if row["verdict"] == "learned") for side in (0, 1)
        ]
        return [f"{made[0]:,.0f}", f"{made[1]:,.0f}"] == [said["own"], said["theirs"]] and (made[0] < made[1]) is fewer

    return holds


def costs(reports: list[Report], said: re.Match[str]) -> bool:
    ratios: list[float] = []
    for kind in ("With one fixed delay", "With mixed delays", "On real data"):
        for pair in pairs_of(reports, LONG[said["rival"]], kind):
            own, other = ([row["seconds"] / row["updates"] for row in rows if row["updates"]] for rows in pair)
            if own and other and median(own) and median(other):
                ratios.append(median(own) / median(other))
    told = float(said["times"])
    return abs(median(ratios) - told) < 0.0051


def fails(reports: list[Report], said: re.Match[str]) -> bool:
    own = [row for report in compared(reports) for row in of(report["rows"], "sab") if kind_of(row) == said["kind"]]
    lost = [row["verdict"] or row["status"] for row in own if row["verdict"] != "learned"]
    told = {kind: int(count) for count, kind in re.findall(r"(\d+) ([a-z ]+?)(?=,| and \d|$)", said["words"])}
    return (len(lost), len(own)) == (int(said["n"]), int(said["N"])) and told == {k: lost.count(k) for k in lost}


def ranks(reports: list[Report], said: re.Match[str]) -> bool:
    return any(report["title"] == said["title"] and ranked(report, said) for report in compared(reports))


SEEDS = r"\d+ of \d+"
COST = rf"An update of SAB took (?P<times>[\d.]+) times as long as one of {RIVAL}, in the median of what is compared\."
MEDIANS = rf"than {RIVAL}: (?P<own>[\d,]+) and (?P<theirs>[\d,]+) in the median of seeds that learned\."
IN = rf"(?P<title>.+?): a{WHERE[1:]}, "
BETTER: Known = [
    (rf"{DELAYS}SAB learned with (?P<sab>{SEEDS}) seeds, {RIVAL} with (?P<other>{SEEDS})\.", learns(1)),
    (rf"{DELAYS}SAB came to the goal after fewer updates {MEDIANS}", sooner(True)),
    (COST, lambda reports, said: costs(reports, said) and float(said["times"]) < 1),
    (rf"{IN}(?P<best>every seed of SAB) was better than any of another method: {MEANS}\.", ranks),
]
NO_BETTER: Known = [
    (rf"{DELAYS}neither SAB \((?P<sab>{SEEDS}) seeds\) nor {RIVAL} \((?P<other>{SEEDS})\) learned\.", learns(None)),
    (rf"{DELAYS}{RIVAL} learned as well as SAB: (?P<other>{SEEDS}) seeds and (?P<sab>{SEEDS})\.", learns(0)),
    (rf"{DELAYS}{RIVAL} learned more often than SAB: (?P<other>{SEEDS}) seeds and (?P<sab>{SEEDS})\.", learns(-1)),
    (rf"{DELAYS}SAB needed no fewer updates {MEDIANS}", sooner(False)),
    (COST, lambda reports, said: costs(reports, said) and float(said["times"]) >= 1),
    (rf"{DELAYS}(?P<n>\d+) of (?P<N>\d+) seeds of SAB did not learn: (?P<words>.*)\.", fails),
    (rf"{IN}every seed of {NAMES} was better than any of SAB: {MEANS}\.", ranks),
    (rf"{IN}no other method was better or worse than SAB on every seed: {MEANS}\.", ranks),
]


def faults(reports: list[Report], better: list[str], no_better: list[str]) -> list[str]:
    """What is wrong on either side."""
    told = [fault_of(BETTER, reports, said) for said in better]
    told += [fault_of(NO_BETTER, reports, said) for said in no_better]
    return [wrong for wrong in told if wrong]
