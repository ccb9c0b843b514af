"""What a kill costs: servers and workers are killed while commands are taken and events are told, and afterwards every
command that was answered and every event that a viewer saw must be there. Used by benchmarks/trust.py and by tests.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import psutil
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from sab_visualiser.app.bundle.checks import KINDS
from sab_visualiser.app.crash import LEAVING, POINTS, TAKING_UP, VARIABLE
from sab_visualiser.app.runs.shapes import RECENT
from sab_visualiser.app.store.store import CHECKPOINT_SUFFIX, SPOOL
from tests.fakes.server import Live, Viewer, eventually, in_process

DEAD = (ConnectionClosed, InvalidHandshake, ConnectionError, httpx2.HTTPError, TimeoutError, OSError)
IN_SPOOL = (RECENT, CHECKPOINT_SUFFIX)
"""In the order in which a worker writes them."""
LONG = {"training": {"updates": 1_000_000}}


@dataclass
class Ledger:
    """What the outside was told before a kill."""

    run: str = ""
    answered: list[str] = field(default_factory=list)
    seen: dict[int, str] = field(default_factory=dict)

    def note(self, frame: dict[str, Any]) -> None:
        """A frame that a viewer got."""
        if frame["kind"] == "accepted":
            self.answered.append(frame["command_id"])
        elif frame["kind"] in KINDS and frame.get("run") == self.run:
            self.seen[frame["seq"]] = frame["kind"]


def ends(frames: list[dict[str, Any]]) -> set[str]:
    """The commands whose end events tell of."""
    found: set[str] = set()
    for frame in frames:
        data = frame.get("data") or {}
        if frame["kind"] in ("acknowledged", "parameters"):
            found |= {data["command_id"], *data.get("applied", ()), *data.get("superseded", ())}
        elif frame["kind"] == "superseded":
            found |= set(data["commands"])
    return found


def worked(live: Live, ledger: Ledger, until: float, prefix: str) -> None:
    """Turn knobs and ask for checkpoints, and read what is told, until a moment or until nobody answers."""
    with suppress(*DEAD), live.viewer() as viewer:
        viewer.say(type="subscribe", run=ledger.run, after=None)
        number = 0
        while time.monotonic() < until:
            number += 1
            name = f"{prefix}-{number}"
            turn = {"type": "set_parameters", "parameters": {"k_top": number % 17}, "command_id": name}
            command = {"type": "checkpoint", "command_id": name} if number % 6 == 0 else turn
            viewer.say(type="command", run=ledger.run, command=command)
            while not _answers(frame := viewer.next(5), name):
                ledger.note(frame)
            ledger.note(frame)


def _answers(frame: dict[str, Any], name: str) -> bool:
    return bool(frame["kind"] in ("accepted", "rejected") and frame["command_id"] == name)


def told(live: Live, run: str) -> list[dict[str, Any]]:
    """All events of a run so far."""
    with live.viewer() as viewer:
        viewer.say(type="subscribe", run=run, after=None)
        last = viewer.until(lambda frame: frame["kind"] == "subscribed")["seq"]
        events: list[dict[str, Any]] = []
        while not events or events[-1]["seq"] < last:
            frame = viewer.next()
            if frame["kind"] in KINDS and frame["run"] == run:
                events.append(frame)
        return events


def missing(live: Live, ledger: Ledger) -> dict[str, int]:
    """What of a ledger is not there any more: events by seq, and commands that have no end when the run goes on."""
    events = told(live, ledger.run)
    stored = {frame["seq"]: frame["kind"] for frame in events}
    lost = sum(stored.get(seq) != kind for seq, kind in ledger.seen.items())
    holes = sum(seq not in stored for seq in range(1, max(stored) + 1))
    live.command(ledger.run, "resume")
    answered = set(ledger.answered)
    with suppress(AssertionError):
        eventually(lambda: not answered - ends(told(live, ledger.run)), 60)
    return {"events": lost, "holes": holes, "commands": len(answered - ends(told(live, ledger.run)))}


def whole(folder: Path) -> bool:
    """Whether SQLite finds nothing wrong in the file."""
    with sqlite3.connect(f"file:{folder / 'runs.sqlite'}?mode=ro", uri=True) as connection:
        return bool(connection.execute("PRAGMA integrity_check").fetchone() == ("ok",))


def server_killed(folder: Path, after_s: float, **environment: str) -> dict[str, int]:
    """Kill the server so long after the first command, or where a crash point says; what was lost."""
    ledger = Ledger()
    with in_process(folder, **environment) as live:
        assert live.process is not None
        with suppress(*DEAD, AssertionError):
            ledger.run = live.start(**LONG)
            live.reach(ledger.run, "running", update=2)
        if ledger.run:
            worked(live, ledger, time.monotonic() + after_s, "c")
        live.process.kill()
        live.process.wait(10)
    damaged = not whole(folder)
    if not ledger.run:
        return {"events": 0, "holes": 0, "commands": 0, "answered": 0, "damaged": int(damaged)}
    with in_process(folder) as live:
        found = missing(live, ledger)
    return {**found, "answered": len(ledger.answered), "damaged": int(damaged)}


def workers_killed(folder: Path, times: int, rng: random.Random) -> dict[str, int]:
    """Kill the worker of one run again and again while it is commanded; what was lost of all of it."""
    ledger = Ledger()
    with in_process(folder) as live:
        assert live.process is not None
        ledger.run = live.start(**LONG)
        for number in range(times):
            live.reach(ledger.run, "running", update=1, seconds=60)
            before = {each.pid for each in _workers(live)}
            worked(live, ledger, time.monotonic() + rng.uniform(0.05, 0.6), f"c{number}")
            for pid in before:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            live.reach(ledger.run, "failed", seconds=60)
            live.command(ledger.run, "resume")
        live.reach(ledger.run, "running", update=1, seconds=60)
        found = missing(live, ledger)
    return {**found, "answered": len(ledger.answered), "damaged": int(not whole(folder))}


def left_killed(folder: Path, name: str) -> dict[str, int]:
    """Kill a server, and then the worker that leaves what it has, or the next server that takes that up, at a crash
    point; what was lost of what was answered and seen, and what is still in the spool.

    Args:
        folder: Of the data; made.
        name: Of `LEAVING` or `TAKING_UP`.

    Raises:
        AssertionError: A worker left other files than it does up to that point.
        RuntimeError: The next server did not come to that point.
    """
    ledger = Ledger()
    there = {VARIABLE: f"{name}:1"}
    with in_process(folder, "--real", **(there if name in LEAVING else {})) as live:
        ledger.run = live.start(task={"T": 10}, training={"updates": 1_000_000})
        live.reach(ledger.run, "running", update=20, seconds=120)
        worked(live, ledger, time.monotonic() + 1.0, "c")
        workers = _workers(live)
        assert live.process is not None
        live.process.kill()
        live.process.wait(10)
        psutil.wait_procs(workers, 30)
    if name in LEAVING:
        written = {path.suffix for path in (folder / SPOOL).iterdir()}
        assert written == set(IN_SPOOL[: LEAVING.index(name)]), f"{name}: {written}"
    else:
        with suppress(AssertionError), in_process(folder, "--real", **there) as live:
            raise RuntimeError(f"nobody came to {name}: {live.url}")
    damaged = not whole(folder)
    with in_process(folder, "--real") as live:
        left = sum(1 for _ in (folder / SPOOL).iterdir())
        weights = live.run(ledger.run)["checkpoint_update"] or 0
        found = missing(live, ledger)
        live.reach(ledger.run, "running", update=weights + 5, seconds=120)
    return {**found, "answered": len(ledger.answered), "damaged": int(damaged), "left": left}


def _workers(live: Live) -> list[psutil.Process]:
    assert live.process is not None
    return psutil.Process(live.process.pid).children(recursive=True)


def crash_points(count: int) -> list[str]:
    """So many crash points, less those of what workers leave: each place at its third time, then at its fifth."""
    return [f"{name}:{times}" for times in (3, 5) for name in POINTS][: max(0, count - len(LEAVING + TAKING_UP))]


def kills(folder: Path, servers: int, workers: int, points: int, seed: int = 1) -> dict[str, Any]:
    """Figures of so many kills of each kind, all that was lost added up."""
    rng = random.Random(seed)
    found: dict[str, Any] = {}
    rows = [server_killed(folder / f"s{n}", rng.uniform(0.05, 1.0)) for n in range(servers)]
    found["server_kills"] = {"kills": servers, **_sum(rows)}
    if workers:
        found["worker_kills"] = {"kills": workers, **workers_killed(folder / "w", workers, rng)}
    at = crash_points(points)
    rows = [server_killed(folder / f"p{n}", 5.0, **{VARIABLE: name}) for n, name in enumerate(at)]
    rows += [left_killed(folder / f"l{n}", name) for n, name in enumerate((LEAVING + TAKING_UP)[:points])]
    found["crash_points"] = {"kills": len(rows), **_sum(rows)}
    return found


def _sum(rows: list[dict[str, int]]) -> dict[str, int]:
    return {name: sum(row.get(name, 0) for row in rows) for name in rows[-1]} if rows else {}


__all__ = ["Ledger", "Viewer", "crash_points", "kills", "left_killed", "server_killed", "workers_killed"]
