"""B12, B14: files that come in are counted, timed and cut off; nothing of one that was not whole is left."""

from __future__ import annotations

import hashlib
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import pytest

from tests.fakes.server import Live, eventually, in_process, in_thread

RAW = {"content-type": "application/octet-stream"}
MIB = 1 << 20


def upload(live: Live, content: bytes) -> str:
    answer = live.http.post("/api/checkpoints", content=content, headers=RAW)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["checkpoint"])


def kept(live: Live) -> set[str]:
    return {path.name for path in live.app.state.store.checkpoints.folder.iterdir()}


@contextmanager
def half_sent(live: Live, count: int, sent: bytes) -> Iterator[list[socket.socket]]:
    """Connections on which a request was begun, and never gets any further."""
    with ExitStack() as stack:
        peers = [stack.enter_context(socket.create_connection(("127.0.0.1", live.port), 30)) for _ in range(count)]
        for peer in peers:
            peer.sendall(sent)
        yield peers


def answer_of(peer: socket.socket) -> bytes:
    """All that comes until the server closes."""
    answer = b""
    while part := peer.recv(65536):
        answer += part
    return answer


def body(live: Live) -> bytes:
    head = f"POST /api/checkpoints HTTP/1.1\r\nHost: 127.0.0.1:{live.port}\r\nContent-Type: {RAW['content-type']}\r\n"
    return f"{head}Content-Length: 1000000\r\n\r\n".encode() + b"x" * 1000


def test_B12_the_oldest_uploads_go_when_there_are_too_many(tmp_path: Path) -> None:
    with in_thread(tmp_path, uploads_kept=3) as live:
        names = [upload(live, f"good {number}".encode()) for number in range(3)]
        assert upload(live, b"good 0") == names[0], "sent again, it is the newest"
        names.append(upload(live, b"good 3"))
        assert kept(live) == {f"{names[number]}.safetensors" for number in (0, 2, 3)}
        answer = live.http.post("/api/probe", json={"checkpoint": names[1]})
        assert (answer.status_code, answer.json()["errors"][0]["remedy"]) == (404, "upload it first")
        assert live.http.post("/api/probe", json={"checkpoint": names[0]}).status_code == 200


def test_B12_the_oldest_uploads_go_when_their_space_is_full(tmp_path: Path) -> None:
    with in_thread(tmp_path, uploads_mb=64) as live:
        names = [upload(live, b"good" + bytes([number]) * (30 * MIB)) for number in range(3)]
        assert kept(live) == {f"{name}.safetensors" for name in names[1:]}


def test_B12_a_file_that_a_run_needs_stays_when_its_upload_goes(tmp_path: Path) -> None:
    with in_thread(tmp_path, uploads_kept=1) as live:
        run = live.start(name="good", training={"updates": 3})
        checkpoint = live.reach(run, "finished")["checkpoint"]
        content = live.app.state.store.checkpoints.path(checkpoint).read_bytes()
        assert upload(live, content) == checkpoint
        upload(live, b"good another")
        assert f"{checkpoint}.safetensors" in kept(live)
        assert live.http.post("/api/probe", json={"run": run}).status_code == 200


def test_B12_only_so_many_are_on_their_way_in(tmp_path: Path) -> None:
    with in_thread(tmp_path, uploads_at_once=2) as live, half_sent(live, 2, body(live)):
        eventually(lambda: len(live.app.state.uploading) == 2)
        answer = live.http.post("/api/checkpoints", content=b"good", headers=RAW)
        assert (answer.status_code, answer.json()["title"]) == (429, "Too many uploads")


@pytest.mark.parametrize("head", [b"", b"GET /api/health HT", b"POST /api/runs HTTP/1.1\r\nHost: 127"])
def test_B14_a_head_that_does_not_come_is_not_waited_for(tmp_path: Path, head: bytes) -> None:
    with in_thread(tmp_path, read_timeout_s=0.3) as live, half_sent(live, 5, head) as peers:
        for peer in peers:
            assert answer_of(peer).startswith(b"HTTP/1.1 408 ")
        assert live.http.get("/api/health").status_code == 200


def test_B14_a_body_that_does_not_come_leaves_nothing(tmp_path: Path) -> None:
    with in_thread(tmp_path, read_timeout_s=0.3, uploads_at_once=64) as live, half_sent(live, 20, body(live)) as peers:
        for peer in peers:
            peer.settimeout(30)
            assert peer.recv(12) == b"HTTP/1.1 408"
        eventually(lambda: not live.app.state.uploading)
        assert kept(live) == set()
        assert live.http.get("/api/health").status_code == 200


def test_B14_a_request_that_comes_slowly_but_comes_is_answered(tmp_path: Path) -> None:
    with in_thread(tmp_path, read_timeout_s=5) as live, half_sent(live, 1, b"") as (peer,):
        for _ in range(2):  # and once more on the same connection
            for part in (b"GET /api/health HTTP/1.1\r\n", b"Host: localhost\r\n", b"\r\n"):
                peer.sendall(part)
                time.sleep(0.05)
            assert peer.recv(65536).startswith(b"HTTP/1.1 200")


def test_B14_two_hundred_half_sent_requests_end_and_the_server_answers_all_the_while(tmp_path: Path) -> None:
    with in_thread(tmp_path, read_timeout_s=2) as live, half_sent(live, 200, b"POST /api/runs HTTP/1.1\r\n") as peers:
        assert live.http.get("/api/health").status_code == 200
        for peer in peers:
            assert answer_of(peer).startswith(b"HTTP/1.1 408 ")
        assert live.http.get("/api/health").status_code == 200


def test_B14_one_connection_too_many_is_told_so_and_the_others_go_on(tmp_path: Path) -> None:
    with in_thread(tmp_path, connections=16) as live:
        assert live.http.get("/api/health").status_code == 200
        with half_sent(live, 40, b"") as peers:
            told = [peer for peer in peers[-5:] if answer_of(peer).startswith(b"HTTP/1.1 503 ")]
            assert len(told) == 5
            assert live.http.get("/api/health").status_code == 200, "the one that was there is served"
        eventually(lambda: live.http.get("/api/health").status_code == 200)


def test_B14_one_connection_too_many_is_told_so_while_it_still_writes(tmp_path: Path) -> None:
    full = in_thread(tmp_path, connections=16)
    with full as live, half_sent(live, 16, b""), socket.create_connection(("127.0.0.1", live.port), 30) as peer:
        for _ in range(40):
            peer.sendall(b"POST /api/runs HTTP/1.1\r\n")
            time.sleep(0.005)
        assert answer_of(peer).startswith(b"HTTP/1.1 503 ")


@pytest.mark.server
def test_B14_a_hundred_megabytes_in_pieces_are_cut_off_and_not_kept_in_memory(tmp_path: Path) -> None:
    with in_process(tmp_path / "data") as live:
        assert live.process is not None
        process = psutil.Process(live.process.pid)
        upload(live, b"good first")
        before, most = process.memory_info().rss, 0

        def parts() -> Iterator[bytes]:
            nonlocal most
            for _ in range(1600):
                most = max(most, process.memory_info().rss)
                yield bytes(65536)

        answer = live.http.post("/api/checkpoints", content=parts(), headers=RAW)
        assert answer.status_code == 413
        assert most - before < 5 * MIB
        name = hashlib.sha256(b"good first").hexdigest()
        eventually(
            lambda: {path.name for path in (tmp_path / "data" / "checkpoints").iterdir()} == {f"{name}.safetensors"}
        )
