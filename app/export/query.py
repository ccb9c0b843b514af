"""What may stand in the query of an export address, and what it means.

The same validator as everywhere (app/errors.validate), so a wrong word is answered with field, value, range and remedy.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, WithJsonSchema, model_validator

from app.errors import validate
from app.protocol import ExportFormat, Identifier, KAtt, KTop, KTrunc, Pair, Strict

WHOLE = "whole"
WHOLE_WORDS = ("", "null", WHOLE)
"""Ways to write `loss_step` that ask for the whole loss; leaving it out takes the step that the task suggests."""
FilePanel = Literal["attention", "gradients", "paths", "curves", "view"]
"""Panels (app/protocol.Panel), and all of them in one page."""
ARCS = re.compile(r"\d{1,6}-\d{1,6}(_\d{1,6}-\d{1,6})*")
"""Knocked-out arcs as a link spells them, reader-source: `40-0_41-1`."""
INTEGER = re.compile(r"[+-]?\d{1,30}")


def _help(words: str, remedy: str, **limits: Any) -> Any:
    return Field(description=words, json_schema_extra={"remedy": remedy}, **limits)


class Common(Strict):
    """What every export names; knobs given here are those to probe with, the weights stay as they are."""

    panel: FilePanel = _help("which numbers; view for all panels in one page", "see docs/reference.md")
    format: ExportFormat = _help("which kind of file", "see docs/reference.md")
    example: int = _help("example of the probe batch", "the probe batch holds 16 examples", default=0, ge=0, le=15)
    loss_step: int | None = _help(
        "step whose loss is followed; 'whole' for the whole loss, left out for the task's own step",
        "a step of the sequence, or 'whole'",
        default=None,
        ge=0,
        le=100_000,
    )
    k_top: KTop | None = None
    k_trunc: KTrunc | None = None
    k_att: KAtt | None = None
    knocked_out: Annotated[list[Pair], WithJsonSchema({"type": "string", "pattern": ARCS.pattern})] = _help(
        "skip edges to take away before probing, reader-source: 40-0_41-1",
        "pairs of steps joined by _",
        default=[],
        max_length=100,
        strict=False,
    )

    @model_validator(mode="after")
    def _a_view_is_a_page(self) -> Self:
        if self.panel == "view" and self.format != "html":
            raise ValueError(f"format = {self.format}: the whole view is html; choose html, or a single panel")
        return self


class RunQuery(Common):
    """GET /api/runs/{id}/export."""

    update: int | None = _help(
        "update whose snapshot is wanted, the latest when left out",
        "an update that has a snapshot",
        default=None,
        ge=0,
        le=10_000_000,
    )


class NetworkQuery(Common):
    """GET /api/export: a bundled or uploaded network."""

    preset: Identifier | None = None
    checkpoint: Identifier | None = None

    @model_validator(mode="after")
    def _one_network(self) -> Self:
        named = [name for name in ("preset", "checkpoint") if getattr(self, name) is not None]
        if len(named) != 1:
            raise ValueError(f"preset, checkpoint = {named}: name exactly one of them")
        if self.panel == "curves":
            raise ValueError(
                "panel = curves: a stored network has no curves; choose attention, gradients or paths, or name a run"
            )
        return self


def parse_run(query: Mapping[str, str]) -> RunQuery:
    """The query of a run's export.

    Raises:
        UserError: Status 422, one FieldProblem per bad field.
    """
    return validate(RunQuery, _values(query))


def parse_network(query: Mapping[str, str]) -> NetworkQuery:
    """The query of a preset's or checkpoint's export.

    Raises:
        UserError: Status 422, one FieldProblem per bad field.
    """
    return validate(NetworkQuery, _values(query))


def answers(columns: Mapping[str, Any], asked: Mapping[str, Any]) -> bool:
    """Whether a stored trace already is what `asked` (example, loss step, knobs) wants to see."""
    shown = {**columns["parameters"], "example": columns["example"], "loss_step": columns["loss_step"]}
    return all(shown.get(name) == value for name, value in asked.items())


def parameters(model: type[Common]) -> list[dict[str, Any]]:
    """The query as OpenAPI lists it."""
    schema = model.model_json_schema()
    required = schema.get("required", [])
    return [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            "description": part.get("description", ""),
            "schema": {key: value for key, value in part.items() if key not in ("remedy", "title")},
        }
        for name, part in schema["properties"].items()
    ]


def _values(query: Mapping[str, str]) -> dict[str, Any]:
    """Texts as the JSON values they stand for; what is no whole number stays text, for the validator to refuse."""
    values: dict[str, Any] = {}
    for name, text in query.items():
        if name == "loss_step" and text in WHOLE_WORDS:
            values[name] = None
        elif name == "knocked_out" and ARCS.fullmatch(text):
            values[name] = [[int(step) for step in arc.split("-")] for arc in text.split("_")]
        elif name in ("preset", "checkpoint", "panel", "format"):
            values[name] = text
        else:
            values[name] = int(text) if INTEGER.fullmatch(text) else text
    return values
