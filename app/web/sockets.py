"""The sockets: `/ws` for pages and scripts, `/ws/worker` for workers (docs/protocol.md).

Every socket has a task that receives, always: without one its keep-alive starves. Every viewer has one task that
sends, with a time limit on each frame. What is sent to whom: app/control/hub.py.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from sab_visualiser.app.access.door import ROLE, only_looking
from sab_visualiser.app.control.conductor import Conductor
from sab_visualiser.app.control.hub import SHUT_OUT, Viewer
from sab_visualiser.app.version import VERSION
from sab_visualiser.app.web.messages.rates import Bucket
from sab_visualiser.app.web.parts import Here, Parts
from sab_visualiser.app.web.problems import respond
from sab_visualiser.app.wire.codec import FrameError, decode, encode
from sab_visualiser.app.wire.errors import UserError, field_error, shorten, validate
from sab_visualiser.app.wire.requests import Command
from sab_visualiser.app.wire.views import Problem

MAX_TEXT_BYTES = 64 * 1024
BAD_JSON_LIMIT = 5
FOLLOWED = 64
"""Most runs one viewer may follow at a time."""
CLOSE_NOW = "sab.close"
"""Extension of the scope: closes a socket without waiting for its peer."""
WORKERS = "/ws/worker"
"""Where workers dial in; their frames may be larger."""
MESSAGES_PER_S, MESSAGES_AT_ONCE = 2500.0, 5000.0
"""What one viewer may say; a hand on a knob says 60 a second, and whoever says more for long is closed with 4429."""
FLOODING = 4429
UNANSWERED = 64
"""Commands of one viewer that may wait to be stored; it is not listened to while there are more."""
PONG = encode({"kind": "pong"})
router = APIRouter()
_log = logging.getLogger("app")


@router.websocket("/ws")
async def viewer_socket(websocket: WebSocket, here: Here) -> None:
    """A page or a script that follows runs and commands them."""
    conductor = here.conductor
    await websocket.accept()
    viewer = Viewer(steers=websocket.scope[ROLE] == "controller")
    viewer.answer(encode({"kind": "hello", "epoch": here.epoch, "version": VERSION}))
    conductor.hub.join(viewer)
    if here.door.authorise(websocket.scope) is not None:  # new tokens were drawn while it opened
        viewer.close(SHUT_OUT)
    sender = asyncio.create_task(_send(websocket, viewer, here))
    try:
        if await _receive(websocket, viewer, conductor):
            await sender
    finally:
        conductor.hub.leave(viewer)
        sender.cancel()


async def _send(websocket: WebSocket, viewer: Viewer, here: Parts) -> None:
    """Send what the hub has for this viewer until it is closed, gone or too slow."""
    try:
        while viewer.closing is None:
            await viewer.wake.wait()
            viewer.wake.clear()
            while viewer.closing is None and (frames := await here.conductor.hub.next_frames(viewer)):
                for frame in frames:
                    async with asyncio.timeout(here.settings.send_timeout_s):
                        await websocket.send_bytes(frame)
    except TimeoutError:
        viewer.closing = 1013
    except (WebSocketDisconnect, RuntimeError):
        return  # the page went; there is nobody to tell
    except Exception:
        _log.exception("sending to a viewer failed")
        viewer.closing = 1011
    await _close(websocket, viewer.closing or 1000, here.settings.send_timeout_s)


async def _close(websocket: WebSocket, code: int, grace_s: float) -> None:
    """Close the socket, also one whose peer does not read (app/serve.py knows how)."""
    now: Callable[[int, float], None] | None = websocket.scope.get("extensions", {}).get(CLOSE_NOW)
    if now is not None:
        now(code, grace_s)
    else:
        await websocket.close(code)


async def _receive(websocket: WebSocket, viewer: Viewer, conductor: Conductor) -> bool:
    """Obey until the viewer goes (False) or must go (True)."""
    bad, pace, orders = 0, Bucket(MESSAGES_PER_S, MESSAGES_AT_ONCE), Orders(viewer, conductor)
    while viewer.closing is None:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            return False
        text = message.get("text")
        if not pace.take():
            viewer.close(FLOODING)
        elif text is None:
            viewer.close(1003)
        elif len(text.encode()) > MAX_TEXT_BYTES:
            viewer.close(1009)
        else:
            try:
                said = json.loads(text)
            except (ValueError, RecursionError) as error:
                bad += 1
                viewer.answer(_rejected(None, None, _not_json(error)))
                if bad >= BAD_JSON_LIMIT:
                    viewer.close(1007)
                continue
            await _obey(said, viewer, conductor, orders)
    return True


class Orders:
    """Commands of one viewer: the next one is read while those before it are being stored."""

    def __init__(self, viewer: Viewer, conductor: Conductor) -> None:
        self._viewer, self._conductor = viewer, conductor
        self._tasks: set[asyncio.Task[None]] = set()

    async def take(self, run_id: str, command: Command) -> None:
        """Begin to take a command, after those before it; the viewer hears of it when it is stored."""
        self._conductor.find(run_id)
        if len(self._tasks) >= UNANSWERED:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        task = asyncio.create_task(self._take(run_id, command))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _take(self, run_id: str, command: Command) -> None:
        try:
            done = await self._conductor.command(run_id, command)
            taken = {"run": run_id, "command_id": done.command_id, "params_version": done.params_version}
            self._viewer.answer(encode({"kind": "accepted", **taken}))
        except UserError as error:
            self._viewer.answer(_rejected(run_id, {"command_id": command.command_id}, error.problem))


async def _obey(said: object, viewer: Viewer, conductor: Conductor, orders: Orders) -> None:
    if isinstance(said, dict) and said.get("type") == "ping":
        viewer.answer(PONG)
        return
    try:
        if not isinstance(said, dict) or not isinstance(said.get("run"), str):
            raise field_error(
                "run", said if not isinstance(said, dict) else said.get("run"), "the id of a run", "name one"
            )
        await _obey_one(said, said["run"], viewer, orders, conductor)
    except UserError as error:
        said = said if isinstance(said, dict) else {}
        viewer.answer(_rejected(said.get("run"), said.get("command"), error.problem))


async def _obey_one(said: dict[str, object], run_id: str, viewer: Viewer, orders: Orders, conductor: Conductor) -> None:
    kind = said.get("type")
    if kind == "subscribe":
        run = conductor.find(run_id)
        after = said.get("after")
        if after is not None and (isinstance(after, bool) or not isinstance(after, int) or not 0 <= after < 2**53):
            raise field_error("after", after, "a seq, 0 … 2**53, or null", "send null for all events")
        if len(viewer.following) >= FOLLOWED and run_id not in viewer.following:
            raise field_error("run", run_id, f"at most {FOLLOWED} runs at a time", "unsubscribe from one first")
        viewer.answer(encode({"kind": "subscribed", "run": run_id, "seq": run.seq, "view": conductor.view(run)}))
        conductor.hub.follow(viewer, run_id, after or 0)
    elif kind == "unsubscribe":
        conductor.hub.unfollow(viewer, run_id)
    elif kind == "command" and not viewer.steers:
        raise only_looking()
    elif kind == "command":
        await orders.take(run_id, validate(Command, said.get("command")))
    else:
        raise field_error("type", kind, "one of subscribe, unsubscribe, command, ping", "see docs/protocol.md")


def _not_json(error: Exception) -> Problem:
    words = f"the frame is no JSON ({shorten(str(error))}); send one JSON object a frame"
    return Problem(title="Frame is not JSON", status=400, detail=words)


def _rejected(run_id: object, command: object, problem: Problem) -> bytes:
    command_id = command.get("command_id") if isinstance(command, dict) else None
    said = {"run": _short(run_id), "command_id": _short(command_id)}
    return encode({"kind": "rejected", **said, "problem": problem.model_dump()})


def _short(value: object) -> str | None:
    return value[:64] if isinstance(value, str) else None


@router.websocket(WORKERS)
async def worker_socket(websocket: WebSocket, here: Here) -> None:
    """A worker that dials in with the token."""
    given = websocket.headers.get("authorization", "")
    admitted = here.supervisor.admit(given.removeprefix("Bearer ")) if given.startswith("Bearer ") else None
    if admitted is None:
        refused = here.door.refused(websocket.scope, "Authorization is not a worker's token of this server")
        await websocket.send_denial_response(respond(refused.problem, refused.headers))
        return
    await websocket.accept()
    try:
        hello = decode(await websocket.receive_bytes())
        engine = hello["data"].get("engine")
    except (FrameError, KeyError, TypeError, AttributeError):
        await websocket.close(1002, "say hello first")
        return
    except WebSocketDisconnect:
        return
    worker = here.supervisor.connected(admitted, websocket.send_text, websocket.send_bytes, engine)
    worker.heard(reading=False)
    worker.beats = bool(hello["data"].get("beats"))
    try:
        while True:
            message = await websocket.receive()
            if message["type"] == "websocket.disconnect":
                return
            if message.get("bytes") is not None:
                worker.heard(reading=True)
                await here.conductor.heard(worker, message["bytes"])
                worker.heard(reading=False)
    finally:
        here.supervisor.disconnected(worker)
