"""The tables of docs/reference.md that the code knows: settings of the server, fields of a run, and methods."""

from __future__ import annotations

import re
from typing import Any

from sab_visualiser.app.settings import Settings
from sab_visualiser.model import contract


def filled_in(text: str) -> str:
    """The text with its tables made anew.

    Args:
        text: docs/reference.md; a table stands between `<!-- made: NAME -->` and `<!-- end -->`.

    Raises:
        ValueError: A table has no place in the text.
    """
    for name, table in (("settings", _settings()), ("fields", _fields()), ("methods", _methods())):
        place = re.compile(rf"(<!-- made: {name} -->\n).*?(<!-- end -->)", flags=re.DOTALL)
        if not place.search(text):
            raise ValueError(f"docs/reference.md has no place for {name}: write <!-- made: {name} --> and <!-- end -->")
        text = place.sub(lambda found, table=table: found[1] + table + found[2], text)  # type: ignore[misc]
    return text


def _settings() -> str:
    rows = []
    for name, field in Settings.model_fields.items():
        extra: Any = field.json_schema_extra
        default = extra.get("default_words", field.get_default(call_default_factory=True))
        rows.append(f"| `{name}` | `SAB_{name.upper()}` | `{default}` | {extra['unit']} | {field.description} |")
    heads = "| setting | environment | default | unit | meaning |"
    return "\n".join([heads, "| --- | --- | --- | --- | --- |", *rows, ""])


def _fields() -> str:
    rows = [
        f"| `{field.path}` | {_default(field)} | {field.range} | {field.unit_words} | {field.facts.help} |"
        for field in contract.fields()
    ]
    return "\n".join(["| field | default | range | unit | what it is |", "| --- | --- | --- | --- | --- |", *rows, ""])


def _default(field: contract.Field) -> str:
    return field.default_words if field.default is None else f"`{field.default_words}`"


def _methods() -> str:
    rows = [
        f"| `{name}` | {facts.help} | {', '.join(f'`{each}`' for each in facts.fixes)} |"
        for name, facts in contract.METHODS.items()
    ]
    return "\n".join(["| method | what it is | what it fixes |", "| --- | --- | --- |", *rows, ""])
