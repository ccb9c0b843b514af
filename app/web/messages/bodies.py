"""Bodies: never more than their limit, of the type that the route takes, and JSON exactly as it came.

FastAPI would make Python values of a JSON body first and validate those: a tuple would then be refused as a list, and
the words of an error would differ from those of the socket. So the bytes go to the model itself (`FromBytes`), as
app/wire/errors.validate does for socket and command line.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pydantic_core
from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, GetCoreSchemaHandler
from pydantic_core import core_schema

from sab_visualiser.app.store.blobs import Upload
from sab_visualiser.app.web.parts import Parts, parts_of
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.wire.views import FieldProblem

MAX_JSON_BYTES = 64 * 1024
"""Largest JSON body, in bytes."""
MAX_RAW_BYTES = 64 * 1024 * 1024
"""Largest raw body (a checkpoint), in bytes."""


SLOWEST = 10_000
"""Bytes a second that a body must come with, after the first `read_timeout_s`."""


class Given(bytes):
    """A body that is JSON, as it came, and the server that it came to."""

    here: Parts


@dataclass(frozen=True)
class FromBytes:
    """Marks a parameter of a JsonRoute: its model reads the body as it came, after `prepare` had it."""

    prepare: Callable[[Given], bytes] = bytes

    def __get_pydantic_core_schema__(
        self, source: type[BaseModel], handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """The schema of the model, for OpenAPI, around a reader of bytes."""

        def read(given: Given, _: core_schema.ValidatorFunctionWrapHandler) -> BaseModel:
            return source.model_validate_json(self.prepare(given))

        return core_schema.no_info_wrap_validator_function(read, handler(source))


class JsonRoute(APIRoute):
    """A route that reads its JSON body within the limit before FastAPI looks at it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's handler, behind our reading of the body when the route has one."""
        handle = super().get_route_handler()

        async def read_first(request: Request) -> Response:
            given = Given(await _read_json(request))
            given.here = parts_of(request)
            return await handle(_Read(request, given))

        return handle if self.body_field is None else read_first


class _Read(Request):
    """A request whose body was read."""

    def __init__(self, request: Request, given: Given) -> None:
        super().__init__(request.scope, request.receive)
        self._given = given

    async def body(self) -> bytes:
        """The body."""
        return self._given

    async def json(self) -> Any:
        """The body as it came: the model reads it."""
        return self._given


def over_preset(given: Given) -> bytes:
    """The body over the preset that it names, so that the fields of both are judged together."""
    asked = pydantic_core.from_json(given)
    return json.dumps(given.here.presets.fill(asked)).encode() if isinstance(asked, dict) else given


def require_type(request: Request, *accepted: str) -> None:
    """Refuse a body of another type.

    Raises:
        UserError: Status 415.
    """
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given not in accepted:
        said = f"Content-Type {given!r}" if given else "no Content-Type"
        raise UserError(
            415, "Type of body not accepted", f"{said}: this route takes {' or '.join(accepted)}; set the header"
        )


async def stream_body(request: Request, limit: int) -> AsyncIterator[bytes]:
    """The parts of the body as they come, never more than `limit` bytes in all, and never waiting for ever.

    Raises:
        UserError: Status 413; 408 when they come more slowly than `SLOWEST` bytes a second.
    """
    seen, loop = 0, asyncio.get_running_loop()
    until = loop.time() + parts_of(request).settings.read_timeout_s
    parts = request.stream()
    while True:
        try:
            async with asyncio.timeout_at(until + seen / SLOWEST):
                part = await anext(parts)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise UserError(408, "Body not complete", f"after {seen} bytes nothing more came; send it again") from None
        seen += len(part)
        if seen > limit:
            raise too_large(limit)
        yield part


@asynccontextmanager
async def receive(request: Request) -> AsyncIterator[Upload]:
    """The raw body as a file without a name, which is gone afterwards unless it was kept.

    Raises:
        UserError: As `stream_body`; 429 when too many are on their way in.
    """
    here = parts_of(request)
    if len(here.uploading) >= here.settings.uploads_at_once:
        words = f"{len(here.uploading)} files are on their way in, at most {here.settings.uploads_at_once} may be"
        raise UserError(429, "Too many uploads", f"{words}; try again when one is done")
    here.uploading.add(request)
    upload = None
    try:
        upload = here.store.checkpoints.upload()
        async for part in stream_body(request, MAX_RAW_BYTES):
            await asyncio.to_thread(upload.add, part)
        yield upload
    finally:
        here.uploading.discard(request)
        if upload is not None:
            upload.discard()


def too_large(limit: int) -> UserError:
    """The error for a body above `limit` bytes."""
    return UserError(413, "Body too large", f"the body has more than {limit} bytes; send at most {limit} bytes")


async def _read_json(request: Request) -> bytes:
    """The body, checked to be JSON of the right type and size; an empty body counts as `{}`.

    Raises:
        UserError: Status 400 (not JSON), 413, 415.
    """
    raw = b"".join([part async for part in stream_body(request, MAX_JSON_BYTES)])
    if not raw.strip():
        return b"{}"
    require_type(request, "application/json")
    try:
        pydantic_core.from_json(raw)
    except ValueError as error:
        status = 422 if b"\\ud" in raw.lower() and "escape" in str(error) else 400
        problem = FieldProblem(field="body", value=None, range="one JSON object", remedy=str(error))
        raise UserError(status, "Body is not JSON", f"{error}; send one JSON object in UTF-8", [problem]) from None
    return raw
