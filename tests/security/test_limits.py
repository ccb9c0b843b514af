"""B14, B18, B19: bodies and sockets have limits, and one viewer that does not read disturbs nobody."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from sab_visualiser.app.web.guard import RAW_BODIES
from sab_visualiser.app.wire.codec import encode
from tests.fakes.server import Live, eventually, in_thread


def post(live: Live, head: str, body: bytes = b"") -> bytes:
    request = f"POST {head}\r\nHost: 127.0.0.1:{live.port}\r\nConnection: close\r\n"
    return live.raw(request.encode() + body)


def test_B14_a_body_announced_too_large_is_refused_at_once(server: Live) -> None:
    for path in ("/api/runs", "/api/checkpoints"):
        answer = post(server, f"{path} HTTP/1.1", b"Content-Length: 10000000000\r\n\r\n")
        assert answer.split(b" ", 2)[1] == b"413"


def test_every_route_that_takes_a_file_takes_one_larger_than_a_body_of_json(server: Live) -> None:
    """One list at the door, another in the routes: a text above 64 KiB was once refused by the first."""
    paths = server.http.get("/openapi.json").json()["paths"]
    raw = {
        path: next(iter(operations["post"]["requestBody"]["content"]))
        for path, operations in paths.items()
        if "application/json"
        not in operations.get("post", {}).get("requestBody", {}).get("content", ["application/json"])
    }
    assert set(raw) == set(RAW_BODIES)
    for path, kind in raw.items():
        sent = server.http.post(path, content=b"a b c " * 20_000, headers={"content-type": kind}, params={"name": "n"})
        assert sent.status_code in (201, 422), f"{path}: {sent.text}"


@pytest.mark.parametrize("length", ["-1", "abc", "1e3"])
def test_B14_a_length_that_is_no_number_is_refused(server: Live, length: str) -> None:
    answer = post(server, "/api/runs HTTP/1.1", f"Content-Length: {length}\r\n\r\n".encode())
    assert answer.split(b" ", 2)[1] == b"400"


def test_B14_a_chunked_body_is_cut_off_at_the_limit(server: Live) -> None:
    def parts() -> Iterator[bytes]:
        for _ in range(80):
            yield b" " * 1024

    answer = server.http.post("/api/runs", content=parts(), headers={"content-type": "application/json"})
    assert answer.status_code == 413
    assert "65536 bytes" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"{", 400),
        (b"[" * 60_000, 400),
        (b'{"a":' + b"9" * 5000 + b"}", 400),
        (b"\xff\xfe", 400),
        (b'{"name":"\\ud800"}', 422),
        (b"null", 422),
        (b"[]", 422),
        (b'"text"', 422),
        (b"{} {}", 400),
    ],
)
def test_C23_broken_json_is_a_problem_and_never_an_error_of_ours(server: Live, body: bytes, expected: int) -> None:
    answer = server.http.post("/api/runs", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == expected, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"]


def stuck_viewer(live: Live, run: str) -> socket.socket:
    """A socket that subscribes and then never reads."""
    peer = live.socket_by_hand(SO_RCVBUF=4096)
    text = json.dumps({"type": "subscribe", "run": run, "after": None}).encode()
    mask = b"\0\0\0\0"
    peer.sendall(bytes([0x81, 0x80 | len(text)]) + mask + text)
    return peer


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def big_snapshot(run: str) -> bytes:
    trace = np.zeros(4_000_000, np.uint8)
    return encode({"kind": "snapshot", "run": run, "attempt": 1, "seq": 0, "update": 0, "trace": trace})


def test_B19_a_viewer_that_never_reads_is_closed_and_the_others_lose_nothing(tmp_path: Path) -> None:
    with in_thread(tmp_path, send_timeout_s=0.5) as live:
        run = live.start(training={"updates": 100_000})
        live.reach(run, "running", update=2)
        hub = live.app.state.conductor.hub
        assert live.loop is not None
        with live.viewer() as healthy:
            healthy.say(type="subscribe", run=run, after=None)
            eventually(lambda: len(hub.viewers) == 1)
            before = open_files()
            with stuck_viewer(live, run):
                eventually(lambda: len(hub.viewers) == 2)
                deadline = time.monotonic() + 10
                while len(hub.viewers) == 2:
                    assert time.monotonic() < deadline, "the viewer that never reads is still there"
                    live.loop.call_soon_threadsafe(hub.publish_snapshot, run, big_snapshot(run))
                    healthy.until(lambda frame: frame["kind"] == "metrics")
                eventually(lambda: open_files() <= before + 1)  # the end that never reads is ours and still open
            seqs = healthy.seqs(run)
            assert seqs == list(range(1, len(seqs) + 1))
