"""The types of this room as TypeScript, for the page's checker: `make generated` writes the file.

A test fails when static/js/wire/wire.d.ts is not what this module makes. Every field is there and required, as the
server sends it; in what the page sends (REQUESTS) a field with a default may be left out.
The forms that the page keeps for itself stand in static/js/state/types.d.ts.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from sab_visualiser.app.wire import columns, frames, requests, trace, views

MODULES = (requests, views, trace, columns, frames)
REQUESTS = {
    "ProbeRequest",
    "Command",
    "Parameters",
    "RunPatch",
    "GroupRequest",
    "BranchRequest",
    "BranchModel",
    "BranchTraining",
    "LinkWish",
}
HEAD = """\
// What travels between server and page, made from the types in app/wire: change those, then run
// `make generated`. The forms that the page keeps: state/types.d.ts.
"""
WORDS: dict[Any, str] = {int: "number", float: "number", str: "string", bool: "boolean", Any: "unknown"}
ARRAYS = {"u8": "Uint8Array", "u16": "Uint16Array", "i16": "Int16Array", "i32": "Int32Array", "f32": "Float32Array"}
"""What static/js/wire/codec.js makes of a column."""


def source() -> str:
    """The whole file: one namespace, so that a wire type is never mistaken for the page's form of it."""
    members = [*_literals(), *_interfaces()]
    return HEAD + "declare namespace Wire {\n" + "\n".join(members) + "\n}\n"


def _names() -> dict[str, Any]:
    """Everything public in the modules, each thing once."""
    return {name: value for module in MODULES for name, value in vars(module).items() if not name.startswith("_")}


def _literals() -> Iterator[str]:
    for name, value in _names().items():
        if get_origin(value) is Literal:
            yield f"  type {name} = {_words(value)};"
        elif _is_choice(value):
            yield f"  type {name} = {_type(value)};"


def _is_choice(value: Any) -> bool:
    """Whether it is a union of models, as the frames are."""
    inner = get_args(value)[0] if get_origin(value) is Annotated else value
    return get_origin(inner) in (Union, types.UnionType) and all(map(_is_model, get_args(inner)))


def _is_model(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, BaseModel)


def _interfaces() -> Iterator[str]:
    for name, value in _names().items():
        if _is_model(value) and value.model_fields:
            lines = (value.__doc__ or "").strip().splitlines()
            yield f"\n  /** {lines[0] if lines else name} */\n  interface {name} {{"
            yield from (_field(name, field.alias or key, field) for key, field in value.model_fields.items())
            yield "  }"


def _field(model: str, name: str, field: Any) -> str:
    optional = "?" if model in REQUESTS and not field.is_required() else ""
    return f"    {name}{optional}: {_type(field.annotation)};"


def _type(annotation: Any) -> str:
    """The TypeScript of one annotation.

    Raises:
        TypeError: For an annotation that this module has no word for.
    """
    if annotation is None or annotation is type(None):
        return "null"
    if annotation in WORDS:
        return WORDS[annotation]
    if _is_model(annotation):
        return str(annotation.__name__)
    if isinstance(annotation, type) and issubclass(annotation, columns.Column):
        return ARRAYS[annotation.dtype]
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _type(parts[0])
    if origin is Literal:
        return _alias(annotation) or _words(annotation)
    if origin in (Union, types.UnionType):
        return " | ".join(dict.fromkeys(map(_type, parts)))
    if origin is list:
        inner = _type(parts[0])
        return f"({inner})[]" if " | " in inner else f"{inner}[]"
    if origin is tuple:
        return f"[{', '.join(map(_type, parts))}]"
    if origin is dict:
        return f"Record<{_type(parts[0])}, {_type(parts[1])}>"
    raise TypeError(f"{annotation}: app/wire/generate/typescript.py has no TypeScript for it; add it to WORDS or _type")


def _words(literal: Any) -> str:
    return " | ".join(f'"{part}"' if isinstance(part, str) else str(part) for part in get_args(literal))


def _alias(annotation: Any) -> str | None:
    """The name that a Literal has in the modules, or None."""
    return next((key for key, value in _names().items() if value == annotation), None)
