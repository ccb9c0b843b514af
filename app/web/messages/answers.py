"""Answers that are JSON already, written without FastAPI looking at every number again.

A route that answers so names its model as `response_model` for /openapi.json; tests/app/web/test_examples.py holds what
is really answered against it. Measured on a trace of 1000 steps (1.2 MB): 5 ms written so, 12 ms through the model.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pydantic_core
from fastapi import Request, Response

from sab_visualiser.app.web.problems import problems
from sab_visualiser.app.wire.packing import SentTrace
from sab_visualiser.app.wire.trace_json import trace_json


class Json(Response):
    """Lists, dicts and numbers as JSON; null for a number that is not finite."""

    media_type = "application/json"

    def render(self, content: object) -> bytes:
        """The bytes."""
        return pydantic_core.to_json(content, inf_nan_mode="null")


FRAMES = "application/octet-stream"
BYTES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The trace as JSON, or as the frame of docs/protocol.md where the request accepts bytes.",
        "content": {FRAMES: {"schema": {"type": "string", "format": "binary"}}},
    }
}
"""What a route that answers with a trace says of it beside its model."""


def trace_or(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The answers of a route that gives a trace, or one of these failures."""
    return {**BYTES, **problems(*statuses)}


async def trace_answer(request: Request, sent: SentTrace) -> Response:
    """A trace: to the page the bytes that the worker packed, to everybody else the JSON of the API."""
    if FRAMES in request.headers.get("accept", ""):
        return Response(sent.frame(), media_type=FRAMES, headers={"Vary": "Accept"})
    return await json_of(lambda: trace_json(sent.record()))


async def json_of(make: Callable[[], object]) -> Json:
    """The answer that `make` gives, made and written beside the loop: for traces and curves, which may be large."""
    return await asyncio.to_thread(lambda: Json(make()))
