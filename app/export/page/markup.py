"""HTML and SVG elements as text, with everything escaped that came from outside.

`Markup` is text that is already markup; plain strings given as children become escaped text, so that a person's words
cannot become anything else.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import Any

from sab_visualiser.app.export.content.caption import CONTROL


class Markup(str):
    """Text that is markup already."""

    __slots__ = ()


def tag(name: str, attributes: dict[str, Any] | None = None, *children: str) -> Markup:
    """An element.

    Args:
        name: Of the element; from this program, never from outside.
        attributes: Values are escaped; None leaves an attribute out, numbers get one decimal at most.
        *children: Markup as it is, other strings as escaped text.
    """
    written = "".join(f' {key}="{_value(value)}"' for key, value in (attributes or {}).items() if value is not None)
    return Markup(f"<{name}{written}>{join(children)}</{name}>")


def join(parts: Iterable[str]) -> Markup:
    """Several pieces as one."""
    return Markup("".join(part if isinstance(part, Markup) else html.escape(clean(part)) for part in parts))


def clean(words: str) -> str:
    """Words without control characters."""
    return CONTROL.sub(" ", words)


def px(value: float) -> str:
    """A length with one decimal at most."""
    return f"{value:.1f}".removesuffix(".0")


def _value(value: Any) -> str:
    return px(value) if isinstance(value, float) else html.escape(clean(str(value)), quote=True)
