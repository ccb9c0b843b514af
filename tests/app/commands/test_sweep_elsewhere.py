"""A sweep that was begun on one machine goes on on another: its runs travel as bundles between two data folders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.app.bundle.zips import bundle_of
from tests.app.commands.running import run_sab
from tests.app.commands.test_sweep import rows, sweep, written
from tests.fakes.server import in_process


def numbers(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("run", "seconds")}


@pytest.mark.server
def test_trials_that_were_brought_in_are_not_trained_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, here, there = str(written(tmp_path, 60)), tmp_path / "here", tmp_path / "there"
    first = rows(sweep(file, "--json", "--workers", "2", "--data-dir", str(here)))
    moved = first[:3]
    with in_process(here, "--real") as live:
        for row in moved:
            bundle = tmp_path / f"{row['run']}.zip"
            bundle.write_bytes(bundle_of(live, row["run"]))
            code, _, err = run_sab(capsys, "import", str(bundle), "--data-dir", str(there))
            assert (code, err) == (0, "")
    second = rows(sweep(file, "--json", "--workers", "2", "--data-dir", str(there), "--resume"))
    assert [numbers(row) for row in second] == [numbers(row) for row in first]
    assert [row["seconds"] for row in second[:3]] == [row["seconds"] for row in moved], "those of where it was trained"
    assert {row["run"] for row in second}.isdisjoint(row["run"] for row in first)
