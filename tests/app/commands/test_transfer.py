"""`sab transfer`: rows and a figure of networks at lengths that they were never trained at."""

from __future__ import annotations

import csv
import importlib.util
import json
from pathlib import Path

import pytest

from sab_visualiser.app.commands.many.transfer import steps_of
from tests.app.commands.running import run_sab

ROOT = Path(__file__).resolve().parents[3]
FEW = ("--lengths", "60,40", "--examples", "3")


def test_rows_and_pictures_of_one_measurement(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    kinds = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF", "json": b"{", "csv": b"# panel"}
    if importlib.util.find_spec("pyarrow") is not None:
        kinds["parquet"] = b"PAR1"
    files = [word for kind in kinds for word in ("-o", str(tmp_path / f"t.{kind}"))]
    copy = str(ROOT / "static" / "presets" / "copy.safetensors")
    code, out, err = run_sab(capsys, "transfer", "copy", copy, *FEW, *files, "--json")
    assert (code, err) == (0, "")
    rows = json.loads(out)["rows"]
    assert [(row["run"], row["T"]) for row in rows] == [("copy", 40), ("copy", 60), (copy, 40), (copy, 60)]
    figures = ("accuracy", "ce10", "ce", "loss")
    assert [[row[name] for name in figures] for row in rows[:2]] == [
        [row[name] for name in figures] for row in rows[2:]
    ]
    assert rows[0]["accuracy"] > 0.9, "it was trained for delays up to 30, and copies further"
    for kind, start in kinds.items():
        assert (tmp_path / f"t.{kind}").read_bytes().startswith(start), kind
    written = json.loads((tmp_path / "t.json").read_text())
    assert written["rows"] == rows
    assert written["about"]["examples"] == 3
    lines = [line for line in (tmp_path / "t.csv").read_text().splitlines() if not line.startswith("#")]
    assert [float(each["accuracy"]) for each in csv.DictReader(lines)] == [row["accuracy"] for row in rows]
    assert b"length T of the task" in (tmp_path / "t.svg").read_bytes()


def test_a_person_gets_a_line_a_row(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run_sab(capsys, "transfer", "copy", *FEW)
    assert code == 0
    assert [line.split("  ")[:2] for line in out.splitlines()] == [["task copy", "method sab"]] * 2


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("copy", "--lengths", "100,x"), "--lengths"),
        (("copy", "--lengths", "0"), "1 to 100000"),
        (("copy", "--lengths", "100001"), "1 to 100000"),
        (("copy", "--lengths", ""), "--lengths"),
        (("copy", "-o", "t.gif"), "ends in png"),
        (("copy", "--width-in", "99", *FEW, "-o", "t.png"), "width_in"),
        (("copy", "--examples", "0"), "examples"),
        (("copy-50",), "one that is trained"),
        (("r9", "--data-dir", "nowhere"), "RUN"),
        (("none.safetensors",), "a file that exists"),
        (("copy", "bad.safetensors"), "bad.safetensors"),
    ],
)
def test_what_is_not_accepted_is_one_line_and_nothing_is_written(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    words: tuple[str, ...],
    says: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bad.safetensors").write_bytes(b"no")
    code, out, err = run_sab(capsys, "transfer", *words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert says in err
    assert [path.name for path in tmp_path.iterdir()] == ["bad.safetensors"]


def test_lengths_are_taken_once_and_rising() -> None:
    assert steps_of("300, 100,300") == (100, 300)
