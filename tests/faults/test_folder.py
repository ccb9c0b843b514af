"""Data folders that cannot be written (C21), are damaged (C8), have odd names, or go away while a server has them."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from sab_visualiser.app.serve import serve
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.store.folder.refusals import CLOSED, UNUSABLE
from tests.app.commands.running import run_sab
from tests.fakes.server import Live, in_thread

LONG = {"training": {"updates": 100_000}}
PAGE = 4096


def made(folder: Path, runs: int = 1) -> list[str]:
    """A folder with runs that have ended, oldest first."""
    with in_thread(folder) as live:
        names = [live.start(name=f"run {number}", training={"updates": 6}) for number in range(runs)]
        for name in names:
            live.reach(name, "finished")
    return names


def changed(folder: Path, words: str, *values: object) -> None:
    with closing(sqlite3.connect(folder / "runs.sqlite")) as connection:
        connection.execute(words, values)
        connection.commit()


def refusal(folder: Path, capsys: pytest.CaptureFixture[str], code: int) -> str:
    """The one line with which a server refuses a folder."""

    def begun(*_: object, **__: object) -> None:
        raise AssertionError("it was not refused")

    capsys.readouterr()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sab_visualiser.app.serve.make_server", begun)
        assert serve(Settings(port=0, data_dir=folder)) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert "--data-dir" in said.err
    return said.err


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder on a read-only mount, and the run in it."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a folder read-only")
    folder = tmp_path / "data"
    (run,) = made(folder)
    words = ["mount", "--bind", "-o", "ro", str(folder), str(folder)]
    if (done := subprocess.run(words, capture_output=True)).returncode:
        pytest.skip(f"no read-only mount here: {done.stderr.decode().strip()}")
    yield folder, run
    subprocess.run(["umount", str(folder)], check=True)


def test_C21_a_read_only_folder_is_looked_at_and_exported_and_nothing_can_be_trained(closed: tuple[Path, str]) -> None:
    folder, run = closed
    before = sorted(path.name for path in folder.iterdir())
    kinds = {"content-type": "application/octet-stream"}
    with in_thread(folder) as live:
        assert live.run(run)["status"] == "finished"
        assert live.http.get(f"/api/runs/{run}/snapshots/latest").status_code == 200
        assert live.http.get(f"/api/runs/{run}/bundle").status_code == 200
        assert live.http.post("/api/probe", json={"run": run}).status_code == 200
        for answer in (
            live.http.post("/api/runs", json=LONG),
            live.http.post(f"/api/runs/{run}/commands", json={"type": "reset"}),
            live.http.patch(f"/api/runs/{run}", json={"note": "x"}),
            live.http.delete(f"/api/runs/{run}"),
            live.http.post("/api/checkpoints", content=b"good", headers=kinds),
            live.http.post("/api/texts", content=b"a text to learn from, long enough " * 99, headers=kinds),
        ):
            assert answer.status_code in (403, 507), answer.text
            assert "the data folder cannot be written" in answer.json()["detail"]
        assert len(live.http.get("/api/runs").json()) == 1
        for path in ("/", "/runs"):
            page = live.http.get(path).text
            assert "data-closed" in page
            assert "The folder of these runs can only be read" in page
    assert sorted(path.name for path in folder.iterdir()) == before


def test_C21_an_export_reads_a_read_only_folder_also_with_a_log_beside_the_file(
    closed: tuple[Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, run = closed
    words = ("export", run, "--panel", "curves", "--data-dir", str(folder), "-o", str(tmp_path / "curves.csv"))
    assert run_sab(capsys, *words)[0] == 0
    assert (tmp_path / "curves.csv").read_text().startswith("# panel: curves")
    assert run_sab(capsys, "backup", str(tmp_path / "all.zip"), "--data-dir", str(folder))[0] == 0


def test_C21_a_folder_whose_name_means_something_in_an_address_is_a_folder_like_any_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "a#b?mode=memory&c%20 d"
    (run,) = made(folder)
    assert (folder / "runs.sqlite").is_file()
    out = tmp_path / "curves.csv"
    code, _, err = run_sab(capsys, "export", run, "--panel", "curves", "--data-dir", str(folder), "-o", str(out))
    assert (code, err) == (0, "")
    assert run_sab(capsys, "backup", str(tmp_path / "all.zip"), "--data-dir", str(folder))[0] == 0


def test_C21_a_folder_that_goes_away_holds_its_run_up_until_it_is_back(tmp_path: Path) -> None:
    with in_thread(tmp_path / "data") as live:
        run = live.start(**LONG)
        live.reach(run, "running", update=5)
        (tmp_path / "data").rename(tmp_path / "moved")
        paused = live.reach(run, "paused")
        assert paused["reason"].startswith("the data folder was moved or deleted")
        assert live.command(run, "resume").status_code == 507
        assert not (tmp_path / "data").exists(), "nothing is made in its place"
        (tmp_path / "moved").rename(tmp_path / "data")
        live.reach(run, "running", update=paused["update"] + 10)
        live.command(run, "stop")
        live.reach(run, "stopped")
        updates = live.http.get(f"/api/runs/{run}/metrics").json()["update"]
        assert updates == list(range(1, updates[-1] + 1))


def test_C21_a_folder_that_was_deleted_is_not_trained_into(tmp_path: Path) -> None:
    with in_thread(tmp_path / "data") as live:
        run = live.start(**LONG)
        live.reach(run, "running", update=5)
        shutil.rmtree(tmp_path / "data")
        (tmp_path / "data").mkdir()
        live.reach(run, "paused")
        assert live.http.post("/api/runs", json=LONG).status_code == 507
        assert live.http.get("/api/health").status_code == 200
        assert list((tmp_path / "data").iterdir()) == []


@pytest.mark.parametrize("left", ["missing", "empty"])
def test_C8_a_database_that_is_gone_is_no_fresh_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], left: str
) -> None:
    made(tmp_path)
    (tmp_path / "runs.sqlite").unlink()
    if left == "empty":
        (tmp_path / "runs.sqlite").touch()
    before = sorted((path, path.stat().st_size) for path in tmp_path.rglob("*") if path.name != "lock")
    said = refusal(tmp_path, capsys, UNUSABLE)
    assert f"runs.sqlite is {left}" in said
    assert "sab backup" in said
    assert sorted((path, path.stat().st_size) for path in tmp_path.rglob("*") if path.name != "lock") == before


def test_C8_a_folder_in_which_nothing_was_kept_yet_is_a_fresh_start(tmp_path: Path) -> None:
    for name in ("checkpoints", "spool", "texts"):
        (tmp_path / name).mkdir()
    (tmp_path / "lock").touch()
    (tmp_path / "runs.sqlite").touch()
    assert len(made(tmp_path)) == 1


@pytest.mark.parametrize("from_byte", [0, 100])
def test_C8_a_damaged_file_is_refused_in_one_line_and_left_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], from_byte: int
) -> None:
    made(tmp_path)
    path = tmp_path / "runs.sqlite"
    content = bytearray(path.read_bytes())
    content[from_byte:PAGE] = b"\xa5" * (PAGE - from_byte)
    path.write_bytes(content)
    said = refusal(tmp_path, capsys, UNUSABLE)
    assert str(tmp_path) in said
    assert path.read_bytes() == bytes(content)


def test_C8_somebody_elses_database_is_refused_and_left_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(tmp_path / "runs.sqlite")) as connection:
        connection.execute("CREATE TABLE recipes (id)")
    before = (tmp_path / "runs.sqlite").read_bytes()
    assert "recipes" in refusal(tmp_path, capsys, UNUSABLE)
    assert (tmp_path / "runs.sqlite").read_bytes() == before


def test_C8_a_file_that_another_program_holds_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made(tmp_path)
    with closing(sqlite3.connect(tmp_path / "runs.sqlite", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("BEGIN EXCLUSIVE")
        assert "locked" in refusal(tmp_path, capsys, CLOSED)


RECORDS = {
    "no JSON": "not json at all",
    "no run": "[1, 2]",
    "half a run": '{"id": "ID", "name": "x", "created": "now"}',
    "another kind of value": '{"id": "ID", "created": "now", "spec": 7}',
}


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_C8_a_record_that_cannot_be_read_is_named_and_left_and_the_others_are_there(
    tmp_path: Path, record: str, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = made(tmp_path, 2)
    changed(tmp_path, "UPDATE runs SET state = ? WHERE id = ?", record.replace("ID", first), first)
    with in_thread(tmp_path) as live:
        assert [view["id"] for view in live.http.get("/api/runs").json()] == [second]
        answer = live.http.get(f"/api/runs/{first}")
        assert (answer.status_code, first in answer.json()["detail"]) == (409, True)
        assert live.run(second)["status"] == "finished"
    with closing(sqlite3.connect(tmp_path / "runs.sqlite")) as connection:
        kept = connection.execute("SELECT state FROM runs WHERE id = ?", (first,)).fetchone()
    assert kept == (record.replace("ID", first),)


def test_C8_a_field_of_a_newer_program_is_left_aside(tmp_path: Path) -> None:
    (run,) = made(tmp_path)
    changed(tmp_path, "UPDATE runs SET state = json_set(state, '$.colour', 'red') WHERE id = ?", run)
    with in_thread(tmp_path) as live:
        assert live.run(run)["status"] == "finished"


def damaged_row(folder: Path, run: str) -> None:
    """The page of the table that has the record of the run, and no other, says nothing any more."""
    with closing(sqlite3.connect(folder / "runs.sqlite")) as connection:
        note = "x" * 3 * PAGE
        words = "UPDATE runs SET state = json_set(state, '$.note', ?) WHERE id = ?"
        connection.execute(words, (note, run))
        connection.commit()
        connection.execute("VACUUM")
    path = folder / "runs.sqlite"
    content = bytearray(path.read_bytes())
    first = content.index(b"x" * PAGE) if b"x" * PAGE in content else content.index(b"x" * 500)
    page = first // PAGE + 1
    assert content[page * PAGE + 100 : page * PAGE + 200] == b"x" * 100, "a page of the long note alone"
    content[page * PAGE : page * PAGE + 4] = b"\xff\xff\xff\xff"
    path.write_bytes(content)


def test_C8_a_damaged_page_costs_the_run_that_is_on_it_and_no_other(tmp_path: Path) -> None:
    names = made(tmp_path, 3)
    damaged_row(tmp_path, names[1])
    with in_thread(tmp_path) as live:
        assert {view["id"] for view in live.http.get("/api/runs").json()} == {names[0], names[2]}
        answer: Live = live
        assert answer.http.get(f"/api/runs/{names[1]}").status_code == 409
