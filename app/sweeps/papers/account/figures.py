"""The four figures about the experiments: what each asks, what it draws, and its caption, all from the rows. Pure.

A figure without the rows that it needs is none. What is drawn is a table of plain values; app/export/print draws it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from sab_visualiser.app.runs.kin.results import Row
from sab_visualiser.app.sweeps.papers.account.balance import compared, learns_of
from sab_visualiser.app.sweeps.papers.account.knobs import knob_answers, scans_of
from sab_visualiser.app.sweeps.papers.account.lengths import length_answers, of_lengths
from sab_visualiser.app.sweeps.papers.account.sentences import mixed_answers
from sab_visualiser.app.sweeps.papers.account.settings import Group, Setting, groups_of, update_ms
from sab_visualiser.app.sweeps.papers.account.shelf import Report

TASK, METRIC = "copy", "accuracy"
"""The task of the figures, and what they draw of it; other tasks have their tables."""
AXIS = "method, and k_trunc where it has cuts"


class Figure(NamedTuple):
    """One figure.

    Attributes:
        name: Of its file.
        panel: What draws it (app/export/print/pictures.py).
        question: That it answers.
        caption: Sentences, chosen by the rows.
        cells: What is drawn, a row of plain values each.
        made_of: Names of the reports.
        axis: What stands on the axis of places.
    """

    name: str
    panel: str
    question: str
    caption: str
    cells: list[dict[str, Any]]
    made_of: list[str]
    axis: str = ""


def figures_of(reports: Sequence[Report]) -> list[Figure]:
    """Those that there are rows for, in the order in which one asks."""
    return [figure for make in MAKERS for figure in make(reports)]


def _copying(reports: Sequence[Report]) -> list[Report]:
    """What sets methods beside one another on the task of the figures."""
    return [one for one in compared(reports) if one["rows"] and one["rows"][0]["task"] == TASK]


def _beyond(reports: Sequence[Report]) -> Iterator[Figure]:
    cells, made_of = [], []
    for report in _copying(reports):
        groups = [group for group in groups_of(report["rows"]) if group.setting.method in ("sab", "tbptt")]
        made_of += [report["name"]] if groups else []
        cells += [
            _mark(row, group.setting, "mixed delays" if group.setting.mixed else "one fixed delay", f"T = {row['T']}")
            for group in groups
            for row in group.rows
        ]
    caption = learns_of(_copying(reports), "tbptt")
    if caption:
        question = "Does SAB learn beyond k_trunc, where truncated backpropagation cannot?"
        yield Figure("beyond", "seeds", question, " ".join(caption), cells, made_of)


def _delays(reports: Sequence[Report]) -> Iterator[Figure]:
    cells, made_of, caption = [], [], []
    for report in _copying(reports):
        groups = groups_of(report["rows"])
        if said := mixed_answers(groups):
            made_of.append(report["name"])
            caption += said
            for group in groups:
                setting = group.setting
                kind = "delays 1 to T mixed" if setting.mixed else "one fixed delay"
                marks = [_mark(row, setting, f"T = {setting.T}", _short(setting)) for row in group.rows]
                cells += [{**mark, "series": kind, "look": kind} for mark in marks]
    if cells:
        yield Figure("delays", "seeds", "What do mixed delays change?", " ".join(caption), cells, made_of, AXIS)


def _mark(row: Row, setting: Setting, panel: str, place: str) -> dict[str, Any]:
    cut = "" if setting.method in ("bptt", "attention") else f", k_trunc {setting.k_trunc}"
    return {
        "panel": panel,
        "place": place,
        "series": f"{setting.called}{cut}",
        "look": setting.method,
        "value": row[METRIC],
        "learned": row["verdict"] == "learned",
    }


def _short(setting: Setting) -> str:
    """A method on an axis."""
    return f"{setting.called}\n{setting.k_trunc}" if setting.method in ("sab", "tbptt") else setting.called


def _knobs(reports: Sequence[Report]) -> Iterator[Figure]:
    for report in reports:
        rows: list[Row] = report["rows"]
        groups = [] if of_lengths(rows) else groups_of(rows)
        scans = scans_of(groups)
        if scans:
            cells = [
                {
                    **{"panel": scan.knob, "place": scan.value(group), "accuracy": row[METRIC]},
                    **{"learned": row["verdict"] == "learned", "updates": row["updates"]},
                    "update_ms": update_ms([row]),
                }
                for scan in scans
                for group in scan.groups
                for row in group.rows
            ]
            question = "What do k_top, k_trunc and k_att cost and buy?"
            yield Figure("knobs", "knobs", question, " ".join(knob_answers(groups)), cells, [report["name"]])
            return


def _lengths(reports: Sequence[Report]) -> Iterator[Figure]:
    for report in reports:
        if of_lengths(report["rows"]):
            cells = [_network(group, row) for group in groups_of(report["rows"]) for row in group.rows]
            question = "Does sparse reading transfer to other lengths better than full attention?"
            caption = " ".join(length_answers(report["rows"]))
            yield Figure("lengths", "transfer", question, caption, cells, [report["name"]])
            return


def _network(group: Group, row: Row) -> dict[str, Any]:
    """As the figure of `sab transfer` has a row (app/offline/measure/transfer.py)."""
    setting = group.setting
    return {
        **{"task": setting.task, "method": setting.method, "trained_T": setting.T, "T_min": setting.T_min},
        **{"T": row["T_test"], "seed": row["seed"], METRIC: row[METRIC]},
        **{"k_top": setting.k_top, "k_trunc": setting.k_trunc, "k_att": setting.k_att},
        "run": row["trial"].rpartition("-")[0],
    }


Make = Callable[[Sequence[Report]], Iterator[Figure]]
MAKERS: tuple[Make, ...] = (_beyond, _knobs, _lengths, _delays)
