"""The two export addresses: a run as it was seen, and a stored network probed now."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from sab_visualiser.app.export.answers import Answers, Asked, Columns
from sab_visualiser.app.export.query import Common, NetworkQuery, RunQuery, no_history
from sab_visualiser.app.export.render import MEDIA_TYPES, caption_for, export
from sab_visualiser.app.export.stored import answers, check_answered
from sab_visualiser.app.wire.errors import UserError, field_error
from sab_visualiser.app.wire.requests import ProbeRequest
from sab_visualiser.app.wire.trace_json import trace_json

# SVG and HTML can carry script: whoever opens the address itself gets a document without any rights.
ACTIVE = ("svg", "html")
WITH_CURVES = ("curves", "view")
FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file, as an attachment.",
        "content": {media: {} for media in sorted(set(MEDIA_TYPES.values()))},
    },
}

router = APIRouter(tags=["export"])
RunId = Annotated[str, Path(description="id of a run")]


@router.get(
    "/api/runs/{run_id}/export",
    summary="A panel of a run as a file",
    responses=FILES,
    response_class=Response,
)
async def export_run(run_id: RunId, query: Annotated[RunQuery, Query()], server: Asked) -> Response:
    """The panel at a stored update; another example or loss step than the snapshot's is probed."""
    curves = await server.metrics(run_id) if query.panel in WITH_CURVES else None
    data = {} if query.panel == "curves" else trace_json(await _run_trace(server, run_id, query))
    return await _answer(query, data, curves, {"run": run_id}, await server.spec(run_id, None))


@router.get(
    "/api/export",
    summary="A panel of a bundled or uploaded network as a file",
    responses=FILES,
    response_class=Response,
)
async def export_network(query: Annotated[NetworkQuery, Query()], server: Asked) -> Response:
    """The panel of a preset or checkpoint, probed with the knobs of the query."""
    named = {name: getattr(query, name) for name in ("preset", "checkpoint") if getattr(query, name)}
    curves = await server.preset_metrics(query.preset) if query.preset and query.panel in WITH_CURVES else None
    if query.panel == "curves" and curves is None:
        raise no_history(query.preset)
    data = {} if query.panel == "curves" else trace_json(await _network_trace(server, query, named)) | named
    return await _answer(query, data, curves, named, await server.spec(None, query.preset))


async def _network_trace(server: Answers, query: NetworkQuery, named: dict[str, Any]) -> Columns:
    """The weights probed now, or the snapshot that they left at an earlier update of their training."""
    asked = query.asked()
    if query.update is not None and query.preset is not None:
        stored = await server.preset_snapshot(query.preset, query.update)
        if answers(stored, asked):
            return stored
        if query.update != (await server.preset_snapshot(query.preset, None))["update"]:
            check_answered(stored, asked)
    if "loss_step" not in asked:
        asked["loss_step"] = await _suggested_step(server, named | asked)
    return await server.probe(ProbeRequest(**named, **asked))


async def _suggested_step(server: Answers, asked: dict[str, Any]) -> int | None:
    """The step that tells the task's story; a probe under one rule says which one that is."""
    columns = await server.probe(ProbeRequest(**asked, loss_step=None, rules=["sab"]))
    step: int | None = columns["task"].get("default_loss_step")
    return step


async def _run_trace(server: Answers, run: str, query: RunQuery) -> Columns:
    """The stored snapshot when it answers the question, a probe otherwise."""
    columns = await server.snapshot(run, query.update)
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
    return await server.probe(ProbeRequest(run=run, **(kept | asked)))


async def _answer(
    query: Common, data: Columns, curves: Columns | None, named: dict[str, str], spec: dict[str, Any] | None
) -> Response:
    """The file of a trace, of curves, or of both."""
    if query.inputs is not None:
        data = data | {"own": True}
    if query.panel == "view":
        data = data | {"curves": curves, "state": query.state}
    elif query.panel == "curves":
        data = curves or {}
    kind, origin = next(iter(named.items()))
    caption = caption_for(query.panel, data, spec, origin, kind)
    body, media_type, name = await export(query.panel, query.format, data, caption)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if query.format in ACTIVE:
        headers["Content-Security-Policy"] = "sandbox"
    return Response(body, media_type=media_type, headers=headers)
