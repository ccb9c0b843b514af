"""The real server in a thread (quick) or in a process (for signals), and small clients for it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx2
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from sab_visualiser.app.main import create_app
from sab_visualiser.app.serve import address, bind, make_server
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.wire.codec import decode
from sab_visualiser.app.workers.launcher import Launcher
from tests.fakes.launcher import TaskLauncher

WORKER_TOKEN = "the-secret-of-workers-from-elsewhere"
WAIT_S = 30.0
"""After so long something is taken to have failed; long, since a busy machine is no failure."""


def eventually(condition: Callable[[], Any], seconds: float = WAIT_S) -> Any:
    """The first true value of `condition`; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)
    return value


class Viewer:
    """A socket that collects decoded frames."""

    def __init__(self, url: str, **options: Any) -> None:
        address = url.replace("http", "ws", 1) + "/ws"
        options = {"compression": None, "max_size": None, "close_timeout": 0.3, **options}
        self.socket: ClientConnection = connect(address, **options).__enter__()
        self.frames: list[dict[str, Any]] = []

    def say(self, **message: Any) -> None:
        """One JSON text frame."""
        self.socket.send(json.dumps(message))

    def next(self, seconds: float = WAIT_S) -> dict[str, Any]:
        """The next frame."""
        frame = self.socket.recv(timeout=seconds)
        assert isinstance(frame, bytes), "the server sends binary frames only"
        self.frames.append(decode(frame))
        return self.frames[-1]

    def until(self, wanted: Callable[[dict[str, Any]], Any], seconds: float = WAIT_S) -> dict[str, Any]:
        """The first frame for which `wanted` is true, those on the way included."""
        deadline = time.monotonic() + seconds
        while True:
            frame = self.next(max(0.01, deadline - time.monotonic()))
            if wanted(frame):
                return frame

    def closed_with(self) -> int | None:
        """Read on until the server closes, and the code that it gave; None where it gave none."""
        try:
            while True:
                self.next()
        except ConnectionClosed as error:
            return error.rcvd.code if error.rcvd else None

    def seqs(self, run: str) -> list[int]:
        """The seq of every event of the run so far."""
        kinds = (
            "status",
            "metrics",
            "parameters",
            "acknowledged",
            "superseded",
            "checkpoint",
            "quarantined",
            "rewound",
        )
        return [frame["seq"] for frame in self.frames if frame["kind"] in kinds and frame["run"] == run]

    def __enter__(self) -> Viewer:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()


def known(ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """How workers compute, as /api/engine says once one of them is there; a first start compiles for long."""

    def said() -> dict[str, Any] | None:
        view = ask()
        return view if view["device"] is not None or not view["as_wished"] else None

    return dict(eventually(said, 4 * WAIT_S))


@dataclass
class Live:
    """A server that runs: where it is, and how to talk to it."""

    url: str
    data_dir: Path
    process: subprocess.Popen[str] | None = None
    app: Any = None
    launcher: Any = None
    loop: asyncio.AbstractEventLoop | None = None

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1])

    @cached_property
    def http(self) -> httpx2.Client:
        return httpx2.Client(base_url=self.url, timeout=30, trust_env=False)

    def viewer(self, **options: Any) -> Viewer:
        return Viewer(self.url, **options)

    def socket_by_hand(self, **options: int) -> socket.socket:
        """A socket of a viewer as the system has it, shaken hands; `options` of SOL_SOCKET by their names."""
        peer = socket.socket()
        peer.settimeout(WAIT_S)
        for name, value in options.items():
            peer.setsockopt(socket.SOL_SOCKET, getattr(socket, name), value)
        peer.connect(("127.0.0.1", self.port))
        peer.sendall(
            f"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
        )
        assert b"101" in peer.recv(15)
        return peer

    def start(self, **body: Any) -> str:
        """A new run; its id."""
        answer = self.http.post("/api/runs", json=body or None)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def run(self, run_id: str) -> dict[str, Any]:
        return dict(self.http.get(f"/api/runs/{run_id}").json())

    def reach(self, run_id: str, *statuses: str, update: int = 0, seconds: float = WAIT_S) -> dict[str, Any]:
        """The run once it is in one of the statuses, at that update or later."""

        def there() -> dict[str, Any] | None:
            view = self.run(run_id)
            return view if view["status"] in statuses and view["update"] >= update else None

        return dict(eventually(there, seconds))

    def command(self, run_id: str, kind: str, **more: Any) -> httpx2.Response:
        return self.http.post(f"/api/runs/{run_id}/commands", json={"type": kind, **more})

    def raw(self, request: bytes, seconds: float = WAIT_S) -> bytes:
        """Bytes as they are, and the whole answer."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as peer:
            peer.sendall(request)
            answer = b""
            while part := peer.recv(65536):
                answer += part
        return answer


@contextmanager
def in_thread(data_dir: Path, launcher: Launcher | None = None, **more: Any) -> Iterator[Live]:
    """The server in a thread of this process; its workers are fake ones as its tasks, or those of `launcher`.

    It asks nobody for a token unless `no_auth` is False.
    """
    settings = Settings(**{"port": 0, "data_dir": data_dir, "no_auth": True, **more})
    launcher = launcher or TaskLauncher()
    listener = bind(settings.host, settings.port)
    app = create_app(settings, launcher)
    server = make_server(app, listener)
    live = Live(address(listener), data_dir, app=app, launcher=launcher)

    async def work() -> None:
        live.loop = asyncio.get_running_loop()
        await server.serve(sockets=[listener])

    thread = threading.Thread(target=lambda: asyncio.run(work()), daemon=True)
    thread.start()
    eventually(lambda: server.started)
    try:
        yield live
    finally:
        live.http.close()
        server.should_exit = True
        thread.join(timeout=10)
        listener.close()
        assert not thread.is_alive(), "the server did not end"


@contextmanager
def in_process(data_dir: Path, *words: str, **environment: str) -> Iterator[Live]:
    """The server in a process; whatever is left of it is killed at the end."""
    command = [sys.executable, "-m", "tests.fakes.serve", "--data-dir", str(data_dir), *words]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment}
    )
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        line = process.stdout.readline()
        found = re.search(r"http://\S+", line)
        assert found, f"no ready line: {line!r} {process.stderr.read()}"
        live = Live(found[0], data_dir, process)
        try:
            yield live
        finally:
            live.http.close()
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=8)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        process.stdout.close()
        process.stderr.close()
