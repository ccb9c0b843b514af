"""Many workers against one server, all on this machine: what it takes in, how late, what that costs, what is lost.

The server is the real one; the workers only play what one real trial (copy, T = 300) sent while it was recorded here,
at its pace, over the real protocol. They share the processors with the server. It says what a second of so many trials
is to a server, not how fast they train.
"""

from __future__ import annotations

import json
import math
import os
import resource
import secrets
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psutil

from benchmarks.machine import ROOT, figure, percentile
from benchmarks.onlooker import Onlooker
from benchmarks.recording import record
from benchmarks.running import Running, running
from sab_visualiser.app.store.store import DATABASE
from sab_visualiser.app.sweeps.machines.own_server import LOOKING_SHARE
from sab_visualiser.app.sweeps.papers.reproduction import experiment
from sab_visualiser.app.wire.requests import MOST_IN_A_GROUP

WORKERS, SECONDS, RECORDED_S = (10, 100, 300, 1000), 20.0, 45.0
QUICK = (10, 50), 6.0, 8.0
WARM_S = 3.0
"""After the begin, before anything is measured."""
PLAYED_BY_ONE = 250
"""Workers in one process, most."""
WAIT_S = 400.0
ASKED = 8
"""Times that the list is asked for, and that a row is changed."""
GROUP = "gscale"


def measure(*, quick: bool) -> list[dict[str, Any]]:
    """Record a trial, then play it under so many names at a time."""
    workers, seconds, recorded_s = QUICK if quick else (WORKERS, SECONDS, RECORDED_S)
    with tempfile.TemporaryDirectory() as folder:
        recording = Path(folder) / "recording"
        spec = trial()
        pace = _aside(spec, recorded_s, recording)
        sizes = _sizes(recording)
        found = [figure("a trial of T = 300, recorded: updates", pace["updates_per_s"], "updates/s", **sizes)]
        for count in workers:
            found += _level(count, seconds, recording, Path(folder) / str(count), spec)
    return found


def trial() -> dict[str, Any]:
    """The spec of a trial of T = 300, as the reproduction trains it."""
    from sab_visualiser.app.commands.train import presets

    return experiment("copy-300", presets().fill).plan.trials[0].spec.model_dump(mode="json")


def _aside(spec: dict[str, Any], seconds: float, folder: Path) -> dict[str, float]:
    """Record in a process of its own, which has the threads of a worker."""
    words = [sys.executable, "-m", "benchmarks.scale", json.dumps(spec), str(seconds), str(folder)]
    done = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, timeout=WAIT_S)
    pace: dict[str, float] = json.loads(done.stdout)
    return pace


def _sizes(recording: Path) -> dict[str, Any]:
    """By kind, how many frames a second a trial sends, and how many bytes."""
    told = json.loads((recording / "pace.json").read_text())
    kinds: dict[str, list[int]] = {}
    for number, (_, kind, _) in enumerate(told["times"]):
        kinds.setdefault(kind, []).append((recording / f"{number}.frame").stat().st_size)
    per_s = {kind: round(len(sizes) / told["seconds"], 3) for kind, sizes in kinds.items()}
    return {"frames_per_s": per_s, "mean_bytes": {kind: sum(s) // len(s) for kind, s in kinds.items()}}


def _level(workers: int, seconds: float, recording: Path, folder: Path, spec: dict[str, Any]) -> list[dict[str, Any]]:
    files = _allow_files(4 * workers + 1000)
    token = secrets.token_urlsafe(16)
    told = {"MAX_RUNS": workers, "QUEUE": workers, "SPARES": 0, "LOOKING_SHARE": LOOKING_SHARE, "WORKER_TOKEN": token}
    with running(
        folder, emitting=False, settings={f"SAB_{name}": str(value) for name, value in told.items()}
    ) as server:
        runs = _start(server, workers, spec)
        with _players(server, workers, seconds, recording, token) as players:
            for player in players:
                _line(player)
            with Onlooker(server, runs) as onlooker:
                for player in players:
                    _begin(player)
                time.sleep(WARM_S)
                seen = _watched(server, folder, seconds - WARM_S - 1, onlooker)
            played = [one for player in players for one in json.loads(_line(player))]
        lost = lost_of(played, _kept(folder / DATABASE))
    late = [late for one in played for late in one["late_s"]]
    drained = [one["drain_s"] for one in played]
    more = {
        "sent_frames_per_s": round(sent_while_training(played) / seconds, 1),
        "sent_bytes_per_s": round(sum(one["size_bytes"] for one in played) / seconds),
        "age_ms": {"p50": percentile(onlooker.ages_ms, 0.5), "p99": percentile(onlooker.ages_ms, 0.99)},
        "late_ms_p99": 1000 * percentile(late, 0.99),
        "drain_s": None if None in drained else max(drained),
        "open_files_allowed": files,
    }
    return _figures(workers, {**seen, **more}, lost, onlooker)


def _figures(workers: int, seen: dict[str, Any], lost: dict[str, int], onlooker: Onlooker) -> list[dict[str, Any]]:
    label = f"{workers:,} workers: "
    shown = {name: _short(value) for name, value in seen.items() if name != "frames_per_s"}
    missed = sum(lost.values()) + onlooker.holes
    told = {"lost": lost, "holes_at_the_viewer": onlooker.holes, "viewer_closed_with": onlooker.closed_with}
    return [
        figure(label + "frames committed", seen["frames_per_s"], "frames/s", workers=workers, **shown),
        figure(label + "frames lost", missed, "frames", "0", holds=missed == 0, **told),
    ]


def _short(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _short(part) for name, part in value.items()}
    return float(f"{value:.4g}") if isinstance(value, float) else value


def sent_while_training(played: list[dict[str, Any]]) -> int:
    """Frames that were sent while runs trained: their begin and their end are not measured."""
    return sum(count for one in played for kind, count in one["sent"].items() if kind != "status")


def lost_of(played: list[dict[str, Any]], kept: dict[tuple[str, str], int]) -> dict[str, int]:
    """By kind, how many frames of all workers are not in the store.

    Args:
        played: Of each worker `run`, and `sent`: frames by kind.
        kept: Frames by run and kind.
    """
    lost: dict[str, int] = {}
    for one in played:
        for kind, sent in one["sent"].items():
            # The server itself told once that the run waits.
            there = max(0, kept.get((one["run"], kind), 0) - (kind == "status"))
            if there < sent:
                lost[kind] = lost.get(kind, 0) + sent - there
    return lost


def _kept(path: Path) -> dict[tuple[str, str], int]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        rows = [*connection.execute("SELECT run, kind, COUNT(*) FROM events GROUP BY run, kind")]
        rows += connection.execute("SELECT run, 'snapshot', COUNT(*) FROM snapshots GROUP BY run")
    return {(run, kind): count for run, kind, count in rows}


def _allow_files(wanted: int) -> int:
    """Let this process and those that it starts open so many files and sockets, or as many as the system lets it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def _start(server: Running, workers: int, spec: dict[str, Any]) -> list[str]:
    """So many runs of one group, each with a seed of its own; they wait for workers."""
    found = []
    for first in range(0, workers, MOST_IN_A_GROUP):
        seeds = list(range(first, min(workers, first + MOST_IN_A_GROUP)))
        answer = server.post("/api/groups", {"group": GROUP, "name": "scale", "base": spec, "seeds": seeds})
        found += [run["id"] for run in answer["runs"]]
    return found


@contextmanager
def _players(
    server: Running, workers: int, seconds: float, recording: Path, token: str
) -> Iterator[list[subprocess.Popen[str]]]:
    count = math.ceil(workers / PLAYED_BY_ONE)
    words = [sys.executable, "-m", "benchmarks.streams", "--server", server.url.replace("http", "ws", 1) + "/ws/worker"]
    words += ["--seconds", str(seconds), "--recording", str(recording), "--workers"]
    environment = {**os.environ, "SAB_WORKER_TOKEN": token}
    found = [
        subprocess.Popen(
            [*words, str(workers // count + (number < workers % count))],
            cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for number in range(count)
    ]  # fmt: skip
    try:
        yield found
    finally:
        for player in found:
            player.kill()
            player.communicate()


def _begin(player: subprocess.Popen[str]) -> None:
    """It plays once it reads a line."""
    assert player.stdin is not None
    player.stdin.write("\n")
    player.stdin.flush()


def _line(player: subprocess.Popen[str]) -> str:
    assert player.stdout is not None
    said = player.stdout.readline()
    if not said:
        raise RuntimeError(f"a player ended with exit code {player.wait()}")
    return said


def _watched(server: Running, folder: Path, seconds: float, onlooker: Onlooker) -> dict[str, Any]:
    """What the server does in a window of so many seconds."""
    process = psutil.Process(server.pid)
    before, frames, size, began = _used(process), _stored(folder), _size(folder), time.monotonic()
    pages, rows = [], []
    for number in range(ASKED):
        started = time.perf_counter()
        server.get("/api/runs", WAIT_S)
        pages.append(1000 * (time.perf_counter() - started))
        rows.append(onlooker.change(starred=number % 2 == 0))
        time.sleep(max(0.0, began + (number + 1) * seconds / ASKED - time.monotonic()))
    taken = time.monotonic() - began
    cpu, written = (after - earlier for after, earlier in zip(_used(process), before, strict=True))
    return {
        "frames_per_s": (_stored(folder) - frames) / taken,
        "cpu": cpu / taken,
        "written_per_s": written / taken,
        "grown_per_s": (_size(folder) - size) / taken,
        "resident_mib": process.memory_info().rss / 2**20,
        "page_ms": percentile(pages, 0.5),
        "row_ms": percentile(rows, 0.5),
    }


def _used(process: psutil.Process) -> tuple[float, float]:
    times = process.cpu_times()
    return times.user + times.system, float(process.io_counters().write_bytes)


def _stored(folder: Path) -> int:
    """Events and snapshots that are committed by now."""
    return sum(_kept(folder / DATABASE).values())


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    print(json.dumps(record(json.loads(sys.argv[1]), LOOKING_SHARE, float(sys.argv[2]), Path(sys.argv[3]))))
