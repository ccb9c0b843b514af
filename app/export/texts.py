"""Texts of a query as the values that they stand for; a text that stands for none stays, for its field to refuse."""

from __future__ import annotations

import re
from typing import Any

from pydantic import Field

INTEGER = re.compile(r"[+-]?\d{1,30}")


def last(given: object) -> object:
    """The text of a word that stands once, or the last of several."""
    return given[-1] if isinstance(given, list) and given and isinstance(given[-1], str) else given


def whole(given: object) -> object:
    """A whole number."""
    return int(given) if isinstance(given, str) and INTEGER.fullmatch(given) else given


def flag(given: object) -> object:
    """Yes or no."""
    return {"true": True, "false": False}.get(given, given) if isinstance(given, str) else given


def word(words: str, remedy: str, **limits: Any) -> Any:
    """A field that says what it is and, where it is refused, what helps."""
    return Field(description=words, json_schema_extra={"remedy": remedy}, **limits)
