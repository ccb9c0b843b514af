"""Problems out: every error of the application as application/problem+json, and what /openapi.json says of them."""

from __future__ import annotations

import logging
from collections import Counter
from http import HTTPStatus
from typing import Any, cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel
from sqlalchemy.exc import DatabaseError
from starlette.exceptions import HTTPException

from sab_visualiser.app.store.folder.trouble import trouble
from sab_visualiser.app.wire.errors import UserError, field_problem, not_accepted, shorten
from sab_visualiser.app.wire.views import Problem

PROBLEM_TYPE = "application/problem+json"
SCHEMAS = "#/components/schemas/"
CONTENT = {PROBLEM_TYPE: {"schema": {"$ref": f"{SCHEMAS}Problem"}}}
ALWAYS = (400, 403, 500)
UNSAFE = (408, 413)
"""What every operation may answer that changes or asks something by a body."""
WORDS = {
    400: "Host not known, or the body is not JSON",
    403: "asked for by another site",
    404: "no such run, update, checkpoint or route",
    408: "the request did not come in time",
    409: "not possible in the status the run is in, or somebody else was faster",
    413: "body too large",
    415: "type of body not accepted",
    422: "a value is not accepted; the problem names field, value, range and remedy",
    429: "too many wait already",
    500: "the server made a mistake",
    501: "an extra that this asks for is not installed",
    503: "the worker is gone",
    504: "no answer in time",
    507: "no space left for the store",
}
REFUSED: Counter[int] = Counter()
"""Problems that this process answered, by status."""
_log = logging.getLogger("app")


def problems(*codes: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of an operation: the ways in which it may fail, beside those that all share.

    They name the schema only: FastAPI's `model` would write another media type, and build one validator for each.
    """
    return {code: {"description": WORDS[code], "content": CONTENT} for code in sorted({*ALWAYS, *codes})}


def respond(problem: Problem, headers: dict[str, str] | None = None) -> JSONResponse:
    """The problem as a response; it is counted."""
    REFUSED[problem.status] += 1
    return JSONResponse(problem.model_dump(), problem.status, headers, media_type=PROBLEM_TYPE)


def internal_problem(error: BaseException) -> Problem:
    """What a person sees when the fault is ours; the traceback goes to the log."""
    _log.error("unexpected error", exc_info=error)
    return Problem(
        title="The server made a mistake",
        status=500,
        detail="an unexpected error stopped this request; the log of the server has it; nothing was changed on purpose",
    )


def install(app: FastAPI) -> None:
    """Make every error of the application a problem, and let /openapi.json say so."""
    app.add_exception_handler(UserError, _user_error)
    for kind in (DatabaseError, OSError):
        app.add_exception_handler(kind, _folder_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _request_error)
    describe = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            _tell_of_problems(describe())
        return describe()

    app.openapi = described  # type: ignore[method-assign]


def _tell_of_problems(schema: dict[str, Any]) -> None:
    """Add the form of a problem, and drop the form that FastAPI's own errors would have."""
    for operation in (each for operations in schema["paths"].values() for each in operations.values()):
        if "application/json" in operation["responses"].get("422", {}).get("content", {}):
            del operation["responses"]["422"]
    components = schema["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        components.pop(name, None)
    problem = Problem.model_json_schema(ref_template=f"{SCHEMAS}{{model}}")
    components |= {**problem.pop("$defs"), "Problem": problem}


async def _user_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, UserError)
    headers = {"Retry-After": "1"} if error.problem.status in (429, 503) else None
    return respond(error.problem, headers)


async def _folder_error(_request: Request, error: Exception) -> JSONResponse:
    """What the data folder did not take or give; other errors of these kinds are ours."""
    if (told := trouble(error)) is None:
        raise error
    return respond(told.problem)


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


async def _request_error(request: Request, error: Exception) -> JSONResponse:
    """What a body's or a query's model found, in our four words."""
    assert isinstance(error, RequestValidationError)
    models = _models(request.scope["route"])
    found = (({**entry, "loc": entry["loc"][1:]}, models[entry["loc"][0]]) for entry in error.errors())
    return respond(not_accepted(field_problem(entry, model) for entry, model in found).problem)


def _models(route: APIRoute) -> dict[str, type[BaseModel]]:
    """The models of what a route takes, by the place where it is: every query is one model, as every body is."""
    fields = {"query": route.dependant.query_params, "body": [route.body_field] if route.body_field else []}
    return {place: cast(type[BaseModel], each.field_info.annotation) for place in fields for each in fields[place]}
