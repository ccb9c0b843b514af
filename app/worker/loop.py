"""The worker's main loop: commands first, then one update, until the run ends or the server is gone."""

from __future__ import annotations

import hashlib
import os
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from sab_visualiser.app.crash import point
from sab_visualiser.app.runs.fits import run_words
from sab_visualiser.app.runs.moves.left import left_name
from sab_visualiser.app.runs.shapes import RECENT, Question
from sab_visualiser.app.wire.codec import encode
from sab_visualiser.app.wire.errors import UserError, shorten
from sab_visualiser.app.worker.answers import QUESTIONS, Networks, answer
from sab_visualiser.app.worker.link import Link, LinkLostError
from sab_visualiser.app.worker.process import out_of_memory
from sab_visualiser.app.worker.session import LOOKING_SHARE, Session
from sab_visualiser.app.worker.translate import bring_data, to_wire
from sab_visualiser.model import card
from sab_visualiser.model.devices import DeviceError
from sab_visualiser.model.training import checkpoint
from sab_visualiser.model.training.checkpoint import Checkpoint, CheckpointError

UPDATE_GRACE_S, LOST_GRACE_S = 1.0, 0.5
"""Longest wait for an update under way when the server ends, and when it is gone."""
ORPHAN_S = 1.6
"""When the server is gone, a worker is too after so long, whatever it was doing."""
LESS = "lower training.batch_size, task.T or model.hidden_size, or start with a larger SAB_MEMORY_MB"
LESS_THERE = (
    "lower training.batch_size, task.T or model.hidden_size, train fewer runs at a time, or start with SAB_DEVICE=cpu"
)
"""Where it is the memory of a GPU."""
ELSEWHERE = "resume goes on from its last checkpoint; start with SAB_DEVICE=cpu to go on without that GPU"
Begin = Callable[[dict[str, Any], bytes | None], Session]
"""Makes a session from an assignment and the checkpoint to go on from."""


def work(
    link: Link,
    spool: Path | None = None,
    device: str = "cpu",
    looking_share: float = LOOKING_SHARE,
) -> None:
    """Obey the server until it says `end`, the run is over, or the socket is lost.

    Args:
        link: The open connection.
        spool: Folder for a last checkpoint when the server is gone; None keeps nothing.
        device: Name of where runs train; `auto` is settled for each run. Questions about stored networks are answered
            on the CPU.
        looking_share: Most of a run's time that goes into pictures of it.
    """

    def begin(assignment: dict[str, Any], stored: bytes | None) -> Session:
        return Session(link, assignment, stored, device, looking_share)

    session: Session | None = None
    given: dict[str, Any] | None = None
    networks = Networks(link.fetch)
    link.on_end = lambda lost: _leave_inside(link, session, spool, lost=lost)
    try:
        while session is None or not session.ended:
            message = link.poll() if session and session.busy else link.wait()
            if message is None:
                assert session is not None
                session.advance()
            elif message["type"] == "end":
                break
            else:
                given = message if message["type"] == "assign" else given
                session = _handle(link, session, networks, message, begin)
        if session and not session.ended:
            session.checkpoint()
    except LinkLostError:
        _spool(session, spool)
    except Exception as error:
        _report(link, given, session, error)
        if card.is_lost(error):  # an end in order would ask the device once more, and might wait for it for ever
            link.close()
            link.leave(1)
        raise
    finally:
        link.close()


def _handle(
    link: Link,
    session: Session | None,
    networks: Networks,
    message: dict[str, Any],
    begin: Begin,
) -> Session | None:
    kind = message["type"]
    if kind == "assign":
        if session is not None and not session.ended:
            session.leave()
        bring_data(message["spec"], link.fetch)
        return _begin(link, message, begin)
    if kind in QUESTIONS:
        link.send(answer(cast(Question, message), session, networks))
    elif kind == "command" and session is not None:
        session.obey(message["command"])
    return session


def _begin(link: Link, message: dict[str, Any], begin: Begin) -> Session | None:
    """A session that goes on from what the message names; None where that is refused, which the server is told."""
    if not message["checkpoint"]:
        return begin(message, None)
    try:
        session = begin(message, _fetched(link, message["checkpoint"]))
        if session.trainer.update != message.get("update", session.trainer.update):
            raise CheckpointError(f"it is of update {session.trainer.update}, and not of {message['update']}")
    except CheckpointError as error:
        head = {"kind": "refused", "run": message["run"], "attempt": message["attempt"]}
        link.send({**head, "checkpoint": message["checkpoint"], "data": {"why": shorten(str(error))}})
        return None
    return session


def _fetched(link: Link, sha256: str) -> bytes:
    try:
        return link.fetch(sha256)
    except UserError:
        raise CheckpointError("the server has no file of it") from None


def _leave_inside(link: Link, session: Session | None, spool: Path | None, *, lost: bool) -> None:
    """An update that takes long is not waited for: what was finished before it is kept, and the process ends inside it.

    Runs in a thread of the link. Short updates never get here: the loop obeys before this has slept.
    """
    if lost:
        orphan = threading.Timer(ORPHAN_S, link.leave, (1,))
        orphan.daemon = True
        orphan.start()
    time.sleep(LOST_GRACE_S if lost else UPDATE_GRACE_S)
    if session is None or session.ended or (state := session.state_inside()) is None:
        return
    if lost:
        _spool(session, spool, state)
    else:
        session.checkpoint(state)
    link.close()
    link.leave(0)


def _spool(session: Session | None, spool: Path | None, state: Checkpoint | None = None) -> None:
    if session is not None and not session.ended and spool is not None:
        state = state or Checkpoint.of(session.trainer)
        content = checkpoint.dumps(state)
        path = spool / left_name(session, state.update, hashlib.sha256(content).hexdigest())
        point("left begun")
        path.with_suffix(RECENT).write_bytes(encode(session.recent()))
        point("left figures")
        checkpoint.write(content, path)
        point("left weights")


def _report(link: Link, given: dict[str, Any] | None, session: Session | None, error: Exception) -> None:
    """The last line of the traceback is what a person needs; the whole goes to stderr."""
    traceback.print_exc()
    if given is None:
        return
    mine = session if session is not None and session.run == given["run"] else None
    data: dict[str, Any] = {"status": "failed", "reason": _reason(given, mine, error), "skipped": 0}
    try:
        if mine is not None and card.is_lost(error):
            mine.rescue()
        link.send(
            {
                "kind": "status",
                "run": given["run"],
                "attempt": given["attempt"],
                "update": mine.trainer.update if mine else -1,
                "data": {**data, "parameters": {}, "updates_per_s": None},
            }
        )
    except LinkLostError:
        os.write(2, b"the server is gone too\n")


def _reason(given: dict[str, Any], session: Session | None, error: Exception) -> str:
    """Why a run failed, in one line."""
    if out_of_memory(error):
        knobs = to_wire(session.trainer.parameters()) if session else given.get("parameters")
        where, remedy = (" of the GPU", LESS_THERE) if card.out_of_memory(error) else ("", LESS)
        return f"out of memory{where}: the estimate for this training is {run_words(given['spec'], knobs)}; {remedy}"
    if card.is_lost(error):
        return f"the GPU failed: {card.in_one_line(error)}; {ELSEWHERE}"
    if isinstance(error, DeviceError):
        return str(error)
    return f"{type(error).__name__}: {error}"
