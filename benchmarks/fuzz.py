"""What the server makes of nonsense: files of weights that were changed, frames of a socket, requests made from its own
OpenAPI document. Used by benchmarks/trust.py and by tests.
"""

from __future__ import annotations

import json
import random
import time
from contextlib import suppress
from typing import Any

import httpx2
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
EXPECTED = (503, 504, 507)
"""Statuses from 500 on that say what is so: no worker, no answer in time, no room."""
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


def requests(live: Live, count: int, seed: int = 4) -> dict[str, Any]:
    """So many requests made from /openapi.json, fitting or not; those that came to a status nobody expects."""
    rng, document = random.Random(seed), live.http.get("/openapi.json").json()
    asked = [(path, how, one) for path, all_of in document["paths"].items() for how, one in all_of.items()]
    run = live.start(**SMALL)
    unexpected: dict[str, int] = {}
    for _ in range(count):
        path, how, operation = rng.choice(asked)
        status = _asked(live.http, rng, document, (path, how, operation), run)
        if status >= 500 and status not in EXPECTED:
            name = f"{how.upper()} {path}: {status}"
            unexpected[name] = unexpected.get(name, 0) + 1
    return {"requests": count, "operations": len(asked), "unexpected": unexpected}


def _asked(http: httpx2.Client, rng: random.Random, document: Any, operation: tuple[str, str, Any], run: str) -> int:
    path, how, about = operation
    query: dict[str, str] = {}
    for one in about.get("parameters", ()):
        value = (
            run if one["name"] == "run_id" and rng.random() < 0.7 else _value(rng, document, one.get("schema", {}), 0)
        )
        if one["in"] == "path":
            path = path.replace(f"{{{one['name']}}}", _safe(value))
        elif one["in"] == "query" and (one.get("required") or rng.random() < 0.6):
            query[one["name"]] = str(value)[:300]
    content = about.get("requestBody", {}).get("content", {})
    with suppress(httpx2.InvalidURL, UnicodeError):
        if "application/json" in content:
            body = json.dumps(_value(rng, document, content["application/json"]["schema"], 0))
            return _lasting(http, how, path, query, body.encode(), "application/json")
        junk = bytes(rng.randrange(256) for _ in range(rng.randrange(200)))
        return _lasting(http, how, path, query, junk if content else b"", next(iter(content), "text/plain"))
    return 0


def _lasting(http: httpx2.Client, how: str, path: str, query: dict[str, str], body: bytes, kind: str) -> int:
    headers = {"content-type": kind} if body else None
    return int(http.request(how.upper(), path, params=query, content=body or None, headers=headers).status_code)


def _safe(value: Any) -> str:
    return "".join(c if c.isalnum() else f"%{ord(c) % 256:02X}" for c in str(value)[:80]) or "x"


def _value(rng: random.Random, document: Any, schema: Any, depth: int) -> Any:
    """Something that the schema allows, most of the time."""
    if rng.random() < 0.08 or depth > 6:
        return rng.choice(WORDS)
    if "$ref" in schema:
        return _value(rng, document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], depth + 1)
    for many in ("anyOf", "oneOf"):
        if many in schema:
            return _value(rng, document, rng.choice(schema[many]), depth + 1)
    if "enum" in schema:
        return rng.choice(schema["enum"])
    if "const" in schema:
        return schema["const"]
    return _plain(rng, document, schema, depth)


def _plain(rng: random.Random, document: Any, schema: Any, depth: int) -> Any:
    kind = schema.get("type")
    if kind == "object":
        known = schema.get("properties", {})
        names = [name for name in known if name in schema.get("required", ()) or rng.random() < 0.4]
        return {name: _value(rng, document, known[name], depth + 1) for name in names}
    if kind == "array":
        return [_value(rng, document, schema.get("items", {}), depth + 1) for _ in range(rng.randrange(4))]
    if kind in ("integer", "number"):
        low, high = schema.get("minimum", 0), min(schema.get("maximum", 50), 50)
        whole = rng.randint(int(low), max(int(low), int(high)))
        return whole if kind == "integer" else whole + rng.random()
    return {"boolean": rng.random() < 0.5, "null": None}.get(kind, rng.choice([w for w in WORDS if isinstance(w, str)]))
