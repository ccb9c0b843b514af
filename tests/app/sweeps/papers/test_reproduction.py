"""A report has every seed of an experiment, failures too, and goes on where it was interrupted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sab_visualiser.app.commands.train import presets
from sab_visualiser.app.sweeps.drive import Outcome
from sab_visualiser.app.sweeps.papers.account.shelf import all_reports, rows_in
from sab_visualiser.app.sweeps.papers.reproduction import (
    Experiment,
    Missing,
    Report,
    experiment,
    missing,
    names,
)
from sab_visualiser.app.sweeps.papers.told import page_of
from sab_visualiser.app.wire.errors import UserError

MACHINE = {"machine": {"python": "3", "torch": "2", "numba": "0", "processor": "x", "cores": 2, "version": "0"}}


def copy(seeds: int = 2) -> Experiment:
    return experiment("copy", presets().fill, seeds)


def outcome(asked: Experiment, number: int, **run: Any) -> Outcome:
    accuracy = run.pop("accuracy", 1.0)
    judged = {"verdict": {"word": "learned", "label": "learned at 20"}, "best": {"value": 1.0, "update": 20}}
    ended = {"id": f"r{number}", "status": "finished", "reason": None, "update": 30, "trained_s": 2.0, **judged}
    fresh = {"accuracy": accuracy, "ce10": 0.1, "ce": 0.01, "loss": 0.01}
    return Outcome(asked.plan.trials[number], {**ended, "fresh": fresh, "params_version": 0, **run})


def planned(name: str) -> Experiment:
    """An experiment; skipped where it needs files that nobody bundles and that are not here."""
    try:
        return experiment(name, presets().fill)
    except UserError as error:
        if name != "fashion" or "is not known here" not in error.problem.detail:
            raise
        pytest.skip("the files of Fashion-MNIST are not in SAB_DATA_FILES (sab data fetch fashion-mnist)")


@pytest.mark.parametrize("name", names())
def test_every_experiment_has_equal_seeds_budget_and_data_for_all_methods(name: str) -> None:
    asked = planned(name)
    assert asked.title
    assert asked.question.endswith("?")
    by_setting: dict[str, set[int]] = {}
    alike: dict[tuple[Any, ...], set[tuple[Any, ...]]] = {}
    for trial in asked.plan.trials:
        spec = trial.spec
        model = spec.model.model_dump(exclude={"k_att"})
        by_setting.setdefault(repr((spec.task, model)), set()).add(spec.training.seed)
        same = (spec.training.updates, spec.training.batch_size, spec.training.clip_norm, spec.training.until)
        alike.setdefault((spec.task.name, spec.task.T), set()).add(same)
    assert len({frozenset(seeds) for seeds in by_setting.values()}) == 1
    assert all(len(budgets) == 1 for budgets in alike.values()), "one budget, batch, clip and goal a length"
    assert all(said["source"] for said in asked.published), "what is published has its source"


def test_an_unknown_experiment_is_named_with_those_there_are() -> None:
    with pytest.raises(UserError, match="copy"):
        experiment("nope", presets().fill)


def test_a_report_goes_on_where_it_was_interrupted(tmp_path: Path) -> None:
    asked, path = copy(), tmp_path / "copy.json"
    report = Report(path, asked, MACHINE)
    source = Missing(asked, report, "abc")
    first = source.more()
    assert first == asked.plan.trials[0]
    source.took(outcome(asked, 0))
    source.took(outcome(asked, 3, status="failed", reason="killed", verdict=None, best=None))
    again = Report(path, copy(3), MACHINE)
    left = missing(copy(3), again)
    assert len(left.trials) == len(copy(3).plan.trials) - 1, "what is done is done, what was lost is tried again"
    assert [row["status"] for row in again.rows] == ["finished", "failed"]
    assert (again.rows[0]["commit"], again.rows[0]["T"], again.rows[0]["T_min"]) == ("abc", 100, 100)
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("content", ["", "[]", '{"rows": 3}', '{"rows": [{}]}'])
def test_a_file_that_is_no_report_is_not_written_over(tmp_path: Path, content: str) -> None:
    path = tmp_path / "copy.json"
    path.write_text(content)
    with pytest.raises(UserError, match="a report of this experiment"):
        Report(path, copy(), MACHINE)
    assert path.read_text() == content


def test_the_page_counts_every_seed_and_says_what_is_missing(tmp_path: Path) -> None:
    asked = copy(2)
    report = Report(tmp_path / "copy.json", asked, MACHINE)
    source = Missing(asked, report, "abc")
    fixed = [trial.number for trial in asked.plan.trials if trial.spec.task.T_min == 100][:2]
    source.took(outcome(asked, fixed[0]))
    dead = {"word": "attention dead", "label": "attention dead since 900"}
    source.took(outcome(asked, fixed[1], verdict=dead, accuracy=0.25))
    page = page_of([json.loads((tmp_path / "copy.json").read_text("utf-8"))])
    setting = "copy T = 100: SAB, k_top 5, k_trunc 5, k_att 2, rate 0.005"
    assert f"| {setting} | 1 of 2 | 0.625 (0.250 … 1.000) | 20 | 2 | 1 (issue 2" in page
    assert "seed 5001: attention dead since 900, accuracy 0.250, best 1.000" in page
    assert f"{len(asked.plan.trials) - 2} of {len(asked.plan.trials)} trials are still missing" in page
    assert "20,000 updates" in page


def test_the_reports_of_this_repository_are_read_and_their_page_is_not_stale() -> None:
    folder = Path(__file__).resolve().parents[4] / "docs" / "reproduction"
    reports = all_reports(folder)
    assert reports
    for report in reports:
        assert report["name"] in names()
        assert rows_in(folder / f"{report['name']}.json")
        assert all(not row["commit"].endswith("+") for row in report["rows"]), "made from a clean tree"
    assert (folder / "README.md").read_text("utf-8") == page_of(reports)


@pytest.mark.parametrize("path", sorted(Path("docs/reproduction").glob("*.json")), ids=lambda path: path.stem)
def test_rows_that_were_committed_are_known_again_whatever_fields_runs_got_since(path: Path) -> None:
    rows = json.loads(path.read_text("utf-8"))["rows"]
    marks = planned(path.stem).marks
    assert {row["trial"] for row in rows} <= set(marks), "an unknown row would be trained a second time"
