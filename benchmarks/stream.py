"""From a worker's hands to a viewer's: start-up of the server, age of events, events that got lost."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path
from typing import Any

import websockets

from benchmarks import many
from benchmarks.machine import figure, percentile, spread
from benchmarks.running import Running, running
from sab_visualiser.app.wire.codec import decode

RATE_HZ = 20
SIZE_BYTES = 8000
STORED_RUNS = 200


def measure(*, quick: bool) -> list[dict[str, Any]]:
    """All figures of the stream."""
    with tempfile.TemporaryDirectory() as folder:
        found = start_up(Path(folder), 1 if quick else 3)
        with many.served(Path(folder) / "many") as server:
            found += many.listed(server, 2 if quick else 10)
        for viewers, seconds in ((1, 2), (20, 3)) if quick else ((1, 6), (100, 60)):
            found += event_age(Path(folder) / f"viewers{viewers}", viewers, seconds)
    return found


def start_up(folder: Path, times: int) -> list[dict[str, Any]]:
    """From the start of the process to the line that says it is ready; empty, and with many runs in the store."""
    found = []
    for name, runs, budget in (("empty", 0, 2.0), ("full", STORED_RUNS, 3.0)):
        data_dir = folder / name
        if runs:
            asyncio.run(many.fill(data_dir, runs))
        taken, torch_seen = [], False
        for _ in range(times):
            with running(data_dir, emitting=False) as server:
                taken.append(server.ready_s)
                torch_seen |= "libtorch" in Path(f"/proc/{server.pid}/maps").read_text()
        seconds = spread(taken)
        what = f"server process start to ready, {runs} runs stored"
        holds = seconds["median"] <= budget and not torch_seen
        more = {"spread": seconds, "torch_in_the_server": torch_seen}
        found.append(figure(what, seconds["median"], "s", f"≤ {budget:g}, no torch", holds=holds, **more))
    return found


def event_age(data_dir: Path, viewers: int, seconds: float) -> list[dict[str, Any]]:
    """How old an event is when a viewer has it, and whether each viewer gets each event once."""
    with running(data_dir, emitting=True) as server:
        run = server.post("/api/runs", {"name": f"events {RATE_HZ} {SIZE_BYTES}"})["id"]
        ages, lost = asyncio.run(_watch(server, run, viewers, seconds))
    label = f"{viewers} viewer{'s' * (viewers > 1)}, {RATE_HZ} events/s, {SIZE_BYTES // 1000} kB"
    limit, share = (150, 0.99) if viewers > 1 else (100, 0.95)
    age = percentile(ages, share)
    what = f"worker emits → viewer has it, p{share * 100:.0f}, {label}"
    return [
        figure(what, age, "ms", f"≤ {limit}", holds=age <= limit, spread=spread(ages)),
        figure(f"events lost, {label}", lost, "events", "0", holds=lost == 0, received=len(ages)),
    ]


async def _watch(server: Running, run: str, viewers: int, seconds: float) -> tuple[list[float], int]:
    """Ages in milliseconds of all events that came, and how many between a viewer's first and last did not."""
    deadline = time.monotonic() + seconds + 1
    found = await asyncio.gather(*(_view(server, run, deadline) for _ in range(viewers)))
    ages = [age for each in found for _, age in each]
    lost = sum(each[-1][0] - each[0][0] + 1 - len({seq for seq, _ in each}) for each in found if each)
    if not ages:
        raise RuntimeError("no event arrived")
    return ages, lost


async def _view(server: Running, run: str, deadline: float) -> list[tuple[int, float]]:
    """The seq and age of the events that one viewer received, the first second left out."""
    begin, received = time.time() + 1, []
    url = server.url.replace("http", "ws", 1) + "/ws"
    async with websockets.connect(url, compression=None, max_size=2**24, proxy=None) as socket:
        await socket.send(f'{{"type":"subscribe","run":"{run}","after":null}}')
        while (left := deadline - time.monotonic()) > 0:
            try:
                frame = await asyncio.wait_for(socket.recv(), left)
            except TimeoutError:
                break
            assert isinstance(frame, bytes)
            now, message = time.time(), decode(frame)
            if message["kind"] == "metrics" and message["data"]["sent"] >= begin:
                received.append((message["seq"], 1000 * (now - message["data"]["sent"])))
    return received
