"""Networks over HTTP: probe, hit rate, self-check; what comes as a file: checkpoints, bundles (contract section 2)."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response

from sab_visualiser.app.control.bringing import bring
from sab_visualiser.app.web.messages.answers import BYTES, Json, trace_answer
from sab_visualiser.app.web.messages.bodies import FromBytes, JsonRoute, receive, require_type
from sab_visualiser.app.web.messages.queries import WhichNetwork
from sab_visualiser.app.web.parts import Here
from sab_visualiser.app.web.problems import UNSAFE, problems
from sab_visualiser.app.wire.errors import field_error
from sab_visualiser.app.wire.requests import ProbeRequest
from sab_visualiser.app.wire.trace import BatchHits, SelfCheck, Trace
from sab_visualiser.app.wire.trace_json import plain
from sab_visualiser.app.wire.views import RunView, UploadedNetwork

router = APIRouter(prefix="/api", tags=["networks"], route_class=JsonRoute)
RAW_BODY, ZIP = "application/octet-stream", "application/zip"
BINARY = {"schema": {"type": "string", "format": "binary"}}
ASKED = problems(*UNSAFE, 404, 409, 415, 422, 429, 503, 504)
Probe = Annotated[
    ProbeRequest,
    FromBytes(),
    Body(
        openapi_examples={
            "the loss at one step of a preset": {
                "value": {"preset": "copy", "example": 0, "loss_step": 40, "rules": ["sab", "full"]}
            },
            "the whole loss, one skip edge taken away": {
                "value": {"preset": "copy", "loss_step": None, "knocked_out": [[40, 0]]}
            },
        }
    ),
]
Hits = Annotated[
    ProbeRequest, FromBytes(), Body(openapi_examples={"fewer memories": {"value": {"preset": "copy", "k_top": 1}}})
]


@router.post("/probe", response_model=Trace, responses={**BYTES, **ASKED})
async def probe(request: Request, here: Here, asked: Probe) -> Response:
    """Ask a network which way credit goes; its weights stay as they are."""
    return await trace_answer(request, await here.answers.probe(asked))


@router.post("/hits", response_model=BatchHits, responses=ASKED)
async def hits(here: Here, asked: Hits) -> Json:
    """The hit rate over the whole probe batch, beside which the rate of one example can be judged."""
    return Json(await here.probes.hits(asked))


@router.get("/selfcheck", response_model=SelfCheck, responses=problems(404, 409, 422, 429, 503, 504))
async def selfcheck(here: Here, network: Annotated[WhichNetwork, Query()]) -> Json:
    """The identities of the specification on those weights, each with its largest difference."""
    return Json(plain(await here.probes.selfcheck(network.run, network.preset, network.checkpoint)))


@router.post(
    "/checkpoints",
    status_code=201,
    response_model=UploadedNetwork,
    responses=problems(*UNSAFE, 415, 422, 429, 503, 504, 507),
    openapi_extra={"requestBody": {"required": True, "content": {RAW_BODY: BINARY}}},
)
async def upload_checkpoint(here: Here, request: Request) -> Json:
    """Store a checkpoint (safetensors, raw body); it is checked before it is kept."""
    require_type(request, RAW_BODY)
    async with receive(request) as upload:
        if upload.size_bytes == 0:
            raise field_error("body", "", "a safetensors file", "send the file as the raw body")
        found: dict[str, Any] = await here.probes.inspect(upload.blob())
        sha256, size = await asyncio.to_thread(upload.keep)
    await here.store.keep_upload(sha256, size, found["spec"], int(found["update"]))
    return Json({"checkpoint": sha256, "spec": found["spec"], "update": int(found["update"]), "size_bytes": size}, 201)


@router.post(
    "/bundles",
    status_code=201,
    response_model=RunView,
    responses=problems(*UNSAFE, 415, 422, 429, 503, 504, 507),
    openapi_extra={"requestBody": {"required": True, "content": {ZIP: BINARY, RAW_BODY: BINARY}}},
)
async def bring_bundle(here: Here, request: Request) -> Json:
    """Bring in a bundle (zip, raw body) as a new run that has ended; all of it is checked before any is kept."""
    require_type(request, ZIP, RAW_BODY)
    async with receive(request) as upload:
        path = upload.blob().path
        run = await bring(here.conductor.journal, here.store, here.probes, here.conductor.memory, path)
    return Json(here.conductor.view(run), 201, {"Location": f"/api/runs/{run.id}"})
