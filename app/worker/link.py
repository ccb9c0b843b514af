"""The worker's end of the socket: frames out, text commands in, and the bytes of checkpoints that it asks for.

A thread reads, so that the server's pings are answered while an update computes; the training thread polls.
"""

from __future__ import annotations

import hashlib
import json
import os
import queue
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Protocol

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from sab_visualiser.app.runs.shapes import BEAT_S, SILENCE_S
from sab_visualiser.app.wire.codec import decode, encode
from sab_visualiser.app.wire.errors import field_error
from sab_visualiser.model.training.checkpoint_format import CheckpointError

MAX_FRAME_BYTES = 65 * 2**20
"""A checkpoint of at most 64 MiB, and what stands around it."""
OPEN_TIMEOUT_S = 10


class LinkLostError(Exception):
    """The server is gone; the worker checkpoints and ends."""


class Outbox(Protocol):
    """Where a session's frames go: a Link, or a list in a test."""

    def send(self, message: dict[str, Any]) -> None:
        """Take one message."""


class Link:
    """A connection to the server, named and authorised.

    Args:
        url: Where the server takes workers.
        token: The secret that it asks of them.
        worker: What this worker is called.
        nearby: Folder of the server's checkpoints, for a worker that the server started on its own machine: it reads
            there what it would else ask for.
    """

    def __init__(self, url: str, token: str, worker: str, nearby: Path | None = None) -> None:
        dialling = connect(
            url,
            additional_headers={"Authorization": f"Bearer {token}"},
            compression=None,
            max_size=MAX_FRAME_BYTES,
            open_timeout=OPEN_TIMEOUT_S,
            ping_timeout=SILENCE_S,
            proxy=None,
        )
        self._open_socket = ExitStack()
        self._socket: ClientConnection = self._open_socket.enter_context(dialling)
        self.worker = worker
        self._nearby = nearby
        self._inbox: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._files: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self.on_end: Callable[[bool], object] = lambda lost: None
        self.leave: Callable[[int], object] = os._exit  # of whoever works in a process of somebody else, only that work
        """Called in a thread of its own once the server says `end` (False) or is gone (True)."""
        threading.Thread(target=self._read, name="link", daemon=True).start()
        threading.Thread(target=self._beat, name="beat", daemon=True).start()

    def send(self, message: dict[str, Any]) -> None:
        """Send one frame (docs/protocol.md).

        Raises:
            LinkLostError: When the server is gone.
        """
        try:
            self._socket.send(encode(message))
        except ConnectionClosed:
            raise LinkLostError from None

    def poll(self) -> dict[str, Any] | None:
        """The next command that has arrived, or None at once.

        Raises:
            LinkLostError: When the server is gone and nothing is left to read.
        """
        try:
            return self._open(self._inbox.get_nowait())
        except queue.Empty:
            return None

    def wait(self, timeout_s: float | None = None) -> dict[str, Any] | None:
        """The next command; None when `timeout_s` seconds passed without one.

        Raises:
            LinkLostError: When the server is gone and nothing is left to read.
        """
        try:
            return self._open(self._inbox.get(timeout=timeout_s))
        except queue.Empty:
            return None

    def fetch(self, sha256: str) -> bytes:
        """The bytes of a checkpoint that a message named; commands that come meanwhile wait.

        Raises:
            LinkLostError: When the server is gone.
            UserError: When the server has the checkpoint no more.
            CheckpointError: When its bytes are others than those that were stored under that name.
        """
        content = self._fetched(sha256)
        if hashlib.sha256(content).hexdigest() != sha256:
            raise CheckpointError("its bytes are not those that were stored: it is damaged, or was exchanged")
        return content

    def _fetched(self, sha256: str) -> bytes:
        if self._nearby is not None:
            with suppress(OSError):  # one that is not there is asked for
                return _plain(self._nearby / f"{sha256}.safetensors")
        self.send({"kind": "wanted", "checkpoint": sha256})
        message = self._files.get()
        if message is None:
            self._files.put(None)
            raise LinkLostError
        content = message["data"]["bytes"]
        if content is None or message["checkpoint"] != sha256:
            raise field_error("checkpoint", sha256, "one that the server still has", "ask again", status=404)
        return bytes(content)

    def close(self) -> None:
        """Say good-bye; safe to call twice."""
        self._open_socket.close()

    def _open(self, message: dict[str, Any] | None) -> dict[str, Any]:
        if message is None:
            self._inbox.put(None)  # every later call must learn it too
            raise LinkLostError
        return message

    def _read(self) -> None:
        try:
            for message in self._socket:
                if isinstance(message, bytes):
                    self._files.put(decode(message))
                else:
                    self._inbox.put(said := json.loads(message))
                    if said["type"] == "end":
                        self._tell_end(lost=False)
        except (ConnectionClosed, ValueError, OSError):
            pass
        self._tell_end(lost=True)
        self._inbox.put(None)
        self._files.put(None)

    def _beat(self) -> None:
        """Say that this process is there, also while an update computes."""
        with suppress(LinkLostError):
            while True:
                time.sleep(BEAT_S)
                self.send({"kind": "beat"})

    def _tell_end(self, *, lost: bool) -> None:
        threading.Thread(target=self.on_end, args=(lost,), name="end", daemon=True).start()


def _plain(path: Path) -> bytes:
    """The bytes of a file that is no link."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:
        return file.read()
