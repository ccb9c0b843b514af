"""What the page shows of a report: tables, marks on a scale, and every text, which the template only sets. Pure.

Of a scale positions are shares, from 0 at its left to 1 at its right.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any, NamedTuple

from sab_visualiser.app.runs.kin.results import Row
from sab_visualiser.app.sweeps.papers.account.balance import Balance, balance_of, compared
from sab_visualiser.app.sweeps.papers.account.figures import Figure
from sab_visualiser.app.sweeps.papers.account.figures import figures_of as figures_about
from sab_visualiser.app.sweeps.papers.account.lengths import Means, lengths_in, means_of, of_lengths
from sab_visualiser.app.sweeps.papers.account.sentences import answers
from sab_visualiser.app.sweeps.papers.account.settings import (
    Group,
    end_words,
    figures_of,
    groups_of,
    is_tuning,
    metric_of,
    published_of,
    setting_of,
    spread_of,
    update_ms,
    updates_to_the_goal,
)
from sab_visualiser.app.sweeps.papers.account.shelf import Report
from sab_visualiser.app.sweeps.plan import group_of
from sab_visualiser.model.contract import chance_of

NONE = "–"
UNCHECKED = "no source that we checked"
UNMIXED = "no paper mixes delays"


class Mark(NamedTuple):
    """A seed on the scale: where, whether it learned, its words, and of which trial; `at` is None without a figure."""

    at: float | None
    learned: bool
    words: str
    seed: int
    trial: str


class Line(NamedTuple):
    """A setting in the table."""

    method: str
    called: str
    knobs: str
    rate: str
    T: str
    delays: str
    marks: list[Mark]
    learned: str
    spread: str
    updates: str
    seconds: str
    update_ms: str
    published: str
    published_why: str
    commits: str


class Scale(NamedTuple):
    """Of the marks: its metric, its ends, and where chance is; None where the task has no such level."""

    metric: str
    description: str
    low: str
    high: str
    chance: float | None
    chance_words: str


class Told(NamedTuple):
    """An experiment on the page; without a row it has no scale and no lines."""

    name: str
    title: str
    question: str
    own: bool
    tuning: bool
    answers: list[str]
    scale: Scale | None
    lines: list[Line]
    lengths: list[int]
    means: list[Means]
    published: bool
    failures: list[tuple[str, list[str]]]
    budget: str
    missing: int
    trials: int
    machine: str
    commits: str
    group: str


class Shelf(NamedTuple):
    """The whole page."""

    told: list[Told]
    figures: list[Figure]
    balance: Balance
    summary: str


def shelf_of(shipped: Sequence[Report], own: Sequence[Report]) -> Shelf:
    """Everything that the page shows; sentences over all experiments are of those that came along."""
    told = [_told(report, own=False) for report in shipped] + [_told(report, own=True) for report in own]
    # What looks for a learning rate stands last.
    return Shelf(
        sorted(told, key=lambda one: one.tuning), figures_about(shipped), balance_of(shipped), summary_of(shipped)
    )


def summary_of(reports: Sequence[Report]) -> str:
    """How much was trained, and what it came to; what was only measured is no training."""
    reports = [report for report in reports if not of_lengths(report["rows"])]
    asking = compared(reports)
    rows = [row for report in asking for row in report["rows"]]
    tuned = sum(len(report["rows"]) for report in reports) - len(rows)
    learned = sum(row["verdict"] == "learned" for row in rows)
    hours = sum(row["seconds"] for report in reports for row in report["rows"]) / 3600
    beside = f" and {tuned} more to find learning rates or to turn one knob" if tuned else ""
    many = "" if len(asking) == 1 else "s"
    return (
        f"{len(rows)} trainings in {len(asking)} experiment{many}{beside}, {hours:.1f} hours of training in all. "
        f"Of the {len(rows)}, {learned} learned and {len(rows) - learned} did not; every one that did not is listed."
    )


def _told(report: Report, *, own: bool) -> Told:
    rows: list[Row] = report["rows"]
    at_lengths = of_lengths(rows)
    groups = [] if at_lengths else groups_of(rows)
    scale = _scale(rows) if groups else None
    machine = report["machine"]
    return Told(
        name=report["name"],
        title=report["title"],
        question=report["question"],
        own=own,
        tuning=is_tuning(groups),
        answers=answers(report),
        scale=None if scale is None else scale[0],
        lines=[] if scale is None else [_line(report, group, scale[1]) for group in groups],
        lengths=lengths_in(rows) if at_lengths else [],
        means=means_of(rows) if at_lengths else [],
        published=any(published_of(report, group.setting, metric_of(rows).name) for group in groups),
        failures=_failures(groups),
        budget=", ".join(dict.fromkeys(f"{row['most_updates']:,}" for row in rows)),
        missing=report["trials"] - len(rows),
        trials=report["trials"],
        machine=f"{machine['cores']} cores ({machine['processor']}), torch {machine['torch']}, one loop thread a trial",
        commits=", ".join(dict.fromkeys(row["commit"] for row in rows)),
        group=group_of(f"reproduce {report['name']}"),
    )


def _scale(rows: Sequence[Row]) -> tuple[Scale, tuple[float, float]]:
    """Of shares from 0 to 1; of errors from 0 to beyond the largest."""
    metric = metric_of(rows)
    level = chance_of(setting_of(rows[0]).as_task).get(metric.name)
    share = metric.better == "higher"
    known = [*figures_of(rows, metric.name), *([] if level is None else [level])]
    low, high = (0.0, 1.0) if share else (0.0, max(known, default=1.0) * 1.05 or 1.0)
    words = "" if level is None else f"chance {level:.3g}"
    at = None if level is None else _at(level, (low, high))
    return Scale(metric.name, metric.description, f"{low:g}", f"{high:.2g}", at, words), (low, high)


def _at(value: float, ends: tuple[float, float]) -> float:
    return min(max((value - ends[0]) / (ends[1] - ends[0]), 0.0), 1.0)


def _line(report: Report, group: Group, ends: tuple[float, float]) -> Line:
    setting, rows = group
    metric = metric_of(rows).name
    spread, updates, cost = spread_of(rows, metric), updates_to_the_goal(rows), update_ms(rows)
    said = published_of(report, setting, metric)
    return Line(
        method=setting.method,
        called=setting.called,
        knobs=setting.knobs,
        rate=f"{setting.learning_rate:g}",
        T=str(setting.T),
        delays=setting.delays,
        marks=[_mark(row, metric, ends) for row in rows],
        learned=f"{len(group.learned)} of {len(rows)}",
        spread=f"{spread.mean:.3f} ({spread.least:.3f} … {spread.most:.3f})" if spread else NONE,
        updates=NONE if updates is None else f"{updates:,.0f}",
        seconds=f"{median(row['seconds'] for row in rows):,.0f}",
        update_ms=NONE if cost is None else f"{cost:.1f}",
        published=f"{said[metric]:g}" if said else NONE,
        published_why=said["source"] if said else UNMIXED if setting.mixed else UNCHECKED,
        commits=", ".join(dict.fromkeys(row["commit"] for row in rows)),
    )


def _mark(row: Row, metric: str, ends: tuple[float, float]) -> Mark:
    value: Any = row[metric]
    at = None if value is None else _at(value, ends)
    made = f"{row['updates']:,} updates, {row['seconds']:,.0f} s"
    words = f"seed {row['seed']}: {end_words(row, metric)}; {made}"
    return Mark(at, row["verdict"] == "learned", words, row["seed"], row["trial"])


def _failures(groups: Sequence[Group]) -> list[tuple[str, list[str]]]:
    """Seeds that did not learn, by setting."""
    found = []
    for group in groups:
        setting, rows = group
        metric = metric_of(rows).name
        failed = [f"seed {row['seed']}: {end_words(row, metric)}" for row in rows if row not in group.learned]
        if failed:
            knobs = f", {setting.knobs}" if setting.knobs else ""
            found.append((f"{setting.called}{knobs}, {setting.place}", failed))
    return found
