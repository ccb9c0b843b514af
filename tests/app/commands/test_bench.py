"""Figures are written down with their spread, and a measurement hits all its subjects in turn."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import sequences
from benchmarks.__main__ import line
from benchmarks.machine import figure, interleaved, machine, percentile, spread
from benchmarks.peak import high_water_bytes
from benchmarks.shapes import Shape
from sab_visualiser.app.commands import bench
from sab_visualiser.app.commands.shared import source
from sab_visualiser.app.commands.shared.common import CommandError


def test_spread_says_median_quartiles_range_and_count() -> None:
    assert spread([3.0, 1.0, 2.0, 4.0, 5.0]) == {
        "median": 3.0,
        "quartiles": [1.5, 4.5],
        "range": [1.0, 5.0],
        "count": 5,
    }
    assert spread([7.0])["median"] == 7.0


def test_a_percentile_is_one_of_the_measurements() -> None:
    assert percentile([float(value) for value in range(100)], 0.95) == 95
    assert percentile([1.0], 0.99) == 1


def test_subjects_are_measured_in_turn_and_the_first_rounds_do_not_count() -> None:
    calls: list[str] = []
    taken = interleaved({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, rounds=3, warm_up=1)
    assert calls == ["a", "b"] * 4
    assert {name: len(values) for name, values in taken.items()} == {"a": 3, "b": 3}


@pytest.mark.parametrize(("holds", "word"), [(True, "within ≤ 2"), (False, "MISSES ≤ 2")])
def test_a_figure_says_whether_it_is_within_its_budget(holds: bool, word: str) -> None:
    assert line(figure("start", 1.23456, "s", "≤ 2", holds=holds)) == f"start: 1.235 s  {word}"


def test_a_figure_that_was_not_measured_says_why() -> None:
    assert "not measured: no browser" in line(figure("arcs", None, "s", "≤ 2", reason="no browser"))


def test_a_report_names_machine_and_commit() -> None:
    report = json.loads(json.dumps(machine(), allow_nan=False))
    assert {"processor", "cores", "commit", "torch", "load_before"} <= set(report)


def test_a_commit_is_marked_where_a_file_of_the_parts_that_count_differs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(source, "ROOT", tmp_path)
    assert source.commit() is None
    who = ["-c", "user.name=n", "-c", "user.email=e"]
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "page").write_text("one")
    for words in (["init", "-q"], ["add", "."], [*who, "commit", "-q", "-m", "first"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    named = source.commit()
    assert named is not None
    assert not named.endswith("+")
    (tmp_path / "docs" / "page").write_text("two")
    assert source.commit() == named + "+"
    assert source.commit("app", "model") == named


def test_peak_memory_is_that_of_the_process_and_not_of_its_parent() -> None:
    ballast = bytearray(b"x" * 300_000_000)
    script = "from benchmarks.peak import high_water_bytes; print(high_water_bytes())"
    child = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert high_water_bytes() > len(ballast)
    assert int(child.stdout) < 200_000_000


@pytest.mark.parametrize(("inputs", "beside"), [(3, {"sab", "lstm"}), (1, {"lstm"})])
def test_an_update_of_symbols_stands_beside_that_of_one_hot_rows_and_of_an_lstm(inputs: int, beside: set[str]) -> None:
    row = sequences.updates("a try", Shape(T=5, B=2, D=16, A=4, inputs=inputs, classes=3), quick=True)
    assert set(row["ours_over"]) == beside
    assert row["value"] == pytest.approx(1000 / row["ms"]["sab-symbols" if inputs > 1 else "sab"]["median"], rel=1e-2)
    assert "updates/s" in line(row)


def test_a_wheel_without_the_measurements_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(bench, "SOURCE", tmp_path)
    with pytest.raises(CommandError, match="run this from a clone"):
        bench.bench("engine")
