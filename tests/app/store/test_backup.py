"""A data folder as one file: whole, private, made beside a server, and a folder again once it is unpacked."""

from __future__ import annotations

import asyncio
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sab_visualiser.app.runs.run import new_run
from sab_visualiser.app.runs.shapes import Stored
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.store.backup import back_up
from sab_visualiser.app.store.store import Store
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.wire.requests import RunSpec


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A folder that a server has, with two runs that have a checkpoint each."""
    opened = Store(Settings(data_dir=tmp_path / "data"))
    opened.open()
    for number in range(2):
        keep(opened, f"r{number}", f"weights of {number}".encode())
    yield opened
    opened.close()


def keep(store: Store, name: str, weights: bytes) -> str:
    sha256, size = store.checkpoints.write([weights])
    run = new_run(name, RunSpec(name=name), "2026")
    asyncio.run(store.commit(run, checkpoint=Stored(sha256, size, 0)))
    return sha256


def test_a_backup_that_is_made_beside_a_server_is_a_folder_again_once_it_is_unpacked(
    store: Store, tmp_path: Path
) -> None:
    (store.folder / "texts" / "a.txt").write_text("to be")
    told: list[tuple[int, int]] = []
    made = back_up(store.folder, tmp_path / "all.zip", lambda done, of: told.append((done, of)))
    later = keep(store, "later", b"what came afterwards")
    assert (made.runs, made.checkpoints, made.missing) == (2, 2, 0)
    assert told == [(0, 2), (1, 2), (2, 2)]
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        archive.extractall(tmp_path / "again")
    again = Store(Settings(data_dir=tmp_path / "again"))
    again.open()
    assert (tmp_path / "again" / "texts" / "a.txt").read_text() == "to be"
    runs = again.load_runs()
    assert [run.id for run in runs] == ["r0", "r1"]
    for number, run in enumerate(runs):
        (stored,) = asyncio.run(again.run_checkpoints(run))
        assert again.checkpoints.path(stored.sha256).read_bytes() == f"weights of {number}".encode()
    assert not again.checkpoints.path(later).exists()
    again.close()


def test_a_backup_is_as_private_as_the_folder_and_leaves_nothing_else_behind(store: Store, tmp_path: Path) -> None:
    made = back_up(store.folder, tmp_path / "all.zip")
    assert (tmp_path / "all.zip").stat().st_mode & 0o777 == 0o600
    assert made.size_bytes == (tmp_path / "all.zip").stat().st_size
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all.zip", "data"]


def test_a_file_that_is_there_stays_as_it_is(store: Store, tmp_path: Path) -> None:
    (tmp_path / "mine.zip").write_bytes(b"mine")
    with pytest.raises(UserError, match="name a new file"):
        back_up(store.folder, tmp_path / "mine.zip")
    assert (tmp_path / "mine.zip").read_bytes() == b"mine"


def test_a_checkpoint_that_is_not_there_is_counted_and_all_else_is_kept(store: Store, tmp_path: Path) -> None:
    lost = keep(store, "damaged", b"soon gone")
    store.checkpoints.path(lost).unlink()
    made = back_up(store.folder, tmp_path / "all.zip")
    assert (made.runs, made.checkpoints, made.missing) == (3, 2, 1)


@pytest.mark.parametrize("content", [None, b"this is no database, though it is long enough to look like one" * 20])
def test_a_folder_without_a_database_is_refused_by_name(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "runs.sqlite").write_bytes(content)
    with pytest.raises(UserError, match=r"runs\.sqlite"):
        back_up(tmp_path, tmp_path / "all.zip")
    assert not (tmp_path / "all.zip").exists()
    assert not list(tmp_path.glob("*.part"))
