"""Listens: binds the socket, runs uvicorn on it, and ends everything within five seconds when asked to."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import sqlite3
import sys
import threading
import webbrowser
from typing import Any

import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import ProtocolError
from websockets.http11 import Request

from sab_visualiser.app.main import create_app
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.store.blobs import FolderInUseError
from sab_visualiser.app.web.sockets import CLOSE_NOW
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.workers.launcher import Launcher

PORT_IN_USE = 3
"""Exit code when the port is taken."""
FOLDER_IN_USE = 4
"""Exit code when another server has the data folder."""
FOLDER_NOT_OURS = 1
"""Exit code when the data folder is of a later version of this program, is damaged, or cannot be written."""
MAX_FRAME_BYTES = 64 * 1024 * 1024
"""Largest frame of a worker (it may carry a checkpoint)."""


class Sockets(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket, plus a way to close one whose peer has stopped reading."""

    def handle_connect(self, event: Request) -> None:
        """Offer `close_now` to the application."""
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
        self.transport.close()
        self.loop.call_later(grace_s, self.transport.abort)


class Server(uvicorn.Server):
    """uvicorn, with our beginning and our end."""

    def __init__(self, config: uvicorn.Config, app: Any, url: str, *, open_browser: bool) -> None:
        super().__init__(config)
        self._app, self._url, self._open_browser = app, url, open_browser

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen first, then start workers, since they dial in."""
        await super().startup(sockets)
        if self.started:
            self._app.state.begin(self._url)
            print(f"SAB Visualiser is ready on {self._url} (Ctrl-C ends it)", flush=True)
            if self._open_browser:
                threading.Thread(target=webbrowser.open, args=(self._url,), daemon=True).start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Workers save and end, viewers hear 1012, and only then does uvicorn close what is left."""
        for server in self.servers:
            server.close()
        await self._app.state.end()
        for connection in list(self.server_state.connections):
            if isinstance(connection, Sockets) and connection.transport is not None:
                connection.transport.abort()
        await super().shutdown(sockets)


def serve(settings: Settings, launcher: Launcher | None = None) -> int:
    """Run the server until SIGINT or SIGTERM.

    Args:
        settings: Where to listen and where to keep runs.
        launcher: Starts workers; the local one by default.

    Returns:
        0 after an orderly end, 3 when the port is taken, 4 when the data folder is, 1 when the folder is no use.
    """
    try:
        listener = bind(settings.host, settings.port)
    except OSError as error:
        return _refuse(PORT_IN_USE, f"cannot listen on {settings.host} port {settings.port}: {error.strerror}; "
                       "stop the other program or choose another port with --port")  # fmt: skip
    with listener:
        app = create_app(settings, launcher)
        try:
            app.state.store.open()
        except FolderInUseError as error:
            return _refuse(FOLDER_IN_USE, str(error))
        except UserError as error:
            return _refuse(FOLDER_NOT_OURS, error.problem.detail)
        except (OSError, sqlite3.DatabaseError) as error:
            return _refuse(FOLDER_NOT_OURS, f"data folder {settings.data_dir}: {error}; "
                           "choose another folder with --data-dir")  # fmt: skip
        server = make_server(app, listener, open_browser=settings.open_browser)
        try:
            with contextlib.suppress(KeyboardInterrupt):
                asyncio.run(server.serve(sockets=[listener]))
        finally:
            app.state.store.close()
    return 0


def make_server(app: Any, listener: socket.socket, *, open_browser: bool = False) -> Server:
    """uvicorn for `app` on a bound socket, with every choice that matters made here."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    config = uvicorn.Config(
        app,
        loop="asyncio",
        ws=Sockets,
        ws_per_message_deflate=False,
        ws_max_size=MAX_FRAME_BYTES,
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        log_level="warning",
        timeout_graceful_shutdown=3,
    )
    return Server(config, app, address(listener), open_browser=open_browser)


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; raises OSError when the address is taken or unknown."""
    family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[
        0
    ]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
        listener.listen(256)
        listener.set_inheritable(False)
    except OSError:
        listener.close()
        raise
    return listener


def address(listener: socket.socket) -> str:
    """The http address at which this machine reaches the socket."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 (read, not bound)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _refuse(code: int, message: str) -> int:
    print(f"sab: {message}", file=sys.stderr, flush=True)
    return code
