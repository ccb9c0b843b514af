"""Who may read what is kept (B8), and what stands in our folders without being ours (B11)."""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from sab_visualiser.app.store.blobs import content_of
from tests.app.commands.running import run_sab
from tests.fakes.server import Live, eventually, in_thread

LONG = {"training": {"updates": 100_000}}
KINDS = {"content-type": "application/octet-stream"}


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    """A server whose folder has something of everything, made with a umask that hides nothing."""
    before = os.umask(0)
    try:
        with in_thread(tmp_path / "data") as server:
            run = server.start(training={"updates": 6})
            server.reach(run, "finished")
            words = b"a text that is long enough to be learned from, as a text has to be. " * 60
            assert server.http.post("/api/texts", content=words, headers=KINDS).status_code == 201
            assert server.http.post("/api/checkpoints", content=b"good", headers=KINDS).status_code == 201
            yield server
    finally:
        os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    return {
        str(path.relative_to(folder)): stat.S_IMODE(path.stat().st_mode)
        for path in folder.rglob("*")
        if path.suffix not in (".sqlite-wal", ".sqlite-shm") or path.exists()
    }


def test_B8_what_is_kept_is_for_its_user_alone_whatever_the_umask(live: Live) -> None:
    assert stat.S_IMODE(live.data_dir.stat().st_mode) == 0o700
    found = modes(live.data_dir)
    assert {"runs.sqlite", "runs.sqlite-wal", "lock"} <= set(found)
    assert {name: oct(mode) for name, mode in found.items() if mode & 0o077} == {}


@pytest.mark.parametrize("before", [0o1777, 0o755, 0o750])
def test_B8_a_folder_that_was_there_keeps_its_mode(tmp_path: Path, before: int) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(before)
    with in_thread(tmp_path / "data") as live:
        live.reach(live.start(training={"updates": 3}), "finished")
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == before


def test_B8_another_user_cannot_read_what_is_kept(live: Live) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may become another user")
    live.data_dir.chmod(0o755)  # even where somebody opened the folder
    for name in ("runs.sqlite", "lock", "checkpoints", "texts"):
        child = os.fork()
        if child == 0:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
            try:
                path = live.data_dir / name
                _ = list(path.iterdir()) if path.is_dir() else path.read_bytes()
            except PermissionError:
                os._exit(7)
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7, name


def swapped(live: Live, outside: Path) -> tuple[str, Path]:
    """A run whose checkpoint somebody replaced by a link to a file outside."""
    run = live.start(training={"updates": 6})
    live.reach(run, "finished")
    name = eventually(lambda: live.run(run)["checkpoint"])
    path = live.data_dir / "checkpoints" / f"{name}.safetensors"
    outside.write_text("canary")
    path.unlink()
    path.symlink_to(outside)
    return run, path


def test_B11_a_link_in_the_place_of_a_checkpoint_is_not_followed_out(
    live: Live, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run, path = swapped(live, tmp_path / "secret")
    with pytest.raises(OSError, match="symbolic links"):
        content_of(path)
    answer = live.http.get(f"/api/runs/{run}/bundle")
    assert answer.status_code == 200
    with zipfile.ZipFile(BytesIO(answer.content)) as archive:
        assert all(b"canary" not in archive.read(name) for name in archive.namelist())
        assert not any(name.endswith(".safetensors") for name in archive.namelist())
    words = ("export", run, "--format", "onnx", "-o", str(tmp_path / "x.onnx"), "--data-dir", str(live.data_dir))
    code, _, err = run_sab(capsys, *words)
    assert (code, "is a link" in err) == (1, True)
    assert live.command(run, "reset").status_code == 202
    live.reach(run, "finished")
    assert (tmp_path / "secret").read_text() == "canary"


def test_B11_files_that_are_not_ours_stay_and_keep_nobody_from_starting(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with in_thread(folder) as live:
        live.reach(live.start(training={"updates": 3}), "finished")
    foreign = [folder / "notes.txt", folder / "checkpoints" / "mine.part", folder / "checkpoints" / "README"]
    foreign += [folder / "texts" / "mine.json", folder / "texts" / "a folder.json" / "x", folder / "texts" / "b.part"]
    for path in foreign:
        path.parent.mkdir(exist_ok=True)
        path.write_text("mine")
    left = folder / "checkpoints" / "sab-crashed.part"
    left.write_text("half")
    with in_thread(folder) as live:
        assert len(live.http.get("/api/runs").json()) == 1
    assert [path.read_text() for path in foreign] == ["mine"] * len(foreign)
    assert not left.exists(), "what a crash of ours left half written is swept"
