"""The two export addresses: a run as it was seen, and a stored network probed now.

They ask the application for numbers through callables on `app.state` and never touch store, workers or files:
`probe(ProbeRequest)` and `snapshot(run, update)` give trace columns, `metrics(run)` the columns of the curves,
`spec(run or None, preset or None)`, where there is one, the RunSpec for the caption, and of a preset
`preset_snapshot(preset, update or None)` and `preset_metrics(preset)`, which is None when it has no history.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from sab_visualiser.app.export.query import (
    Common,
    NetworkQuery,
    RunQuery,
    no_history,
    parameters,
    parse_network,
    parse_run,
)
from sab_visualiser.app.export.render import MEDIA_TYPES, caption_for, export
from sab_visualiser.app.export.stored import answers, check_answered
from sab_visualiser.app.wire.errors import UserError, field_error
from sab_visualiser.app.wire.requests import ProbeRequest
from sab_visualiser.app.wire.trace_json import trace_json
from sab_visualiser.app.wire.views import Problem

# SVG and HTML can carry script: whoever opens the address itself gets a document without any rights.
ACTIVE = ("svg", "html")
WITH_CURVES = ("curves", "view")
FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file, as an attachment.",
        "content": {media: {} for media in sorted(set(MEDIA_TYPES.values()))},
    },
    404: {"model": Problem, "description": "No such run, update or network."},
    422: {"model": Problem, "description": "Names the field, the value, the range and the remedy."},
}

router = APIRouter(tags=["export"])


@router.get(
    "/api/runs/{run_id}/export",
    summary="A panel of a run as a file",
    responses=FILES,
    response_class=Response,
    openapi_extra={"parameters": parameters(RunQuery)},
)
async def export_run(run_id: str, request: Request) -> Response:
    """The panel at a stored update; another example or loss step than the snapshot's is probed."""
    query = parse_run(request.query_params)
    state = request.app.state
    curves = await state.metrics(run_id) if query.panel in WITH_CURVES else None
    if query.panel == "curves" and curves is None:
        raise UserError(404, "Not found", f"run {run_id} has no metrics; look at GET /api/runs")
    data = {} if query.panel == "curves" else trace_json(await _run_trace(state, run_id, query))
    return await _answer(query, data, curves, {"run": run_id}, await _spec(state, run=run_id))


@router.get(
    "/api/export",
    summary="A panel of a bundled or uploaded network as a file",
    responses=FILES,
    response_class=Response,
    openapi_extra={"parameters": parameters(NetworkQuery)},
)
async def export_network(request: Request) -> Response:
    """The panel of a preset or checkpoint, probed with the knobs of the query."""
    query = parse_network(request.query_params)
    state = request.app.state
    named = {name: getattr(query, name) for name in ("preset", "checkpoint") if getattr(query, name)}
    curves = await state.preset_metrics(query.preset) if query.preset and query.panel in WITH_CURVES else None
    if query.panel == "curves" and curves is None:
        raise no_history(query.preset)
    data = {} if query.panel == "curves" else trace_json(await _network_trace(state, query, named)) | named
    return await _answer(query, data, curves, named, await _spec(state, preset=query.preset))


async def _network_trace(state: Any, query: NetworkQuery, named: dict[str, Any]) -> dict[str, Any]:
    """The weights probed now, or the snapshot that they left at an earlier update of their training."""
    asked = query.asked()
    if query.update is not None:
        stored: dict[str, Any] = await state.preset_snapshot(query.preset, query.update)
        if answers(stored, asked):
            return stored
        if query.update != (await state.preset_snapshot(query.preset, None))["update"]:
            check_answered(stored, asked)
    if "loss_step" not in asked:
        asked["loss_step"] = await _suggested_step(state, named | asked)
    columns: dict[str, Any] = await state.probe(ProbeRequest(**named, **asked))
    return columns


async def _suggested_step(state: Any, asked: dict[str, Any]) -> int | None:
    """The step that tells the task's story; a probe under one rule says which one that is."""
    columns = await state.probe(ProbeRequest(**asked, loss_step=None, rules=["sab"]))
    step: int | None = columns["task"].get("default_loss_step")
    return step


async def _run_trace(state: Any, run: str, query: RunQuery) -> dict[str, Any]:
    """The stored snapshot when it answers the question, a probe otherwise."""
    columns: dict[str, Any] | None = await state.snapshot(run, query.update)
    if columns is None and query.update is not None:
        raise field_error(
            "update",
            query.update,
            "an update that has a snapshot",
            f"GET /api/runs/{run}/snapshots lists them",
            status=404,
        )
    asked = query.asked()
    if columns is None:
        raise UserError(404, "No snapshot yet", f"run {run} has no snapshot yet; let it train")
    if answers(columns, asked):
        return columns
    kept = {"example": columns["example"], "loss_step": columns["loss_step"]}
    if query.update is not None:
        kept["update"] = query.update
    answer: dict[str, Any] = await state.probe(ProbeRequest(run=run, **(kept | asked)))
    return answer


async def _spec(state: Any, *, run: str | None = None, preset: str | None = None) -> dict[str, Any] | None:
    find = getattr(state, "spec", None)
    if find is None:
        return None
    spec: dict[str, Any] | None = await find(run, preset)
    return spec


async def _answer(
    query: Common, data: dict[str, Any], curves: Any, named: dict[str, Any], spec: dict[str, Any] | None
) -> Response:
    """The file of a trace, of curves, or of both."""
    if query.inputs is not None:
        data = data | {"own": True}
    if query.panel == "view":
        data = data | {"curves": curves, "state": query.state}
    elif query.panel == "curves":
        data = curves
    kind, origin = next(iter(named.items()))
    caption = caption_for(query.panel, data, spec, origin, kind)
    body, media_type, name = await export(query.panel, query.format, data, caption)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if query.format in ACTIVE:
        headers["Content-Security-Policy"] = "sandbox"
    return Response(body, media_type=media_type, headers=headers)
