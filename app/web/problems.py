"""Requests in, problems out: reads a body within its limit and answers every error as application/problem+json.

Deliberately not here: what is valid (app/wire/requests.py), and how a finding is worded (app/wire/errors.py).
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Any, TypeVar

import pydantic_core
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from sab_visualiser.app.wire.errors import UserError, describe, field_error, shorten, validate
from sab_visualiser.app.wire.views import FieldProblem, Problem

MAX_JSON_BYTES = 64 * 1024
"""Largest JSON body, in bytes."""
MAX_RAW_BYTES = 64 * 1024 * 1024
"""Largest raw body (a checkpoint), in bytes."""
PROBLEM_TYPE = "application/problem+json"
M = TypeVar("M", bound=BaseModel)
_log = logging.getLogger("app")


def respond(problem: Problem, headers: dict[str, str] | None = None) -> JSONResponse:
    """The problem as a response."""
    return JSONResponse(problem.model_dump(), problem.status, headers, media_type=PROBLEM_TYPE)


def too_large(limit: int) -> UserError:
    """The error for a body above `limit` bytes."""
    return UserError(413, "Body too large", f"the body has more than {limit} bytes; send at most {limit} bytes")


def media_type(request: Request) -> str:
    """Type of the body without its parameters, in lower case; empty when none was sent."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def require_type(request: Request, *accepted: str) -> None:
    """Refuse a body of another type.

    Raises:
        UserError: Status 415.
    """
    if (given := media_type(request)) not in accepted:
        said = f"Content-Type {given!r}" if given else "no Content-Type"
        raise UserError(
            415, "Type of body not accepted", f"{said}: this route takes {' or '.join(accepted)}; set the header"
        )


async def stream_body(request: Request, limit: int) -> AsyncIterator[bytes]:
    """The parts of the body as they come, never more than `limit` bytes in all.

    Raises:
        UserError: Status 413.
    """
    seen = 0
    async for part in request.stream():
        seen += len(part)
        if seen > limit:
            raise too_large(limit)
        yield part


async def read_json_bytes(request: Request) -> bytes:
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
        raise UserError(
            status, "Body is not JSON", f"{error}; send one JSON object in UTF-8", [_body_problem(str(error))]
        ) from None
    return raw


async def read_model(request: Request, model: type[M]) -> M:
    """The body as `model`.

    Raises:
        UserError: Status 400, 413, 415, 422.
    """
    return validate(model, await read_json_bytes(request))


def read_whole(text: str | None, name: str, low: int, high: int) -> int | None:
    """A whole number from the query, or None when it was left out.

    Raises:
        UserError: Status 422.
    """
    if text is None or text == "":
        return None
    if (
        text.removeprefix("-").isascii()
        and text.removeprefix("-").isdigit()
        and len(text) < 18
        and low <= int(text) <= high
    ):
        return int(text)
    raise field_error(name, text, f"{low} … {high}, whole number", "leave it out for the default")


def install(app: FastAPI) -> None:
    """Make every error of the application a problem."""
    app.add_exception_handler(UserError, _user_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _request_error)


def internal_problem(error: BaseException) -> Problem:
    """What a person sees when the fault is ours; the traceback goes to the log."""
    _log.error("unexpected error", exc_info=error)
    return Problem(
        title="The server made a mistake",
        status=500,
        detail="an unexpected error stopped this request; the log of the server has it; nothing was changed on purpose",
    )


def _body_problem(message: str) -> FieldProblem:
    return FieldProblem(field="body", value=None, range="one JSON object", remedy=message)


async def _user_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, UserError)
    headers = {"Retry-After": "1"} if error.problem.status in (429, 503) else None
    return respond(error.problem, headers)


async def _http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    path = shorten(request.url.path)
    words = {
        404: f"there is nothing at {path}; GET /openapi.json lists every route",
        405: f"{path} does not take {request.method}; it takes {(error.headers or {}).get('Allow', 'other methods')}",
    }
    title = HTTPStatus(error.status_code).phrase
    problem = Problem(title=title, status=error.status_code, detail=words.get(error.status_code, str(error.detail)))
    return respond(problem, dict(error.headers or {}))


async def _request_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    problems = [_from_entry(entry) for entry in error.errors()]
    detail = "; ".join(describe(problem) for problem in problems)
    return respond(Problem(title="Value not accepted", status=422, detail=detail, errors=problems))


def _from_entry(entry: dict[str, Any]) -> FieldProblem:
    field = ".".join(str(part) for part in entry["loc"][1:]) or "body"
    return FieldProblem(
        field=field, value=shorten(entry.get("input")), range=entry["msg"], remedy="see GET /openapi.json"
    )
