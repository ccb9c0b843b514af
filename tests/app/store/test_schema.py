"""The stamp in runs.sqlite, and what happens with a folder of a newer program, a damaged one, a forbidden one."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

import pytest

from sab_visualiser.app.serve import serve
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.store.blobs import Lock
from sab_visualiser.app.store.database import Database
from sab_visualiser.app.store.folder.refusals import CLOSED, OTHER_VERSION, UNUSABLE
from sab_visualiser.app.store.schema.stamp import SCHEMA, refuse_newer
from sab_visualiser.app.store.store import Store
from sab_visualiser.app.wire.errors import UserError
from tests.app.commands.running import run_sab


def stamp(path: Path, version: int | None = None) -> int:
    """The stamp of the file; with `version`, after writing that one."""
    connection = sqlite3.connect(path)
    try:
        if version is not None:
            connection.execute(f"PRAGMA user_version = {version}")
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
    finally:
        connection.close()


def make(folder: Path, version: int) -> Path:
    """A data folder whose file says `version`; returns the file."""
    store = Store(Settings(data_dir=folder))
    store.open()
    store.close()
    stamp(folder / "runs.sqlite", version)
    return folder / "runs.sqlite"


def test_a_file_carries_our_version_once_it_was_opened(tmp_path: Path) -> None:
    assert stamp(make(tmp_path, 0)) == 0
    database = Database(tmp_path / "runs.sqlite")
    database.open()
    database.close()
    assert stamp(tmp_path / "runs.sqlite") == SCHEMA > 0


@pytest.mark.parametrize("version", range(SCHEMA + 1))
def test_every_version_up_to_ours_is_read(version: int, tmp_path: Path) -> None:
    refuse_newer(make(tmp_path, version))


def test_a_missing_file_is_not_newer(tmp_path: Path) -> None:
    refuse_newer(tmp_path / "runs.sqlite")
    assert list(tmp_path.iterdir()) == []


def one_line(said: str, folder: Path) -> None:
    assert len(said.splitlines()) == 1
    for word in (str(folder), f"schema {SCHEMA + 1}", f"up to {SCHEMA}", "update this one", "--data-dir"):
        assert word in said


def test_serve_refuses_a_newer_folder_in_one_line_and_leaves_it_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = make(tmp_path, SCHEMA + 1)
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    (tmp_path / "checkpoints" / "of-the-newer-program.part").touch()
    assert serve(Settings(port=0, data_dir=tmp_path)) == OTHER_VERSION
    said = capsys.readouterr()
    assert said.out == ""
    one_line(said.err, tmp_path)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before
    assert (tmp_path / "checkpoints" / "of-the-newer-program.part").exists()


def test_export_refuses_a_newer_folder_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make(tmp_path, SCHEMA + 1)
    words = ("export", "r0123456789abcdef", "--panel", "curves", "--format", "csv", "--data-dir", str(tmp_path))
    code, out, err = run_sab(capsys, *words)
    assert (code, out) == (OTHER_VERSION, "")
    one_line(err, tmp_path)


def test_a_refused_folder_is_given_back(tmp_path: Path) -> None:
    path = make(tmp_path, SCHEMA + 1)
    with pytest.raises(UserError):
        Store(Settings(data_dir=tmp_path)).open()
    lock = Lock(tmp_path)
    lock.acquire()
    lock.release()
    stamp(path, SCHEMA)
    store = Store(Settings(data_dir=tmp_path))
    store.open()
    store.close()


def test_a_file_that_is_no_database_is_one_line_and_stays_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "runs.sqlite").write_bytes(b"something else entirely\n" * 100)
    assert serve(Settings(port=0, data_dir=tmp_path)) == UNUSABLE
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert str(tmp_path) in said
    assert "--data-dir" in said
    assert (tmp_path / "runs.sqlite").read_bytes().startswith(b"something else")


def test_a_data_folder_that_is_a_file_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "data").write_text("a file")
    assert serve(Settings(port=0, data_dir=tmp_path / "data")) == CLOSED
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert "--data-dir" in said
