"""Events and snapshots that a bundle brings: frames of that very run, of a known kind, that no reader stumbles over.

Server, exports and page read what the store has without looking twice; so what does not come from a worker of our own
is looked at here.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from sab_visualiser.app.bundle.manifest import Manifest, refused
from sab_visualiser.app.bundle.traces import FIGURES, checked_trace, columns
from sab_visualiser.app.store.blobs import SHA256
from sab_visualiser.app.wire.codec import FrameError, decode
from sab_visualiser.app.wire.errors import shorten
from sab_visualiser.app.wire.frames import RunEvent, SnapshotFrame
from sab_visualiser.model.contract import LARGEST_UPDATE

KINDS = (
    "status",
    "metrics",
    "look",
    "parameters",
    "acknowledged",
    "superseded",
    "checkpoint",
    "quarantined",
    "rewound",
)
_EVENT: TypeAdapter[Any] = TypeAdapter(Annotated[RunEvent, Field(discriminator="kind")])
_SNAPSHOT: TypeAdapter[Any] = TypeAdapter(SnapshotFrame)


def checked_event(frame: bytes, manifest: Manifest, place: int) -> dict[str, Any]:
    """The message of an event.

    Raises:
        UserError: It is no event of that run, or its columns do not fit each other.
    """
    where = f"event {place}"
    message = _message(frame, manifest, where, KINDS)
    if message["kind"] == "rewound":  # what was before it does not come along, and neither does it
        return message
    _fits(_EVENT, message, where)
    data = message["data"]
    if message["kind"] in ("metrics", "look"):
        lengths = {len(column) for name, column in columns(data) if not name.startswith("verdict.")}
        if len(lengths) != 1 or (message["kind"] == "look" and lengths != {1}):
            raise refused(where, "columns of one length")
        if strange := sorted({*data.get("values", {}), *data.get("fresh", {})} - FIGURES):
            raise refused(where, f"figures of our tasks, and not {shorten(strange[0])}")
        _updates(data["update"].tolist(), where)
    if message["kind"] == "checkpoint" and not SHA256.fullmatch(data["checkpoint"]):
        raise refused(where, "the sha256 of a checkpoint")
    return message


def checked_snapshot(frame: bytes, manifest: Manifest, place: int) -> dict[str, Any]:
    """The message of a snapshot.

    Raises:
        UserError: It is no snapshot of that run, or its trace cannot be shown.
    """
    where = f"snapshot {place}"
    message = _message(frame, manifest, where, ("snapshot",))
    _fits(_SNAPSHOT, message, where)
    try:
        trace = checked_trace(message["trace"].tobytes())
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise refused(where, f"a trace that can be shown, and it is not: {_why(error)}") from None
    if trace.update != message["update"]:
        raise refused(where, f"the trace of update {message['update']}, and not of {trace.update}")
    return message


def _message(frame: bytes, manifest: Manifest, where: str, kinds: tuple[str, ...]) -> dict[str, Any]:
    try:
        message = decode(frame)
    except (FrameError, RecursionError) as error:
        raise refused(where, f"a frame of docs/protocol.md, and it is not: {_why(error)}") from None
    # As text: what stands there may be an array, which has no yes or no of its own.
    kind, run, attempt = (str(shorten(message.get(name))) for name in ("kind", "run", "attempt"))
    if kind not in kinds:
        raise refused(f"{where} of kind {kind}", f"one of {', '.join(kinds)}")
    if (run, attempt) != (manifest.run, str(manifest.attempt)):
        whose = f"run {run}, attempt {attempt}"
        raise refused(f"{where} of {whose}", f"events of run {manifest.run}, attempt {manifest.attempt}")
    return message


def _fits(form: TypeAdapter[Any], message: dict[str, Any], where: str) -> None:
    try:
        form.validate_python(message)
    except (ValidationError, RecursionError) as error:
        raise refused(where, f"as docs/protocol.md says; {_why(error)}") from None
    _updates([message["update"]], where)


def _why(error: Exception) -> str:
    """The first thing that is wrong, in one line."""
    if isinstance(error, ValidationError):
        found = error.errors()[0]
        return f"{'.'.join(str(part) for part in found['loc'])}: {found['msg']}"
    return "it is nested too deep" if isinstance(error, RecursionError) else str(shorten(" ".join(str(error).split())))


def _updates(updates: list[int], where: str) -> None:
    if any(not 0 <= update <= LARGEST_UPDATE for update in updates):
        raise refused(where, f"updates from 0 to {LARGEST_UPDATE}")
