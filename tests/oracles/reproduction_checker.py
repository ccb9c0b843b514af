"""Reads what is said of experiments as a sceptic does: every sentence is counted anew from the rows, and nothing else.

Nothing of app/sweeps/papers/account is used. A sentence that is not known here is a fault too: who adds one adds its
recount.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.oracles import knob_checker
from tests.oracles.reproduction_rows import (
    FIRST,
    MEANS,
    METHODS,
    NAMES,
    REAL,
    TALLY,
    WHERE,
    Report,
    Row,
    at,
    is_mixed,
    knobs_of,
    learned,
    methods,
    names_of,
    of,
    read,
    share,
)


def tally_is_so(rows: list[Row], text: str) -> bool:
    told = {METHODS[name]: (int(n), int(all_)) for name, n, all_ in re.findall(r"(\w+) (\d+) of (\d+)", text)}
    return told == {method: (learned(of(rows, method)), len(of(rows, method))) for method in methods(rows)}


def tally(check: Callable[[list[Row], re.Match[str]], bool]) -> Callable[[Report, re.Match[str]], bool]:
    def holds(report: Report, said: re.Match[str]) -> bool:
        rows = at(report["rows"], said)
        return tally_is_so(rows, said["tally"]) and check(rows, said)

    return holds


def rivals(rows: list[Row]) -> list[str]:
    return [method for method in methods(rows) if method != "sab"]


def alone(rows: list[Row], said: re.Match[str]) -> bool:
    return bool(rivals(rows)) and all(share(of(rows, "sab")) > share(of(rows, m)) for m in rivals(rows))


def as_often(rows: list[Row], said: re.Match[str]) -> bool:
    own = share(of(rows, "sab"))
    best = max(share(of(rows, method)) for method in rivals(rows))
    return own == best > 0 and names_of(said["names"]) == {m for m in rivals(rows) if share(of(rows, m)) == own}


def more_often(rows: list[Row], said: re.Match[str]) -> bool:
    own = share(of(rows, "sab"))
    return names_of(said["names"]) == {m for m in rivals(rows) if share(of(rows, m)) > own}


def by_itself(rows: list[Row], said: re.Match[str]) -> bool:
    return ("sab" not in methods(rows) or not rivals(rows)) and learned(rows) > 0


def crossing(report: Report, said: re.Match[str]) -> tuple[list[Row], list[Row]]:
    rows = [row for row in at(report["rows"], said) if row["k_trunc"] == int(said["cut"])]
    return of(rows, "sab"), of(rows, "tbptt")


def neither(report: Report, said: re.Match[str]) -> bool:
    sab, other = crossing(report, said)
    return bool(sab and other) and not learned(sab) and not learned(other)


def crosses(report: Report, said: re.Match[str]) -> bool:
    sab, other = crossing(report, said)
    counts = (learned(sab), len(sab), len(other)) == tuple(int(said[name]) for name in ("n", "N", "M"))
    return counts and learned(sab) > 0 and learned(other) == 0


def both(report: Report, said: re.Match[str]) -> bool:
    sab, other = crossing(report, said)
    counts = (learned(sab), len(sab), learned(other), len(other))
    return counts == tuple(int(said[name]) for name in ("n", "N", "m", "M")) and learned(other) > 0


KNOBS = ("task", "T", "method", "k_top", "k_trunc", "k_att", "learning_rate")


def changes(report: Report, said: re.Match[str], sign: Callable[[list[float]], bool]) -> bool:
    """Seeds before and after, of what was trained both ways at that length."""
    rows = [row for row in report["rows"] if row["T"] == int(said["T"])]
    kinds = [{tuple(row[name] for name in KNOBS) for row in rows if is_mixed(row) is kind} for kind in (False, True)]
    shared = [row for row in rows if tuple(row[name] for name in KNOBS) in kinds[0] & kinds[1]]
    told, gains = [], []
    for method in methods(row for row in shared if not is_mixed(row)):
        sides = [[row for row in of(shared, method) if is_mixed(row) is kind] for kind in (False, True)]
        called = next(name for name, word in METHODS.items() if word == method)
        told.append(called + " " + " → ".join(f"{learned(side)} of {len(side)}" for side in sides))
        gains.append(share(sides[1]) - share(sides[0]))
    return bool(gains) and ", ".join(told) == said["changes"] and sign(gains)


NAMED = r"seed (\d+)(?: at T = (\d+))? with (.*?) (?:and|on) (.*?): (.*?)(?:; |$)"
SETS = {None: "digits 8×8,", "fashion-mnist": "Fashion-MNIST, 784 pixels"}
"""Data sets of images by what a row names, as sentences call them."""


def failed(report: Report, said: re.Match[str]) -> bool:
    own = of(report["rows"], "sab")
    lost = [row for row in own if row["verdict"] != "learned"]
    named = re.findall(NAMED, said["seeds"])
    if (len(lost), len(own)) != (int(said["n"]), int(said["N"])) or len(named) + int(said["more"] or 0) != len(lost):
        return False
    return all(any(is_that(row, words) for row in lost) for words in named)


def is_that(row: Row, words: tuple[str, ...]) -> bool:
    seed, T, knobs, delays, end = words
    trunc = "∞" if row["k_trunc"] == 0 else row["k_trunc"]
    same = (int(seed), T) == (row["seed"], "" if row["task"] in REAL else str(row["T"]))
    same = same and knobs == f"k_top {row['k_top']}, k_trunc {trunc}, k_att {row['k_att']}"
    told = f"delays {row['T_min']}–{row['T']} mixed" if is_mixed(row) else f"one delay of {row['T']}"
    if row["task"] in REAL:
        word = row["data"].split("@")[0] if row.get("data") else None
        order = "in order" if row["permuted"] is None else "permuted"
        told = f"text of Hamlet, T = {row['T']}" if row["task"] == "char" else f"{SETS[word]} {order}"
    return same and delays == told and end == (row["label"] or row["status"])


def no_failure(report: Report, said: re.Match[str]) -> bool:
    own = of(report["rows"], "sab")
    return bool(own) and learned(own) == len(own)


def published(report: Report, said: re.Match[str]) -> bool:
    """Our seeds of that method with fixed delays, and where the published figure lies, as finely as it is printed."""
    metric, _ = FIRST[report["rows"][0]["task"]]
    for one in report["published"]:
        if f"{metric} {one.get(metric, -1):g} ({one['source']})" != said["figure"]:
            continue
        own = [row for row in report["rows"] if not is_mixed(row) and row[metric] is not None]
        for name in ("method", "k_top", "k_trunc", "k_att", "T"):
            own = [row for row in own if name not in one or row[name] == one[name]]
        own = [row for row in own if f"{knobs_of(row)}, T = {row['T']}{read(row)}" == said["setting"]]
        values = [round(row[metric], 2) for row in own]
        if not values or said["range"] != f"{min(values):.2f} … {max(values):.2f}":
            continue
        words = {"below": max(values) < one[metric], "above": min(values) > one[metric]}
        return words[said["where"]] if said["where"] else not any(words.values())
    return False


def ranked(report: Report, said: re.Match[str]) -> bool:
    rows = at(report["rows"], said)
    metric, sign = FIRST[rows[0]["task"]]
    values = {m: [sign * row[metric] for row in of(rows, m) if row[metric] is not None] for m in methods(rows)}
    told = re.findall(r"(\w+) (-?[\d.]+)(?:, |\.$|$)", said["means"])
    means = {METHODS[name]: float(value) for name, value in told}
    right = set(means) == set(values) and said["metric"] == metric
    right = right and all(abs(sign * sum(v) / len(v) - means[m]) < 0.00051 for m, v in values.items())
    own = values.pop("sab")
    worse = {m for m, v in values.items() if min(v) > max(own)}
    best = all(min(own) > max(v) for v in values.values())
    equal = len({share(of(rows, method)) for method in methods(rows)}) == 1
    groups = said.groupdict()
    if groups.get("best"):
        return right and equal and best
    if groups.get("names"):
        return right and equal and names_of(groups["names"]) == worse and bool(worse)
    return right and equal and not best and not worse


def rates(report: Report, said: re.Match[str]) -> bool:
    metric, sign = FIRST[report["rows"][0]["task"]]
    means: dict[str, dict[float, list[float]]] = {}
    for row in at(report["rows"], said):
        if row[metric] is not None:
            name = knobs_of(row).replace(", ", " (", 1) + ")"
            own = means.setdefault(name.replace(" ()", ""), {})
            own.setdefault(row["learning_rate"], []).append(row[metric])
    told = re.findall(r"(?:^|; )(.+?) at rate ([\de.-]+), (-?[\d.]+)", said["best"])
    for name, rate, value in told:
        by_rate = {one: sum(values) / len(values) for one, values in means[name].items()}
        best = by_rate[float(rate)]
        if abs(best - float(value)) > 0.00051 or any(sign * mean > sign * best for mean in by_rate.values()):
            return False
    return {name for name, *_ in told} == set(means) and said["metric"] == metric


Known = list[tuple[str, Callable[[Any, re.Match[str]], bool]]]
CUT = rf"{WHERE} and k_trunc = (?P<cut>\d+), "
ANSWERS: Known = [
    (rf"{WHERE}, no seed of any method learned: {TALLY}\.", tally(lambda rows, _: learned(rows) == 0)),
    (rf"{WHERE}, SAB learned most often: {TALLY}\.", tally(alone)),
    (rf"{WHERE}, {NAMES} learned as often as SAB: {TALLY}\.", tally(as_often)),
    (rf"{WHERE}, {NAMES} learned more often than SAB: {TALLY}\.", tally(more_often)),
    (rf"{WHERE}, seeds that learned: {TALLY}\.", tally(by_itself)),
    (rf"{CUT}neither SAB nor truncated backpropagation learned\.", neither),
    (
        rf"{CUT}(?P<n>\d+) of (?P<N>\d+) seeds of SAB learned and none of (?P<M>\d+) of truncated backpropagation: "
        r"cut alike, only SAB's gradient has a way past the cuts\.",
        crosses,
    ),
    (
        rf"{CUT}(?P<n>\d+) of (?P<N>\d+) seeds of SAB learned and (?P<m>\d+) of (?P<M>\d+) of truncated "
        r"backpropagation\.",
        both,
    ),
    (
        r"At T = (?P<T>\d+), mixed delays changed no count of seeds that learned: (?P<changes>.*)\.",
        lambda report, said: changes(report, said, lambda gains: not any(gains)),
    ),
    (
        r"At T = (?P<T>\d+), mixed delays helped; seeds that learned: (?P<changes>.*)\.",
        lambda report, said: changes(report, said, lambda gains: min(gains) >= 0 < max(gains)),
    ),
    (
        r"At T = (?P<T>\d+), mixed delays hurt; seeds that learned: (?P<changes>.*)\.",
        lambda report, said: changes(report, said, lambda gains: max(gains) <= 0 > min(gains)),
    ),
    (
        r"At T = (?P<T>\d+), mixed delays helped some methods and hurt others; seeds that learned: (?P<changes>.*)\.",
        lambda report, said: changes(report, said, lambda gains: min(gains) < 0 < max(gains)),
    ),
    (r"Every seed of SAB learned\.", no_failure),
    (
        r"(?P<n>\d+) of (?P<N>\d+) seeds of SAB did not learn: (?P<seeds>.*?)(?:, and (?P<more>\d+) more)?\.",
        failed,
    ),
    (
        r"Published for (?P<setting>.*?): (?P<figure>\w+ [\d.]+ \(.*\))\. "
        r"(?:That lies within the range of our seeds|All our seeds are (?P<where>below|above)), (?P<range>.*)\.",
        published,
    ),
    (rf"{WHERE}, (?P<best>every seed of SAB) was better than any of another method: {MEANS}\.", ranked),
    (rf"{WHERE}, every seed of {NAMES} was better than any of SAB: {MEANS}\.", ranked),
    (rf"{WHERE}, no other method was better or worse than SAB on every seed: {MEANS}\.", ranked),
    (rf"{WHERE}, best mean (?P<metric>\w+): (?P<best>.*)\.", rates),
    *knob_checker.KNOWN,
]


def fault(report: Report, sentence: str) -> str:
    """What is wrong with a sentence about a report; empty where it is so."""
    return fault_of(ANSWERS, report, sentence)


def fault_of(known: Known, of_what: Any, sentence: str) -> str:
    """The first pattern that is the whole sentence says whether it is so."""
    for pattern, holds in known:
        if (said := re.fullmatch(pattern, sentence)) is not None:
            return "" if holds(of_what, said) else f"not so: {sentence}"
    return f"nobody can check: {sentence}"
