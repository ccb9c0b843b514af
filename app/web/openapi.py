"""What /openapi.json says beyond what FastAPI finds: bodies that we parse ourselves, examples, and every problem.

Deliberately not here: behaviour; tests hold this description against the routes.
"""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from sab_visualiser.app.web.problems import PROBLEM_TYPE
from sab_visualiser.app.wire.requests import Command, ProbeRequest, RunSpec
from sab_visualiser.app.wire.views import Problem

REF = "#/components/schemas/{model}"
_BODIES: dict[tuple[str, str], tuple[type[BaseModel], dict[str, Any]]] = {
    ("post", "/api/runs"): (
        RunSpec,
        {
            "the default preset": {},
            "a short copy task": {
                "name": "first try",
                "task": {"name": "copy", "T": 20, "items": 5},
                "model": {"hidden_size": 64, "k_top": 3, "k_att": 1},
                "training": {"updates": 12000, "seed": 1},
            },
        },
    ),
    ("post", "/api/runs/{run_id}/commands"): (
        Command,
        {
            "fewer memories": {"type": "set_parameters", "parameters": {"k_top": 2}, "command_id": "change-1"},
            "pause": {"type": "pause"},
        },
    ),
    ("post", "/api/probe"): (
        ProbeRequest,
        {
            "the loss at step 60 of a preset": {
                "preset": "copy",
                "example": 0,
                "loss_step": 60,
                "rules": ["sab", "full"],
            }
        },
    ),
    ("post", "/api/hits"): (ProbeRequest, {"fewer memories": {"preset": "copy", "k_top": 1}}),
}
_RAW = {"/api/checkpoints": ("application/octet-stream",), "/api/texts": ("application/octet-stream", "text/plain")}
_WORDS = {
    "400": "Host not known, or the body is not JSON",
    "403": "asked for by another site",
    "404": "no such run, update, checkpoint or route",
    "409": "not possible in the status the run is in, or somebody else was faster",
    "413": "body too large",
    "415": "type of body not accepted",
    "422": "a value is not accepted; the problem names field, value, range and remedy",
    "429": "too many wait already",
    "500": "the server made a mistake",
    "503": "the worker is gone",
    "504": "no answer in time",
    "507": "no space left for the store",
}
_ANY = ("400", "500")
_UNSAFE = ("403", "413")
_SPECIAL: dict[str, tuple[str, ...]] = {
    "/api/runs": ("415", "422", "429", "507"),
    "/api/runs/{run_id}/commands": ("409", "415", "422", "429", "507"),
    "/api/runs/{run_id}/metrics": ("422",),
    "/api/runs/{run_id}/snapshots/{update}": ("409", "422", "429", "503", "504"),
    "/api/runs/{run_id}/export": ("409", "422", "429", "503", "504"),
    "/api/export": ("404", "409", "422", "429", "503", "504"),
    "/api/probe": ("404", "409", "415", "422", "429", "503", "504"),
    "/api/hits": ("404", "409", "415", "422", "429", "503", "504"),
    "/api/selfcheck": ("404", "409", "422", "429", "503", "504"),
    "/api/checkpoints": ("415", "422", "429", "503", "504", "507"),
    "/api/texts": ("415", "422", "507"),
}
_PROBLEM_EXAMPLE = {
    "type": "about:blank",
    "title": "Value not accepted",
    "status": 422,
    "detail": "model.k_top = -1: 0 … 10000, whole number; 0 reads no memory, 5 is the paper's",
    "errors": [
        {
            "field": "model.k_top",
            "value": -1,
            "range": "0 … 10000, whole number",
            "remedy": "0 reads no memory, 5 is the paper's",
        }
    ],
}


def install(app: FastAPI) -> None:
    """Describe the application, once, when it is first asked."""

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = get_openapi(title=app.title, version=app.version, routes=app.routes, description=__doc__)
            _complete(schema)
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = describe  # type: ignore[method-assign]


def _complete(schema: dict[str, Any]) -> None:
    models: list[tuple[type[BaseModel], Any]] = [(model, "validation") for model, _ in _BODIES.values()]
    _, definitions = models_json_schema([*models, (Problem, "validation")], ref_template=REF)
    components = schema.setdefault("components", {}).setdefault("schemas", {})
    components.update({name: part for name, part in definitions["$defs"].items() if name not in components})
    components["Problem"]["examples"] = [_PROBLEM_EXAMPLE]
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            _describe_operation(path, method, operation)


def _describe_operation(path: str, method: str, operation: dict[str, Any]) -> None:
    if (method, path) in _BODIES:
        model, examples = _BODIES[method, path]
        named = {name: {"value": value} for name, value in examples.items()}
        reference = {"$ref": REF.format(model=model.__name__)}
        content = {"application/json": {"schema": reference, "examples": named}}
        operation["requestBody"] = {"required": path != "/api/runs", "content": content}
    if path in _RAW:
        binary = {"schema": {"type": "string", "format": "binary"}}
        operation["requestBody"] = {"required": True, "content": dict.fromkeys(_RAW[path], binary)}
    responses = operation["responses"]
    responses.pop("422", None)  # FastAPI's own shape; ours is a problem
    codes = {*_ANY, *(_UNSAFE if method not in ("get", "head") else ())}
    codes |= {"404"} if "{run_id}" in path else set()
    if not (path == "/api/runs" and method == "get") and path in _SPECIAL:
        codes |= set(_SPECIAL[path])
    for code in sorted(codes):
        content = {PROBLEM_TYPE: {"schema": {"$ref": REF.format(model="Problem")}}}
        responses[code] = {"description": _WORDS[code], "content": content}
