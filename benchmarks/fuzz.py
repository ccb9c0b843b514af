"""What the server makes of nonsense: files of weights that were changed, frames of a socket. Requests: openapi.py.

Used by benchmarks/trust.py and by tests.
"""

from __future__ import annotations

import json
import random
import time
from contextlib import suppress
from typing import Any

from websockets.exceptions import ConnectionClosed

from sab_visualiser.app.wire.requests import RunSpec
from sab_visualiser.app.worker.translate import run_config
from sab_visualiser.model.training import checkpoint
from sab_visualiser.model.training.checkpoint import Checkpoint, CheckpointError
from sab_visualiser.model.training.trainer import Trainer
from tests.fakes.server import Live

SMALL: dict[str, Any] = {
    "task": {"T": 6, "items": 2},
    "model": {"hidden_size": 6, "attention_size": 4},
    "training": {"batch_size": 2},
}
WORDS: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2**31, 2**63, 10**30, 0.5, -1e308, 1e-320),
    *("", "r1", "copy", "latest", "../../etc/passwd", "\x00", "\ud7ff", "🜚" * 40, "9" * 400),
    *([], {}, [[]], [0, -1], {"a": {"b": []}}),
)


def weights() -> bytes:
    """A checkpoint of a tiny training that has made an update."""
    trainer = Trainer(run_config(RunSpec.model_validate(SMALL)))
    trainer.step()
    return checkpoint.dumps(Checkpoint.of(trainer))


def mutated(content: bytes, rng: random.Random) -> bytes:
    """The file after one accident: a bit flipped, cut, a page of zeros, two parts exchanged, empty, more behind it."""
    kind, at = rng.randrange(6), rng.randrange(len(content))
    if kind == 0:
        return content[:at] + bytes([content[at] ^ (1 << rng.randrange(8))]) + content[at + 1 :]
    if kind == 1:
        return content[:at]
    if kind == 2:
        return content[:at] + bytes(min(512, len(content) - at)) + content[at + 512 :]
    if kind == 3:
        a, b = sorted((at, rng.randrange(len(content))))
        return content[b:] + content[a:b] + content[:a]
    return b"" if kind == 4 else content + bytes([rng.randrange(256)])


def files(count: int, seed: int = 1) -> dict[str, int]:
    """So many changed files, and how many of them were loaded as if nothing had happened."""
    rng, content, loaded, tried = random.Random(seed), weights(), 0, 0
    while tried < count:
        changed = mutated(content, rng)
        if changed == content:
            continue
        tried += 1
        with suppress(CheckpointError):
            checkpoint.loads(changed)
            loaded += 1
    return {"files": tried, "loaded_silently": loaded}


def uploads(live: Live, count: int, seed: int = 2) -> dict[str, Any]:
    """Send changed files to a server with real workers: how many it took, and the longest wait for the next probe."""
    rng, content, taken, waits = random.Random(seed), weights(), 0, [0.0]
    raw = {"content-type": "application/octet-stream"}
    for number in range(count):
        changed = mutated(content, rng)
        status = live.http.post("/api/checkpoints", content=changed, headers=raw).status_code
        taken += status == 201 and changed != content
        started = time.monotonic()
        asked = {"preset": "copy", "example": number % 16, "k_top": 1 + number % 7, "loss_step": 5}
        while live.http.post("/api/probe", json=asked).status_code != 200:
            time.sleep(0.02)
        waits.append(time.monotonic() - started)
    return {"uploads": count, "taken_silently": taken, "longest_wait_for_a_probe_s": round(max(waits), 2)}


def frames(live: Live, run: str, count: int, seed: int = 3) -> dict[str, Any]:
    """Say so many frames of nonsense on sockets; whether the server answers as before."""
    rng, closed = random.Random(seed), 0
    viewer = live.viewer()
    for _ in range(count):
        try:
            viewer.socket.send(_frame(rng, run))
        except ConnectionClosed:
            closed += 1
            viewer = live.viewer()
    viewer.socket.close()
    return {"frames": count, "closed": closed, "answers": live.http.get("/api/health").status_code == 200}


def _frame(rng: random.Random, run: str) -> str | bytes:
    said: dict[str, Any] = {
        "type": rng.choice(["command", "subscribe", "unsubscribe", "ping", *WORDS]),
        "run": rng.choice([run, run, *WORDS]),
        "after": rng.choice(WORDS),
        "command": rng.choice([{"type": rng.choice(["pause", "set_parameters", *WORDS]), "parameters": _object(rng)}]),
    }
    for name in list(said):
        if rng.random() < 0.15:
            del said[name]
    text = json.dumps(said)
    if rng.random() < 0.01:
        return text[: rng.randrange(len(text))]
    return text.encode() if rng.random() < 0.005 else text


def _object(rng: random.Random) -> Any:
    names = rng.sample(["k_top", "k_trunc", "k_att", "learning_rate", "clip_norm", "zzz"], rng.randrange(4))
    return rng.choice([{name: rng.choice(WORDS) for name in names}, rng.choice(WORDS)])
