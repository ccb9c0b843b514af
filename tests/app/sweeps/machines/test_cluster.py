"""A Dask cluster of two workers trains a sweep: the same numbers as here, and a killed worker costs only time."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from sab_visualiser.app.sweeps.machines import cluster as module
from sab_visualiser.app.sweeps.machines.cluster import Cluster, NoClusterError, _check, cluster, versions
from sab_visualiser.app.workers.forked import DRIVER
from tests.app.commands.test_sweep import GRID, rows
from tests.fakes.server import Live, eventually, in_process

distributed: Any = pytest.importorskip("distributed", reason="the extra [dask] is not installed")
SECRET = "only-for-this-test"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A scheduler with two worker processes that somebody else started."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=2, processes=True, memory_limit=0, dashboard_address="127.0.0.1:0"
    ) as there:
        yield there.scheduler_address


def sweep(file: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sab_visualiser.app.cli", "sweep", str(file), "--json", *words]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=240, env={**os.environ, **environment}, check=False
    )


def numbers(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name not in ("run", "seconds")} for row in found]


def lent(live: Live) -> list[psutil.Process]:
    """Workers on the machines of the cluster that dial this server."""
    return [
        process
        for process in psutil.process_iter(["name"])
        if process.info["name"].startswith("dask-")
        and any(line.raddr and line.raddr.port == live.port for line in process.net_connections())
    ]


def kill_one_that_trains(live: Live, killed: list[int]) -> None:
    """The lent worker that has worked most, once a run has made a few updates."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        runs = live.http.get("/api/runs").json()
        if any(run["status"] == "running" and run["update"] > 200 for run in runs):
            busy = max(lent(live), key=lambda process: process.cpu_times().user)
            killed.append(busy.pid)
            busy.kill()
            return
        time.sleep(0.02)


@pytest.mark.server
def test_C28_a_trial_has_the_same_numbers_on_a_cluster_as_here_though_a_worker_is_killed(
    tmp_path: Path, address: str
) -> None:
    file = tmp_path / "pair.toml"
    file.write_text(GRID % 1200)
    here = rows(sweep(file, "--data-dir", str(tmp_path / "here"), "--workers", "2"))
    killed: list[int] = []
    with in_process(tmp_path / "there", "--real", SAB_WORKER_TOKEN=SECRET, SAB_SPARES="0") as live:
        killer = threading.Thread(target=kill_one_that_trains, args=(live, killed))
        killer.start()
        words = ("--engine", "dask", "--scheduler", address, "--server", live.url)
        there = rows(sweep(file, *words, SAB_WORKER_TOKEN=SECRET))
        killer.join()
    assert killed
    assert [row["status"] for row in there] == ["finished"] * 4
    assert numbers(there) == numbers(here)


@pytest.mark.server
def test_a_cluster_trains_for_a_server_of_the_sweeps_own(tmp_path: Path, address: str) -> None:
    file = tmp_path / "pair.toml"
    file.write_text(GRID % 20)
    found = rows(sweep(file, "--engine", "dask", "--scheduler", address, "--data-dir", str(tmp_path / "data")))
    assert [(row["status"], row["updates"]) for row in found] == [("finished", 20)] * 4


def originals() -> set[int]:
    """Processes of ours that workers are copied from."""
    found = set()
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):  # one that has just ended
            if "--forks" in process.cmdline():
                found.add(process.pid)
    return found


@pytest.mark.server
@pytest.mark.skipif(DRIVER.exists() or sys.platform != "linux", reason="workers are no copies here")
def test_machines_of_a_cluster_of_ones_own_load_before_anything_is_lent_and_nothing_of_them_is_left() -> None:
    before = originals()
    with cluster(None, 2):
        begun = eventually(lambda: len(found := originals() - before) == 2 and found)
    eventually(lambda: not any(psutil.pid_exists(pid) for pid in begun))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--engine", "dask", "--scheduler", "tcp://127.0.0.1:1"], "is it running"),
        (["--engine", "dask", "--scheduler", "nonsense://x"], "--scheduler nonsense://x"),
        (["--scheduler", "tcp://127.0.0.1:1"], "--engine dask"),
        (["--engine", "dask", "--server", "http://127.0.0.1:1"], "SAB_WORKER_TOKEN"),
    ],
)
def test_a_scheduler_that_is_not_there_or_words_that_do_not_fit_are_one_line(
    tmp_path: Path, words: list[str], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SAB_WORKER_TOKEN", raising=False)
    file = tmp_path / "pair.toml"
    file.write_text(GRID % 5)
    done = sweep(file, *words)
    assert done.returncode != 0
    assert told in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr


@contextmanager
def answering(said: bytes) -> Iterator[str]:
    """Something that listens, says these words to who comes, and waits."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        kept: list[socket.socket] = []

        def answer() -> None:
            with suppress(OSError):
                kept.append(listener.accept()[0])
                kept[0].sendall(said)

        threading.Thread(target=answer, daemon=True).start()
        yield f"tcp://127.0.0.1:{listener.getsockname()[1]}"
        for line in kept:
            line.close()


@pytest.mark.parametrize("said", [b"", b"SSH-2.0-OpenSSH_9.2\r\n", b"220 "])
def test_what_answers_and_is_no_scheduler_is_refused_at_once(said: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CONNECT_S", 0.5)
    with answering(said) as address, pytest.raises(NoClusterError, match="no Dask scheduler"), cluster(address, 1):
        pass


class Machines:
    """A client of a cluster, as far as it is asked."""

    def __init__(self, *threads: int, there: dict[str, Any] | None = None) -> None:
        self.threads = dict(enumerate(threads))
        self.there = there
        self.lent: list[Any] = []

    def nthreads(self) -> dict[int, int]:
        return self.threads

    def run(self, _: object) -> dict[str, Any]:
        if self.there is None:
            raise ModuleNotFoundError("No module named 'sab_visualiser'")
        return self.there

    def submit(self, *_: object, pure: bool) -> Any:
        assert not pure, "each is a worker of its own"
        self.lent.append(_Going())
        return self.lent[-1]


class _Going:
    over = False

    def done(self) -> bool:
        return self.over


@pytest.mark.parametrize(
    ("there", "told"),
    [
        ({"tcp://a": ("0.0.1", versions()[1])}, "tcp://a has version 0.0.1"),
        ({"tcp://a": versions(), "tcp://b": (versions()[0], "3.9")}, "on Python 3.9"),
        ({}, "it has no workers"),
        (None, "cannot import this program"),
    ],
)
def test_a_cluster_of_another_version_or_without_this_program_is_refused(there: Any, told: str) -> None:
    with pytest.raises(NoClusterError, match=told):
        _check(Machines(1, there=there))


def test_as_many_workers_are_lent_as_there_are_trials_and_room_and_one_that_is_warm() -> None:
    client = Machines(2, 2)
    machines = Cluster(client, workers=2, host="127.0.0.1")
    machines.keep("http://127.0.0.1:1", trials=9)
    assert len(client.lent) == 3
    machines.keep("http://127.0.0.1:1", trials=8)
    assert len(client.lent) == 3, "they are still there"
    client.lent[0].over = True
    machines.keep("http://127.0.0.1:1", trials=7)
    assert len(client.lent) == 4
    client.lent[1].over = client.lent[2].over = True
    machines.keep("http://127.0.0.1:1", trials=1)
    assert len(client.lent) == 4, "no more than trials"


def test_without_dask_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(NoClusterError, match="pip install"), cluster(None, 1):
        pass
