"""The words of a query that say what is drawn beside the curves of a network."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema

from sab_visualiser.app.export.texts import flag, last, word
from sab_visualiser.app.wire.requests import Strict

MOST_BESIDE = 40
NAME = r"^[A-Za-z0-9_.-]{1,64}$"
NAMES = r"^[A-Za-z0-9_.-]{1,64}(,[A-Za-z0-9_.-]{1,64})*$"
AS_NAMES = {"type": "string", "pattern": NAMES, "remedy": "ids or names joined by commas, as r1,copy"}


def _names(given: object) -> object:
    text = last(given)
    return tuple(part.strip() for part in text.split(",")) if isinstance(text, str) else text


class BesideWords(Strict):
    """Which curves stand beside those of the network, in a picture of panel curves."""

    baseline: Annotated[
        tuple[Annotated[str, StringConstraints(pattern=NAME)], ...] | None,
        BeforeValidator(_names),
        WithJsonSchema(AS_NAMES),
    ] = Field(
        None,
        min_length=1,
        max_length=MOST_BESIDE,
        description="runs, presets or groups of runs whose curves are drawn beside, as r1,copy; in a picture of curves",
        json_schema_extra={"remedy": "ids or names joined by commas, as r1,copy"},
    )
    seeds: Annotated[bool | None, BeforeValidator(flag)] = word(
        "whether runs that differ in nothing but the seed are one line: their mean, and a band from the smallest to the"
        " largest; no when left out",
        "true or false",
        default=None,
    )
