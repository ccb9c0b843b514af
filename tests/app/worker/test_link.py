"""A worker gets the bytes of a checkpoint over its socket, or from the folder that the server gave it at its start."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from websockets.sync.server import ServerConnection, serve

from sab_visualiser.app.runs.shapes import SILENCE_S
from sab_visualiser.app.wire.codec import decode, encode
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.worker.link import Link, LinkLostError
from sab_visualiser.model.training.checkpoint_format import CheckpointError
from tests.fakes.server import eventually

A, BIG = b"weights of a", bytes(20 * 2**20)
WEIGHTS = {hashlib.sha256(content).hexdigest(): content for content in (A, BIG)}
SMALL, LARGE = WEIGHTS


class FarServer:
    """Says a command before each answer; hangs up on `hang up`."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.url = ""

    def __call__(self, socket: ServerConnection) -> None:
        for frame in socket:
            assert isinstance(frame, bytes)
            message = decode(frame)
            if message["kind"] == "beat":
                continue
            assert message["kind"] == "wanted"
            name = message["checkpoint"]
            self.asked.append(name)
            if name == "hang up":
                return
            socket.send(json.dumps({"type": "command", "number": len(self.asked)}))
            found = np.frombuffer(WEIGHTS[name], np.uint8) if name in WEIGHTS else None
            socket.send(encode({"kind": "checkpoint", "checkpoint": name, "data": {"bytes": found}}))


@pytest.fixture
def far() -> Iterator[FarServer]:
    far = FarServer()
    with serve(far, "127.0.0.1", 0, compression=None) as server:
        far.url = f"ws://127.0.0.1:{server.socket.getsockname()[1]}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield far
        server.shutdown()
        thread.join(timeout=10)


def test_bytes_are_asked_for_and_commands_that_come_meanwhile_are_not_lost(far: FarServer) -> None:
    link = Link(far.url, "token", "w1")
    try:
        assert link.fetch(SMALL) == A
        assert link.fetch(LARGE) == BIG
        assert [link.wait(5), link.wait(5)] == [{"type": "command", "number": n} for n in (1, 2)]
        assert link.poll() is None
    finally:
        link.close()


def test_a_server_that_is_behind_is_waited_for(far: FarServer) -> None:
    link = Link(far.url, "token", "w1")
    assert link._socket.ping_timeout == SILENCE_S
    link.close()


def test_what_the_server_has_no_more_is_named(far: FarServer) -> None:
    link = Link(far.url, "token", "w1")
    try:
        with pytest.raises(UserError, match='checkpoint = "gone": one that the server still has'):
            link.fetch("gone")
        assert link.fetch(SMALL) == A
    finally:
        link.close()


def test_a_server_that_goes_instead_of_answering_is_a_lost_server(far: FarServer) -> None:
    link = Link(far.url, "token", "w1")
    try:
        for _ in range(2):
            with pytest.raises(LinkLostError):
                link.fetch("hang up")
    finally:
        link.close()


def test_a_worker_near_the_server_asks_only_for_what_it_does_not_find(far: FarServer, tmp_path: Path) -> None:
    near = hashlib.sha256(b"found here").hexdigest()
    (tmp_path / f"{near}.safetensors").write_bytes(b"found here")
    link = Link(far.url, "token", "w1", tmp_path)
    try:
        assert link.fetch(near) == b"found here"
        assert far.asked == []
        assert link.fetch(SMALL) == A
        assert far.asked == [SMALL]
    finally:
        link.close()


def test_C7_bytes_that_are_not_those_of_the_name_are_refused(far: FarServer, tmp_path: Path) -> None:
    (tmp_path / f"{SMALL}.safetensors").write_bytes(A + b" and more")
    link = Link(far.url, "token", "w1", tmp_path)
    try:
        with pytest.raises(CheckpointError, match="not those that were stored"):
            link.fetch(SMALL)
    finally:
        link.close()


def test_C2_a_worker_says_that_it_is_there() -> None:
    heard: list[str] = []

    def listen(socket: ServerConnection) -> None:
        for frame in socket:
            assert isinstance(frame, bytes)
            heard.append(decode(frame)["kind"])

    with serve(listen, "127.0.0.1", 0, compression=None) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        link = Link(f"ws://127.0.0.1:{server.socket.getsockname()[1]}", "token", "w1")
        eventually(lambda: heard.count("beat") >= 2)
        link.close()
        server.shutdown()
        thread.join(timeout=10)
