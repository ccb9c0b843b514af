"""Errors a person can act on: every one names the field, the value, the range and the remedy.

Turns pydantic's findings into those four words for REST, socket and command line alike; what is valid is decided by
the models themselves.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar
from urllib.error import HTTPError

from pydantic import BaseModel, ValidationError

from sab_visualiser.app.wire.views import FieldProblem, Problem

LONGEST_VALUE = 80
KINDS = {
    "integer": "whole number",
    "number": "number",
    "string": "text",
    "boolean": "true or false",
    "object": "Input should be an object",
    "array": "a list",
}
"""JSON's kinds of value in words."""
M = TypeVar("M", bound=BaseModel)


class UserError(Exception):
    """A request that cannot be carried out; it changes nothing."""

    def __init__(self, status: int, title: str, detail: str, errors: list[FieldProblem] | None = None) -> None:
        super().__init__(detail)
        self.problem = Problem(title=title, status=status, detail=detail, errors=errors or [])


def field_error(field: str, value: object, allowed: str, remedy: str, *, status: int = 422) -> UserError:
    """An error about one field that a validator cannot see (an unknown id, a step beyond the sequence)."""
    problem = FieldProblem(field=field, value=shorten(value), range=allowed, remedy=remedy)
    return UserError(status, "Value not accepted", describe(problem), [problem])


def extra_missing(field: str, value: object, extra: str) -> UserError:
    """What is said where something that was asked for needs an extra that is not installed here."""
    allowed = f"needs the extra [{extra}], which is not installed"
    return field_error(field, value, allowed, f"pip install 'sab-visualiser[{extra}]'", status=501)


def from_validation(error: ValidationError, model: type[BaseModel]) -> UserError:
    """The same findings, with range and remedy looked up beside the field in `model`."""
    return not_accepted(field_problem(entry, model) for entry in error.errors())


def not_accepted(problems: Iterable[FieldProblem]) -> UserError:
    """One answer for all fields that are not accepted."""
    listed = list(problems)
    return UserError(422, "Value not accepted", "; ".join(describe(each) for each in listed), listed)


def validate(model: type[M], values: object) -> M:
    """Parse `values` (plain JSON values) as `model`.

    Raises:
        UserError: Status 422, one FieldProblem per bad field.
    """
    try:
        return (
            model.model_validate_json(json.dumps(values))
            if not isinstance(values, bytes)
            else model.model_validate_json(values)
        )
    except ValidationError as error:
        raise from_validation(error, model) from None


def reason_of(error: HTTPError) -> str:
    """Why a server refused, in its own words."""
    try:
        return str(json.loads(error.read())["detail"])
    except (ValueError, KeyError, TypeError):
        return f"{error.code} {error.reason}"


def address_of(server: str, field: str = "--server") -> str:
    """The address without a slash at its end.

    Args:
        server: As it was given.
        field: What it was given as.

    Raises:
        UserError: It is no http(s) address.
    """
    if not server.startswith(("http://", "https://")):
        raise field_error(field, server, "an http(s) address", "write for example http://127.0.0.1:8000")
    return server.rstrip("/")


def describe(problem: FieldProblem) -> str:
    """The problem as one line."""
    value = json.dumps(problem.value, ensure_ascii=False, default=str)
    return f"{problem.field} = {value}: {problem.range}; {problem.remedy}"


def shorten(value: object) -> object:
    """The value as the person gave it, cut to a readable length; NaN and infinities by name."""
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return str(value)
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int) and abs(value) < 2**53:
        return value
    text = value if isinstance(value, str) else repr(value)
    text = text.encode("utf-8", "replace").decode()
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def field_problem(entry: Mapping[str, Any], model: type[BaseModel]) -> FieldProblem:
    """One of pydantic's findings about `model` in our four words."""
    location = [part for part in entry["loc"] if isinstance(part, str | int)]
    field = ".".join(str(part) for part in location) or "body"
    kind, value = entry["type"], shorten(entry.get("input"))
    if kind == "value_error":
        return _from_message(field, str(entry["ctx"]["error"]))
    if kind == "json_invalid":
        return FieldProblem(field="body", value=None, range="one JSON object", remedy=entry["msg"])
    schema = model.model_json_schema()
    if kind == "extra_forbidden":
        known = ", ".join(_look_up(schema, location[:-1]).get("properties", {}))
        return FieldProblem(field=field, value=value, range="unknown key", remedy=f"known here: {known}")
    part = _look_up(schema, location)
    remedy = part.get("remedy", "see GET /openapi.json")
    return FieldProblem(field=field, value=value, range=_range(part, entry["msg"]), remedy=remedy)


def _from_message(field: str, message: str) -> FieldProblem:
    """Cross-field rules write 'field = value: range; remedy' themselves."""
    head, _, tail = message.partition(": ")
    name, _, value = head.partition(" = ")
    allowed, _, remedy = tail.partition("; ")
    return FieldProblem(
        field=name or field, value=value or None, range=allowed, remedy=remedy or "see GET /openapi.json"
    )


def _look_up(schema: dict[str, Any], location: list[str | int]) -> dict[str, Any]:
    """The JSON schema of the field at `location`, references followed and null left aside."""
    part = schema
    for step in [None, *location]:
        if isinstance(step, str):
            more = part.get("additionalProperties")
            part = part.get("properties", {}).get(step, more if isinstance(more, dict) else {})
        elif isinstance(step, int):
            part = part["prefixItems"][step] if len(part.get("prefixItems", ())) > step else part.get("items", {})
        remedy = part.get("remedy")
        options = [option for option in part.get("anyOf", ()) if option.get("type") != "null"]
        part = options[0] if options else part.get("contentSchema", part)
        if "$ref" in part:
            part = schema["$defs"][part["$ref"].rpartition("/")[2]]
        part = {"remedy": remedy, **part} if remedy else part
    return part


def _range(part: dict[str, Any], otherwise: str) -> str:
    """What the field accepts, in words: '0 … 10000, whole number'."""
    if "enum" in part:
        return "one of " + ", ".join(map(str, part["enum"]))
    if "form" in part:
        return str(part["form"])
    kind = KINDS.get(part.get("type", ""), otherwise)
    low = (
        f"more than {part['exclusiveMinimum']:g}"
        if "exclusiveMinimum" in part
        else f"{part['minimum']:.12g}"
        if "minimum" in part
        else ""
    )
    if low and "maximum" in part:
        return f"{low} … {part['maximum']:.12g}, {kind}"
    if part.get("type") == "string" and "maxLength" in part:
        return f"{kind}, at most {part['maxLength']} characters, no control characters"
    if "minItems" in part and "maxItems" in part:
        return f"a list of {part['minItems']} … {part['maxItems']} entries"
    if most := part.get("maxItems", part.get("maxLength")):  # pydantic writes maxLength for a choice of lists
        return f"a list of at most {most} entries"
    return f"{kind} matching {part['pattern']}" if "pattern" in part else kind
