"""The look of pictures as a module of the page: what of app/export/content/look.py both languages need."""

from __future__ import annotations

import json
from typing import Any

from sab_visualiser.app.export.content import look

HEAD = """\
// How pictures look, made from app/export/content/look.py: change that, then run `make generated`.

"""
PYTHONS_OWN = {"LIGHT", "DARK", "TOKENS", "COLOUR", "LAST"}


def source() -> str:
    """The whole file: names in the order of the module, one line each where it is short."""
    names = [name for name in vars(look) if name.isupper() and name not in PYTHONS_OWN]
    return HEAD + "".join(_line(name, getattr(look, name)) for name in names)


def _line(name: str, value: Any) -> str:
    if name == "RULES":
        rows = "".join(f"  {json.dumps(row._asdict())},\n" for row in value)
        kind = "{rule: Rule, name: string, dash: string, lengths: string, marker: string}[]"
        return f"/** @type {{{kind}}} */\nexport const {name} = [\n{rows}];\n"
    if isinstance(value, tuple) and isinstance(value[0], tuple):
        rows = "".join(f"  {json.dumps(row)},\n" for row in value)
        return f"export const {name} = [\n{rows}];\n"
    return f"export const {name} = {json.dumps(value)};\n"
