"""Where commands write: through links, into devices and pipes, to standard output; with the mode that people expect."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from sab_visualiser.app.commands.shared.common import CommandError
from sab_visualiser.app.commands.shared.files import write
from tests.app.commands.running import run_sab

NUMBERS = ("export", "copy", "--panel", "gradients", "--format", "csv")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "papers" / "figure.csv", tmp_path / "link.csv"
    target.parent.mkdir()
    target.write_text("old")
    link.symlink_to(target)
    write(link, b"new")
    assert (link.is_symlink(), target.read_bytes()) == (True, b"new")
    assert [path.name for path in target.parent.iterdir()] == ["figure.csv"]


def test_a_link_to_a_file_that_is_not_there_yet_makes_it(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "later")
    write(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "later").read_bytes() == b"new"


@pytest.mark.parametrize("mask", [0o022, 0o027, 0o077])
def test_B8_a_new_file_can_be_read_by_whom_the_umask_lets_and_one_that_is_there_keeps_its_mode(
    tmp_path: Path, mask: int
) -> None:
    there = tmp_path / "there"
    there.touch()
    there.chmod(0o640)
    before = os.umask(mask)
    try:
        write(tmp_path / "new", b"x")
        write(there, b"x")
    finally:
        os.umask(before)
    assert (mode(tmp_path / "new"), mode(there)) == (0o666 & ~mask, 0o640)


@pytest.mark.parametrize("name", ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
@pytest.mark.parametrize("redirect", [">>", "|"])
def test_standard_output_has_the_file_alone_behind_what_was_there(tmp_path: Path, name: str, redirect: str) -> None:
    (tmp_path / "out").write_text("kept\n")
    command = " ".join([sys.executable, "-m", "sab_visualiser.app.cli", *NUMBERS, "-o", name])
    there = "cat >> out" if redirect == "|" else "out"
    done = subprocess.run(
        ["bash", "-c", f"{command} {redirect} {there}"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    head, _, body = (tmp_path / "out").read_text().partition("\n")
    assert head == "kept"
    assert body.startswith("# panel: gradients\n")
    assert body.endswith("\n")
    assert "bytes)" not in body
    assert "bytes)" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_device_stays_a_device(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run_sab(capsys, *NUMBERS, "-o", "/dev/null")
    assert (code, err) == (0, "")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_a_full_device_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run_sab(capsys, *NUMBERS, "-o", "/dev/full")
    assert (code, len(err.splitlines())) == (1, 1)
    assert "make room" in err


def test_a_file_in_a_folder_that_takes_no_other_is_written_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "figure").write_text("something longer")
    monkeypatch.setattr(tempfile, "mkstemp", refused)
    write(tmp_path / "figure", b"short")
    assert (tmp_path / "figure").read_bytes() == b"short"
    with pytest.raises(CommandError, match="Permission denied"):
        write(tmp_path / "other", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["figure"]
