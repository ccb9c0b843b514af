"""Checkpoints that workers left when the server was gone: taken up at the next start, so that a crash costs little.

A worker whose socket is lost writes `<run>-<attempt>-<update>.safetensors` here and ends (app/worker/loop.py). The
name is believed only as far as it fits a run; the content is checked when a worker resumes from it.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import asdict
from pathlib import Path

from sab_visualiser.app.control.journal import Journal
from sab_visualiser.app.runs.curves import rows_above
from sab_visualiser.app.runs.moves.reports import observe
from sab_visualiser.app.runs.run import Run
from sab_visualiser.app.runs.shapes import RECENT, Stored
from sab_visualiser.app.store.store import Store
from sab_visualiser.app.wire.codec import FrameError, decode

NAME = re.compile(r"(?P<run>r[0-9a-f]{1,64})-(?P<attempt>\d{1,9})-(?P<update>\d{1,9})\.safetensors")


def spool_folder(data_dir: Path) -> Path:
    """Where workers leave them."""
    return data_dir / "spool"


async def take_up(folder: Path, store: Store, journal: Journal) -> int:
    """Give every file to its run, and empty the folder; returns how many were of use.

    A file is of use when its run still stands at the same attempt and has no later checkpoint.
    """
    used = 0
    for path in await asyncio.to_thread(_left, folder):
        if path.suffix == RECENT:
            continue  # read with its checkpoint
        named = NAME.fullmatch(path.name)
        run = journal.runs.get(named["run"]) if named else None
        newest = -1 if run is None or run.checkpoint_update is None else run.checkpoint_update
        if named and run and run.attempt == int(named["attempt"]) and int(named["update"]) > newest:
            run = await _curves(path.with_suffix(RECENT), run, journal)
            content = await asyncio.to_thread(path.read_bytes)
            sha256, size = await asyncio.to_thread(store.checkpoints.write, [content])
            stored = Stored(sha256, size, int(named["update"]))
            after, draft = observe(run, "checkpoint", stored.update, {"checkpoint": sha256, **asdict(stored)})
            await journal.record(after, [draft], checkpoint=stored)
            used += 1
        path.unlink()
        path.with_suffix(RECENT).unlink(missing_ok=True)
    await asyncio.to_thread(_sweep, folder)
    return used


async def _curves(path: Path, run: Run, journal: Journal) -> Run:
    """Keep the figures of updates that the server before was killed too soon to keep; the run as it is then."""
    try:
        message = decode(await asyncio.to_thread(path.read_bytes))
        missed = rows_above(message["data"], run.update)
        if message["kind"] != "metrics" or not len(missed["update"]):
            return run
        after, draft = observe(run, "metrics", None, missed)
    except (OSError, FrameError, KeyError, TypeError, ValueError):
        return run  # none was left, or not one of ours: the curve has a gap, and the weights are what matters
    await journal.record(after, [draft])
    return journal.find(run.id)


def _sweep(folder: Path) -> None:
    """What is left when every checkpoint is taken up belongs to none."""
    for path in folder.iterdir():
        path.unlink()


def _left(folder: Path) -> list[Path]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return sorted(folder.iterdir())
