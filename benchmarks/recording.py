"""What a real trial sends, recorded as it trains, and played again under the names of many runs.

A recording is a folder: each frame in a file, and `pace.json` with when each was sent. Frames of a player differ from
the recorded ones in run, update and time only; numbers and pictures are those of the one trial that was recorded.
"""

from __future__ import annotations

import json
import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sab_visualiser.app.wire.codec import decode_header, encode

RUN = "r" + "0" * 16
UPDATE = 10_000
"""The update that a frame is stored with: every update that is played has as many digits."""
SENT = 1_700_000_000.000001
"""A time with as many digits as those that are played."""
PACE, ATTEMPT = "pace.json", 1


@dataclass(frozen=True)
class Frame:
    """A recorded frame, and the places in it that a player writes to.

    Attributes:
        at_s: When it was sent, from the begin of the recording.
        kind: Of frame.
        update: That it was sent at.
        content: The bytes.
        updates: Offset and number of the updates of its columns; (0, 0) where it has none.
    """

    at_s: float
    kind: str
    update: int
    content: bytes
    updates: tuple[int, int]

    def played(self, run: str, update: int, sent: float) -> bytes:
        """The frame as the worker of `run` sends it."""
        body = bytearray(self.content)
        start = body.index(RUN.encode())
        body[start : start + len(RUN)] = run.encode()
        start = body.index(b'"update":%d' % UPDATE) + len('"update":')
        body[start : start + 5] = b"%05d" % update
        if (start := body.find(b'"sent":')) >= 0:
            body[start + 7 : start + 24] = f"{sent:.6f}".encode()
        offset, count = self.updates
        if count:
            np.frombuffer(body, "<i4", count, offset)[:] += update - self.update
        if self.kind == "checkpoint":  # other weights are another file
            body[-len(RUN) - 5 :] = run.encode() + b"%05d" % update
        return bytes(body)


class Recorder:
    """Where a session sends to, when it is recorded."""

    def __init__(self) -> None:
        self.began = time.perf_counter()
        self.sent: list[tuple[float, dict[str, Any]]] = []

    def send(self, message: dict[str, Any]) -> None:
        """Keep a frame, and when it came."""
        self.sent.append((time.perf_counter() - self.began, message))

    def again(self) -> None:
        """Forget what there is, and begin to count here."""
        self.began, self.sent = time.perf_counter(), []


def record(
    spec: dict[str, Any], looking_share: float, seconds: float, folder: Path, updates: int = 0
) -> dict[str, float]:
    """Train a trial for so long, keep what it sends, and say how fast it was.

    Args:
        spec: Of the trial.
        looking_share: As a worker of a sweep is told.
        seconds: How long, by the clock.
        folder: Where to; it is made.
        updates: That it makes at least.
    """
    from sab_visualiser.app.worker.process import prepare
    from sab_visualiser.app.worker.session import Session

    prepare(1, 1)
    recorder = Recorder()
    assignment = {"run": RUN, "attempt": ATTEMPT, "spec": spec, "parameters": {}, "paused": False}
    session = Session(recorder, assignment, looking_share=looking_share)
    session.advance()  # the first update is like no other, and so is the first picture
    recorder.again()
    first = session.trainer.update
    while time.perf_counter() - recorder.began < seconds or session.trainer.update - first < updates:
        session.advance()
    taken, last = time.perf_counter() - recorder.began, session.trainer.update
    pace = {"seconds": taken, "updates_per_s": (last - first) / taken, "first": first, "last": last}
    folder.mkdir()
    for number, (_, message) in enumerate(recorder.sent):
        (folder / f"{number}.frame").write_bytes(encode(_as_template(message)))
    times = [(at, message["kind"], message["update"]) for at, message in recorder.sent]
    (folder / PACE).write_text(json.dumps({**pace, "times": times}))
    return pace


def _as_template(message: dict[str, Any]) -> dict[str, Any]:
    told = {**message, "update": UPDATE}
    return {**told, "data": {**message["data"], "sent": SENT}} if message["kind"] == "metrics" else told


def frames_of(folder: Path) -> tuple[list[Frame], float, int]:
    """The frames of a recording, how long it is in seconds, and how many updates it has."""
    told = json.loads((folder / PACE).read_text())
    found = []
    for number, (at, kind, update) in enumerate(told["times"]):
        content = (folder / f"{number}.frame").read_bytes()
        found.append(Frame(at, kind, update, content, _updates(content)))
    return found, told["seconds"], told["last"] - told["first"]


def _updates(content: bytes) -> tuple[int, int]:
    """Where the column of updates is, and how long."""
    header = decode_header(content)
    column = (header.get("data") or {}).get("update")
    if not isinstance(column, dict):
        return 0, 0
    _, shape, offset = header["arrays"][column["$array"]]
    return 4 + int.from_bytes(content[:4], "little") + offset, math.prod(shape)
