"""Runs over HTTP: start, look, command, delete (contract section 2); each handler is a few lines."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response

from sab_visualiser.app.bundle.make import make_bundle
from sab_visualiser.app.runs.curves import binned
from sab_visualiser.app.web.messages.answers import Json, json_of, trace_answer, trace_or
from sab_visualiser.app.web.messages.bodies import MAX_RAW_BYTES, FromBytes, JsonRoute, over_preset, too_large
from sab_visualiser.app.web.messages.queries import LISTED, MetricsQuery, RunsQuery, SnapshotQuery, UpdatePath
from sab_visualiser.app.web.parts import FoundRun, Here
from sab_visualiser.app.web.problems import UNSAFE, problems
from sab_visualiser.app.wire.requests import BranchRequest, Command, ProbeRequest, RunPatch, RunSpec
from sab_visualiser.app.wire.trace import Trace
from sab_visualiser.app.wire.trace_json import plain
from sab_visualiser.app.wire.views import CommandAnswer, RunCurves, RunSnapshots, RunView, StoredNetwork

router = APIRouter(prefix="/api/runs", tags=["runs"], route_class=JsonRoute)
Spec = Annotated[
    RunSpec,
    FromBytes(over_preset),
    Body(
        default_factory=RunSpec,
        openapi_examples={
            "the default preset": {"value": {}},
            "a short copy task": {
                "value": {
                    "name": "first try",
                    "task": {"name": "copy", "T": 20, "items": 5},
                    "model": {"hidden_size": 64, "k_top": 3, "k_att": 1},
                    "training": {"updates": 12000, "seed": 1},
                }
            },
            "a preset with another seed": {"value": {"preset": "copy-10", "training": {"seed": 2}}},
        },
    ),
]
Said = Annotated[
    Command,
    FromBytes(),
    Body(
        openapi_examples={
            "fewer memories": {
                "value": {"type": "set_parameters", "parameters": {"k_top": 2}, "command_id": "change-1"}
            },
            "pause": {"value": {"type": "pause"}},
        }
    ),
]


Written = Annotated[
    RunPatch,
    FromBytes(),
    Body(
        openapi_examples={
            "a note and two tags": {"value": {"note": "the figure of section 3", "tags": ["paper", "k_top 5"]}},
            "another name": {"value": {"name": "SAB, no cut"}},
        }
    ),
]
Branch = Annotated[
    BranchRequest,
    FromBytes(),
    Body(
        openapi_examples={
            "the latest weights, fewer memories": {"value": {"model": {"k_top": 2}}},
            "trained for longer": {"value": {"name": "longer", "training": {"updates": 20000}}},
        }
    ),
]
ZIP: dict[int | str, dict[str, Any]] = {200: {"description": "The bundle.", "content": {"application/zip": {}}}}


# Runs are shown as they were accepted, also where the ranges of a later version would refuse them: hence Json.
@router.post("", status_code=201, response_model=RunView, responses=problems(*UNSAFE, 415, 422, 429, 507))
async def create_run(here: Here, spec: Spec) -> Json:
    """Start a run. Every field has a default; an empty body starts the default preset."""
    run = await here.conductor.starts.run(spec, here.presets.rate_of(spec))
    return Json(here.conductor.view(run), 201, {"Location": f"/api/runs/{run.id}"})


TOTAL = "X-Total-Count"
PAGED: dict[int | str, dict[str, Any]] = {
    200: {"headers": {TOTAL: {"description": "runs on all pages", "schema": {"type": "integer"}}}}
}


@router.get("", response_model=list[RunView], responses={**PAGED, **problems(404, 422)})
async def list_runs(here: Here, query: Annotated[RunsQuery, Query()]) -> Json:
    """A page of the list of runs, newest first unless it says otherwise."""
    page = here.conductor.journal.page(query.after, query.limit or LISTED, query.sort, query.filter)
    return Json([here.conductor.view(run) for run in page.runs], headers={TOTAL: str(page.total)})


@router.get("/{run_id}", response_model=RunView, responses=problems(404))
async def show_run(here: Here, run: FoundRun) -> Json:
    """One run."""
    return Json(here.conductor.view(run))


@router.patch("/{run_id}", response_model=RunView, responses=problems(*UNSAFE, 404, 415, 422, 507))
async def describe_run(here: Here, run: FoundRun, asked: Written) -> Json:
    """Write on a run: name, note, tags, star. None of it changes the training."""
    return Json(here.conductor.view(await here.conductor.describe(run.id, asked)))


@router.delete("/{run_id}", status_code=204, responses=problems(*UNSAFE, 404))
async def delete_run(here: Here, run: FoundRun) -> Response:
    """Stop the run and delete it with its events, snapshots and checkpoints."""
    await here.conductor.remove(run.id)
    return Response(status_code=204)


@router.post("/{run_id}/commands", status_code=202, responses=problems(*UNSAFE, 404, 409, 415, 422, 429, 507))
async def command_run(here: Here, run: FoundRun, command: Said) -> CommandAnswer:
    """Command a run; it takes effect on the next update and is journalled with it."""
    return await here.conductor.command(run.id, command)


@router.post(
    "/{run_id}/branch",
    status_code=201,
    response_model=RunView,
    responses=problems(*UNSAFE, 404, 409, 415, 422, 429, 507),
)
async def branch_run(here: Here, run: FoundRun, asked: Branch) -> Json:
    """Start a run that goes on from stored weights of this one: other knobs, or a longer training."""
    made = await here.conductor.starts.branch(run.id, asked)
    return Json(here.conductor.view(made), 201, {"Location": f"/api/runs/{made.id}"})


@router.get("/{run_id}/metrics", response_model=RunCurves, responses=problems(404, 422))
async def run_metrics(here: Here, run: FoundRun, query: Annotated[MetricsQuery, Query()]) -> Json:
    """Curves of the current attempt as columns, for updates above `after`; null where a number is not finite.

    With `points`, each row is the mean over a bin of updates; what looks saw (`looks`) is never thinned.
    """
    columns = await here.answers.metrics(run.id, -1 if query.after is None else query.after)
    thin = columns if query.points is None else await asyncio.to_thread(binned, columns, query.points)
    return await json_of(lambda: {"run": run.id, "attempt": run.attempt, **plain(thin)})


@router.get("/{run_id}/snapshots", responses=problems(404))
async def list_snapshots(here: Here, run: FoundRun) -> RunSnapshots:
    """Updates of the current attempt that have a snapshot, and those that have a checkpoint."""
    checkpoints = [
        StoredNetwork(update=each.update, checkpoint=each.sha256, size_bytes=each.size_bytes)
        for each in await here.store.run_checkpoints(run)
    ]
    updates = await here.store.snapshot_updates(run)
    return RunSnapshots(run=run.id, attempt=run.attempt, updates=updates, checkpoints=checkpoints)


@router.get("/{run_id}/snapshots/{update}", response_model=Trace, responses=trace_or(404, 409, 422, 429, 503, 504))
async def show_snapshot(
    request: Request, here: Here, run: FoundRun, update: UpdatePath, query: Annotated[SnapshotQuery, Query()]
) -> Response:
    """The trace at an update (or `latest`); another example than the stored one is probed afresh."""
    sent = await here.answers.snapshot(run.id, update)
    if query.example is not None and query.example != (stored := sent.record())["example"]:
        asked = ProbeRequest(run=run.id, update=update, example=query.example, loss_step=stored["loss_step"])
        sent = await here.answers.probe(asked)
    return await trace_answer(request, sent)


@router.get("/{run_id}/bundle", response_class=Response, responses={**ZIP, **problems(404, 413)})
async def bundle(here: Here, run: FoundRun) -> Response:
    """Everything about a run as one zip: config, metrics, snapshots, checkpoint."""
    content = await make_bundle(here.store, run.id)
    if len(content) > 4 * MAX_RAW_BYTES:
        raise too_large(4 * MAX_RAW_BYTES)
    headers = {"Content-Disposition": f'attachment; filename="sab-{run.id}.zip"'}
    return Response(content, media_type="application/zip", headers=headers)
