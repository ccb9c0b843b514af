"""One worker as the server sees it: its role, its socket, and the questions it has not answered yet.

A worker may be on another machine, so no message names a path: a checkpoint is named by the sha256 of its bytes, and
sent when the worker says that it has not got it.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal

import numpy as np

from sab_visualiser.app.store.blobs import Blob, content_of
from sab_visualiser.app.wire.codec import encode
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.wire.views import Problem
from sab_visualiser.app.workers.launcher import Handle

Role = Literal["spare", "prober", "run"]
SendText = Callable[[str], Awaitable[None]]
SendBytes = Callable[[bytes], Awaitable[None]]
NAMED = 16
"""Checkpoints named last that a worker may still ask for; it asks before it reads its next message."""
_numbers = itertools.count(1)


class NeverAskedError(UserError):
    """The worker ended before it heard the question: another may be asked."""

    def __init__(self) -> None:
        super().__init__(503, "The worker is gone", "the worker is not connected; try again in a moment")


class Worker:
    """A worker process, here or elsewhere; `handle` is None for one that somebody else started."""

    def __init__(self, worker_id: str, role: Role, handle: Handle | None = None) -> None:
        self.id = worker_id
        self.role = role
        self.handle = handle
        self.run: str | None = None
        self.ready = asyncio.Event()
        self.gone = asyncio.Event()
        self.closed = asyncio.Event()
        self.ending = False
        self.why: str | None = None
        """Why it was ended by force, where it was."""
        self.beats = False
        """Whether it says that it is there when it has nothing else to say."""
        self.heard_at = 0.0
        self.reading = False
        """When it was heard last, and whether what it said is being read now."""
        self._send: SendText | None = None
        self._send_bytes: SendBytes | None = None
        self._named: OrderedDict[str, Blob] = OrderedDict()
        self._sending = asyncio.Lock()
        self._open: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._asking = asyncio.Lock()
        self._waiting = 0

    @property
    def connected(self) -> bool:
        """Whether its socket is open."""
        return self._send is not None

    def silent_s(self, now: float) -> float:
        """For how long it has said nothing, seconds; 0 for one that need not."""
        return now - self.heard_at if self.beats and not self.reading else 0.0

    def heard(self, *, reading: bool) -> None:
        """It has said something, which is read now, or has been."""
        self.heard_at, self.reading = time.monotonic(), reading

    def connect(self, send: SendText, send_bytes: SendBytes) -> None:
        """Its socket is open now."""
        self._send, self._send_bytes = send, send_bytes
        self.ready.set()

    def disconnect(self, reason: str) -> None:
        """Its socket is closed; whoever waits for an answer gets `reason`."""
        self._send = self._send_bytes = None
        self.closed.set()
        for future in self._open.values():
            if not future.done():
                future.set_exception(UserError(503, "The worker is gone", f"{reason}; try again in a moment"))

    async def tell(self, message: Mapping[str, Any], checkpoint: Blob | None = None) -> bool:
        """Send a text frame; False when it is not connected (any more).

        Args:
            message: See docs/protocol.md.
            checkpoint: What the message is about; its sha256 is added to it, its bytes are sent when they are wanted.
        """
        if checkpoint is not None:
            message = {**message, "checkpoint": checkpoint.sha256}
            self._named[checkpoint.sha256] = checkpoint
            self._named.move_to_end(checkpoint.sha256)
            while len(self._named) > NAMED:
                self._named.popitem(last=False)
        async with self._sending:
            if self._send is None:
                return False
            try:
                await self._send(json.dumps(message, allow_nan=False))
            except Exception:  # the socket went while we sent; its own task reports the loss
                return False
            return True

    def offer(self, text: Blob | None) -> None:
        """A text that what is told next is about; its bytes are sent when they are wanted."""
        if text is not None:
            self._named[text.sha256] = text
            self._named.move_to_end(text.sha256)

    async def wants(self, sha256: str) -> None:
        """Send the bytes of a checkpoint that a message named; a frame without bytes when they are gone."""
        frame = await asyncio.to_thread(checkpoint_frame, sha256, self._named.get(sha256))
        async with self._sending:
            if self._send_bytes is not None:
                with contextlib.suppress(Exception):  # the socket went while we sent; its own task reports the loss
                    await self._send_bytes(frame)

    async def ask(
        self, message: Mapping[str, Any], checkpoint: Blob | None = None, *, timeout_s: float, queue: int
    ) -> dict[str, Any]:
        """Send a question and wait for its answer, one at a time.

        Raises:
            UserError: 429 when too many wait, 503 when it is gone, 504 when it takes too long, or its own problem.
        """
        if self._waiting > queue:
            raise UserError(
                429, "Too many probes", f"{self._waiting} probes wait already, at most {queue} may; try again shortly"
            )
        self._waiting += 1
        try:
            async with asyncio.timeout(timeout_s):
                await self.ready.wait()
                async with self._asking:
                    return await self._ask(message, checkpoint)
        except TimeoutError:
            raise UserError(
                504, "No answer in time", f"no answer within {timeout_s:g} s; try a shorter sequence or try again"
            ) from None
        finally:
            self._waiting -= 1

    async def _ask(self, message: Mapping[str, Any], checkpoint: Blob | None) -> dict[str, Any]:
        number = next(_numbers)
        self._open[number] = asyncio.get_running_loop().create_future()
        try:
            if not await self.tell({**message, "request": number}, checkpoint):
                raise NeverAskedError
            return await self._open[number]
        finally:
            self._open.pop(number, None)

    def answered(self, message: dict[str, Any]) -> None:
        """An answer came: `probed` or `probe_failed`."""
        future = self._open.get(message["request"])
        if future is None or future.done():
            return
        if message["kind"] == "probed":
            future.set_result(message["data"])
        else:
            problem = message.get("problem") or message.get("data", {}).get("problem")
            future.set_exception(_refusal(problem))


def checkpoint_frame(sha256: str, blob: Blob | None) -> bytes:
    """The frame that brings a checkpoint to a worker."""
    try:
        content = None if blob is None else np.frombuffer(content_of(blob.path), np.uint8)
    except OSError:
        content = None
    return encode({"kind": "checkpoint", "checkpoint": sha256, "data": {"bytes": content}})


def _refusal(problem: Any) -> UserError:
    try:
        known = Problem.model_validate(problem)
    except ValueError:
        return UserError(422, "The worker could not do it", str(problem)[:300])
    return UserError(known.status if 400 <= known.status < 600 else 422, known.title, known.detail, known.errors)
