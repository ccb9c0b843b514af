"""Data sets over HTTP: which there are, and a text that a person sends (contract section 2)."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request

from sab_visualiser.app.control.files import know_files
from sab_visualiser.app.store.texts import MOST_TEXT_BYTES
from sab_visualiser.app.web.messages.answers import Json
from sab_visualiser.app.web.messages.bodies import require_type, stream_body
from sab_visualiser.app.web.messages.queries import TextQuery
from sab_visualiser.app.web.parts import Here, Parts
from sab_visualiser.app.web.problems import UNSAFE, problems
from sab_visualiser.app.wire.views.data import DataView, Origin, view_of
from sab_visualiser.model.contract.data import BUNDLED, DataFacts, listed

router = APIRouter(prefix="/api", tags=["data"])
RAW_BODY, TEXT = "application/octet-stream", "text/plain"
BINARY = {"schema": {"type": "string", "format": "binary"}}


@router.get("/data", response_model=list[DataView], responses=problems())
async def data(here: Here) -> Json:
    """Data sets that a run may name: the bundled ones, texts that were sent, and what lies in the folder of files."""
    return Json(await asyncio.to_thread(_listed, here))


@router.post(
    "/texts",
    status_code=201,
    response_model=DataView,
    responses=problems(*UNSAFE, 415, 422, 507),
    openapi_extra={"requestBody": {"required": True, "content": {TEXT: BINARY, RAW_BODY: BINARY}}},
)
async def upload_text(here: Here, request: Request, asked: Annotated[TextQuery, Query()]) -> Json:
    """Store a text (UTF-8, raw body), so that runs of `char` may name it as `task.data`."""
    require_type(request, TEXT, RAW_BODY)
    content = b"".join([part async for part in stream_body(request, MOST_TEXT_BYTES)])
    facts = await asyncio.to_thread(here.store.texts.keep, content, asked.name)
    for run in here.conductor.journal.runs.values():
        if (run.spec["task"].get("data") or "").endswith(f"@{facts.sha256}"):
            here.conductor.journal.announce(run.id)  # what was missing of it is here now
    return Json(view_of(facts, "sent"), 201)


def _listed(here: Parts) -> list[dict[str, object]]:
    know_files(here.settings)
    return [view_of(facts, _origin(here, facts)) for facts in listed()]


def _origin(here: Parts, facts: DataFacts) -> Origin:
    if facts.name in BUNDLED:
        return "bundled"
    return "sent" if here.store.texts.blob_of({"task": {"data": facts.name}}) else "file"
