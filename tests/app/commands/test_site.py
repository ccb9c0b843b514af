"""`sab site`: a first page and one file a network, which any static server serves, or none."""

from __future__ import annotations

import json
import os
import re
import stat
from pathlib import Path

import pytest

from tests.app.commands.running import run_sab


def test_a_site_has_a_first_page_that_leads_to_each_network(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "site" / "deep"
    code, out, err = run_sab(capsys, "site", str(folder), "--preset", "copy,release", "--json")
    assert (code, err) == (0, "")
    told = json.loads(out.splitlines()[-1])
    assert set(told["files"]) == {"index.html", "reproduction.html", "copy.html", "release.html"}
    assert {file.name: file.stat().st_size for file in folder.iterdir()} == told["files"]
    index = (folder / "index.html").read_text("utf-8")
    assert re.findall(r'href="([^"]+)"', index) == ["reproduction.html", "copy.html", "release.html"]
    assert "trained for 3,750 updates" in index
    assert "<script" not in index
    assert not re.search(r"https?://", index)
    experiments = (folder / "reproduction.html").read_text("utf-8")
    assert set(re.findall(r'href="([^"]+)"', experiments)) == {"index.html"}
    assert {source[:19] for source in re.findall(r'src="([^"]+)"', experiments)} == {"data:image/svg+xml;"}
    assert "What SAB is better at, and what it is not" in experiments
    assert "<script" not in experiments
    assert not re.search(r"https?://", experiments)


def test_what_is_there_already_stays_but_for_files_of_the_same_name(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "index.html").write_text("old")
    assert run_sab(capsys, "site", str(tmp_path), "--preset", "release")[0] == 0
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert "release.html" in (tmp_path / "index.html").read_text("utf-8")


def test_files_can_be_read_by_whom_the_umask_lets(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        run_sab(capsys, "site", str(tmp_path), "--preset", "release")
    finally:
        os.umask(before)
    assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o640}


def test_an_unknown_network_and_a_folder_that_is_a_file_are_refused_by_name(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, _, err = run_sab(capsys, "site", str(tmp_path / "new"), "--preset", "nothing")
    assert code == 2
    assert '--preset = "nothing": copy, release' in err
    assert not (tmp_path / "new").exists()
    (tmp_path / "file").write_text("x")
    code, _, err = run_sab(capsys, "site", str(tmp_path / "file"), "--preset", "release")
    assert code == 1
    assert "choose a folder" in err


def test_an_export_into_a_device_leaves_it_a_device(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    code, _, err = run_sab(capsys, "export", "copy", "--panel", "gradients", "--format", "csv", "-o", str(pipe))
    assert (code, err) == (0, "")
    assert os.read(reader, 2) == b"# "
    os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
