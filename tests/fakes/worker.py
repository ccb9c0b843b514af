"""A scripted worker without torch: speaks docs/protocol.md, trains nothing, is fast.

The name of a run tells it what to play: `crash` ends with an exit code, `diverge` sends NaN, `fail` says so itself.
Run it as `python -m tests.fakes.worker --server URL --id ID`, or as a task through tests/fakes/launcher.py.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from typing import Any, cast

import numpy as np
import websockets

from sab_visualiser.app.runs.shapes import BEAT_S
from sab_visualiser.app.wire.codec import decode, encode
from sab_visualiser.app.wire.columns import TraceRecord
from sab_visualiser.app.wire.packing import as_array, to_bytes
from tests.fakes.traces import trace

PACE_S = float(os.environ.get("FAKE_PACE_S", "0.005"))
"""Seconds per update."""
ENGINE = {"device": "cpu", "backend": "numba", "why": "played by a script", "as_wished": True}


class FakeWorker:
    """One worker: a task that listens, and one that plays a run."""

    def __init__(self, url: str, token: str, worker_id: str) -> None:
        self.url, self.token, self.id = url, token, worker_id
        self.socket: Any = None
        self.waiting: list[dict[str, Any]] = []
        self.run: dict[str, Any] | None = None
        self.update = 0
        self.status = "idle"
        self.steps = 0
        self.again: list[dict[str, Any]] = []
        self.parameters: dict[str, Any] = {}
        self.playing: asyncio.Task[None] | None = None

    async def work(self) -> None:
        """Dial, say hello, obey until the server says end or goes."""
        headers = {"Authorization": f"Bearer {self.token}"}
        async with websockets.connect(self.url, additional_headers=headers, max_size=2**26, compression=None) as socket:
            self.socket = socket
            await self.send("hello", {"worker": self.id, "pid": os.getpid(), "engine": ENGINE, "beats": True})
            beating = asyncio.create_task(self.beat())
            try:
                while True:
                    message = self.waiting.pop(0) if self.waiting else json.loads(await socket.recv())
                    if message["type"] == "end":
                        if self.status in ("running", "paused"):
                            await self.checkpoint()
                        return
                    await self.obey(message)
                    if self.status in ("finished", "stopped", "failed", "diverged"):
                        return
            except websockets.ConnectionClosed:
                return
            finally:
                beating.cancel()
                if self.playing is not None:
                    self.playing.cancel()

    async def beat(self) -> None:
        """Say that it is there."""
        while True:
            await asyncio.sleep(BEAT_S)
            await self.socket.send(encode({"kind": "beat"}))

    async def send(self, kind: str, data: dict[str, Any], **more: Any) -> None:
        """One frame."""
        head = {"kind": kind, "update": self.update}
        if self.run is not None:
            head |= {"run": self.run["run"], "attempt": self.run["attempt"]}
        await self.socket.send(encode({**head, **more, "data": data}))

    async def fetch(self, sha256: str) -> bytes:
        """The bytes of a checkpoint that a message named."""
        await self.socket.send(encode({"kind": "wanted", "checkpoint": sha256}))
        while isinstance(answer := await self.socket.recv(), str):
            self.waiting.append(json.loads(answer))
        content: bytes = decode(answer)["data"]["bytes"].tobytes()
        return content

    async def obey(self, message: dict[str, Any]) -> None:
        """One text frame of the server."""
        kind = message["type"]
        if kind == "assign":
            await self.begin(message)
        elif kind == "command":
            await self.command(message["command"])
        elif kind == "probe":
            await self.probe(message)
        elif kind == "hits":
            found = {"examples": 16, "readers": 160, "hits": 120, "hit_rate": 0.75, "update": self.update}
            await self.send("probed", {**found, "asked": message["probe"]}, request=message["request"])
        elif kind == "selfcheck":
            identity = {"name": "causality", "statement": "s", "difference": 0.0, "tolerance": 1e-6, "holds": True}
            await self.send(
                "probed", {"identities": [identity], "update": self.update, "holds": True}, request=message["request"]
            )
        elif kind == "inspect":
            await self.inspect(message)

    async def probe(self, message: dict[str, Any]) -> None:
        """A trace of what was asked, or a problem for a name that asks for one."""
        asked = message["probe"]
        if asked.get("example") == 13:
            problem = {
                "title": "Value not accepted",
                "status": 422,
                "detail": "example = 13: not today; choose 0",
            }
            await self.send("probe_failed", {}, request=message["request"], problem=problem)
            return
        if asked.get("example") == 14:
            return  # never answers
        step = asked.get("loss_step", 4)
        record = trace(self.update, asked.get("example", 0), step, asked.get("k_top") or 2)
        content = to_bytes(cast(TraceRecord, {**record, "asked": asked}))
        await self.send("probed", {"trace": as_array(content)}, request=message["request"])

    async def inspect(self, message: dict[str, Any]) -> None:
        """Whatever begins with `good` passes, and what a worker like this one has written."""
        content = await self.fetch(message["checkpoint"])
        if content.startswith(b"good"):
            spec = {"task": {"T": 5}, "model": {}, "training": {}}
            await self.send("probed", {"spec": spec, "update": 7}, request=message["request"])
        elif content.partition(b"\n")[0].isdigit():
            update, _, written = content.decode().split("\n")
            await self.send("probed", {"spec": json.loads(written), "update": int(update)}, request=message["request"])
        else:
            problem = {"title": "Checkpoint not accepted", "status": 422, "detail": "no safetensors header"}
            await self.send("probe_failed", {}, request=message["request"], problem=problem)

    async def begin(self, message: dict[str, Any]) -> None:
        """A run, from the start or from a checkpoint whose first bytes hold its update."""
        if self.playing is not None:
            self.playing.cancel()
        self.run, self.update = message, 0
        self.parameters = dict(message["parameters"])
        if message["checkpoint"]:
            self.update = int((await self.fetch(message["checkpoint"])).split(b"\n")[0])
        await self.say("paused" if message["paused"] else "running")
        await self.snapshot()
        self.again = list(message["turns"])
        await self.turn_again()
        self.playing = asyncio.create_task(self.play(message["spec"]))

    async def play(self, spec: dict[str, Any]) -> None:
        """Updates at a steady pace."""
        name = spec["name"] or ""
        last = spec["training"]["updates"]
        while self.update < last:
            await asyncio.sleep(PACE_S)
            if self.status == "paused" and not self.steps:
                continue
            single = self.steps > 0  # a step that is asked for from here on means the next update
            self.update += 1
            await self.metrics(np.nan if name == "diverge" and self.update > 3 else 1 / self.update)
            await self.turn_again()
            if self.update == 5 and name == "crash":
                print("the last line before the end", file=sys.stderr, flush=True)
                os._exit(7)
            if self.update == 5 and name in ("diverge", "fail"):
                await self.checkpoint()
                await self.say("diverged" if name == "diverge" else "failed", f"it was to {name}")
                await self.socket.close()
                return
            if self.update % 5 == 0 or single:
                await self.snapshot()
            if single:
                self.steps -= 1
                await self.say("paused")
        await self.checkpoint()
        await self.say("finished")
        await self.socket.close()

    async def turn_again(self) -> None:
        """Knobs that a resumed run sets again at their updates."""
        while self.again and self.again[0]["at"] <= self.update:
            await self.command(self.again.pop(0))

    async def snapshot(self) -> None:
        """The trace of this update, packed."""
        await self.send("snapshot", {}, trace=as_array(to_bytes(trace(self.update))))

    async def metrics(self, loss: float) -> None:
        """One update's figures."""
        data = {
            "update": np.array([self.update], np.int32),
            "loss": np.array([loss], np.float32),
            "gradient_norm": np.array([np.inf if self.update == 2 else 0.5], np.float32),
            "learning_rate": np.array([self.parameters["learning_rate"]], np.float32),
            "skipped": np.array([self.update == 2], np.uint8),
            "values": {"accuracy": np.array([self.update / 100], np.float32)},
        }
        await self.send("metrics", data)

    async def command(self, command: dict[str, Any]) -> None:
        """Obey between two updates."""
        kind = command["type"]
        if kind == "set_parameters":
            self.parameters |= command["parameters"]
            told = ("command_id", "params_version", "applied", "superseded")
            said = {name: command[name] for name in told if name in command}
            await self.send("parameters", {**said, "parameters": self.parameters})
            return
        await self.send("acknowledged", {"command_id": command["command_id"], "type": kind})
        if kind == "pause":
            await self.say("paused")
        elif kind == "resume":
            await self.say("running")
        elif kind == "step":
            self.status, self.steps = "paused", 1
        elif kind == "checkpoint":
            await self.checkpoint()
        elif kind == "stop":
            await self.checkpoint()
            await self.say("stopped")

    async def say(self, status: str, reason: str | None = None) -> None:
        """A status event."""
        self.status = status
        data = {
            "status": status,
            "reason": reason,
            "parameters": self.parameters,
            "updates_per_s": 200.0,
            "skipped": int(self.update >= 2),
        }
        await self.send("status", data)

    async def checkpoint(self) -> None:
        """Bytes that tell the update, the run, the attempt and the spec."""
        assert self.run is not None
        spec = json.dumps(self.run["spec"])
        content = f"{self.update}\n{self.run['run']} {self.run['attempt']}\n{spec}".encode()
        await self.send("checkpoint", {"bytes": np.frombuffer(content, np.uint8), "size_bytes": len(content)})


def main() -> None:
    """Entry of the subprocess."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--server", required=True)
    parser.add_argument("--id", required=True)
    arguments = parser.parse_args()
    asyncio.run(FakeWorker(arguments.server, os.environ["SAB_WORKER_TOKEN"], arguments.id).work())


if __name__ == "__main__":
    main()
