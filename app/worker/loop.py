"""The worker's main loop: commands first, then one update, until the run ends or the server is gone."""

from __future__ import annotations

import os
import traceback
from pathlib import Path
from typing import Any, cast

import torch

from sab_visualiser.app.runs.shapes import RECENT, Question
from sab_visualiser.app.wire.codec import encode
from sab_visualiser.app.worker.answers import QUESTIONS, Networks, answer
from sab_visualiser.app.worker.link import Link, LinkLostError
from sab_visualiser.app.worker.session import Session
from sab_visualiser.model.training import checkpoint


def work(link: Link, spool: Path | None = None, device: torch.device | str = "cpu") -> None:
    """Obey the server until it says `end`, the run is over, or the socket is lost.

    Args:
        link: The open connection.
        spool: Folder for a last checkpoint when the server is gone; None keeps nothing.
        device: Where runs train; questions about stored networks are answered on the CPU.
    """
    session: Session | None = None
    networks = Networks(link.fetch)
    try:
        while session is None or not session.ended:
            message = link.poll() if session and session.busy else link.wait()
            if message is None:
                assert session is not None
                session.advance()
            elif message["type"] == "end":
                break
            else:
                session = _handle(link, session, networks, message, device)
        if session and not session.ended:
            session.checkpoint()
    except LinkLostError:
        _spool(session, spool)
    except Exception as error:
        _report(link, session, error)
        raise
    finally:
        link.close()


def _handle(
    link: Link,
    session: Session | None,
    networks: Networks,
    message: dict[str, Any],
    device: torch.device | str,
) -> Session | None:
    kind = message["type"]
    if kind == "assign":
        if session is not None and not session.ended:
            session.leave()
        stored = link.fetch(message["checkpoint"]) if message["checkpoint"] else None
        return Session(link, message, stored, device)
    if kind in QUESTIONS:
        link.send(answer(cast(Question, message), session, networks))
    elif kind == "command" and session is not None:
        session.obey(message["command"])
    return session


def _spool(session: Session | None, spool: Path | None) -> None:
    if session is not None and not session.ended and spool is not None:
        path = spool / f"{session.run}-{session.attempt}-{session.trainer.update}.safetensors"
        path.with_suffix(RECENT).write_bytes(encode(session.recent()))
        checkpoint.save(checkpoint.Checkpoint.of(session.trainer), path)


def _report(link: Link, session: Session | None, error: Exception) -> None:
    """The last line of the traceback is what a person needs; the whole goes to stderr."""
    traceback.print_exc()
    if session is None:
        return
    reason = f"{type(error).__name__}: {error}"
    data: dict[str, Any] = {"status": "failed", "reason": reason, "parameters": {}, "updates_per_s": None, "skipped": 0}
    try:
        link.send(
            {
                "kind": "status",
                "run": session.run,
                "attempt": session.attempt,
                "update": session.trainer.update,
                "data": data,
            }
        )
    except LinkLostError:
        os.write(2, b"the server is gone too\n")
