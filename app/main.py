"""The composition root: every part of the server, in the order in which a request meets it.

Nothing imported from here imports torch, the model or matplotlib.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from sab_visualiser.app.access import routes as access
from sab_visualiser.app.access.door import Door
from sab_visualiser.app.control.answers import Answers
from sab_visualiser.app.control.conductor import Conductor
from sab_visualiser.app.control.files import know_files
from sab_visualiser.app.control.journal import Journal
from sab_visualiser.app.control.probes import Probes
from sab_visualiser.app.control.resuming.spool import spool_folder, take_up
from sab_visualiser.app.export import routes as exports
from sab_visualiser.app.page.files import page_folder
from sab_visualiser.app.presets.bundled import Presets
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.store.store import Store
from sab_visualiser.app.version import VERSION
from sab_visualiser.app.web import groups, networks, problems, runs, server, sockets
from sab_visualiser.app.web.guard import Guard
from sab_visualiser.app.web.offered import presets, texts
from sab_visualiser.app.web.pages import make_router
from sab_visualiser.app.web.parts import Parts
from sab_visualiser.app.web.watched import metrics
from sab_visualiser.app.workers.forked import ForkingLauncher
from sab_visualiser.app.workers.launcher import Launcher
from sab_visualiser.app.workers.local import WORKER_COMMAND
from sab_visualiser.app.workers.memory import worker_bytes
from sab_visualiser.app.workers.supervisor import Supervisor


def create_app(settings: Settings, launcher: Launcher | None = None) -> FastAPI:
    """The server as an ASGI application.

    Args:
        settings: See app/settings.py.
        launcher: Starts workers; as processes on this machine by default.
    """
    store = Store(settings)
    spool = spool_folder(settings.data_dir)
    supervisor = Supervisor(launcher or _local(settings, spool, store), settings)
    journal = Journal(settings, store)
    conductor = Conductor(settings, store, supervisor, journal)
    bundled = Presets(page_folder() / "static" / "presets")
    probes = Probes(settings, conductor, supervisor, store, bundled)
    answers = Answers(conductor, store, bundled, probes)
    door = Door(settings)
    door.on_renewed = conductor.hub.shut_out
    parts = Parts(settings, store, supervisor, conductor, bundled, probes, answers, door)
    pages, files = make_router(bundled, lambda: store.read_only is not None)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        store.open()
        door.load()
        know_files(settings)
        await conductor.load()
        if store.read_only is None:
            await take_up(spool, store, journal)
        yield
        await parts.end()
        store.close()

    app = FastAPI(title="SAB Visualiser", version=VERSION, lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state = parts  # type: ignore[assignment]
    app.add_middleware(Guard, settings=settings, authorise=door.authorise)
    problems.install(app)
    for routes in (server, runs, groups, networks, texts, presets, sockets):
        app.include_router(routes.router)
    app.include_router(exports.router, responses=problems.problems(404, 409, 422, 429, 501, 503, 504))
    app.include_router(access.router)
    app.include_router(metrics.router)
    app.include_router(pages)
    app.mount("/static", files, name="static")
    return app


def _local(settings: Settings, spool: Path, store: Store) -> ForkingLauncher:
    """Worker processes on this machine."""
    folders = ("--spool", str(spool), "--checkpoints", str(store.checkpoints.folder))
    files = ("--data-files", str(settings.data_files))
    loops = ("--loop-threads", str(settings.loop_threads)) if settings.loop_threads else ()
    memory = ("--memory-bytes", str(worker_bytes(settings)))
    looking = ("--looking-share", str(settings.looking_share))
    command = (*WORKER_COMMAND, *folders, *files, *loops, *memory, *looking, "--device", settings.device)
    return ForkingLauncher(command, settings.device)
