"""What the page shows of a report is its rows: where a mark stands, what a line of the table says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sab_visualiser.app.sweeps.papers.account import shelf
from sab_visualiser.app.sweeps.papers.account.shelf import Report
from sab_visualiser.app.sweeps.papers.account.view import shelf_of, summary_of
from sab_visualiser.app.sweeps.plan import group_of
from tests.app.sweeps.papers.account.cases import CASES, MACHINE, row


def report(*rows: dict[str, Any], **over: Any) -> Report:
    usual = {"name": "one", "title": "One", "question": "Is it?", "published": [], "machine": MACHINE}
    return {**usual, "trials": len(rows), "rows": list(rows), **over}


def test_a_line_has_what_its_seeds_came_to() -> None:
    rows = [
        row(1, accuracy=1.0, updates=1000, seconds=10.0, label="learned at 900"),
        row(2, accuracy=0.25, updates=2000, seconds=40.0, verdict="at chance"),
        row(3, accuracy=None, updates=0, seconds=0.0, verdict=None, reason="killed"),
    ]
    ((told,), _, balance, _) = shelf_of([report(*rows, trials=5)], [])
    (line,) = told.lines
    assert (line.learned, line.spread, line.updates, line.seconds) == ("1 of 3", "0.625 (0.250 … 1.000)", "900", "10")
    assert line.update_ms == "15.0"
    assert [(mark.at, mark.learned) for mark in line.marks] == [(1.0, True), (0.25, False), (None, False)]
    assert line.marks[0].words == "seed 1: learned at 900, accuracy 1.000, best 0.900; 1,000 updates, 10 s"
    assert (told.missing, told.trials, told.budget, told.commits) == (2, 5, "2,000", "abc")
    ((setting, failures),) = told.failures
    assert setting == "SAB, k_top 5, k_trunc 5, k_att 2, T = 100, one delay of 100"
    assert failures == [
        "seed 2: at chance, accuracy 0.250, best 0.900",
        "seed 3: failed, no figure, best 0.900 (killed)",
    ]
    assert told.group == group_of("reproduce one")
    assert balance.better == []


def test_errors_have_a_scale_that_holds_all_of_them_and_chance() -> None:
    rows = [row(n, task="adding", accuracy=None, mse=mse) for n, mse in enumerate((0.01, 0.3))]
    ((told,), *_) = shelf_of([report(*rows)], [])
    assert told.scale is not None
    assert (told.scale.metric, told.scale.low, told.scale.high) == ("mse", "0", "0.32")
    assert told.scale.chance == pytest.approx(1 / 6 / 0.315)
    assert [mark.at for mark in told.lines[0].marks] == pytest.approx([0.01 / 0.315, 0.3 / 0.315])


def test_real_data_say_what_is_read_and_chance_is_that_of_the_data_set() -> None:
    text = [row(n, task="char", T_min=None, accuracy=None, bpc=bpc) for n, bpc in enumerate((2.4, 2.6))]
    images = [row(1, task="pixels", T=64, T_min=None), row(1, task="pixels", T=64, T_min=None, permuted=1)]
    ((one, two), *_) = shelf_of([report(*text), report(*images)], [])
    assert one.scale is not None
    assert one.scale.chance_words == "chance 4.8"
    assert [line.delays for line in one.lines] == ["text of Hamlet, T = 100"]
    assert two.scale is not None
    assert two.scale.chance == 0.1
    assert [line.delays for line in two.lines] == ["digits 8×8, in order", "digits 8×8, permuted"]


def test_a_report_on_images_that_are_not_here_says_which_they_are_and_claims_no_level_of_chance() -> None:
    rows = [row(1, task="pixels", T=784, T_min=None, data=f"fashion-mnist@{'a' * 64}")]
    ((told,), *_) = shelf_of([report(*rows)], [])
    assert told.scale is not None
    assert (told.scale.chance, told.scale.chance_words) == (None, "")
    assert [line.delays for line in told.lines] == ["Fashion-MNIST, 784 pixels in order"]


def test_the_goal_is_at_its_update_where_a_training_goes_on_after_it() -> None:
    rows = [row(1, label="learned at 1,250", updates=3000), row(2, label="learned at 750", updates=3000)]
    ((told,), *_) = shelf_of([report(*rows)], [])
    assert told.lines[0].updates == "1,000"


def test_what_was_published_stands_where_its_setting_is_and_has_its_source() -> None:
    said = {"method": "sab", "k_top": 5, "k_trunc": 5, "accuracy": 0.31, "source": "a talk"}
    rows = [row(1), row(1, T_min=1), row(1, k_trunc=10)]
    ((told,), *_) = shelf_of([report(*rows, published=[said])], [])
    assert [(line.published, line.published_why) for line in told.lines] == [
        ("0.31", "a talk"),
        ("–", "no paper mixes delays"),
        ("–", "no source that we checked"),
    ]


def test_what_looks_for_rates_stands_last_and_is_no_training_of_the_balance() -> None:
    tuning = report(row(1, learning_rate=0.1), row(2, learning_rate=0.2), name="rates")
    told, _, balance, summary = shelf_of([tuning, report(row(1), row(1, method="bptt", k_top=0, k_trunc=0))], [tuning])
    assert [(one.name, one.own) for one in told] == [("one", False), ("rates", False), ("rates", True)]
    assert summary.startswith(
        "2 trainings in 1 experiment and 2 more to find learning rates or to turn one knob, 0.0 hours"
    )
    assert (
        balance.no_better[0]
        == "With one fixed delay, full backpropagation learned as well as SAB: 1 of 1 seeds and 1 of 1."
    )


def test_every_kind_of_report_can_be_shown() -> None:
    told, _, _, summary = shelf_of(CASES, [report()])
    assert len(told) == len(CASES) + 1
    assert summary == summary_of(CASES)
    for one in told:
        for line in one.lines:
            assert all(mark.at is None or 0 <= mark.at <= 1 for mark in line.marks)


def test_ones_own_reports_are_read_beside_the_runs(tmp_path: Path) -> None:
    assert shelf.own(tmp_path) == []
    (tmp_path / "reproduction").mkdir()
    (tmp_path / "reproduction" / "mine.json").write_text(json.dumps(report(row(1))))
    (tmp_path / "reproduction" / "other.json").write_text('{"rows": 3}')
    assert [one["name"] for one in shelf.own(tmp_path)] == ["one"]
    assert {one["name"] for one in shelf.shipped()} >= {"copy", "copy-200"}
