"""A bundle as a run of this place: all of it is checked, and told anew with the run's id here. It writes nothing.

What is left for others to check are the checkpoints: only a worker can (app/bundle/bring.py).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel

from sab_visualiser.app.bundle.checks import checked_event, checked_snapshot
from sab_visualiser.app.bundle.manifest import (
    CHECKPOINT,
    CONFIG,
    EVENTS,
    RUN,
    SNAPSHOTS,
    TEXT,
    checkpoint_name,
    refused,
    split,
)
from sab_visualiser.app.bundle.text import Sent, read_text
from sab_visualiser.app.bundle.unzip import Zip, opened
from sab_visualiser.app.runs.brought import Moment, Record, brought
from sab_visualiser.app.runs.kin.branch import Birth
from sab_visualiser.app.runs.run import Run
from sab_visualiser.app.runs.shapes import Born, Stored
from sab_visualiser.app.store.store import Entry
from sab_visualiser.app.wire.codec import FrameError, encode
from sab_visualiser.app.wire.errors import UserError, validate
from sab_visualiser.model.contract import LARGEST_UPDATE

ATTEMPT = 1
"""What a run is at where it is brought in: earlier attempts stay behind."""


class _Config(BaseModel):
    created: Moment


class Packed(NamedTuple):
    """A checkpoint that is still in the zip, and the name of its file there."""

    stored: Stored
    file: str


class Brought(NamedTuple):
    """What a bundle becomes: the run, its events, its snapshots as frames by update, its checkpoints by update, the
    text that the run reads where that came along."""

    record: Record
    run: Run
    events: list[Entry]
    snapshots: list[tuple[int, bytes]]
    checkpoints: list[Packed]
    text: Sent | None


def read_bundle(path: Path, born: Birth) -> Brought:
    """The bundle at `path` as a run of this place, with the id and the moment of `born`.

    Raises:
        UserError: Status 422; what is wrong with it, and what to do.
    """
    with opened(path) as bundle:
        others = set(bundle.manifest.files) - {RUN, EVENTS, SNAPSHOTS, TEXT}
        bundle.check(*sorted(others))
        record = _record(bundle)
        text = read_text(bundle, record.spec)
        checkpoints = _checkpoints(bundle, record)
        origin = Born(run=bundle.manifest.run, started=_told_to_people(bundle))
        run = brought(record, born, origin, [each.stored for each in checkpoints])
        run, events = _events(bundle, run)
        return Brought(record, run, events, _snapshots(bundle, run), checkpoints, text)


def _record(bundle: Zip) -> Record:
    try:
        return validate(Record, bundle.read(RUN))
    except UserError as error:
        if error.problem.errors and error.problem.errors[0].field == "bundle":
            raise
        raise refused(RUN, f"a run as one may be started here; {error.problem.detail}", "nothing was kept") from None


def _told_to_people(bundle: Zip) -> str | None:
    """When the run was started, as config.json says: bundles of before say it nowhere else. None where it does not."""
    if CONFIG not in bundle.manifest.files:
        return None
    try:
        return validate(_Config, bundle.read(CONFIG)).created
    except UserError:  # it is for people, who may have written in it
        return None


def _checkpoints(bundle: Zip, record: Record) -> list[Packed]:
    files = bundle.manifest.files
    found = [
        Packed(Stored(files[name].sha256, files[name].size_bytes, int(match[1])), name)
        for name in files
        if (match := CHECKPOINT.fullmatch(name))
    ]
    found.sort(key=lambda each: each.stored.update)
    updates = [each.stored.update for each in found]
    if len(set(updates)) != len(found) or max(updates, default=0) > LARGEST_UPDATE:
        raise refused("its checkpoints", f"one an update, 0 to {LARGEST_UPDATE}")
    newest, wanted = updates[-1] if updates else None, record.checkpoint_update
    gone = {each.file for each in bundle.manifest.left_out}
    if newest != wanted and (wanted is None or checkpoint_name(wanted) not in gone):
        raise refused(f"checkpoint of update {newest}", f"the newest one, of update {wanted}")
    return found


def _events(bundle: Zip, run: Run) -> tuple[Run, list[Entry]]:
    """The events with seq 1, 2, 3 …; the last status among them is that of the run."""
    entries: list[Entry] = []
    status = None
    for place, frame in enumerate(split(bundle.read(EVENTS), EVENTS), 1):
        message = checked_event(frame, bundle.manifest, place)
        if message["kind"] == "rewound":
            continue
        status = message["data"]["status"] if message["kind"] == "status" else status
        entries.append(_entry(message, run.id, len(entries) + 1))
    if status != run.status:
        told = {"kind": "status", "update": run.update, "data": run.news()}
        entries.append(_entry(told, run.id, len(entries) + 1))
    return replace(run, attempt=ATTEMPT, seq=len(entries)), entries


def _entry(message: dict[str, Any], run_id: str, seq: int) -> Entry:
    frame = _told_anew(message, run_id, seq)
    return Entry(seq, message["kind"], message["update"], ATTEMPT, frame)


def _snapshots(bundle: Zip, run: Run) -> list[tuple[int, bytes]]:
    found: dict[int, bytes] = {}
    for place, frame in enumerate(split(bundle.read(SNAPSHOTS), SNAPSHOTS), 1):
        message = checked_snapshot(frame, bundle.manifest, place)
        if message["update"] in found:
            raise refused(f"snapshot {place}", f"one of another update: there is one of {message['update']} already")
        found[message["update"]] = _told_anew(message, run.id, run.seq)
    return sorted(found.items())


def _told_anew(message: dict[str, Any], run_id: str, seq: int) -> bytes:
    """The frame said of the run as it is called here; its columns are the same bytes."""
    head = {"kind": message["kind"], "run": run_id, "attempt": ATTEMPT, "seq": seq, "update": message["update"]}
    try:
        return encode({**head, **{name: value for name, value in message.items() if name not in head}})
    except FrameError as error:
        raise refused(f"a frame of kind {message['kind']}", str(error)) from None
