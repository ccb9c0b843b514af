"""Networks over HTTP: probe, self-check, upload, bundle (contract section 2).

Deliberately not here: which worker answers (app/control/probes.py).
"""

from __future__ import annotations

import asyncio
import codecs
from typing import Any

import pydantic_core
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from sab_visualiser.app.control.probes import Probes
from sab_visualiser.app.export.bundle import make_bundle
from sab_visualiser.app.store.store import Store
from sab_visualiser.app.web.problems import MAX_RAW_BYTES, read_model, require_type, stream_body, too_large
from sab_visualiser.app.web.runs import FoundRun
from sab_visualiser.app.wire.errors import field_error
from sab_visualiser.app.wire.requests import ProbeRequest
from sab_visualiser.app.wire.trace import BatchHits, SelfCheck, Trace
from sab_visualiser.app.wire.trace_json import plain, trace_json

MAX_TEXT_BYTES = 8 * 1024 * 1024
router = APIRouter(prefix="/api")


@router.post("/probe", response_model=Trace, tags=["networks"])
async def probe(request: Request) -> Response:
    """Ask a network which way credit goes; its weights stay as they are."""
    asked = await read_model(request, ProbeRequest)
    columns = await request.app.state.probe(asked)
    # Several times as fast as JSONResponse; a trace is a few hundred kilobytes and a person waits for it.
    content = await asyncio.to_thread(lambda: pydantic_core.to_json(trace_json(columns)))
    return Response(content, media_type="application/json")


@router.post("/hits", response_model=BatchHits, tags=["networks"])
async def hits(request: Request) -> JSONResponse:
    """The hit rate over the whole probe batch, beside which the rate of one example can be judged."""
    asked = await read_model(request, ProbeRequest)
    probes: Probes = request.app.state.probes
    return JSONResponse(await probes.hits(asked))


@router.get("/selfcheck", response_model=SelfCheck, tags=["networks"])
async def selfcheck(
    request: Request, run: str | None = None, preset: str | None = None, checkpoint: str | None = None
) -> JSONResponse:
    """The identities of the specification on those weights, each with its largest difference."""
    probes: Probes = request.app.state.probes
    return JSONResponse(plain(await probes.selfcheck(run, preset, checkpoint)))


@router.post("/checkpoints", status_code=201, tags=["networks"])
async def upload_checkpoint(request: Request) -> dict[str, Any]:
    """Store a checkpoint (safetensors, raw body); it is checked before it is kept."""
    require_type(request, "application/octet-stream")
    store: Store = request.app.state.store
    upload = store.checkpoints.upload()
    try:
        async for part in stream_body(request, MAX_RAW_BYTES):
            await asyncio.to_thread(upload.add, part)
        if upload.size_bytes == 0:
            raise field_error("body", "", "a safetensors file", "send the file as the raw body")
        upload.flush()
        found = await request.app.state.probes.inspect(upload.path)
        sha256, size = await asyncio.to_thread(upload.keep)
    finally:
        upload.discard()
    await store.keep_upload(sha256, size, found["spec"], int(found["update"]))
    return {"checkpoint": sha256, "spec": found["spec"], "update": int(found["update"]), "size_bytes": size}


@router.post("/texts", status_code=201, tags=["networks"])
async def upload_text(request: Request) -> dict[str, Any]:
    """Store a text (UTF-8, raw body)."""
    require_type(request, "application/octet-stream", "text/plain")
    store: Store = request.app.state.store
    upload = store.texts.upload()
    decoder = codecs.getincrementaldecoder("utf-8")()
    characters = at = 0
    try:
        async for part in stream_body(request, MAX_TEXT_BYTES):
            characters += len(_decode(decoder, part, at, final=False))
            at += len(part)
            await asyncio.to_thread(upload.add, part)
        characters += len(_decode(decoder, b"", at, final=True))
        if characters == 0:
            raise field_error("body", "", "a text of at least one character", "send the text as the raw body")
        sha256, _ = await asyncio.to_thread(upload.keep)
    finally:
        upload.discard()
    await store.keep_text(sha256, characters)
    return {"text": sha256, "characters": characters}


def _decode(decoder: codecs.IncrementalDecoder, part: bytes, at: int, *, final: bool) -> str:
    held = len(decoder.getstate()[0])
    try:
        return decoder.decode(part, final)
    except UnicodeDecodeError as error:
        where = at - held + error.start
        raise field_error("body", f"byte {where}", "text in UTF-8", "convert the file to UTF-8 first") from None


@router.get("/runs/{run_id}/bundle", tags=["runs"], response_class=Response)
async def bundle(request: Request, run: FoundRun) -> Response:
    """Everything about a run as one zip: config, metrics, snapshots, checkpoint."""
    content = await make_bundle(request.app.state.store, run)
    if len(content) > 4 * MAX_RAW_BYTES:
        raise too_large(4 * MAX_RAW_BYTES)
    headers = {"Content-Disposition": f'attachment; filename="sab-{run.id}.zip"'}
    return Response(content, media_type="application/zip", headers=headers)
