"""`sab sweep` trains a grid with real workers; one that is killed costs nothing but time, and nothing is run twice."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from sab_visualiser.app.store.folder.refusals import IN_USE
from tests.fakes.server import Live, in_process
from tests.model.contract.files.test_folder import written as files
from tests.model.contract.test_judge import IDX

GRID = """
name = "pair"
seeds = {first = 0, count = 2}
[base.task]
T = 6
items = 2
[base.model]
hidden_size = 8
attention_size = 4
[base.training]
batch_size = 4
updates = %d
[grid]
model.k_top = [1, 2]
"""
SAB = [sys.executable, "-m", "sab_visualiser.app.cli"]


def written(folder: Path, updates: int) -> Path:
    path = folder / "pair.toml"
    path.write_text(GRID % updates)
    return path


def sweep(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*SAB, "sweep", *words], capture_output=True, text=True, timeout=240)


def rows(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])["rows"]
    return found


def kill_a_worker_that_trains(live: Live, killed: list[int]) -> None:
    """The process that has worked most, once a run has made a few updates."""
    assert live.process is not None
    until = time.monotonic() + 120
    while time.monotonic() < until:
        runs = live.http.get("/api/runs").json()
        if any(run["status"] == "running" and run["update"] > 200 for run in runs):
            busy = max(psutil.Process(live.process.pid).children(), key=lambda child: child.cpu_times().user)
            killed.append(busy.pid)
            busy.kill()
            return
        time.sleep(0.02)


@pytest.mark.server
def test_C28_a_killed_worker_changes_no_number_and_a_finished_trial_is_not_run_again(tmp_path: Path) -> None:
    calm = tmp_path / "calm"
    file = str(written(tmp_path, 1200))
    words = [file, "--json", "--workers", "2"]
    undisturbed = rows(sweep(*words, "--data-dir", str(calm)))
    killed: list[int] = []
    with in_process(tmp_path / "rough", "--real") as live:
        killer = threading.Thread(target=kill_a_worker_that_trains, args=(live, killed))
        killer.start()
        disturbed = rows(sweep(*words, "--server", live.url))
        killer.join()
    assert killed, "a worker was killed while it trained"
    assert [row["status"] for row in disturbed] == ["finished"] * 4

    def numbers(row: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in row.items() if name not in ("run", "seconds")}

    assert [numbers(row) for row in disturbed] == [numbers(row) for row in undisturbed]
    again = sweep(*words, "--data-dir", str(calm))
    assert again.returncode == 2
    assert "--resume goes on with it" in again.stderr
    resumed = rows(sweep(*words, "--data-dir", str(calm), "--resume"))
    assert resumed == undisturbed, "the same runs, seconds and all"


def on_images(folder: Path) -> tuple[Path, Path]:
    """A grid over images that lie in a folder of files of data, and that folder."""
    path, shelf = folder / "images.toml", folder / "shelf"
    names = '[base.task]\nname = "pixels"\ndata = "six-pixels"\nT = 6\n'
    path.write_text((GRID % 3).replace("[base.task]\nT = 6\nitems = 2\n", names))
    files(shelf / "six-pixels", IDX)
    return path, shelf


def test_images_are_named_by_their_word_and_a_trial_keeps_their_sha256(tmp_path: Path) -> None:
    path, shelf = on_images(tmp_path)
    words = (str(path), "--dry-run", "--json", "--data-dir", str(tmp_path / "data"))
    done = sweep(*words, "--data-files", str(shelf))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["trials"] == 4
    unknown = sweep(*words)
    assert unknown.returncode == 2
    assert 'task.data = "six-pixels": is not known here; choose from digits' in unknown.stderr
    assert "a folder that is there" in sweep(*words, "--data-files", str(tmp_path / "gone")).stderr


@pytest.mark.server
def test_a_sweep_on_images_is_the_same_on_a_server_of_its_own_and_on_another(tmp_path: Path) -> None:
    path, shelf = on_images(tmp_path)
    own = rows(sweep(str(path), "--json", "--data-dir", str(tmp_path / "data"), "--data-files", str(shelf)))
    with in_process(tmp_path / "other", "--real", SAB_DATA_FILES=str(shelf)) as live:
        other = rows(sweep(str(path), "--json", "--server", live.url))
        again = rows(sweep(str(path), "--json", "--server", live.url, "--resume"))
        names = {run["spec"]["task"]["data"] for run in live.http.get("/api/runs").json()}
    assert [row["status"] for row in own] == ["finished"] * 4
    for mine, theirs in zip(own, other, strict=True):
        assert {**mine, "run": "", "seconds": 0} == {**theirs, "run": "", "seconds": 0}
    assert [row["run"] for row in again] == [row["run"] for row in other], "a trial is known again by its sha256"
    assert {name.partition("@")[0] for name in names} == {"six-pixels"}


def test_a_dry_run_lists_the_trials_and_trains_none(tmp_path: Path) -> None:
    done = sweep(str(written(tmp_path, 50)), "--dry-run", "--json", "--data-dir", str(tmp_path / "data"))
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert [(row["model.k_top"], row["training.seed"]) for row in told["rows"]] == [(1, 0), (1, 1), (2, 0), (2, 1)]
    assert told["trials"] == 4
    assert told["seconds"] > 0
    assert told["peak_bytes"] > 2**25
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["none.toml"], "none.toml"),
        (["{file}", "-o", "rows.xlsx"], ".csv, .json or .parquet"),
        (["{file}", "--server", "ftp://x"], "an http(s) address"),
        (["{file}", "--workers", "65"], "--workers = 65: 1 to 64 on this machine"),
        (["{file}", "--server", "http://127.0.0.1:1"], "does not answer"),
        (["{file}", "--server", "http://127.0.0.1:1", "--data-dir", "x"], "left out beside --server"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(tmp_path: Path, words: list[str], told: str) -> None:
    file = str(written(tmp_path, 5))
    done = sweep(*(word.replace("{file}", file) for word in words))
    assert done.returncode != 0
    assert told in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.server
def test_C20_a_folder_that_a_server_has_is_refused_with_the_way_out(tmp_path: Path) -> None:
    file = str(written(tmp_path, 5))
    with in_process(tmp_path / "held") as live:
        done = sweep(file, "--data-dir", str(tmp_path / "held"))
        assert done.returncode == IN_USE
        assert len(done.stderr.strip().splitlines()) == 1
        assert "--server URL" in done.stderr
        assert live.process is not None
        assert f"process id {live.process.pid}" in done.stderr
        assert live.http.get("/api/runs").json() == []
