"""A proxy on loopback that forwards bytes to the server, and can freeze WebSockets: nothing comes through any more."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field
from typing import Protocol

from tests.e2e.conftest import free_port


class Served(Protocol):
    """A server that listens."""

    @property
    def url(self) -> str:
        """Where."""


CHUNK = 65536
UPGRADE = b"upgrade: websocket"


@dataclass
class Proxy:
    """Between a browser and the server; WebSockets that it freezes pass nothing any more."""

    server: Served
    port: int = field(default_factory=free_port)
    _sockets: set[int] = field(default_factory=set)
    _dead: set[int] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Proxy:
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        assert ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def freeze(self) -> None:
        """Hold every WebSocket that is open now, as a sleep does or a network that is gone."""
        self._dead |= self._sockets

    @property
    def sockets(self) -> int:
        """WebSockets that pass bytes now."""
        return len(self._sockets - self._dead)

    def _run(self, ready: threading.Event) -> None:
        self._stop = asyncio.Event()
        self._loop.run_until_complete(self._serve(ready))
        self._loop.close()

    async def _serve(self, ready: threading.Event) -> None:
        async with await asyncio.start_server(self._connected, "127.0.0.1", self.port):
            ready.set()
            await self._stop.wait()
            left = asyncio.all_tasks() - {asyncio.current_task()}
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        port = int(self.server.url.rpartition(":")[2])
        there, there_writer = await asyncio.open_connection("127.0.0.1", port)
        this = id(writer)
        both = [
            asyncio.ensure_future(self._pump(reader, there_writer, this, port)),
            asyncio.ensure_future(self._pump(there, writer, this, None)),
        ]
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            # The proxy ends: the event loop would log what it takes for a failure of the connection.
            pass
        finally:
            for task in both:
                task.cancel()
            self._sockets.discard(this)
            for end in (writer, there_writer):
                end.close()

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, this: int, port: int | None
    ) -> None:
        try:
            while data := await reader.read(CHUNK):
                if port is not None:
                    if UPGRADE in data.lower():
                        self._sockets.add(this)
                    data = data.replace(b"127.0.0.1:%d" % self.port, b"127.0.0.1:%d" % port)
                if this in self._dead:
                    await self._stop.wait()
                writer.write(data)
                await writer.drain()
        except (ConnectionError, asyncio.CancelledError):
            return
