"""The composition root: every part of the server, in the order in which a request meets it.

Deliberately not here: any decision. Nothing imported from here imports torch, the model or matplotlib.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from sab_visualiser.app.control.conductor import Conductor
from sab_visualiser.app.control.journal import Journal
from sab_visualiser.app.control.probes import Probes
from sab_visualiser.app.control.spool import spool_folder, take_up
from sab_visualiser.app.export import routes as export_routes
from sab_visualiser.app.presets.bundled import Presets
from sab_visualiser.app.presets.history import history_of, snapshot_at
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.store.store import Store
from sab_visualiser.app.version import VERSION
from sab_visualiser.app.web import networks, openapi, problems, runs, sockets
from sab_visualiser.app.web import presets as preset_routes
from sab_visualiser.app.web.guard import Guard
from sab_visualiser.app.web.pages import make_router, page_folder
from sab_visualiser.app.workers.launcher import Engine
from sab_visualiser.app.workers.local import WORKER_COMMAND, LocalEngine
from sab_visualiser.app.workers.supervisor import Supervisor


def create_app(settings: Settings, engine: Engine | None = None) -> FastAPI:
    """The server as an ASGI application.

    Args:
        settings: See app/settings.py.
        engine: Starts workers; processes on this machine by default.
    """
    store = Store(settings)
    spool = spool_folder(settings.data_dir)
    supervisor = Supervisor(engine or _local(settings, spool), settings)
    journal = Journal(settings, store)
    conductor = Conductor(settings, store, supervisor, journal)
    presets = Presets(page_folder() / "static" / "presets")
    probes = Probes(settings, conductor, supervisor, store, presets)
    pages, files = make_router(presets)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        store.open()
        await conductor.recall()
        await take_up(spool, store, journal)
        yield
        await app.state.end()
        store.close()

    app = FastAPI(title="SAB Visualiser", version=VERSION, lifespan=lifespan, docs_url=None, redoc_url=None)
    app.add_middleware(Guard, settings=settings)
    problems.install(app)
    app.include_router(runs.router)
    app.include_router(networks.router)
    app.include_router(preset_routes.router)
    app.include_router(export_routes.router)
    app.include_router(sockets.router)
    app.include_router(pages)
    app.mount("/static", files, name="static")
    openapi.install(app)

    app.state.settings, app.state.store, app.state.presets = settings, store, presets
    app.state.supervisor, app.state.conductor, app.state.probes = supervisor, conductor, probes
    app.state.epoch = secrets.token_hex(8)
    app.state.begin = partial(_begin, supervisor)
    app.state.end = partial(_end, conductor)
    app.state.probe = probes.trace
    app.state.snapshot, app.state.metrics = partial(_snapshot, conductor, store), partial(_metrics, conductor, store)
    app.state.spec = partial(_spec, conductor, presets)
    app.state.preset_snapshot, app.state.preset_metrics = partial(_past, presets), partial(_learning, presets)
    return app


def _local(settings: Settings, spool: Path) -> LocalEngine:
    """Worker processes on this machine."""
    return LocalEngine((*WORKER_COMMAND, "--spool", str(spool), "--device", settings.device))


def _begin(supervisor: Supervisor, url: str) -> None:
    """Start workers; they dial `url`, where the server listens by now."""
    supervisor.start(url.replace("http", "ws", 1) + "/ws/worker")


async def _end(conductor: Conductor) -> None:
    """Viewers hear 1012, workers save and end."""
    for viewer in list(conductor.hub.viewers):
        viewer.close(1012)
    await conductor.close()


async def _snapshot(conductor: Conductor, store: Store, run_id: str, update: int | None) -> dict[str, Any] | None:
    return await runs.snapshot_of(store, conductor.find(run_id), update)


async def _metrics(conductor: Conductor, store: Store, run_id: str) -> dict[str, Any]:
    return await runs.metrics_of(store, conductor.find(run_id))


async def _spec(conductor: Conductor, presets: Presets, run: str | None, preset: str | None) -> dict[str, Any] | None:
    if run is not None:
        return conductor.find(run).spec
    return None if preset is None else presets.find(preset).spec


async def _past(presets: Presets, preset: str, update: int | None) -> dict[str, Any]:
    return await asyncio.to_thread(snapshot_at, presets.find(preset), update)


async def _learning(presets: Presets, preset: str) -> dict[str, Any] | None:
    """The curves of a preset's training; None when it came without."""
    found = presets.find(preset)
    return None if found.history is None else (await asyncio.to_thread(history_of, found))["metrics"]
