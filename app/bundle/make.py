"""A run as one zip file: config.json, metrics.csv, snapshots as JSON and checkpoints for people, and for a program the
run's own record (run.json) with its events and snapshots in the frames that the store has.

It is kept below what an upload may hold, so that it can be brought in again; what had to be left out stands in
manifest.json.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from sab_visualiser.app.bundle import manifest as names
from sab_visualiser.app.bundle.manifest import FileFacts, LeftOut, Manifest
from sab_visualiser.app.export.content.tables import make_table
from sab_visualiser.app.export.content.text import to_csv
from sab_visualiser.app.runs.brought import record_of
from sab_visualiser.app.runs.curves import KINDS, concatenate
from sab_visualiser.app.runs.shapes import Stored
from sab_visualiser.app.runs.stored import current_frame, stored_trace
from sab_visualiser.app.store.blobs import content_of
from sab_visualiser.app.store.store import Store
from sab_visualiser.app.store.texts import MOST_TEXT_BYTES
from sab_visualiser.app.store.whole import Whole
from sab_visualiser.app.version import VERSION
from sab_visualiser.app.wire.codec import decode_header
from sab_visualiser.app.wire.errors import field_error
from sab_visualiser.app.wire.trace_json import trace_json

ROOM_BYTES = 63 * 2**20
"""What a bundle may grow to; a little below the largest upload, for the list of its files."""
MOST_TRACES = 2_000
"""Snapshots as JSON; the frames hold all of them."""
TOO_LARGE = "the bundle would be too large to be brought in"
GONE = "its file is gone"


async def make_bundle(store: Store, run_id: str, room_bytes: int = ROOM_BYTES) -> bytes:
    """The zip file.

    Args:
        store: Where the run is.
        run_id: Of the run.
        room_bytes: What it should not grow beyond. The record of the run, its frames and its newest checkpoint are
            never left out.

    Raises:
        UserError: 404 for a run that is not there any more.
    """
    whole = await store.whole(run_id)
    if whole is None:
        raise field_error("run", run_id, "the id of a run", "GET /api/runs lists them", status=404)
    return await asyncio.to_thread(_make, whole, store, room_bytes)


def _make(whole: Whole, store: Store, room_bytes: int) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        bundle = _Bundle(file, target, room_bytes)
        bundle.add(names.CONFIG, json.dumps(whole.run.view(), indent=1, allow_nan=False))
        bundle.add(names.RUN, json.dumps(record_of(whole.run), indent=1, allow_nan=False))
        curves = concatenate(frame for frame in whole.events if decode_header(frame)["kind"] in KINDS)
        bundle.add(names.METRICS, to_csv(make_table("curves", curves), {}))
        bundle.add(names.EVENTS, names.joined(whole.events))
        snapshots = [(update, current_frame(frame)) for update, frame in whole.snapshots]
        bundle.add(names.SNAPSHOTS, names.joined(frame for _, frame in snapshots))
        # The newest first, and the text: a run goes on from them. Others as far as there is room, the pictures for
        # people last.
        newest, others = whole.checkpoints[-1:], whole.checkpoints[-2::-1]
        for stored in newest:
            bundle.add_checkpoint(stored, store.checkpoints.path(stored.sha256), needed=True)
        if (text := store.texts.blob_of(whole.run.spec)) is not None:
            bundle.add_text(text.path)
        for stored in others:
            bundle.add_checkpoint(stored, store.checkpoints.path(stored.sha256), needed=False)
        bundle.add_traces(snapshots[::-1])
        bundle.close(whole.run.id, whole.run.attempt)
    return target.getvalue()


class _Bundle:
    """A zip file that is being written, and what its manifest will say."""

    def __init__(self, file: zipfile.ZipFile, target: io.BytesIO, room_bytes: int) -> None:
        self._file, self._target, self._room = file, target, room_bytes
        self._files: dict[str, FileFacts] = {}
        self._left_out: list[LeftOut] = []

    def add(self, name: str, content: str | bytes, how: int = zipfile.ZIP_DEFLATED) -> None:
        """One more file."""
        raw = content.encode() if isinstance(content, str) else content
        self._file.writestr(name, raw, how)
        self._files[name] = FileFacts(size_bytes=len(raw), sha256=hashlib.sha256(raw).hexdigest())

    def add_checkpoint(self, stored: Stored, path: Path, *, needed: bool) -> None:
        """The weights of an update, as they are: they do not become smaller."""
        name = names.checkpoint_name(stored.update)
        if not needed and not self._has_room(stored.size_bytes):
            return self._leave_out(name, TOO_LARGE)
        try:
            content = content_of(path)
        except OSError:  # thinned since it was listed, or no file of ours
            return self._leave_out(name, GONE)
        return self.add(name, content, zipfile.ZIP_STORED)

    def add_text(self, path: Path) -> None:
        """The text that the run reads, as it lies here."""
        try:
            content = content_of(path)
        except OSError:  # deleted since it was found
            return self._leave_out(names.TEXT, GONE)
        if len(content) > MOST_TEXT_BYTES:
            return self._leave_out(
                names.TEXT, f"{len(content)} bytes, and a bundle carries texts of up to {MOST_TEXT_BYTES}"
            )
        if not self._has_room(len(zlib.compress(content))):
            return self._leave_out(names.TEXT, TOO_LARGE)
        return self.add(names.TEXT, content)

    def add_traces(self, snapshots: Sequence[tuple[int, bytes]]) -> None:
        """Snapshots as people read them, as far as there is room."""
        for place, (update, frame) in enumerate(snapshots):
            content = json.dumps(trace_json(stored_trace(frame).record()), allow_nan=False)
            if place == MOST_TRACES or not self._has_room(len(content)):
                rest = f"{len(snapshots) - place} of {len(snapshots)}, up to update {update}"
                return self._leave_out("snapshots/*.json", f"{rest}: {TOO_LARGE}")
            self.add(names.trace_name(update), content)
        return None

    def close(self, run_id: str, attempt: int) -> None:
        """The manifest, which is the last file."""
        said = Manifest(made_by=VERSION, run=run_id, attempt=attempt, files=self._files, left_out=tuple(self._left_out))
        self._file.writestr(names.MANIFEST, said.model_dump_json(indent=1), zipfile.ZIP_DEFLATED)

    def _leave_out(self, name: str, reason: str) -> None:
        self._left_out.append(LeftOut(file=name, reason=reason))

    def _has_room(self, size_bytes: int) -> bool:
        return self._target.tell() + size_bytes <= self._room
