"""Older files are brought up to date by steps, all of them or none; alembic is loaded only where one is due."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from sab_visualiser.app.store.database import Database
from sab_visualiser.app.store.folder.refusals import OTHER_VERSION, FolderError
from sab_visualiser.app.store.schema import upgrade as steps
from sab_visualiser.app.store.schema.stamp import SCHEMA

ARCHIVE = Path(__file__).resolve().parents[2] / "data" / "v0.1.tar.xz"
STEP = """
from alembic import op
import sqlalchemy as sa
revision = "{number}"
down_revision = {before}
def upgrade():
    {words}
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The database of a folder of version 0.1."""
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path / "data" / "runs.sqlite"


def shape(path: Path) -> dict[str, object]:
    """The tables of a file with their columns, its indexes, its stamp."""
    with closing(sqlite3.connect(path)) as connection:
        (stamp,) = connection.execute("PRAGMA user_version").fetchone()
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        indexes = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'index'")}
        columns = {
            name: [row[1:] for row in connection.execute(f"PRAGMA table_info({name})")] for name in sorted(tables)
        }
    return {"stamp": stamp, "indexes": indexes, **columns}


def opened(path: Path) -> dict[str, object]:
    database = Database(path)
    database.open()
    database.close()
    return shape(path)


def written(folder: Path, *words: str) -> Path:
    """Steps of our own, behind those that there are."""
    versions = folder / "steps" / "versions"
    versions.mkdir(parents=True)
    for file in (steps.STEPS / "versions").glob("v*.py"):
        (versions / file.name).write_text(file.read_text())
    for number, each in enumerate(words, SCHEMA + 1):
        named = {"number": f"{number:04d}", "before": repr(f"{number - 1:04d}")}
        (versions / f"v{number:04d}_ours.py").write_text(STEP.format(words=each, **named))
    return folder / "steps"


def test_C8_the_steps_lead_from_0_1_to_the_schema_of_a_new_file(old: Path, tmp_path: Path) -> None:
    assert shape(old)["stamp"] == 0
    new, led = opened(tmp_path / "new.sqlite"), opened(old)
    assert led.pop("texts"), "a table that only 0.1 had stays"
    assert led.pop("indexes") >= new.pop("indexes")  # type: ignore[operator]
    assert led == new
    assert new["stamp"] == SCHEMA


def test_C8_there_is_one_step_for_every_schema_and_its_name_says_which() -> None:
    found = sorted((steps.STEPS / "versions").glob("v*.py"))
    assert [file.name[1:5] for file in found] == [steps.name_of(number) for number in range(1, SCHEMA + 1)]
    for number, file in enumerate(found, 1):
        assert f'revision = "{number:04d}"' in file.read_text()


@pytest.mark.parametrize("found", range(SCHEMA + 1))
def test_C8_only_the_steps_that_are_due_are_made(tmp_path: Path, found: int) -> None:
    path = tmp_path / "some.sqlite"
    opened(path)
    ours = written(tmp_path, "op.add_column('runs', sa.Column('colour', sa.String()))")
    engine = create_engine(f"sqlite+pysqlite:///{path}")
    with engine.begin() as connection:
        assert steps.upgrade(connection, found, ours) == SCHEMA + 1
    with engine.begin() as connection:
        assert steps.upgrade(connection, SCHEMA + 1, ours) == SCHEMA + 1, "a second time nothing is due"
    engine.dispose()
    after = shape(path)
    assert [row[0] for row in after["runs"]] == ["id", "created", "state", "colour"]  # type: ignore[attr-defined]
    assert steps.TABLE not in after, "the file has one stamp"


def test_C8_a_step_that_fails_leaves_the_file_as_it_was(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = shape(old)
    ours = written(tmp_path, "op.add_column('runs', sa.Column('colour', sa.String())); raise ValueError('no')")
    monkeypatch.setattr(steps.upgrade, "__defaults__", (ours,))
    with pytest.raises(FolderError, match="cannot be brought from schema 0") as refused:
        opened(old)
    assert (refused.value.code, "nothing was changed" in str(refused.value)) == (OTHER_VERSION, True)
    assert shape(old) == before


def test_C8_alembic_is_not_loaded_where_nothing_is_due(tmp_path: Path) -> None:
    words = """
import sys
from pathlib import Path
from sab_visualiser.app.store.database import Database
for _ in range(2):
    database = Database(Path(sys.argv[1]))
    database.open()
    database.close()
sys.exit("alembic" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", words, str(tmp_path / "runs.sqlite")], check=False)
    assert done.returncode == 0
