"""What can be trusted: `sab bench trust`, with the real server in processes, and with real workers where they count.

What kills lose (benchmarks/kills.py) and what nonsense does (benchmarks/fuzz.py); how soon the next question is
answered after the prober was killed, with a spare and without; what a training keeps of its pace while a hundred
viewers follow it, and while its knobs are turned ten thousand times in five seconds by four; whether a server has its
threads and files back afterwards.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import websockets

from benchmarks import fuzz, openapi
from benchmarks.kills import kills
from benchmarks.machine import machine
from tests.fakes.server import Live, eventually, in_process

CLIENTS, TURNS, STORM_S = 4, 2500, 5.0
QUIET_S = 6.0
FIRST, REST_S = 500, 15.0
"""Requests before a server is looked at for the first time, and seconds in which connections that were kept alive end.
"""
VIEWERS, COME_S = 100, 2.0


def probed(live: Live, example: int) -> bool:
    """Whether a question that nobody asked before is answered."""
    asked = {"preset": "copy", "example": example, "k_top": 3, "loss_step": 5}
    return live.http.post("/api/probe", json=asked).status_code == 200


def workers(live: Live) -> dict[str, int]:
    """Worker processes of the server, by the id that says what each is for."""
    assert live.process is not None
    found: dict[str, int] = {}
    for each in psutil.Process(live.process.pid).children(recursive=True):
        if each.name().startswith(("spare-", "prober-")):  # as copies call themselves (app/worker/begin/forks.py)
            found[each.name()] = each.pid
    return found


def after_a_kill(live: Live, example: int) -> float:
    """Seconds from the kill of the prober to the next answer."""
    os.kill(next(pid for name, pid in workers(live).items() if name.startswith("prober")), signal.SIGKILL)
    started = time.monotonic()
    eventually(lambda: probed(live, example), 60)
    return time.monotonic() - started


def storm(live: Live, run: str, client: int) -> None:
    """Turn k_top, evenly over the five seconds, and read what is told."""
    with live.viewer() as viewer:
        started = time.monotonic()
        for number in range(TURNS):
            name = f"s{client}-{number}"
            command = {"type": "set_parameters", "parameters": {"k_top": 3 + number % 5}, "command_id": name}
            viewer.say(type="command", run=run, command=command)
            time.sleep(max(0.0, started + STORM_S * number / TURNS - time.monotonic()))
        viewer.until(lambda frame: frame.get("command_id") == f"s{client}-{TURNS - 1}", 120)


def pace(live: Live, run: str, seconds: float) -> float:
    """Updates a second."""
    before, started = live.run(run)["update"], time.monotonic()
    time.sleep(seconds)
    return float(live.run(run)["update"] - before) / (time.monotonic() - started)


def trained(live: Live) -> str:
    """A run that goes on for as long as anybody measures."""
    run = live.start(task={"T": 60}, model={"hidden_size": 64}, training={"batch_size": 16, "updates": 1_000_000})
    live.reach(run, "running", update=200, seconds=120)
    return run


async def follow(live: Live, run: str, seconds: float) -> None:
    """A hundred viewers who take all that is told."""

    async def one() -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds), websockets.connect(f"ws://127.0.0.1:{live.port}/ws") as socket:
                await socket.send(json.dumps({"type": "subscribe", "run": run, "after": None}))
                while True:
                    await socket.recv()

    await asyncio.gather(*(one() for _ in range(VIEWERS)))


def watched(live: Live) -> dict[str, Any]:
    """What a training keeps of its pace while a hundred viewers, on the same machine, follow it."""
    run = trained(live)
    quiet = pace(live, run, QUIET_S)
    viewers = threading.Thread(target=lambda: asyncio.run(follow(live, run, QUIET_S + 2 * COME_S)))
    viewers.start()
    time.sleep(COME_S)
    kept = pace(live, run, QUIET_S) / quiet
    viewers.join()
    live.command(run, "stop")
    return {"viewers": VIEWERS, "updates_per_s_before": round(quiet, 1), "pace_kept": round(kept, 2)}


def stormed(live: Live) -> dict[str, Any]:
    """The pace before and in a storm, the events it left, and how long a pause behind it took."""
    run = trained(live)
    quiet = pace(live, run, QUIET_S)
    seq, threads = live.run(run)["seq"], [threading.Thread(target=storm, args=(live, run, n)) for n in range(CLIENTS)]
    started, update = time.monotonic(), live.run(run)["update"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = time.monotonic() - started
    kept = (live.run(run)["update"] - update) / taken / quiet
    started = time.monotonic()
    live.command(run, "pause")
    live.reach(run, "paused", seconds=120)
    paused, events = time.monotonic() - started, live.run(run)["seq"] - seq
    live.command(run, "stop")
    return {
        "commands": CLIENTS * TURNS,
        "taken_in_s": round(taken, 1),
        "updates_per_s_before": round(quiet, 1),
        "pace_kept": round(kept, 2),
        "events": events,
        "pause_obeyed_after_s": round(paused, 2),
    }


def held(live: Live) -> dict[str, int]:
    """Files and threads that the server has open."""
    assert live.process is not None
    process = psutil.Process(live.process.pid)
    return {"files": process.num_fds(), "threads": process.num_threads()}


def nonsense(folder: Path, quick: bool) -> dict[str, Any]:
    """Frames and requests to a server with fake workers, and what it holds before and after them."""
    with in_process(folder) as live:
        run = live.start(training={"updates": 1_000_000})
        live.reach(run, "running", update=2)
        with live.viewer() as viewer:
            viewer.next()
        openapi.from_document(live, FIRST)  # runs that requests start have workers from now on
        live.http.close()
        time.sleep(REST_S)
        before = held(live)
        found: dict[str, Any] = {"frames": fuzz.frames(live, run, 200 if quick else 5000)}
        found["requests"] = openapi.from_document(live, 200 if quick else 5000)
        live.http.close()
        time.sleep(REST_S)
        return {**found, "held": {"before": before, "after": held(live)}}


def with_workers(folder: Path, quick: bool) -> dict[str, Any]:
    """What needs real workers."""
    with in_process(folder / "r", "--real") as live:
        eventually(lambda: probed(live, 1) and len(workers(live)) >= 2, 300)
        time.sleep(5)  # the spare is warm
        found: dict[str, Any] = {"uploads": fuzz.uploads(live, 10 if quick else 100)}
        with_spare = round(after_a_kill(live, 2), 2)
        if not quick:
            found |= {"watched": watched(live), "storm": stormed(live)}
    with in_process(folder / "n", "--real", SAB_SPARES="0") as live:
        eventually(lambda: probed(live, 1), 300)
        without = round(after_a_kill(live, 2), 2)
    found["next_answer_after_a_killed_prober"] = {"with_a_spare_s": with_spare, "without_s": without}
    return found


def measure(quick: bool) -> dict[str, Any]:
    """All figures."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        parts: tuple[Callable[[], dict[str, Any]], ...] = (
            lambda: {"machine": machine()},
            lambda: {"files": fuzz.files(200 if quick else 2000)},
            lambda: {"kills": kills(folder / "k", *((2, 2, 2) if quick else (25, 25, 20)))},
            lambda: nonsense(folder / "f", quick),
            lambda: with_workers(folder, quick),
        )
        found: dict[str, Any] = {}
        for part in parts:  # a figure that is there is told, for the whole takes half an hour
            found |= (told := part())
            print(json.dumps(told), file=sys.stderr, flush=True)
        return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few of each: a minute or two")
    parser.add_argument("--json", action="store_true", help="in one line")
    arguments = parser.parse_args()
    print(json.dumps(measure(arguments.quick), indent=None if arguments.json else 2))


if __name__ == "__main__":
    main()
