"""The launcher of `sab serve`: workers are copies of one process that has torch and the loops loaded (ADR 22).

Where that cannot be (another system than Linux, a GPU that training may use, a process that does not come up), each is
started as a process of its own, as `local.py` does, which takes seconds instead of milliseconds.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sab_visualiser.app.worker.begin.forks import LONGEST_PACKET, Order
from sab_visualiser.app.workers.local import LocalHandle, LocalLauncher

DRIVER = Path("/dev/nvidiactl")
"""There where a driver of NVIDIA is; one that is elsewhere is noticed by the process that would be copied."""
_log = logging.getLogger(__name__)


class Original:
    """The process of which workers are copies.

    Args:
        process: The process, whose own end of the socket is closed here.
        channel: To it (forks.py says what is spoken).
    """

    def __init__(self, process: asyncio.subprocess.Process, channel: socket.socket) -> None:
        self._process, self._channel = process, channel
        self._ready: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._begun: dict[str, asyncio.Future[tuple[int, asyncio.Future[int | None]]]] = {}
        self._ended: dict[int, asyncio.Future[int | None]] = {}
        channel.setblocking(False)
        asyncio.get_running_loop().add_reader(channel, self._read)

    @property
    def gone(self) -> bool:
        """Whether it makes no workers any more."""
        return self._channel.fileno() < 0

    async def ready(self) -> bool:
        """Wait until it has everything loaded; False where it ended before."""
        return await asyncio.shield(self._ready)

    async def copy(self, order: Order) -> LocalHandle:
        """A worker.

        Raises:
            OSError: It is gone.
        """
        loop = asyncio.get_running_loop()
        self._begun[order.id] = begun = loop.create_future()
        read, write = os.pipe()
        errors = asyncio.StreamReader()
        pipe, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(errors), os.fdopen(read, "rb", 0))
        try:
            socket.send_fds(self._channel, [json.dumps(order._asdict()).encode()], [write])
            os.close(write)
            write = -1
            pid, ended = await begun
        except OSError:
            pipe.close()
            raise
        finally:
            self._begun.pop(order.id, None)
            if write >= 0:
                os.close(write)
        return LocalHandle(pid, errors, ended, pipe.close)

    async def close(self) -> None:
        """End it; workers that it made go on."""
        self._lose()
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()

    def _read(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while packet := self._receive():
                self._hear(json.loads(packet))
            self._lose()

    def _receive(self) -> bytes:
        try:
            return self._channel.recv(LONGEST_PACKET)
        except ConnectionResetError:
            return b""

    def _hear(self, said: dict[str, Any]) -> None:
        if "ready" in said:
            self._ready.set_result(True)
        elif "id" in said:
            ended = self._ended[said["pid"]] = asyncio.get_running_loop().create_future()
            if (begun := self._begun.get(said["id"])) is not None and not begun.done():
                begun.set_result((said["pid"], ended))
        else:
            self._ended.pop(said["pid"]).set_result(said["code"])

    def _lose(self) -> None:
        """It is gone: nothing more is heard of its workers but that their standard error ends."""
        if self.gone:
            return
        asyncio.get_running_loop().remove_reader(self._channel)
        self._channel.close()
        if not self._ready.done():
            self._ready.set_result(False)
        for begun in self._begun.values():
            if not begun.done():
                begun.set_exception(ConnectionError("the process that makes workers has ended"))
        while self._ended:
            self._ended.popitem()[1].set_result(None)


class ForkingLauncher:
    """Starts workers as copies where that can be, and as processes of their own where not.

    Args:
        command: Program and arguments of a worker, to which `--server URL --id ID` is added, or `--forks DESCRIPTOR`
            for the process that is copied.
        device: Where runs train.
    """

    def __init__(self, command: Sequence[str], device: str = "cpu") -> None:
        self._alone = LocalLauncher(command)
        gpu = device in ("cuda", "mps") or (device == "auto" and DRIVER.exists())
        self._copies = sys.platform.startswith("linux") and not gpu
        self._original: Original | None = None
        self._one_at_a_time = asyncio.Lock()
        self._closed = False

    async def start(self, worker_id: str, url: str, token: str) -> LocalHandle:
        """One more worker.

        Raises:
            OSError: It could not be started.
        """
        for _ in range(2):  # it may have ended since it last said something; then there is another
            if (original := await self._loaded()) is not None:
                with contextlib.suppress(OSError):
                    return await original.copy(Order(worker_id, url, token))
        if self._closed:
            raise ConnectionError("the server ends")
        return await self._alone.start(worker_id, url, token)

    async def load(self) -> None:
        """Load what workers are copies of, where they are: the first one has not to wait for it then."""
        await self._loaded()

    async def close(self) -> None:
        """End what this launcher keeps for itself."""
        self._closed = True
        if self._original is not None:
            await self._original.close()

    async def _loaded(self) -> Original | None:
        """What is copied, begun if it is not there; None where nothing can be."""
        async with self._one_at_a_time:
            if not self._copies or self._closed:
                return None
            if self._original is None or self._original.gone:
                self._original = await self._begin()
            if not await self._original.ready():
                self._copies = False
                await self._original.close()
                _log.info("workers start as processes of their own, not as copies of one")
                return None
            return self._original

    async def _begin(self) -> Original:
        ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with its, contextlib.ExitStack() as until_it_lives:
            until_it_lives.enter_context(ours)
            process = await asyncio.create_subprocess_exec(
                *self._alone.command,
                "--forks",
                str(its.fileno()),
                # A thread of BLAS would be one more than a process may have that is to be copied.
                env={"OPENBLAS_NUM_THREADS": "1", **os.environ},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                start_new_session=True,
                pass_fds=(its.fileno(),),
            )
            until_it_lives.pop_all()
        return Original(process, ours)
