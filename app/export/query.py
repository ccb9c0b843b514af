"""What may stand in the query of an export address, and what it means.

The same validator as everywhere (app/errors.validate), so a wrong word is answered with field, value, range and remedy.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

import pydantic_core
from pydantic import Field, StringConstraints, WithJsonSchema, model_validator

from sab_visualiser.app.wire.errors import UserError, field_error, validate
from sab_visualiser.app.wire.requests import LEFT_OUT, ExportFormat, Identifier, KAtt, KTop, KTrunc, Pair, Strict
from sab_visualiser.model.contract import LARGEST_UPDATE, MAX_STEPS, PROBE_EXAMPLES

WHOLE = "whole"
WHOLE_WORDS = ("", "null", WHOLE)
"""Ways to write `loss_step` that ask for the whole loss; leaving it out takes the step that the task suggests."""
FilePanel = Literal["attention", "gradients", "paths", "curves", "view"]
"""Panels (app/protocol.Panel), and all of them in one page."""
ARCS = re.compile(r"\d{1,6}-\d{1,6}(_\d{1,6}-\d{1,6})*")
"""Knocked-out arcs as a link spells them, reader-source: `40-0_41-1`."""
NO_CURVES = (
    "a stored network has no curves; choose attention, gradients or paths, or name a run or a preset with a history"
)
INTEGER = re.compile(r"[+-]?\d{1,30}")
DECIMAL = re.compile(r"\d{0,9}\.?\d{1,9}")
HASH = r"^(run|preset|checkpoint)=[A-Za-z0-9*._+%&=-]{1,1980}$"
"""The view as a link spells it (static/js/state/url_state.js), in the letters that URLSearchParams leaves or makes."""
MAX_INPUTS_LETTERS = 32 * 1024
"""Longest text of `inputs`; a sequence of the most steps is far shorter."""
DEFAULT_SHARE = 0.95
NOT_ASKED = {"panel", "format", "update", "state", "preset", "checkpoint"}
"""What of a query says where and how, not what a probe is asked."""


def _help(words: str, remedy: str, **limits: Any) -> Any:
    return Field(description=words, json_schema_extra={"remedy": remedy}, **limits)


class Common(Strict):
    """What every export names; knobs given here are those to probe with, the weights stay as they are."""

    panel: FilePanel = _help("which numbers; view for all panels in one page", "see docs/reference.md")
    format: ExportFormat = _help("which kind of file", "see docs/reference.md")
    example: int = _help(
        "example of the probe batch",
        f"the probe batch holds {PROBE_EXAMPLES} examples",
        default=0,
        ge=0,
        le=PROBE_EXAMPLES - 1,
    )
    loss_step: int | None = _help(
        "step whose loss is followed; 'whole' for the whole loss, left out for the task's own step",
        "a step of the sequence, or 'whole'",
        default=None,
        ge=0,
        le=100_000,
    )
    k_top: KTop = LEFT_OUT
    k_trunc: KTrunc = LEFT_OUT
    k_att: KAtt = LEFT_OUT
    knocked_out: Annotated[list[Pair], WithJsonSchema({"type": "string", "pattern": ARCS.pattern})] = _help(
        "skip edges to take away before probing, reader-source: 40-0_41-1",
        "pairs of steps joined by _",
        default=[],
        max_length=100,
        strict=False,
    )

    inputs: list[list[float]] | list[int] | None = _help(
        "a sequence of your own instead of an example, as JSON: what POST /api/probe takes as inputs",
        "a JSON list with one entry a step, as [2,0,7] or [[0.5,0],[0.25,1]]",
        default=None,
        max_length=MAX_STEPS,
    )
    share: float = _help(
        "share of the skip credit that the shown paths hold",
        "0.95 shows the fewest paths that hold 95 % of the skip credit",
        default=DEFAULT_SHARE,
        ge=0,
        le=1,
    )
    state: Annotated[str, StringConstraints(pattern=HASH)] | None = _help(
        "the view as a link of the page spells it, without #; an exported page shows it",
        "what stands behind # in the address of the page, at most 2000 characters",
        default=None,
    )

    def asked(self) -> dict[str, Any]:
        """What was given of the words that a probe understands too."""
        return self.model_dump(include=self.model_fields_set - NOT_ASKED)

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
        le=LARGEST_UPDATE,
    )


class NetworkQuery(Common):
    """GET /api/export: a bundled or uploaded network."""

    preset: Identifier | None = None
    checkpoint: Identifier | None = None
    update: int | None = _help(
        "update of a preset's own training, whose stored snapshot is wanted",
        "GET /api/presets/{name}/snapshots lists them; leave it out for the weights themselves",
        default=None,
        ge=0,
        le=LARGEST_UPDATE,
    )

    @model_validator(mode="after")
    def _one_network(self) -> Self:
        named = [name for name in ("preset", "checkpoint") if getattr(self, name) is not None]
        if len(named) != 1:
            raise ValueError(f"preset, checkpoint = {named}: name exactly one of them")
        if self.panel == "curves" and self.preset is None:
            raise ValueError(f"panel = curves: {NO_CURVES}")
        if self.update is not None and self.preset is None:
            raise ValueError(f"update = {self.update}: only beside preset; leave it out")
        return self


def no_history(preset: str | None) -> UserError:
    """What is said when a preset without curves is asked for them."""
    allowed = f"attention, gradients or paths: preset {preset} came without the history of its training"
    return field_error("panel", "curves", allowed, "choose one of these, or name a run")


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
            **_spelt(name, {key: value for key, value in part.items() if key not in ("remedy", "title")}),
        }
        for name, part in schema["properties"].items()
    ]


def _spelt(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a word of the query; `inputs` is JSON text."""
    return {"content": {"application/json": {"schema": schema}}} if name == "inputs" else {"schema": schema}


def _values(query: Mapping[str, str]) -> dict[str, Any]:
    """Texts as the JSON values they stand for; what is no whole number stays text, for the validator to refuse."""
    values: dict[str, Any] = {}
    for name, text in query.items():
        if name == "loss_step" and text in WHOLE_WORDS:
            values[name] = None
        elif name == "knocked_out" and ARCS.fullmatch(text):
            values[name] = [[int(step) for step in arc.split("-")] for arc in text.split("_")]
        elif name in ("preset", "checkpoint", "panel", "format", "state"):
            values[name] = text
        elif name == "inputs":
            values[name] = _json(text)
        elif name == "share" and DECIMAL.fullmatch(text):
            values[name] = float(text)
        else:
            values[name] = int(text) if INTEGER.fullmatch(text) else text
    return values


def _json(text: str) -> Any:
    """The value that `inputs` spells; text that is no JSON stays text, for the validator to refuse."""
    if len(text) > MAX_INPUTS_LETTERS:
        raise field_error("inputs", text, f"at most {MAX_INPUTS_LETTERS} characters", "send a shorter sequence")
    try:
        return pydantic_core.from_json(text, allow_inf_nan=False)
    except ValueError:
        return text
