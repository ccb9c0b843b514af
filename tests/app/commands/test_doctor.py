"""What `sab doctor` finds about the data folder, the port and the environment."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from sab_visualiser.app.commands.folder.findings import Finding, database, environment, folder, in_use, port
from sab_visualiser.app.serve import bind
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.store.schema.stamp import SCHEMA
from sab_visualiser.app.store.store import Store


@pytest.fixture
def made(tmp_path: Path) -> Path:
    store = Store(Settings(data_dir=tmp_path / "data"))
    store.open()
    store.close()
    return tmp_path / "data"


def only(found: object) -> Finding:
    (finding,) = list(found)  # type: ignore[call-overload]
    assert isinstance(finding, Finding)
    return finding


def test_a_folder_is_told_with_schema_runs_and_size_and_stays_as_it_is(made: Path) -> None:
    before = sorted((path.name, path.stat().st_mtime_ns) for path in made.iterdir())
    told = only(database(made))
    assert told.fine is True
    assert told.value.startswith(f"schema {SCHEMA}, 0 runs, ")
    assert sorted((path.name, path.stat().st_mtime_ns) for path in made.iterdir()) == before


def test_an_older_folder_is_told_to_be_brought_up_to_date(made: Path) -> None:
    with closing(sqlite3.connect(made / "runs.sqlite")) as connection:
        connection.execute("PRAGMA user_version = 0")
    assert f"brought to {SCHEMA} by the next sab serve" in only(database(made)).value


def test_a_folder_without_a_database_has_nothing_to_tell(tmp_path: Path) -> None:
    assert list(database(tmp_path)) == []


@pytest.mark.parametrize("content", [b"no database " * 400, None])
def test_a_damaged_or_newer_database_is_not_in_order(made: Path, content: bytes | None) -> None:
    if content is None:
        with closing(sqlite3.connect(made / "runs.sqlite")) as connection:
            connection.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    else:
        (made / "runs.sqlite").write_bytes(content)
    told = only(database(made))
    assert (told.fine, str(made) in told.value) == (False, True)


def test_a_run_that_cannot_be_read_and_a_file_that_others_can_read_are_named(made: Path) -> None:
    with closing(sqlite3.connect(made / "runs.sqlite")) as connection:
        connection.execute("INSERT INTO runs VALUES ('r1', 'now', 'no JSON')")
        connection.commit()
    (made / "runs.sqlite").chmod(0o644)
    assert [one.fine for one in database(made)] == [True, False], "the folder keeps them out"
    made.chmod(0o755)
    _, run, readable = list(database(made))
    assert run.value.startswith("r1 cannot be read")
    assert "chmod 600" in readable.value


def test_who_has_the_folder_is_told(made: Path) -> None:
    assert list(in_use(made)) == []
    store = Store(Settings(data_dir=made))
    store.open()
    try:
        assert "process id" in only(in_use(made)).value
    finally:
        store.close()


def test_little_room_is_not_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sab_visualiser.app.commands.folder.findings.LEAST_FREE", 2**62)
    assert (folder(tmp_path).fine, "make room" in folder(tmp_path).value) == (False, True)


def test_a_port_that_is_taken_is_told_with_the_remedy() -> None:
    with bind("127.0.0.1", 0) as listener:
        taken = port("127.0.0.1", listener.getsockname()[1])
    assert (taken.fine, "--port" in taken.value) == (None, True)
    assert port("127.0.0.1", 0).fine is True


def test_the_environment_is_told_without_its_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAB_WORKER_TOKEN", "s3cret")
    monkeypatch.setenv("http_proxy", "http://ada:s3cret@proxy:3128")
    monkeypatch.setenv("MPLBACKEND", "module://nowhere")
    monkeypatch.delenv("HOME")
    told = {one.name: one for one in environment()}
    assert told["HOME"].fine is False
    assert told["http_proxy"].value == "not asked for this machine, only for others"
    assert told["MPLBACKEND"].value.startswith("not obeyed: ")
    assert told["SAB_WORKER_TOKEN"].value == "set"
    assert not any("s3cret" in one.value for one in told.values())
