"""A checkpoint that a worker refused, since it is damaged, gone, or another's: it goes into quarantine, and its run
goes on from the one before.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

from sab_visualiser.app.control.journal import Journal
from sab_visualiser.app.control.orders.taking import Commands
from sab_visualiser.app.runs.moves.commands import resumed
from sab_visualiser.app.runs.run import Draft, Run
from sab_visualiser.app.store.folder.quarantine import FOLDER, put_aside
from sab_visualiser.app.store.store import Store

_log = logging.getLogger("app")


async def told(journal: Journal, run: Run, name: str | None, update: int, why: str) -> None:
    """Say in the run and the log that a file was refused, and its name in quarantine; the lock of the run is held."""
    where = "its file is gone" if name is None else f"{name} is in {FOLDER}"
    _log.warning("run %s, weights of update %d: %s: %s", run.id, update, where, why)
    await journal.record(run, [Draft("quarantined", {"name": name, "update": update, "why": why})])


async def one_before(journal: Journal, store: Store, commands: Commands, run: Run, why: str) -> Run | None:
    """The run as it goes on from the checkpoint before the one that was refused; the lock of the run is held.

    Args:
        journal: Knows the runs.
        store: Has their checkpoints.
        commands: Knows what a run that is resumed makes again.
        run: Whose newest checkpoint was refused.
        why: In words.

    Returns:
        None for a branch whose first weights are refused: there is nothing that it can go on from.
    """
    assert run.checkpoint is not None, "only a checkpoint that was named is refused"
    name = await asyncio.to_thread(put_aside, store.checkpoints.path(run.checkpoint), store.folder)
    await store.forget_checkpoint(run.checkpoint)
    await told(journal, run, name, run.checkpoint_update or 0, why)
    run = journal.find(run.id)
    stored = await store.run_checkpoints(run)
    if not stored and run.parent is not None:
        return None
    last = stored[-1] if stored else None
    named = (last.sha256, last.update) if last else (None, None)
    run = replace(run, checkpoint=named[0], checkpoint_update=named[1])
    run = resumed(run, await commands.replay(run))
    await journal.record(run, [Draft("status", run.news())])
    return journal.find(run.id)
