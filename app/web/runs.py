"""Runs over HTTP: start, look, command, delete (contract section 2). Each handler is a few lines around the conductor.

Deliberately not here: probes and uploads (app/web/networks.py), the description for OpenAPI (app/web/openapi.py).
"""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import pydantic_core
from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import JSONResponse

from sab_visualiser.app.control.conductor import Conductor
from sab_visualiser.app.runs.curves import KINDS, concatenate
from sab_visualiser.app.runs.run import Run
from sab_visualiser.app.store.store import Store
from sab_visualiser.app.web.problems import read_json_bytes, read_model, read_whole
from sab_visualiser.app.wire.codec import decode
from sab_visualiser.app.wire.errors import UserError, field_error, validate
from sab_visualiser.app.wire.requests import Command, ProbeRequest, RunSpec
from sab_visualiser.app.wire.trace import Trace
from sab_visualiser.app.wire.trace_json import plain, trace_json
from sab_visualiser.app.wire.views import EngineView, RunView
from sab_visualiser.app.workers.compute import Computing
from sab_visualiser.model.contract import LARGEST_UPDATE, task_list

ENGINE_WAIT_S = 10.0
router = APIRouter(prefix="/api")
RunId = Annotated[str, Path(description="id of a run")]


def find_run(request: Request, run_id: RunId) -> Run:
    """The run named in the path; 404 when there is none."""
    conductor: Conductor = request.app.state.conductor
    return conductor.find(run_id)


FoundRun = Annotated[Run, Depends(find_run)]


@router.get("/health", tags=["server"])
async def health() -> dict[str, str]:
    """Whether the server answers."""
    return {"status": "ok"}


@router.get("/engine", tags=["server"])
async def engine(request: Request) -> EngineView:
    """How workers compute: device, backend, and why; waits a few seconds for the first worker to say so."""
    computing: Computing = request.app.state.supervisor.computing
    return await computing.view(ENGINE_WAIT_S)


@router.get("/presets", tags=["server"])
async def presets(request: Request) -> list[dict[str, Any]]:
    """Presets, pretrained ones first."""
    return [preset.view() for preset in request.app.state.presets]


@router.get("/tasks", tags=["server"])
async def tasks() -> list[dict[str, Any]]:
    """Tasks with their parameters, metrics and true sources."""
    return task_list()


@router.post("/runs", status_code=201, response_model=RunView, tags=["runs"])
async def create_run(request: Request) -> JSONResponse:
    """Start a run. Every field has a default; an empty body starts the default preset."""
    raw = await read_json_bytes(request)
    asked = pydantic_core.from_json(raw)
    spec = validate(RunSpec, raw if not isinstance(asked, dict) else request.app.state.presets.fill(asked))
    run = await request.app.state.conductor.create(spec)
    return JSONResponse(request.app.state.conductor.view(run), 201, {"Location": f"/api/runs/{run.id}"})


@router.get("/runs", response_model=list[RunView], tags=["runs"])
async def list_runs(request: Request) -> JSONResponse:
    """All runs, newest first."""
    return JSONResponse(request.app.state.conductor.views())


@router.get("/runs/{run_id}", response_model=RunView, tags=["runs"])
async def show_run(request: Request, run: FoundRun) -> JSONResponse:
    """One run."""
    return JSONResponse(request.app.state.conductor.view(run))


@router.delete("/runs/{run_id}", status_code=204, tags=["runs"])
async def delete_run(request: Request, run: FoundRun) -> Response:
    """Stop the run and delete it with its events, snapshots and checkpoints."""
    await request.app.state.conductor.remove(run.id)
    return Response(status_code=204)


@router.post("/runs/{run_id}/commands", status_code=202, tags=["runs"])
async def command_run(request: Request, run: FoundRun) -> dict[str, Any]:
    """Command a run; it takes effect on the next update and is journalled with it."""
    command = await read_model(request, Command)
    said: dict[str, Any] = await request.app.state.conductor.command(run.id, command)
    return said


@router.get("/runs/{run_id}/metrics", tags=["runs"])
async def run_metrics(request: Request, run: FoundRun, after: str | None = None) -> JSONResponse:
    """Curves of the current attempt as columns, for updates above `after`; null where a number is not finite."""
    least = read_whole(after, "after", -1, LARGEST_UPDATE)
    columns = await metrics_of(request.app.state.store, run, -1 if least is None else least)
    return JSONResponse({"run": run.id, "attempt": run.attempt, **await asyncio.to_thread(plain, columns)})


@router.get("/runs/{run_id}/snapshots", tags=["runs"])
async def list_snapshots(request: Request, run: FoundRun) -> dict[str, Any]:
    """Updates of the current attempt that have a snapshot, and those that have a checkpoint."""
    store: Store = request.app.state.store
    checkpoints = [
        {"update": each.update, "checkpoint": each.sha256, "size_bytes": each.size_bytes}
        for each in await store.run_checkpoints(run)
    ]
    updates = await store.snapshot_updates(run)
    return {"run": run.id, "attempt": run.attempt, "updates": updates, "checkpoints": checkpoints}


@router.get("/runs/{run_id}/snapshots/{update}", response_model=Trace, tags=["runs"])
async def show_snapshot(request: Request, run: FoundRun, update: str, example: str | None = None) -> JSONResponse:
    """The trace at an update (or `latest`); another example than the stored one is probed afresh."""
    at = None if update == "latest" else read_whole(update, "update", 0, LARGEST_UPDATE)
    chosen = read_whole(example, "example", 0, 15)
    columns = await snapshot_of(request.app.state.store, run, at)
    if columns is None:
        raise await _no_snapshot(request.app.state.store, run, update)
    if chosen is not None and chosen != columns["example"]:
        asked = ProbeRequest(run=run.id, update=at, example=chosen, loss_step=columns["loss_step"])
        columns = await request.app.state.probe(asked)
    return JSONResponse(await asyncio.to_thread(trace_json, columns))


async def metrics_of(store: Store, run: Run, after: int = -1) -> dict[str, Any]:
    """Curves of the run's current attempt in columns."""
    frames = await store.history(run, KINDS)
    return await asyncio.to_thread(concatenate, frames, after)


async def snapshot_of(store: Store, run: Run, update: int | None) -> dict[str, Any] | None:
    """The stored snapshot at an update (None: the newest) in columns; None when there is none."""
    frame = await store.snapshot(run, update)
    return None if frame is None else {"preset": None, "checkpoint": None, **decode(frame)["data"]}


async def _no_snapshot(store: Store, run: Run, update: str) -> UserError:
    updates = await store.snapshot_updates(run)
    if not updates:
        return UserError(404, "No snapshot yet", f"update = {update}: run {run.id} has no snapshot yet; let it train")
    at = int(update)
    near = sorted(sorted(updates, key=lambda each: abs(each - at))[:3])
    allowed = f"an update with a snapshot; nearest: {', '.join(map(str, near))}"
    return field_error("update", at, allowed, f"GET /api/runs/{run.id}/snapshots lists them", status=404)
