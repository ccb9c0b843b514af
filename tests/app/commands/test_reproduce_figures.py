"""The figures about the experiments are drawn from the rows, say what is so, and none that is committed is old."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from sab_visualiser.app.commands.many.figures import drawn, stale, write_figures
from sab_visualiser.app.export.content.look import DARK, LIGHT
from sab_visualiser.app.sweeps.papers.account.balance import compared
from sab_visualiser.app.sweeps.papers.account.figures import figures_of
from sab_visualiser.app.sweeps.papers.account.shelf import Report, shipped
from tests.app.sweeps.papers.account.cases import MACHINE, measured, row, turned
from tests.oracles.balance_checker import faults
from tests.oracles.reproduction_checker import fault

DOCS = Path(__file__).resolve().parents[3] / "docs" / "reproduction" / "figures"


def compare() -> Report:
    """Two methods with both kinds of delays; one seed has no figure."""
    knobs: dict[str, dict[str, Any]] = {"sab": {}, "tbptt": {"method": "tbptt", "k_top": 0}}
    ends: dict[str, Any] = {"sab": {"accuracy": 1.0}, "tbptt": {"accuracy": 0.125, "verdict": "at chance"}}
    rows = [row(n, T_min=T_min, **knobs[m], **ends[m]) for m in knobs for T_min in (100, 1) for n in (1, 2)]
    rows[0] = row(1, accuracy=None, verdict=None)
    about = {"name": "compare", "title": "Compare", "question": "Is it?", "published": [], "machine": MACHINE}
    return {**about, "trials": len(rows), "rows": rows}


REPORTS = [compare(), turned(3), measured(3)]


def marks(svg: str) -> list[str]:
    """What fills each mark that stands within axes, in the order in which they are drawn."""
    return re.findall(r'<g clip-path="[^"]*">\s*<use [^>]*style="fill: (#\w+)', svg)


def test_no_figure_that_is_committed_is_older_than_its_rows() -> None:
    assert list(stale(shipped(), DOCS)) == []


def test_every_caption_is_so_when_it_is_counted_from_the_rows() -> None:
    for reports in (shipped(), REPORTS):
        for figure in figures_of(reports):
            made_of = [report for report in reports if report["name"] in figure.made_of]
            assert made_of
            said = re.split(r"(?<=\.) (?=[A-Z])", figure.caption)
            if figure.name == "beyond":
                better = [one for one in said if "SAB learned with" in one]
                assert faults(compared(made_of), better, [one for one in said if one not in better]) == []
            else:
                wrong = [[fault(report, one) for report in made_of] for one in said]
                assert all("" in found for found in wrong), wrong


def test_each_question_has_its_figure_where_there_are_rows_for_it(tmp_path: Path) -> None:
    assert [figure.name for figure in figures_of(REPORTS)] == ["beyond", "knobs", "lengths", "delays"]
    assert figures_of([]) == []
    written = write_figures(REPORTS, tmp_path)
    assert len(written) == 8
    assert list(stale(REPORTS, tmp_path)) == []
    changed = [
        {**REPORTS[0], "rows": [*REPORTS[0]["rows"][:-1], row(2, T_min=1, method="tbptt", k_top=0)]},
        *REPORTS[1:],
    ]
    assert {name.partition("-")[0] for name in stale(changed, tmp_path)} == {"beyond", "delays"}
    write_figures(REPORTS[1:2], tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["knobs-dark.svg", "knobs-light.svg"]
    assert set(stale(REPORTS, tmp_path)) == {path.name for path in written if not path.name.startswith("knobs")}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_seed_is_a_mark_and_one_that_learned_is_filled(theme: str) -> None:
    beyond, knobs, lengths, _ = figures_of(REPORTS)
    text = drawn(beyond, theme).decode()
    assert text == drawn(beyond, theme).decode(), "the same rows give the same file"
    for words in ("one fixed delay", "mixed delays", "T = 100", "SAB, k_trunc 5", "TBPTT, k_trunc 5", "chance"):
        assert words in text
    fills = marks(text)
    learned = [cell["learned"] for cell in beyond.cells if cell["value"] is not None]
    assert len(fills) == len(learned) == len(REPORTS[0]["rows"]) - 1
    ground = DARK["panel"] if theme == "dark" else LIGHT["panel"]
    assert sum(fill != ground for fill in fills) == sum(learned)
    assert "ms an update" in drawn(knobs, theme).decode()
    assert "length T of the task" in drawn(lengths, theme).decode()
