"""`sab backup`: one line, or JSON, of what is in the file; errors name file and folder."""

from __future__ import annotations

import asyncio
import json
import zipfile
from pathlib import Path

import pytest

from sab_visualiser.app.runs.run import new_run
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.store.store import Store
from sab_visualiser.app.wire.requests import RunSpec
from tests.app.commands.running import run_sab


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    store = Store(Settings(data_dir=tmp_path / "data"))
    store.open()
    asyncio.run(store.commit(new_run("r1", RunSpec(), "2026")))
    store.close()
    return store.folder


def test_a_backup_says_what_it_holds(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run_sab(capsys, "backup", str(tmp_path / "all.zip"), "--data-dir", str(folder), "--json")
    assert code == 0
    told = json.loads(out.splitlines()[-1])
    size = (tmp_path / "all.zip").stat().st_size
    assert told == {"file": str(tmp_path / "all.zip"), "runs": 1, "checkpoints": 0, "missing": 0, "size_bytes": size}
    assert zipfile.ZipFile(tmp_path / "all.zip").namelist() == ["runs.sqlite"]


@pytest.mark.parametrize(
    ("name", "words"), [("data/runs.sqlite", "name a new file"), ("nowhere/all.zip", "name a file that can be written")]
)
def test_a_file_that_cannot_be_written_is_one_clear_line(
    folder: Path, tmp_path: Path, name: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run_sab(capsys, "backup", str(tmp_path / name), "--data-dir", str(folder))
    assert code != 0
    assert words in " ".join(err.split())
    assert Path(name).name in err
