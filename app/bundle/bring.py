"""A bundle brought into a store: checked to the last byte first, then kept whole or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sab_visualiser.app.bundle.manifest import refused
from sab_visualiser.app.bundle.read import Brought, Packed, read_bundle
from sab_visualiser.app.bundle.unzip import opened
from sab_visualiser.app.runs.brought import Record, unlike
from sab_visualiser.app.runs.kin.branch import Birth
from sab_visualiser.app.runs.run import Run
from sab_visualiser.app.store.blobs import Blob, Upload
from sab_visualiser.app.store.store import Store
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.wire.requests import RunSpec

Inspect = Callable[[Blob], Awaitable[dict[str, Any]]]
"""What is in a checkpoint: {spec, update}; a UserError for one that is none of ours."""


async def bring_in(store: Store, path: Path, inspect: Inspect, born: Birth) -> Run:
    """The run that the bundle at `path` becomes, committed.

    Args:
        store: Where it is kept.
        path: The zip file.
        inspect: Looks into a checkpoint.
        born: Id of the run here, and now.

    Raises:
        UserError: 422 for a bundle that is not accepted, 507 when there is no room; nothing is kept then.
    """
    found = await asyncio.to_thread(read_bundle, path, born)
    try:
        with ExitStack() as uploads:
            received = [await _received(store, path, packed, uploads) for packed in found.checkpoints]
            for packed, upload in zip(found.checkpoints, received, strict=True):
                _fits(found.record, packed, await inspect(upload.blob()))
            return await _keep(store, found, received)
    except OSError as error:
        words = f"{error.strerror or error}; free some space in the data folder and try again"
        raise UserError(507, "The store cannot keep it", words) from error


async def _received(store: Store, path: Path, packed: Packed, uploads: ExitStack) -> Upload:
    """A checkpoint taken out of the zip, into a file without a name yet."""
    upload = store.checkpoints.upload()
    uploads.callback(upload.discard)

    def receive() -> None:
        with opened(path) as bundle:
            for part in bundle.parts(packed.file):
                upload.add(part)

    await asyncio.to_thread(receive)
    return upload


def _fits(record: Record, packed: Packed, inside: dict[str, Any]) -> None:
    """Refuse a checkpoint of another run: going on from it would train something else than the run says."""
    try:
        spec = RunSpec.model_validate(inside["spec"])
    except ValidationError as error:
        raise refused(packed.file, f"a checkpoint of a run; {error.errors()[0]['msg']}") from None
    if inside["update"] != packed.stored.update:
        raise refused(packed.file, f"the checkpoint of that update, and not of {inside['update']}")
    if why := unlike(record, spec):
        raise refused(packed.file, f"a checkpoint of this run: {why}")


async def _keep(store: Store, found: Brought, received: list[Upload]) -> Run:
    kept: list[str] = []
    try:
        for packed, upload in zip(found.checkpoints, received, strict=True):
            sha256, _ = await asyncio.to_thread(upload.keep)
            assert sha256 == packed.stored.sha256, "its parts were compared with the manifest"
            kept.append(sha256)
        await store.commit_whole(found.run, found.events, found.snapshots, [each.stored for each in found.checkpoints])
    except BaseException:
        await store.drop_unused(kept)
        raise
    return found.run
