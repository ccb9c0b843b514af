"""The table of docs/learning.md out of the figures of learn.py, so that nobody copies a number by hand. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, TypedDict

HEAD = """# How surely the presets learn

Made by `sab bench learn`; nobody writes in it by hand. Every preset is trained on seeds that played no part in the
search for its settings (docs/adr/0011-a-training-that-does-not-break.md), to its last update and without stopping
early. A goal is reached when it holds on two looks in a row at 128 fresh examples with the longest delay; there is a
look every 125 updates. Seconds are of training and looking, without start-up, while one run a core trains side by side.
A loss spike is a look whose loss is more than twice that of the look before. A network has dead readers when some step
of the probe batch has memories to read and weights that are all exactly 0. The next line tells of the last measurement;
presets that it left out keep the figures of an earlier one.""".splitlines()
COLUMNS = (
    "| preset | goal | seeds | reached | hold it at the end | update: median, worst | seconds: median, worst"
    " | loss spikes | with dead readers |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
)
SPIKE = 2.0
"""A look whose loss is that many times the one of the look before is a spike."""
SMALL = 0.1
"""Of the first look's loss: below that share nothing is called a spike."""


class Outcome(TypedDict):
    """One seed: when its goal had held on two looks (None: never), whether it holds at the end, and what went wrong."""

    seed: int
    reached: int | None
    seconds: float | None
    held: bool
    end: float
    spikes: int
    dead: float | None
    skipped: int
    updates: int


def spikes_of(losses: Sequence[float]) -> int:
    """Looks whose loss is twice that of the look before and more than a tenth of the first."""
    return sum(after > SPIKE * before and after > SMALL * losses[0] for before, after in pairwise(losses))


class Rate(TypedDict):
    """What is said of a preset: how many of its seeds reached the goal, how many hold it at the end, and how fast."""

    reached: int
    held: int
    of: int
    updates: list[int] | None
    seconds: list[float] | None
    spikes: int
    dead: int


def rate(outcomes: Sequence[Outcome]) -> Rate:
    """The rate of one preset; `updates` and `seconds` are median and worst of those that reached the goal."""
    updates = [one["reached"] for one in outcomes if one["reached"] is not None]
    seconds = [one["seconds"] for one in outcomes if one["seconds"] is not None]
    return Rate(
        reached=len(updates),
        held=sum(one["held"] for one in outcomes),
        of=len(outcomes),
        updates=[round(statistics.median(updates)), max(updates)] if updates else None,
        seconds=[round(statistics.median(seconds), 1), round(max(seconds), 1)] if seconds else None,
        spikes=sum(one["spikes"] for one in outcomes),
        dead=sum((one["dead"] or 0) > 0 for one in outcomes),
    )


def table(report: dict[str, Any]) -> str:
    """docs/learning.md: what was measured, in words and tables made from the figures alone."""
    about = report["machine"]
    lines = [
        *HEAD,
        "",
        f"Machine: {about['processor']}, {about['cores']} cores; Python {about['python']}, torch {about['torch']};"
        f" commit {about['commit']}; {about['time']}.",
    ]
    for threads, found in report["threads"].items():
        lines += [
            "",
            f"## {threads} loop thread{'s' if int(threads) > 1 else ''}",
            "",
            *COLUMNS,
            *(_row(name, report["goals"][name], outcomes) for name, outcomes in found.items()),
            "",
            *(
                _failures(name, outcomes)
                for name, outcomes in found.items()
                if any(not one["reached"] for one in outcomes)
            ),
        ]
    return "\n".join(lines).rstrip() + "\n"


def _row(name: str, goal: str, outcomes: Sequence[Outcome]) -> str:
    found = rate(outcomes)
    seeds = f"{outcomes[0]['seed']}–{outcomes[-1]['seed']}"
    updates = "–" if found["updates"] is None else "{:,}, {:,}".format(*found["updates"])
    seconds = "–" if found["seconds"] is None else "{:g}, {:g}".format(*found["seconds"])
    counts = f"{found['reached']} of {found['of']} | {found['held']} of {found['of']}"
    return f"| {name} | {goal} | {seeds} | {counts} | {updates} | {seconds} | {found['spikes']} | {found['dead']} |"


def _failures(name: str, outcomes: Sequence[Outcome]) -> str:
    missed = ", ".join(f"seed {one['seed']} ends at {one['end']:g}" for one in outcomes if not one["reached"])
    return f"- {name}, not reached: {missed}."


def rates(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What the page says of each preset, from the smallest number of threads that was measured."""
    _, found = min(report["threads"].items(), key=lambda pair: int(pair[0]))
    return {name: {**rate(outcomes)} for name, outcomes in found.items()}
