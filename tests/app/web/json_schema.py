"""What a value has that its schema in /openapi.json does not allow: as much of JSON Schema as pydantic writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

KINDS: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
WORDS = {
    *("$ref", "anyOf", "type", "const", "enum", "properties", "required", "additionalProperties", "items"),
    *("prefixItems", "minItems", "maxItems", "minimum", "maximum", "exclusiveMinimum", "maxLength", "pattern"),
    *("title", "description", "default", "examples", "remedy", "form", "unit"),
}
"""Words that `breaches` understands or that allow everything; a schema with another one is not checked in secret."""


def breaches(value: Any, schema: Any, root: dict[str, Any], *, closed: bool, at: str = "$") -> list[str]:
    """Every place where the value is not of the schema; with `closed` a key that is not described is one too."""
    return list(_breaches(value, schema, root, closed, at))


def _breaches(value: Any, schema: Any, root: dict[str, Any], closed: bool, at: str) -> Iterator[str]:
    if schema is True or schema == {}:
        return
    assert set(schema) <= WORDS, f"{at}: this checker does not know {set(schema) - WORDS}"
    if "$ref" in schema:
        yield from _breaches(value, root["components"]["schemas"][schema["$ref"].rpartition("/")[2]], root, closed, at)
    if "anyOf" in schema:
        found = [list(_breaches(value, option, root, closed, at)) for option in schema["anyOf"]]
        if all(found):
            yield min(found, key=len)[0]
    if "type" in schema and not _is(value, schema["type"]):
        yield f"{at}: {value!r:.60} is no {schema['type']}"
    elif isinstance(value, dict):
        yield from _object(value, schema, root, closed, at)
    elif isinstance(value, list):
        yield from _array(value, schema, root, closed, at)
    else:
        yield from _single(value, schema, at)


def _is(value: Any, kind: str) -> bool:
    return isinstance(value, KINDS[kind]) and not (isinstance(value, bool) and kind in ("integer", "number"))


def _object(value: dict[str, Any], schema: Any, root: dict[str, Any], closed: bool, at: str) -> Iterator[str]:
    known, others = schema.get("properties", {}), schema.get("additionalProperties", not closed)
    yield from (f"{at}: {name} is missing" for name in schema.get("required", ()) if name not in value)
    if closed:
        yield from (f"{at}: {name} is missing" for name in known if name not in value)
    for name, part in value.items():
        if name not in known and "$ref" not in schema and "anyOf" not in schema and others is False:
            yield f"{at}: {name} is not described"
        yield from _breaches(part, known.get(name, others if others is not False else {}), root, closed, f"{at}.{name}")


def _array(value: list[Any], schema: Any, root: dict[str, Any], closed: bool, at: str) -> Iterator[str]:
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        yield f"{at}: {len(value)} entries"
    first = schema.get("prefixItems", [])
    for index, part in enumerate(value):
        inner = first[index] if index < len(first) else schema.get("items", {})
        yield from _breaches(part, inner, root, closed, f"{at}[{index}]")


def _single(value: Any, schema: Any, at: str) -> Iterator[str]:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    wrong = (
        ("const" in schema and value != schema["const"])
        or ("enum" in schema and value not in schema["enum"])
        or (number and value < schema.get("minimum", value))
        or (number and value > schema.get("maximum", value))
        or (number and "exclusiveMinimum" in schema and value <= schema["exclusiveMinimum"])
        or (isinstance(value, str) and len(value) > schema.get("maxLength", len(value)))
        or (isinstance(value, str) and "pattern" in schema and not re.search(schema["pattern"], value))
    )
    if wrong:
        yield f"{at}: {value!r:.60} is not what {schema} allows"
