"""Which stored snapshot or checkpoint of a run answers a question: decided here, for the server and without one.

Only what belongs to the current attempt is offered (app/store/reading.py), by rising update.
"""

from __future__ import annotations

from collections.abc import Sequence

from sab_visualiser.app.runs.run import Run
from sab_visualiser.app.runs.shapes import Stored
from sab_visualiser.app.wire.codec import decode, decode_header, encode
from sab_visualiser.app.wire.errors import UserError, field_error
from sab_visualiser.app.wire.packing import SentTrace, as_array, snapshot_content

TOLD_UPDATES = 3
"""Nearest updates that a refusal names."""


def stored_trace(frame: bytes) -> SentTrace:
    """The trace in a stored snapshot, said to be of its run."""
    message = decode(frame)
    return SentTrace(snapshot_content(message), run=message["run"])


def current_frame(frame: bytes) -> bytes:
    """A stored snapshot as viewers get it; one of version 0.1 is written anew."""
    if "trace" in decode_header(frame):
        return frame
    message = decode(frame)
    content = as_array(snapshot_content(message))
    return encode({name: value for name, value in message.items() if name != "data"} | {"trace": content})


def no_snapshot(name: str, updates: Sequence[int], wanted: int | None, remedy: str) -> UserError:
    """What is said when no snapshot answers.

    Args:
        name: Run or preset in words, as `run r1`.
        updates: Those that have a snapshot.
        wanted: The update that was asked for; None for the latest.
        remedy: Where they are listed.
    """
    if wanted is None or not updates:
        at = "latest" if wanted is None else wanted
        return UserError(404, "No snapshot yet", f"update = {at}: {name} has no snapshot yet; let it train")
    near = sorted(sorted(updates, key=lambda each: abs(each - wanted))[:TOLD_UPDATES])
    allowed = f"an update that has a snapshot; nearest: {', '.join(map(str, near))}"
    return field_error("update", wanted, allowed, remedy, status=404)


def not_yet(run: Run) -> UserError:
    """What is said of a run that has left no weights."""
    return UserError(409, "Not possible now", f"run {run.id} is {run.status} and has no checkpoint yet; let it train")


def weights_at(run: Run, stored: Sequence[Stored], update: int | None) -> Stored | None:
    """The checkpoint whose weights answer for a run at an update (None: the latest).

    Returns:
        None for a run at update 0 that has none: its network is as its seed begins it.

    Raises:
        UserError: 409 when it has no weights yet, 404 for an update without, naming those with.
    """
    for each in reversed(stored):
        if update in (None, each.update):
            return each
    if run.update == 0 and update in (None, 0):
        return None
    if not stored:
        raise not_yet(run)
    have = ", ".join(str(each.update) for each in stored)
    raise field_error("update", update, f"an update with a checkpoint: {have}", "choose one of them", status=404)
