"""Listens: binds the socket, runs uvicorn on it, and ends everything within five seconds when asked to."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Coroutine
from typing import Any

import uvicorn

from sab_visualiser.app.access.clients import is_loopback
from sab_visualiser.app.access.terminal import Enter
from sab_visualiser.app.connections import WORKER_FRAME_BYTES, Http, Sockets
from sab_visualiser.app.logs import configure
from sab_visualiser.app.main import create_app
from sab_visualiser.app.runs.shapes import SILENCE_S
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.store.folder.refusals import FolderError
from sab_visualiser.app.store.store import Store
from sab_visualiser.app.workers.launcher import Launcher

PORT_IN_USE = 3
"""Exit code when the port is taken."""
NOT_ALLOWED = 2
"""Exit code when nobody would be asked for a token, and others than this machine could come in."""
MOST_FILES = 20_000
"""Open files and sockets that are asked of the system."""


class Server(uvicorn.Server):
    """uvicorn, with our beginning and our end."""

    def __init__(self, config: uvicorn.Config, app: Any, url: str, *, open_browser: bool) -> None:
        super().__init__(config)
        self._app, self._url, self._open_browser = app, url, open_browser
        self._enter = Enter(self._say_link)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen first, then start workers, since they dial in."""
        await super().startup(sockets)
        if self.started:
            self._app.state.begin(self._url)
            print(f"SAB Visualiser is ready on {self._url} (Ctrl-C ends it)", flush=True)
            link = self._say_link()
            self._enter.watch()
            if self._open_browser:
                threading.Thread(target=webbrowser.open, args=(link,), daemon=True).start()

    def _say_link(self) -> str:
        """Print a link that lets one browser in; Enter in the terminal asks for another."""
        door = self._app.state.door
        link: str = door.link("controller")
        if not door.is_open:
            more = "press Enter" if self._enter.can_ask else "run `sab link`"
            print(f"Open {link}\n(good for one browser, for a minute; {more} for another)", flush=True)
        return link

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Workers save and end, viewers hear 1012, and only then does uvicorn close what is left."""
        self._enter.leave()
        for server in self.servers:
            server.close()
        await self._until_forced(self._app.state.end())
        for connection in list(self.server_state.connections):
            if isinstance(connection, Sockets) and connection.transport is not None:
                connection.transport.abort()
        await super().shutdown(sockets)

    async def _until_forced(self, end: Coroutine[Any, Any, None]) -> None:
        """Wait for the orderly end; a second Ctrl-C does not wait any longer."""
        ending = asyncio.ensure_future(end)
        while not ending.done() and not self.force_exit:
            await asyncio.wait([ending], timeout=0.1)
        if not ending.done():
            self._app.state.supervisor.kill()
            await asyncio.wait([ending], timeout=1.0)


def serve(settings: Settings, launcher: Launcher | None = None) -> int:
    """Run the server until SIGINT, SIGTERM or, from a terminal that closes, SIGHUP.

    Args:
        settings: Where to listen and where to keep runs.
        launcher: Starts workers; the local one by default.

    Returns:
        0 after an orderly end, 2 when all the world could steer, 3 when the port is taken, 4 to 7 when the folder is no
        use (store/folder/refusals.py).
    """
    if settings.no_auth and not is_loopback(settings.host):
        return _refuse(NOT_ALLOWED, f"--no-auth with --host {settings.host}: whoever reaches this machine could do "
                       "everything; leave out --no-auth, or keep to --host 127.0.0.1")  # fmt: skip
    try:
        listener = bind(settings.host, settings.port)
    except OSError as error:
        return _refuse(PORT_IN_USE, f"cannot listen on {settings.host} port {settings.port}: {error.strerror}; "
                       "stop the other program or choose another port with --port")  # fmt: skip
    allow_files()
    with listener:
        app = create_app(settings, launcher)
        try:
            app.state.store.open()
        except FolderError as error:
            return _refuse(error.code, error.problem.detail)
        for line in _notes(app.state.store):
            print(f"sab: {line}", file=sys.stderr, flush=True)
        server = make_server(app, listener, open_browser=settings.open_browser)
        if signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:  # a terminal that closes; nohup has it ignored
            signal.signal(signal.SIGHUP, server.handle_exit)
        try:
            with contextlib.suppress(KeyboardInterrupt):
                asyncio.run(server.serve(sockets=[listener]))
        finally:
            app.state.store.close()
    return 0


def allow_files() -> None:
    """Let this process open as many files as the system lets it: a socket of a worker or a page is one, too.

    Many systems begin with 1,024 and allow far more.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_FILES if hard == resource.RLIM_INFINITY else min(MOST_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        with contextlib.suppress(ValueError, OSError):  # another limit of the system is below that
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def make_server(app: Any, listener: socket.socket, *, open_browser: bool = False) -> Server:
    """uvicorn for `app` on a bound socket, with every choice that matters made here."""
    configure(as_json=app.state.settings.log == "json")
    config = uvicorn.Config(
        app,
        loop="asyncio",
        http=Http,
        ws=Sockets,
        ws_per_message_deflate=False,
        ws_max_size=WORKER_FRAME_BYTES,
        ws_ping_timeout=SILENCE_S,
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


def _notes(store: Store) -> list[str]:
    """What is not as it should be in a folder that is opened all the same."""
    closed = [f"data folder {store.folder}: {store.read_only.problem.detail}"] if store.read_only else []
    lost = [f"run {name} cannot be read and is left as it is: {why}" for name, why in store.found.unreadable.items()]
    return closed + lost


def _refuse(code: int, message: str) -> int:
    print(f"sab: {message}", file=sys.stderr, flush=True)
    return code
