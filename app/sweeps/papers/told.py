"""Reports of experiments as a page of Markdown: every seed, what was published, and what is not known. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from sab_visualiser.app.runs.kin.results import Row
from sab_visualiser.app.sweeps.papers.account.figures import figures_of
from sab_visualiser.app.sweeps.papers.account.lengths import lengths_in, means_of, of_lengths
from sab_visualiser.app.sweeps.papers.account.sentences import answers
from sab_visualiser.app.sweeps.papers.account.settings import (
    Group,
    end_words,
    groups_of,
    metric_of,
    published_of,
    spread_of,
    updates_to_the_goal,
    words_of,
)
from sab_visualiser.app.sweeps.papers.account.shelf import Report

HEAD = """# Reproduction

Experiments of the papers, trained again with this program by `sab reproduce NAME`. All methods of an experiment have
the same seeds, order of the data, clip and budget of updates. Figures are those of the last look at unseen examples; a
run ends early where its goal held on two looks in a row. Every seed is listed, those that failed too; “published” is
empty where the source of a figure was not checked by us.
"""
UNCHECKED = "–"


def page_of(reports: Sequence[Report]) -> str:
    """The page about all reports of a folder."""
    return "\n".join([HEAD, *_figures(reports), *(_section(report) for report in reports)])


def _figures(reports: Sequence[Report]) -> list[str]:
    """The figures of the folder beside the page, each below its question."""
    return [
        f"## {figure.question}\n\n![{figure.question}](figures/{figure.name}-light.svg)\n\n{figure.caption}\n"
        for figure in figures_of(reports)
    ]


def _section(report: Report) -> str:
    rows: list[Row] = report["rows"]
    lines = [f"## {report['title']}", "", report["question"], "", *(f"- {said}" for said in answers(report)), ""]
    if not rows:
        return "\n".join([*lines, "No trial has come to its end yet.", ""])
    if of_lengths(rows):
        return "\n".join([*lines, *_means(rows), "", *_foot(report)])
    metric = metric_of(rows)
    lines += [
        f"| setting | seeds learned | {metric.name}: mean (least … most) | updates to the goal, median "
        "| seconds, median | published |",
        "| --- | --- | --- | --- | --- | --- |",
        *(_line(report, group, metric.name) for group in groups_of(rows)),
        "",
        *_seeds(rows, metric.name),
    ]
    return "\n".join([*lines, *_foot(report)])


def _means(rows: Sequence[Row]) -> list[str]:
    """Networks at lengths, a line a setting."""
    lengths = lengths_in(rows)
    head = "".join(f" accuracy at T = {T:,} |" for T in lengths)
    return [
        f"| trained | networks |{head}",
        f"| --- | --- |{' --- |' * len(lengths)}",
        *(
            f"| {one.delays}: {one.called}, {one.knobs} | {one.networks} | {' | '.join(one.cells)} |"
            for one in means_of(rows)
        ),
    ]


def _foot(report: Report) -> list[str]:
    """What is missing, and how it was made."""
    rows, machine, lines = report["rows"], report["machine"], list[str]()
    missing = report["trials"] - len(rows)
    if missing:
        lines += [f"{missing} of {report['trials']} trials are still missing.", ""]
    commits = ", ".join(dict.fromkeys(row["commit"] for row in rows))
    most = ", ".join(dict.fromkeys(f"{row['most_updates']:,}" for row in rows))
    return [
        *lines,
        f"Budget: {most} updates. Made by `sab reproduce {report['name']}` at {commits}, on {machine['cores']} cores "
        f"({machine['processor']}), torch {machine['torch']}, one loop thread a trial; rows: "
        f"[{report['name']}.json]({report['name']}.json).",
        "",
    ]


def _line(report: Report, group: Group, metric: str) -> str:
    setting, rows = group
    spread = spread_of(rows, metric)
    told = f"{spread.mean:.3f} ({spread.least:.3f} … {spread.most:.3f})" if spread else "none"
    updates = updates_to_the_goal(rows)
    reached = UNCHECKED if updates is None else f"{updates:,.0f}"
    seconds = f"{median(row['seconds'] for row in rows):,.0f}"
    said = published_of(report, setting, metric)
    published = UNCHECKED if said is None else f"{said[metric]:g} ({said['source']})"
    count = f"{len(group.learned)} of {len(rows)}"
    return f"| {words_of(setting)} | {count} | {told} | {reached} | {seconds} | {published} |"


def _seeds(rows: Sequence[Row], metric: str) -> list[str]:
    """Each seed of each setting that did not learn, and what became of it."""
    lines = []
    for group in groups_of(rows):
        failed = [row for row in group.rows if row not in group.learned]
        told = "; ".join(f"seed {row['seed']}: {end_words(row, metric)}" for row in failed)
        if told:
            lines.append(f"- {words_of(group.setting)}. {told}.")
    return ["Seeds that did not learn:", "", *lines, ""] if lines else []
