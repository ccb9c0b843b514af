"""One connection as uvicorn has it: how many there may be, how long a request may take to come, how large a frame is.

What a request may do is decided by app/web/guard.py; here is what happens before there is one.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import resource
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import ProtocolError
from websockets.http11 import Request

from sab_visualiser.app.settings import Settings
from sab_visualiser.app.web.problems import PROBLEM_TYPE
from sab_visualiser.app.web.sockets import CLOSE_NOW, WORKERS
from sab_visualiser.app.wire.views import Problem

WORKER_FRAME_BYTES = 64 * 1024 * 1024
"""Largest frame of a worker (it may carry a checkpoint)."""
VIEWER_FRAME_BYTES = 1024 * 1024
"""Largest frame of anybody else; what is not even that large is judged where it is read."""
LINGER_S = 1.0
"""So long what still comes on a connection that was refused or closed is read and dropped."""
LINGERING = 32
"""Connections beyond the limit that may linger; the open files of this process are for those within it."""
OWN_FILES = 96
"""Open files that the server needs besides: the store, workers, what it serves."""
FULL = Problem(title="Too many connections", status=503, detail="this server has no room for one more; try again soon")
LATE = Problem(title="Request not complete", status=408, detail="the head of the request did not come in time")


def most_connections(settings: Settings) -> int:
    """How many there may be: as the setting says, fewer where the system lets this process open fewer files."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    room = settings.connections if files == resource.RLIM_INFINITY else files - OWN_FILES
    return max(8, min(settings.connections, room))


class Http(AutoHTTPProtocol):  # type: ignore[misc,valid-type]  # uvicorn chooses it when it is loaded
    """uvicorn's HTTP; one connection too many is told so, and a head that does not come is not waited for."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        settings: Settings = self.config.app.state.settings
        self._most, self._patience_s = most_connections(settings), settings.read_timeout_s
        self._due: asyncio.TimerHandle | None = None
        self._last: Any = None
        self._parted = False

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Begin to wait for a request."""
        super().connection_made(transport)
        if len(self.connections) > self._most:
            self._refuse(FULL)
        else:
            self._wait()

    def data_received(self, data: bytes) -> None:
        """The time for a head begins with its first byte, and ends when it is whole; after our last word, none."""
        if self._parted:
            return
        super().data_received(data)
        if self.cycle is not self._last:
            self._last = self.cycle
            self._heard()
        elif self._due is None and (self.cycle is None or self.cycle.response_complete):
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        self._heard()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, *args: Any) -> None:
        """It is a socket from now on, whose time is its own."""
        self._heard()
        self._last = None
        super().handle_websocket_upgrade(*args)
        self._patience_s = float("inf")

    def _wait(self) -> None:
        if self._patience_s != float("inf") and not self.transport.is_closing():
            self._due = self.loop.call_later(self._patience_s, self._refuse, LATE)

    def _heard(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _refuse(self, problem: Problem) -> None:
        self._due = None
        if self.transport.is_closing():
            return
        self.transport.write(refusal(problem))
        if len(self.connections) <= self._most + LINGERING:
            self._parted = True
            part(self.transport, LINGER_S)
        else:
            self.transport.close()


def part(transport: asyncio.Transport, grace_s: float) -> None:
    """Say no more, and stay until the peer goes too, or for `grace_s`; what it still says has to be read and dropped.

    A connection that is closed with something unread answers with a reset, which overtakes our last word: a peer that
    is still writing would never learn why it was closed.
    """
    if transport.can_write_eof():
        transport.write_eof()
    else:
        transport.close()
    asyncio.get_running_loop().call_later(grace_s, transport.abort)


def refusal(problem: Problem) -> bytes:
    """A whole answer, for somebody of whom there is no request."""
    body = json.dumps(problem.model_dump()).encode()
    head = f"HTTP/1.1 {problem.status} {problem.title}\r\ncontent-type: {PROBLEM_TYPE}\r\n"
    return f"{head}content-length: {len(body)}\r\nconnection: close\r\n\r\n".encode() + body


class Sockets(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket, plus a way to close one whose peer has stopped reading, and a smaller frame for viewers."""

    _parted = False

    def handle_connect(self, event: Request) -> None:
        """Offer `close_now` to the application."""
        if event.path.partition("?")[0] != WORKERS:
            self.conn.max_message_size = VIEWER_FRAME_BYTES
        super().handle_connect(event)
        scope: Any = getattr(self, "scope", None)
        if scope is not None:
            scope["extensions"][CLOSE_NOW] = self.close_now

    def close_now(self, code: int, grace_s: float) -> None:
        """Queue the close frame behind what is unsent, and drop the connection when it is not out after `grace_s`."""
        if self.close_sent or self.disconnected:
            return
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": ""})
        with contextlib.suppress(ProtocolError):
            self.conn.send_close(code)
            self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self._part(grace_s)

    def data_received(self, data: bytes) -> None:
        """What comes after our last word is read and dropped."""
        if not self._parted:
            super().data_received(data)

    def handle_parser_exception(self) -> None:
        """Say which law a frame broke, and part."""
        broken = self.conn.close_sent
        assert broken is not None, "the parser has said what was wrong"
        self.queue.put_nowait({"type": "websocket.disconnect", "code": broken.code, "reason": broken.reason})
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self._part(LINGER_S)

    def _part(self, grace_s: float) -> None:
        self._parted = True
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        part(self.transport, grace_s)
        # Without a timer of its own uvicorn closes the connection as soon as the application has returned, with
        # everything unread that came meanwhile.
        self.close_timer = self.loop.call_later(min(grace_s, LINGER_S), self.transport.close)
