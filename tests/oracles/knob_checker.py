"""Recounts what is said of one knob alone, and of networks at other lengths, from the rows."""

from __future__ import annotations

import re
from statistics import median
from typing import Any

Row = dict[str, Any]
KNOBS = ("k_top", "k_trunc", "k_att")
BAR = 0.9
ENDS = r"(?P<soonest>; the goal came soonest .*?)?(?P<cost>; an update took .*?)?\."
KNOB = r"(?P<knob>k_top|k_trunc|k_att)"
TRAINED = r"Trained at T = (?P<T>\d+) with (?P<delays>one fixed delay|mixed delays), "


def spelt(knob: str, value: int) -> str:
    return "∞" if knob == "k_trunc" and value == 0 else "all" if knob == "k_top" and value == 10000 else str(value)


def scan(rows: list[Row], knob: str) -> dict[str, list[Row]]:
    """Rows of SAB by the value of a knob, of the settings that have most values of it while all else is the same."""
    others = [name for name in ("task", "T", "T_min", *KNOBS, "learning_rate") if name != knob]
    kinds: dict[tuple[Any, ...], dict[str, list[Row]]] = {}
    for row in rows:
        if row["method"] == "sab":
            values = kinds.setdefault(tuple(row[name] for name in others), {})
            values.setdefault(spelt(knob, row[knob]), []).append(row)
    return max(kinds.values(), key=len, default={})


def scans(rows: list[Row]) -> bool:
    """Whether any knob is turned through three values or more."""
    return any(len(scan(rows, knob)) >= 3 for knob in KNOBS)


def whole(rows: list[Row]) -> bool:
    return all(row["verdict"] == "learned" for row in rows)


def knob_is_so(report: dict[str, Any], said: re.Match[str]) -> bool:
    values = scan(report["rows"], said["knob"])
    told = said.groupdict()
    if len(values) < 3 or not ends_are_so(values, said):
        return False
    named = set(re.split(", ", told["values"])) if told.get("values") else set(values)
    if named != set(values):
        return False
    right = {value for value, rows in values.items() if whole(rows)}
    if told.get("none"):
        return not any(row["verdict"] == "learned" for rows in values.values() for row in rows)
    if told.get("every"):
        return right == set(values)
    counts = dict(re.findall(r"([∞\w]+) \((\d+ of \d+)\)", told["others"]))
    learned = {value: sum(row["verdict"] == "learned" for row in rows) for value, rows in values.items()}
    wanted = {value: f"{learned[value]} of {len(values[value])}" for value in values if value not in right}
    listed = set(told["whole"].split(", ")) if told.get("whole") else set[str]()
    return counts == wanted and listed == right and any(learned.values())


def goal(row: Row) -> int:
    """The update at which it learned, where its label says so."""
    words = (row["label"] or "").removeprefix("learned at ").replace(",", "")
    return int(words) if words.isdigit() else int(row["updates"])


def ends_are_so(values: dict[str, list[Row]], said: re.Match[str]) -> bool:
    """Which value came to the goal soonest, and how the dearest update compares with the cheapest."""
    made = {value: [goal(row) for row in rows if row["verdict"] == "learned"] for value, rows in values.items()}
    medians = {value: median(own) for value, own in made.items() if own}
    if len(medians) > 1:
        found = re.fullmatch(
            r"; the goal came soonest with (.+), after ([\d,]+) updates in the median", said["soonest"]
        )
        if found is None or medians[found[1]] != min(medians.values()) or f"{min(medians.values()):,.0f}" != found[2]:
            return False
    elif said["soonest"]:
        return False
    timed = {
        value: [row["seconds"] / row["updates"] for row in rows if row["updates"]] for value, rows in values.items()
    }
    costs = {value: median(own) for value, own in timed.items() if own}
    found = re.fullmatch(r"; an update took ([\d.]+) times as long with (.+) as with (.+)", said["cost"] or "")
    if len(costs) < 2:
        return found is None
    if found is None:
        return False
    ends: bool = costs[found[2]] == max(costs.values()) and costs[found[3]] == min(costs.values())
    return bool(ends and abs(costs[found[2]] / costs[found[3]] - float(found[1])) < 0.0051)


def far_is_so(report: dict[str, Any], said: re.Match[str]) -> bool:
    """Each setting's reach, and which of SAB and attention has the longest."""
    rows = [row for row in report["rows"] if row["T"] == int(said["T"])]
    rows = [row for row in rows if (row["T_min"] not in (None, row["T"])) == (said["delays"] == "mixed delays")]
    told = {(method, knobs): _steps(reach) for method, knobs, reach in re.findall(FAR, said["far"])}
    reaches = {key: reach(own) for key, own in settings(rows).items()}
    if told != reaches:
        return False
    best = {method: max(reaches[key] for key in reaches if key[0] == method) for method, _ in reaches}
    if said.groupdict().get("nowhere"):
        return not any(best.values())
    if "way" not in said.groupdict():
        return len({"SAB", "attention"} & set(best)) < 2 and any(best.values())
    differ = best["SAB"] - best["attention"]
    return (differ > 0) - (differ < 0) == {"SAB keeps": 1, "no": 0, "attention keeps": -1}[said["way"]]


FAR = r"by (\w+)(?: \(([^)]*)\))? (nowhere|up to T = [\d,]+)"


def _steps(words: str) -> int:
    return 0 if words == "nowhere" else int(words.removeprefix("up to T = ").replace(",", ""))


def settings(rows: list[Row]) -> dict[tuple[str, str], list[Row]]:
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        knobs = f"k_top {row['k_top']}, k_trunc {spelt('k_trunc', row['k_trunc'])}, k_att {row['k_att']}"
        words = {"sab": ("SAB", knobs), "attention": ("attention", f"k_att {row['k_att']}"), "bptt": ("BPTT", "")}
        found.setdefault(words[row["method"]], []).append(row)
    return found


def reach(rows: list[Row]) -> int:
    furthest = 0
    for T in sorted({row["T_test"] for row in rows}):
        values = [row["accuracy"] for row in rows if row["T_test"] == T and row["accuracy"] is not None]
        if not values or sum(values) / len(values) < BAR:
            return furthest
        furthest = T
    return furthest


KNOWN = [
    (rf"With {KNOB} = (?P<values>[^;]*?), (?P<none>no seed) learned{ENDS}", knob_is_so),
    (rf"With {KNOB} = (?P<values>[^;]*?), (?P<every>all seeds) learned{ENDS}", knob_is_so),
    (rf"With no {KNOB} did all seeds learn, (?P<others>.*?){ENDS}", knob_is_so),
    (rf"With {KNOB} = (?P<whole>[^;]*?) all seeds learned, not with (?P<others>.*?){ENDS}", knob_is_so),
    (rf"{TRAINED}(?P<nowhere>no setting) keeps a mean accuracy of 0\.9 at any length: (?P<far>.*)\.", far_is_so),
    (rf"{TRAINED}a mean accuracy of 0\.9 is kept (?P<far>.*)\.", far_is_so),
    (
        rf"{TRAINED}(?P<way>SAB keeps) a mean accuracy of 0\.9 further than attention: (?P<far>.*)\.",
        far_is_so,
    ),
    (rf"{TRAINED}SAB keeps a mean accuracy of 0\.9 (?P<way>no) further than attention: (?P<far>.*)\.", far_is_so),
    (
        rf"{TRAINED}(?P<way>attention keeps) a mean accuracy of 0\.9 further than SAB: (?P<far>.*)\.",
        far_is_so,
    ),
]
