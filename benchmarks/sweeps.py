"""The same sweep on one worker of this machine, on two, and on a Dask cluster of two: how long each takes.

What a ratio includes: all that the command does from its start to its end. The program and a server of its own begin,
a worker process for each trial begins (warm ones are kept ready on this machine, one of them beside the one that trains
in the serial sweep too), looks and pictures are made, the cluster begins and ends. A sweep that has nothing left to
train (`--resume`) shows how much of that is there whatever is trained.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import psutil

from benchmarks.machine import ROOT, figure, spread

TRIALS, UPDATES, ROUNDS = 16, 1500, 3
QUICK = (4, 150, 1)
LIMIT_S = 1800
AT_ONCE = 2
ENGINES = {
    "serial": ("--workers", "1"),
    "local": ("--workers", str(AT_ONCE)),
    "dask": ("--engine", "dask", "--workers", str(AT_ONCE)),
}
BUDGETS = {"local": 0.6, "dask": 0.65}
WORDS = {"serial": "one worker", "local": "2 local workers", "dask": "Dask, 2 workers"}
FILE = """
name = "bench"
seeds = {{first = 1, count = {trials}}}
[base.task]
name = "copy"
T = 30
[base.model]
hidden_size = 64
[base.training]
batch_size = 16
updates = {updates}
"""
COUNT = "for _ in range(100_000_000): pass"
Numbers = list[dict[str, Any]]


class Taken(NamedTuple):
    """What a sweep took, seconds: by the clock, of processors, in updates of all trials, and with nothing to train."""

    wall_s: float
    cpu_s: float
    updates_s: float
    idle_s: float


def measure(*, quick: bool) -> list[dict[str, Any]]:
    """Each engine in turn, in the other order every second round."""
    trials, updates, rounds = QUICK if quick else (TRIALS, UPDATES, ROUNDS)
    there = [name for name in ENGINES if name != "dask" or importlib.util.find_spec("distributed")]
    taken: dict[str, list[Taken]] = {name: [] for name in there}
    numbers: list[Numbers] = []
    crowded: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bench.toml"
        file.write_text(FILE.format(trials=trials, updates=updates))
        for number in range(rounds):
            crowded.append(crowding())
            for name in there if number % 2 == 0 else reversed(there):
                one, rows = _sweep(file, Path(folder) / f"{name}{number}", ENGINES[name])
                taken[name].append(one)
                numbers.append(rows)
    differ = sum(rows != numbers[0] for rows in numbers)
    alike = "sweeps in which a trial has other numbers than in the first one"
    machine = figure(
        f"{AT_ONCE} processes that only count, over one alone", median(crowded), "ratio", spread=spread(crowded)
    )
    return [
        *judged(taken, trials),
        machine,
        figure(alike, differ, "sweeps", "0", holds=differ == 0, sweeps=len(numbers)),
    ]


def crowding() -> float:
    """How much longer a process takes that only counts, beside another one: 1 where each has a core of its own.

    A sweep on two workers can take no less than half of this of a serial one, whatever the program does.
    """

    def counted(at_once: int) -> float:
        began = time.perf_counter()
        for one in [subprocess.Popen([sys.executable, "-c", COUNT]) for _ in range(at_once)]:
            one.wait()
        return time.perf_counter() - began

    return counted(AT_ONCE) / counted(1)


def _sweep(file: Path, data_dir: Path, engine: Sequence[str]) -> tuple[Taken, Numbers]:
    words = [sys.executable, "-P", "-m", "sab_visualiser.app.cli", "sweep", str(file), "--json"]
    words += ["--data-dir", str(data_dir), *engine]
    cpu, began = _cpu_s(), time.perf_counter()
    rows = _rows(words)
    wall, cpu = time.perf_counter() - began, _cpu_s() - cpu
    began = time.perf_counter()
    _rows([*words, "--resume"])
    idle = time.perf_counter() - began
    own = [{name: value for name, value in row.items() if name not in ("run", "seconds")} for row in rows]
    return Taken(wall, cpu, sum(row["seconds"] for row in rows), idle), own


def _rows(words: Sequence[str]) -> Numbers:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SAB_")}
    done = subprocess.run(
        words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, timeout=LIMIT_S, check=True
    )
    found: Numbers = json.loads(done.stdout.splitlines()[-1])["rows"]
    lost = [row for row in found if row["status"] != "finished"]
    if lost:
        raise RuntimeError(f"a trial did not finish, so there is nothing to compare: {lost[0]}")
    return found


def _cpu_s() -> float:
    """Processor time of all processes of this machine: those of a cluster end where nobody counts them."""
    used = psutil.cpu_times()
    return float(used.user + used.nice + used.system)


def judged(taken: dict[str, list[Taken]], trials: int) -> list[dict[str, Any]]:
    """Seconds of each engine, and the ratios to the serial sweep with the reason for what they are."""
    what = f"sweep of {trials} trials: "
    found = [
        figure(what + WORDS[name], median(one.wall_s for one in ones), "s", spread=spread([one.wall_s for one in ones]))
        for name, ones in taken.items()
    ]
    serial = taken["serial"]
    for name, most in BUDGETS.items():
        words = f"{what}{WORDS[name]} over one worker"
        if name not in taken:
            found.append(figure(words, None, "ratio", f"≤ {most}", reason="the extra [dask] is not installed"))
            continue
        ratios = [one.wall_s / before.wall_s for one, before in zip(taken[name], serial, strict=True)]
        ratio = median(ratios)
        more = {"spread": spread(ratios), "why": why(taken[name], serial, AT_ONCE)}
        found.append(figure(words, ratio, "ratio", f"≤ {most}", holds=ratio <= most, **more))
    return found


def why(ones: Sequence[Taken], serial: Sequence[Taken], at_once: int) -> str:
    """What the seconds of a sweep went into, medians over the rounds."""
    wall, cpu, updates, idle = (median(column) for column in zip(*ones, strict=True))
    alone = median(one.updates_s for one in serial)
    rest = wall - updates / at_once - idle
    return (
        f"{wall:.1f} s: {updates / at_once:.1f} s of updates on each worker (an update takes {updates / alone:.2f} × "
        f"that of the serial sweep), {idle:.1f} s to begin and end with nothing to train, {rest:.1f} s of looks, of "
        f"processes that begin and of waiting for them; processors {cpu / wall:.2f} busy of {os.cpu_count()}"
    )
