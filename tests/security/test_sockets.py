"""B18: what a viewer says is bounded in size and pace, and answered; one that floods is closed, the others go on."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode

from sab_visualiser.app.connections import VIEWER_FRAME_BYTES
from sab_visualiser.app.web.messages.rates import Bucket
from sab_visualiser.app.web.sockets import BAD_JSON_LIMIT, MAX_TEXT_BYTES
from tests.fakes.server import Live, eventually, in_thread


def test_B18_a_bucket_gives_what_it_holds_and_then_what_comes_back() -> None:
    now = [0.0]
    bucket = Bucket(10, 5, lambda: now[0])
    assert [bucket.take() for _ in range(7)] == [True] * 5 + [False] * 2
    now[0] = 0.25
    assert [bucket.take() for _ in range(3)] == [True, True, False]
    now[0] = 100.0
    assert sum(bucket.take() for _ in range(20)) == 5


@pytest.mark.parametrize("letter", ["x", b"x"])
def test_B18_a_frame_above_one_mebibyte_is_not_taken_in(server: Live, letter: Any) -> None:
    with server.viewer() as viewer:
        with suppress(ConnectionClosed):
            viewer.socket.send(letter * (VIEWER_FRAME_BYTES + 1))
        assert viewer.closed_with() == 1009


def test_B18_a_frame_that_is_only_announced_takes_no_memory_and_is_refused(server: Live) -> None:
    with server.viewer() as viewer:
        viewer.next()
        announced = Frame(Opcode.TEXT, b"").serialize(mask=True)[:1] + b"\xff" + (1 << 40).to_bytes(8, "big") + b"abcd"
        viewer.socket.socket.sendall(announced)
        assert viewer.closed_with() == 1009


def test_B18_a_message_in_many_parts_is_counted_as_one(server: Live) -> None:
    with server.viewer() as viewer:
        with suppress(ConnectionClosed):
            viewer.socket.send("x" * 65536 for _ in range(20))
        assert viewer.closed_with() == 1009


def test_B18_workers_may_send_more_than_viewers(server: Live) -> None:
    run = server.start(name="good", training={"updates": 3})
    assert server.reach(run, "finished")["checkpoint"]
    assert VIEWER_FRAME_BYTES >= 16 * MAX_TEXT_BYTES


def test_B18_what_is_no_json_is_answered(server: Live) -> None:
    with server.viewer() as viewer:
        viewer.socket.send("{")
        answer = viewer.until(lambda frame: frame["kind"] == "rejected")
        assert answer["problem"]["title"] == "Frame is not JSON"
        viewer.say(type="ping")
        viewer.until(lambda frame: frame["kind"] == "pong")


def test_B18_a_flood_is_closed_with_4429_and_nobody_else_is(server: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    # A busy machine does not say 2,500 messages a second: what is closed is what is faster than the limit.
    monkeypatch.setattr("sab_visualiser.app.web.sockets.MESSAGES_PER_S", 10)
    monkeypatch.setattr("sab_visualiser.app.web.sockets.MESSAGES_AT_ONCE", 500)
    with server.viewer() as other, server.viewer() as flooder:
        text = json.dumps({"type": "unsubscribe", "run": "r1"})

        def flood() -> None:
            with suppress(ConnectionClosed):
                for _ in range(100_000):
                    flooder.socket.send(text)

        thread = threading.Thread(target=flood)
        thread.start()
        assert flooder.closed_with() == 4429
        thread.join(timeout=30)
        other.say(type="ping")
        other.until(lambda frame: frame["kind"] == "pong")


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        ([Frame(Opcode.BINARY, b"x")], 1003),
        ([Frame(Opcode.TEXT, b"{")] * BAD_JSON_LIMIT, 1007),
        ([Frame(Opcode.TEXT, b"x" * (MAX_TEXT_BYTES + 1))], 1009),
        ([Frame(Opcode.TEXT, b"x" * (VIEWER_FRAME_BYTES + 1))], 1009),
        ([Frame(Opcode.TEXT, b"{}")] * 3, 4429),
    ],
)
def test_B18_who_is_closed_while_still_writing_learns_why(
    server: Live, monkeypatch: pytest.MonkeyPatch, frames: list[Frame], code: int
) -> None:
    """A connection closed over something unread is reset, and the reset may overtake the reason."""
    if code == 4429:
        monkeypatch.setattr("sab_visualiser.app.web.sockets.MESSAGES_PER_S", 1)
        monkeypatch.setattr("sab_visualiser.app.web.sockets.MESSAGES_AT_ONCE", 2)
    with server.socket_by_hand() as peer:
        for frame in [*frames, *[Frame(Opcode.PING, b"still here")] * 60]:
            peer.sendall(frame.serialize(mask=True))
            time.sleep(0.005)
        said = b"".join(iter(lambda: peer.recv(65536), b""))
    assert re.search(b"\x88." + re.escape(code.to_bytes(2, "big")), said, re.DOTALL), "a frame that closes, and why"


def test_B18_who_is_closed_and_never_stops_writing_is_cut_off(server: Live) -> None:
    ping = Frame(Opcode.PING, b"still here").serialize(mask=True)

    def refused(peer: socket.socket) -> bool:
        try:
            peer.sendall(ping)
        except (ConnectionResetError, BrokenPipeError):
            return True
        return False

    with server.socket_by_hand() as peer:
        peer.sendall(Frame(Opcode.BINARY, b"x").serialize(mask=True))
        eventually(lambda: refused(peer))


def test_B18_viewers_that_go_in_the_middle_of_a_frame_leave_nothing(tmp_path: Path) -> None:
    with in_thread(tmp_path) as live:
        hub = live.app.state.conductor.hub
        for _ in range(24):
            viewer = live.viewer()
            viewer.next()
            head = b"\x81\xff" + VIEWER_FRAME_BYTES.to_bytes(8, "big") + b"\0\0\0\0"
            viewer.socket.socket.sendall(head + b"x" * 200_000)
            viewer.socket.socket.shutdown(socket.SHUT_RDWR)
        eventually(lambda: not hub.viewers)
