"""Queries and places in a path: texts as the values they stand for. Each query is one model, strict as a body is."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import BeforeValidator, Field, WithJsonSchema

from sab_visualiser.app.runs.listing import KEYS, NEWEST, ORDERS
from sab_visualiser.app.wire.errors import field_error
from sab_visualiser.app.wire.requests import Identifier, Strict
from sab_visualiser.model.contract import LARGEST_UPDATE

WHOLE = re.compile(r"-?[0-9]{1,17}")
LATEST = "latest"
LISTED, MOST_LISTED = 100, 500
"""Runs on a page of the list, and at most."""
MOST_POINTS = 5000


def whole(text: object) -> object:
    """The whole number that a text spells, nothing for an empty one; any other text stays, and is refused."""
    if isinstance(text, str) and WHOLE.fullmatch(text):
        return int(text)
    return None if text == "" else text


def given(text: object) -> object:
    """Nothing for an empty text."""
    return None if text == "" else text


def update_of(text: str) -> int | None:
    """The update that a path names; None for the latest.

    Raises:
        UserError: Status 422.
    """
    number = whole(text)
    if isinstance(number, int) and 0 <= number <= LARGEST_UPDATE:
        return number
    if text == LATEST:
        return None
    raise field_error(
        "update", text, f"0 … {LARGEST_UPDATE}, whole number, or {LATEST}", f"{LATEST} is the newest there is"
    )


def _number(low: int, high: int, words: str, **more: Any) -> Any:
    remedy = "leave it out for the default"
    return Field(None, ge=low, le=high, description=words, json_schema_extra={"remedy": remedy}, **more)


class TextQuery(Strict):
    """What a text that is sent is called."""

    name: str = Field(
        "text",
        min_length=1,
        max_length=100,
        description="what the text is called; its name in task.data begins with it",
        json_schema_extra={"remedy": "give it a short name"},
        examples=["sonnets"],
    )


class MetricsQuery(Strict):
    """Which curves of a run are wanted."""

    after: Annotated[int | None, BeforeValidator(whole)] = _number(
        -1, LARGEST_UPDATE, "updates above this one only; all of them when left out", examples=[0]
    )
    points: Annotated[int | None, BeforeValidator(whole)] = _number(
        10,
        MOST_POINTS,
        "at most so many rows: means over bins that are equally wide; every update when left out",
        examples=[100],
    )


class RunsQuery(Strict):
    """Which page of the list of runs is wanted."""

    after: Annotated[Identifier | None, BeforeValidator(given)] = Field(
        None, description="id of the last run of the page before; none begins the list"
    )
    limit: Annotated[int | None, BeforeValidator(whole)] = _number(
        1, MOST_LISTED, f"runs on a page; {LISTED} when left out", examples=[20]
    )
    sort: str = Field(
        "",
        max_length=40,
        description=f"one of {', '.join(ORDERS)}, with - in front for falling; {NEWEST} when left out",
    )
    filter: str = Field(
        "",
        max_length=400,
        description=f"words that all must hold, or key:value with one of {', '.join(KEYS)}",
        examples=["copy method:sab"],
    )


class ResultsQuery(Strict):
    """As which kind of file the results of a group are wanted."""

    format: Literal["json", "csv", "parquet"] = Field(
        "json",
        description="json has all that the page shows, csv and parquet one row a run, one value a column; parquet "
        "needs pyarrow",
        json_schema_extra={"remedy": "leave it out for json"},
        examples=["json", "csv"],
    )


class SnapshotQuery(Strict):
    """What of a snapshot is wanted."""

    example: Annotated[int | None, BeforeValidator(whole)] = _number(
        0, 15, "example of the probe batch; the stored one when left out", examples=[3]
    )


class WhichNetwork(Strict):
    """Which network is meant: exactly one of them."""

    run: Identifier | None = Field(None, description="id of a run")
    preset: Identifier | None = Field(None, description="name of a preset", examples=["copy"])
    checkpoint: Identifier | None = Field(None, description="sha256 of a stored checkpoint")


UpdatePath = Annotated[
    int | None,
    BeforeValidator(update_of),
    Path(description=f"an update, or {LATEST}", examples=[LATEST]),
    WithJsonSchema(
        {
            "anyOf": [{"const": LATEST}, {"type": "integer", "minimum": 0, "maximum": LARGEST_UPDATE}],
            "examples": [LATEST],
        }
    ),
]
