"""A bundle that comes in over HTTP: a new run in the store, then in the list that everybody sees."""

from __future__ import annotations

from pathlib import Path

from sab_visualiser.app.bundle.bring import bring_in
from sab_visualiser.app.control.journal import Journal
from sab_visualiser.app.control.probes import Probes
from sab_visualiser.app.runs.fits import check_run
from sab_visualiser.app.runs.run import Run
from sab_visualiser.app.store.store import Store
from sab_visualiser.app.workers.memory import Memory


async def bring(journal: Journal, store: Store, probes: Probes, memory: Memory, path: Path) -> Run:
    """The run that the bundle at `path` becomes; committed first, then shown.

    Raises:
        UserError: 422 for a bundle that is not accepted; 429, 503, 504 when no worker can look into its checkpoints;
            507 when there is no room. Nothing is kept then.
    """

    def fits(run: Run) -> None:
        check_run(run.spec, memory.room(), run.parameters)

    async def work() -> Run:
        run = await bring_in(store, path, probes.inspect, journal.births.next(), journal.runs.values, fits)
        journal.add(run)
        journal.announce(run.id)
        return run

    return await journal.to_the_end(work())
