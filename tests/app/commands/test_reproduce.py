"""`sab reproduce` leaves its report where the page finds it, and measures networks of another experiment."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sab_visualiser.app.commands.many import measured, reproduce
from sab_visualiser.app.commands.many.trainers import Place
from sab_visualiser.app.commands.shared.common import CommandError
from sab_visualiser.app.commands.train import presets
from sab_visualiser.app.sweeps.file import sweep_of
from sab_visualiser.app.sweeps.papers.account.shelf import own, rows_in
from sab_visualiser.app.sweeps.papers.reproduction import Experiment, Measure, Report, experiment, names
from sab_visualiser.app.sweeps.plan import plan_of
from sab_visualiser.app.wire.errors import UserError
from tests.app.commands.running import run_sab

SMALL = {
    "base": {
        "task": {"T": 6, "items": 2},
        "model": {"hidden_size": 8, "attention_size": 4},
        "training": {"updates": 20, "batch_size": 4},
    },
    "grid": {"model": {"method": ["sab", "attention"]}},
    "seeds": [1],
}
ABOUT = {"machine": {"cores": 1}}


def small(lengths: tuple[int, ...]) -> Experiment:
    plan = plan_of(sweep_of(SMALL, "reproduce small"), presets().fill)
    return Experiment("transfer", "Small", "Is it?", (), plan, Measure("small", ("sab",), lengths, 4, 0))


def test_reports_go_into_the_docs_of_a_checkout_and_else_beside_the_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert reproduce.reports_folder(tmp_path / "data") == tmp_path / "data" / "reproduction"
    (tmp_path / "docs" / "reproduction").mkdir(parents=True)
    assert reproduce.reports_folder(tmp_path / "data") == Path("docs") / "reproduction"


def test_what_is_missing_is_told_without_training(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, _ = run_sab(capsys, "reproduce", "transfer", "--seeds", "1", "--dry-run", "-o", str(tmp_path))
    assert code == 0
    assert out.strip() == "transfer: 36 of 36 rows are missing"


def test_networks_are_those_of_the_other_experiment() -> None:
    asked, of = (experiment(name, presets().fill) for name in ("transfer", "copy"))
    assert asked.measure is not None
    assert asked.plan.group == of.plan.group
    assert {trial.spec.model.method for trial in asked.plan.trials} == {"sab", "attention"}
    assert {trial.key for trial in asked.plan.trials} < {trial.key for trial in of.plan.trials}
    assert len(set(asked.marks)) == len(asked.plan.trials) * len(asked.measure.lengths)


@pytest.mark.server
def test_networks_are_trained_once_and_measured_at_every_length_that_is_missing(tmp_path: Path) -> None:
    path, place = tmp_path / "data" / "reproduction" / "transfer.json", Place(workers=1, data_dir=tmp_path / "data")
    report = Report(path, small((6, 9)), ABOUT)
    measured.measure_missing(small((6, 9)), report, place, "abc")
    rows = rows_in(path)
    assert [(row["method"], row["T"], row["T_test"]) for row in rows] == [
        ("sab", 6, 6),
        ("sab", 6, 9),
        ("attention", 6, 6),
        ("attention", 6, 9),
    ]
    assert all(0 <= row["accuracy"] <= 1 and row["examples"] == 4 for row in rows)
    first = path.read_bytes()
    again = Report(path, small((6, 9, 1200)), ABOUT)
    measured.measure_missing(small((6, 9, 1200)), again, place, "abd")
    assert [row["commit"] for row in again.rows] == ["abc", "abc", "abd"] * 2, "what is there is not measured again"
    assert [row["T_test"] for row in again.rows] == [6, 9, 1200] * 2, "longer than what may be trained"
    assert len({row["seconds"] for row in again.rows if row["method"] == "sab"}) == 1, "trained once"
    assert json.loads(first)["trials"] == 4
    assert [one["name"] for one in own(tmp_path / "data")] == ["transfer"]


def test_weights_are_not_asked_of_a_server(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="--server"):
        measured.measure_missing(
            small((6,)), Report(tmp_path / "t.json", small((6,)), ABOUT), Place(server="http://127.0.0.1:1"), "abc"
        )


@pytest.mark.parametrize("more", [(), ("--dry-run",), ("--seeds", "2")])
def test_files_that_are_missing_are_told_in_one_line_with_the_command_that_gets_them_and_their_folder(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: tuple[str, ...]
) -> None:
    monkeypatch.setenv("SAB_DATA_FILES", str(tmp_path / "files"))
    code, out, err = run_sab(capsys, "reproduce", "fashion", *more, "-o", str(tmp_path))
    assert (code, out) == (2, "")
    assert err == (
        "sab: fashion reads fashion-mnist, whose files are not here: run sab data fetch fashion-mnist,"
        f" which puts them into {tmp_path / 'files' / 'fashion-mnist'}\n"
    )


def test_a_folder_that_was_named_is_in_the_command_too_and_a_server_is_told_of_as_such(tmp_path: Path) -> None:
    folder = tmp_path / "my files"
    with pytest.raises(
        CommandError, match=rf"fetch fashion-mnist --data-files '{folder}', which puts them into {folder}/"
    ):
        reproduce.have_data("fashion", folder, None)
    with pytest.raises(CommandError, match=r"on the machine of http://lab:8000, into the folder"):
        reproduce.have_data("fashion", None, "http://lab:8000")


def test_files_that_are_here_and_experiments_without_any_are_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in names():
        if name != "fashion":
            reproduce.have_data(name, None, None)
    reproduce.have_data("no such experiment", None, None)
    monkeypatch.setattr(reproduce, "resolved", lambda data: f"{data}@{'a' * 64}")
    reproduce.have_data("fashion", None, None)
