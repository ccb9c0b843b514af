"""Many workers that train nothing, in one process: each plays a recorded trial to the server, at its pace.

`python -m benchmarks.streams --server ws://… --workers 250 --seconds 20 --recording FOLDER`; the token is in
SAB_WORKER_TOKEN. It says `ready` when each has a run, plays once it reads a line, and ends with a line of JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import websockets

from benchmarks.recording import ATTEMPT, UPDATE, Frame, frames_of
from sab_visualiser.app.runs.shapes import SILENCE_S
from sab_visualiser.app.wire.codec import encode

DIAL_AT_ONCE = 25
SPREAD_S = 1.0
"""Workers begin to play within so many seconds of one another."""
DRAIN_S = 240.0
"""Longest wait for the server to read what was sent."""


@dataclass
class Played:
    """What came of one worker: what the server must have by its end, and how late it sent."""

    run: str = ""
    sent: dict[str, int] = field(default_factory=dict)
    size_bytes: int = 0
    late_s: list[float] = field(default_factory=list)
    drain_s: float | None = None

    def count(self, kind: str, frame: bytes) -> None:
        """A frame is on its way."""
        self.sent[kind] = self.sent.get(kind, 0) + 1
        self.size_bytes += len(frame)


class Stage:
    """What all workers of this process share: the recording, and the moment at which they begin."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.url, self.seconds = arguments.server, arguments.seconds
        self.headers = {"Authorization": f"Bearer {os.environ['SAB_WORKER_TOKEN']}"}
        self.frames, self.length_s, self.updates = frames_of(arguments.recording)
        self.dialling = asyncio.Semaphore(DIAL_AT_ONCE)
        self.assigned = asyncio.Semaphore(0)
        self.begin = asyncio.Event()

    async def worker(self, number: int) -> Played:
        """One worker from dialling to the server's good-bye."""
        played = Played()
        async with self.dialling:
            socket = await websockets.connect(
                self.url,
                additional_headers=self.headers,
                compression=None,
                max_size=None,
                proxy=None,
                open_timeout=60,
                ping_timeout=SILENCE_S,
            )
        try:
            name = f"played-{os.getpid()}-{number}"
            await socket.send(encode({"kind": "hello", "data": {"worker": name, "pid": os.getpid()}}))
            while (message := json.loads(await socket.recv()))["type"] != "assign":
                pass
            assert message["attempt"] == ATTEMPT
            played.run = message["run"]
            await self._say(socket, played, message, "running", 0)
            self.assigned.release()
            await self.begin.wait()
            await self._play(socket, played)
            await self._say(socket, played, message, "finished", None)
            began = time.monotonic()
            async with asyncio.timeout(DRAIN_S):
                while json.loads(await socket.recv())["type"] != "end":
                    pass
            played.drain_s = time.monotonic() - began
            await socket.close()
        except (websockets.ConnectionClosed, TimeoutError) as error:
            print(f"{played.run}: {error!r}", file=sys.stderr)
        return played

    async def _say(self, socket: Any, played: Played, message: dict[str, Any], status: str, update: int | None) -> None:
        head = {"kind": "status", "run": played.run, "attempt": ATTEMPT, "update": update}
        data = {"status": status, "reason": None, "parameters": message["parameters"], "updates_per_s": 1.0}
        frame = encode({**head, "data": {**data, "skipped": 0}})
        played.count("status", frame)
        await socket.send(frame)

    async def _play(self, socket: Any, played: Played) -> None:
        """From anywhere in the recording, and round again, until the time is over."""
        await asyncio.sleep(random.random() * SPREAD_S)
        phase = random.randrange(len(self.frames))
        began, first = time.monotonic(), self.frames[phase]
        for turn in range(1 << 30):
            for frame in self.frames[phase if turn == 0 else 0 :]:
                due = began + frame.at_s - first.at_s + turn * self.length_s
                if due - began > self.seconds:
                    return
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                played.late_s.append(time.monotonic() - due)
                await self._send(socket, played, frame, frame.update - first.update + turn * self.updates)

    async def _send(self, socket: Any, played: Played, frame: Frame, updates: int) -> None:
        content = frame.played(played.run, UPDATE + updates, time.time())
        played.count(frame.kind, content)
        await socket.send(content)


async def play(arguments: argparse.Namespace) -> list[Played]:
    """All workers of this process, from the first to the last."""
    stage = Stage(arguments)
    tasks = [asyncio.create_task(stage.worker(number)) for number in range(arguments.workers)]
    for _ in tasks:
        await stage.assigned.acquire()
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    stage.begin.set()
    return list(await asyncio.gather(*tasks))


def main() -> None:
    """Play, then say what was sent."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--server", required=True)
    parser.add_argument("--workers", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--recording", type=Path, required=True)
    found = asyncio.run(play(parser.parse_args()))
    print(json.dumps([vars(one) for one in found]), flush=True)


if __name__ == "__main__":
    main()
