"""A bundle brought into a store: checked to the last byte first, then kept whole or not at all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sab_visualiser.app.bundle.manifest import refused
from sab_visualiser.app.bundle.read import Brought, Packed, read_bundle
from sab_visualiser.app.bundle.unzip import opened
from sab_visualiser.app.runs.brought import Record, in_its_group, unlike
from sab_visualiser.app.runs.kin.branch import Birth
from sab_visualiser.app.runs.run import Run
from sab_visualiser.app.runs.shapes import Spec
from sab_visualiser.app.store.blobs import Blob, Upload
from sab_visualiser.app.store.folder.trouble import MAKE_ROOM, NO_ROOM, trouble
from sab_visualiser.app.store.store import Store
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.wire.requests import RunSpec
from sab_visualiser.model.contract.data import TextFacts, short_name

Inspect = Callable[[Blob, Spec, Blob | None], Awaitable[dict[str, Any]]]
"""What is in a checkpoint: {spec, update}, given the spec of its run and the text that came along; a UserError for one
that is none of ours."""
Fits = Callable[[Run], None]
"""A UserError for a run that cannot train here."""
Here = Callable[[], Iterable[Run]]
"""All runs of this place, as they are when it is asked."""
_log = logging.getLogger("app")


async def bring_in(store: Store, path: Path, inspect: Inspect, born: Birth, here: Here, fits: Fits) -> Run:
    """The run that the bundle at `path` becomes, committed; then its text, without which it is a run all the same.

    Args:
        store: Where it is kept.
        path: The zip file.
        inspect: Looks into a checkpoint.
        born: Id of the run here, and now.
        here: Whose groups it may join.
        fits: Refuses a run that needs more memory than there is.

    Raises:
        UserError: 422 for a bundle that is not accepted, 507 when there is no room; nothing is kept then.
    """
    found = await asyncio.to_thread(read_bundle, path, born)
    fits(found.run)
    try:
        with ExitStack() as uploads:
            received = [await _received(store, path, packed, uploads) for packed in found.checkpoints]
            text = await _text(store, found, uploads)
            sent = None if text is None else text.blob()
            for packed, upload in zip(found.checkpoints, received, strict=True):
                inside = await inspect(upload.blob(), found.run.spec, sent)
                _fits(found.record, packed, inside)
            run = await _keep(store, found._replace(run=in_its_group(found.run, here())), received)
            if found.text is not None and text is not None:
                await _take(store, found.text.facts, text)
            return run
    except OSError as error:
        words = f"{error.strerror or error}; {MAKE_ROOM}"
        raise trouble(error) or UserError(NO_ROOM, "The store cannot keep it", words) from error


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


async def _text(store: Store, found: Brought, uploads: ExitStack) -> Upload | None:
    """The text that came along, into a file without a name yet."""
    if found.text is None:
        return None
    upload = await asyncio.to_thread(store.texts.received, found.text.text)
    uploads.callback(upload.discard)
    return upload


async def _take(store: Store, facts: TextFacts, text: Upload) -> None:
    """Keep the text; where that cannot be, the run says that its text is not here (`missing` of RunView)."""
    try:
        await asyncio.to_thread(store.texts.take, facts, text)
    except (UserError, OSError) as error:
        why = error.problem.detail if isinstance(error, UserError) else error.strerror
        _log.warning("the text %s of a bundle is not kept: %s", short_name(facts.name), why)


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
