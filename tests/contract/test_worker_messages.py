"""A worker may be on another machine: no message to it names a place on the server's disk."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sab_visualiser.app.wire.codec import decode
from sab_visualiser.app.workers.connection import Worker
from tests.fakes.server import Live, eventually, in_thread

KINDS = {"assign", "command", "probe", "hits", "selfcheck", "inspect", "end", "checkpoint"}


class Wire:
    """Everything that the server sends to any worker."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    def listen(self, patch: pytest.MonkeyPatch) -> None:
        connect, heard = Worker.connect, self.messages

        def tapped(worker: Worker, send: Any, send_bytes: Any) -> None:
            async def text(message: str) -> None:
                heard.append(json.loads(message))
                await send(message)

            async def content(frame: bytes) -> None:
                heard.append({"type": "checkpoint", **decode(frame)})
                await send_bytes(frame)

            connect(worker, text, content)

        patch.setattr(Worker, "connect", tapped)


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    wire = Wire()
    wire.listen(monkeypatch)
    return wire


def texts(value: Any) -> Iterator[str]:
    """Every text anywhere in a message, names of fields too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield key
            yield from texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from texts(part)


def say_everything(live: Live) -> None:
    """Make the server say to its workers all that it can say."""
    run = live.start(training={"updates": 100_000})
    live.reach(run, "running", update=3)
    live.command(run, "set_parameters", parameters={"k_top": 2})
    for kind in ("checkpoint", "pause", "reset", "resume"):
        live.command(run, kind)
    live.reach(run, "running", update=3)
    live.http.post("/api/probe", json={"run": run})
    live.command(run, "stop")
    stored = live.reach(run, "stopped")
    live.command(run, "resume")
    live.reach(run, "running", update=stored["update"] + 1)
    sent = live.http.post(
        "/api/checkpoints", content=b"good weights", headers={"Content-Type": "application/octet-stream"}
    )
    uploaded = sent.json()["checkpoint"]
    untrained = {"preset": live.http.get("/api/presets").json()[-1]["name"]}
    for network in ({"preset": "copy"}, untrained, {"checkpoint": uploaded}, {"run": run, "update": stored["update"]}):
        answer = live.http.post("/api/probe", json={**network, "example": 1})
        assert answer.status_code == 200, answer.text
        live.http.post("/api/hits", json=network)
        if "update" not in network:
            live.http.get("/api/selfcheck", params=network)
    live.command(run, "stop")
    live.reach(run, "stopped")


def test_no_message_to_a_worker_holds_a_path(wire: Wire, tmp_path: Path) -> None:
    with in_thread(tmp_path / "data") as live:
        say_everything(live)
    eventually(lambda: {message["type"] for message in wire.messages} == KINDS)
    for message in wire.messages:
        said = list(texts(message))
        assert not any("/" in text or "\\" in text or text.endswith(".safetensors") for text in said), said


def test_every_checkpoint_that_is_named_is_a_hash(wire: Wire, tmp_path: Path) -> None:
    with in_thread(tmp_path / "data") as live:
        say_everything(live)
    named = [message["checkpoint"] for message in wire.messages if message.get("checkpoint")]
    assert len(set(named)) >= 3, "of a run, a preset and an upload"
    assert all(len(name) == 64 and set(name) <= set("0123456789abcdef") for name in named)
