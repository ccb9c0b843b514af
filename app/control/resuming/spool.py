"""Checkpoints that workers left when the server was gone: taken up at the next start, so that a crash costs little.

A worker whose socket is lost writes one here, with the figures of the last seconds beside it, and ends
(app/worker/loop.py). Its name says whose it is and what its bytes are (app/runs/moves/left.py); one that is cut short,
changed, or late is put into quarantine.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import asdict, replace
from pathlib import Path

from sab_visualiser.app.control.journal import Journal
from sab_visualiser.app.control.resuming.refused import told
from sab_visualiser.app.crash import point
from sab_visualiser.app.runs.curves import rows_above
from sab_visualiser.app.runs.moves.left import Left, left_of
from sab_visualiser.app.runs.moves.reports import observe
from sab_visualiser.app.runs.run import Run
from sab_visualiser.app.runs.shapes import RECENT, Stored
from sab_visualiser.app.store.folder.quarantine import put_aside
from sab_visualiser.app.store.store import CHECKPOINT_SUFFIX, SPOOL, Store
from sab_visualiser.app.wire.codec import FrameError, decode

PART = ".part"


def spool_folder(data_dir: Path) -> Path:
    """Where workers leave them."""
    return data_dir / SPOOL


async def take_up(folder: Path, store: Store, journal: Journal) -> int:
    """Give every file to its run, and empty the folder; returns how many were of use.

    A file is of use when no worker had its run since, and the run has no later checkpoint.
    """
    used = 0
    for path in await asyncio.to_thread(_left, folder):
        left = left_of(path.name)
        run = journal.runs.get(left.run if left else path.name.partition("-")[0])
        if run and left:
            used += await _take(path, left, run, store, journal)
        elif run and path.suffix != RECENT:
            name = await asyncio.to_thread(put_aside, path, store.folder)
            await told(journal, run, name, run.update, "its name does not say what its bytes are")
    await asyncio.to_thread(_sweep, folder)
    point("left swept")
    return used


async def _take(path: Path, left: Left, run: Run, store: Store, journal: Journal) -> bool:
    """Whether a file that says it is of a run is of use to it."""
    content = await asyncio.to_thread(path.read_bytes)
    why = left.refused(run, await asyncio.to_thread(lambda: hashlib.sha256(content).hexdigest()))
    if why is not None:
        await told(journal, run, await asyncio.to_thread(put_aside, path, store.folder), left.update, why)
        return False
    if left.update <= (-1 if run.checkpoint_update is None else run.checkpoint_update):
        return False
    point("left judged")
    run = await _curves(path.with_suffix(RECENT), run, journal)
    sha256, size = await asyncio.to_thread(store.checkpoints.write, [content])
    stored = Stored(sha256, size, left.update)
    after, draft = observe(run, "checkpoint", stored.update, {"checkpoint": sha256, **asdict(stored)})
    await journal.record(after, [draft], checkpoint=stored)
    point("left kept")
    return True


async def _curves(path: Path, run: Run, journal: Journal) -> Run:
    """Keep what the server before was killed too soon to keep, figures of updates and turns of knobs; the run then."""
    try:
        message = decode(await asyncio.to_thread(path.read_bytes))
        missed = rows_above(message["data"], run.update)
        after, drafts = run, []
        for turn in message.get("turns", ()):
            if any(order["command_id"] == turn["data"]["command_id"] for order in run.kept):
                after, draft = observe(after, "parameters", turn["update"], turn["data"])
                drafts.append((after, draft))
        if message["kind"] == "metrics" and len(missed["update"]):
            drafts.append(observe(after, "metrics", None, missed))
    except (OSError, FrameError, KeyError, TypeError, ValueError):
        return run  # none was left, or not one of ours: the curve has a gap, and the weights are what matters
    for after, draft in drafts:
        await journal.record(replace(after, seq=journal.find(run.id).seq), [draft])
    return journal.find(run.id)


def _sweep(folder: Path) -> None:
    """What workers left and belongs to no run goes when every checkpoint is taken up; files of others stay."""
    for path in folder.iterdir():
        if path.suffix == PART:
            name = path.name.removeprefix(".").rsplit(".", 2)[0]  # `.NAME.RANDOM.part`: killed while it was written
        else:
            name = path.with_suffix(CHECKPOINT_SUFFIX).name if path.suffix in (CHECKPOINT_SUFFIX, RECENT) else ""
        if left_of(name) and path.is_file():
            path.unlink()


def _left(folder: Path) -> list[Path]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return sorted(folder.iterdir())
