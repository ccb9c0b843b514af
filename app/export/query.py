"""What may stand in the query of an export address, and what it means: for the routes and `sab export` alike.

Each field turns the text of the query into the value that it stands for; a text that stands for none stays as it is,
for the field to refuse.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self

import pydantic_core
from pydantic import BeforeValidator, Field, StringConstraints, TypeAdapter, WithJsonSchema, model_validator

from sab_visualiser.app.export.many.words import BesideWords
from sab_visualiser.app.export.paper import PaperWords
from sab_visualiser.app.export.texts import flag, last, whole, word
from sab_visualiser.app.wire.errors import UserError, field_error, validate
from sab_visualiser.app.wire.requests import Cuts, ExportFormat, Identifier, Inputs, KAtt, KTop, KTrunc, Pair, Phase
from sab_visualiser.model.contract import DEFAULT_SHARE, LARGEST_UPDATE, MAX_STEPS, PROBE_EXAMPLES

WHOLE = "whole"
WHOLE_WORDS = ("", "null", WHOLE)
"""Ways to write `loss_step` that ask for the whole loss; leaving it out takes the step that the task suggests."""
FilePanel = Literal["attention", "gradients", "paths", "curves", "health", "view"]
"""The panels of app/wire/requests.py, and all of them in one page."""
OF_TRAINING = ("curves", "health")
"""Panels that tell of a training and not of one network."""
PICTURES = ("png", "svg", "pdf", "pgf")
"""Formats that are drawn for paper."""
ARCS = re.compile(r"\d{1,6}-\d{1,6}(_\d{1,6}-\d{1,6})*")
"""Knocked-out arcs as a link spells them, reader-source: `40-0_41-1`."""
NO_CURVES = (
    "a stored network has no curves and no history of its health; choose attention, gradients or paths, or name a run"
    " or a preset with a history"
)
DECIMAL = re.compile(r"\d{0,9}\.?\d{1,9}")
SPANS = re.compile(r"\d{1,9}(-\d{1,9})?(,\d{1,9}(-\d{1,9})?)*")
MOST_SPANS_LETTERS = 4_000
HASH = r"^(run|preset|checkpoint)=[A-Za-z0-9*._+%&=-]{1,1980}$"
"""The view as a link spells it (static/js/state/url/state.js), in the letters that URLSearchParams leaves or makes."""
MAX_INPUTS_LETTERS = 32 * 1024
"""Longest text of `inputs`; a sequence of the most steps is far shorter."""
NOT_ASKED = {"panel", "format", "update", "updates", "state", "preset", "checkpoint", "cell"} | {
    *PaperWords.model_fields,
    *BesideWords.model_fields,
}
"""What of a query says where and how, not what a probe is asked."""


def _step(given: object) -> object:
    return None if given in WHOLE_WORDS else whole(given)


def _share(given: object) -> object:
    return float(given) if isinstance(given, str) and DECIMAL.fullmatch(given) else whole(given)


def _spans(given: object) -> object:
    text = last(given)
    if not isinstance(text, str):
        return text
    if not SPANS.fullmatch(text) or len(text) > MOST_SPANS_LETTERS:
        raise field_error("updates", text, "updates or spans of them, joined by commas", "as 0,400,1000-2000")
    ends = [[int(end) for end in span.split("-")] for span in text.split(",")]
    return [(span[0], span[-1]) for span in ends]


def _arcs(given: object) -> object:
    text = last(given)
    if isinstance(text, str) and ARCS.fullmatch(text):
        return [tuple(int(step) for step in arc.split("-")) for arc in text.split("_")]
    return text


def _sequence(given: object) -> object:
    text = last(given)
    if not isinstance(text, str):
        return text
    if len(text) > MAX_INPUTS_LETTERS:
        raise field_error("inputs", text, f"at most {MAX_INPUTS_LETTERS} characters", "send a shorter sequence")
    try:
        return pydantic_core.from_json(text, allow_inf_nan=False)
    except ValueError:
        raise field_error("inputs", text, "JSON, with one entry a step", AS_WRITTEN) from None


AS_WRITTEN = 'write a list as [2,0,7] or [[0.5,0],[0.25,1]], a text as "To be"'
WHOLE_TEXT = BeforeValidator(whole)
AS_ARCS = WithJsonSchema({"type": "string", "pattern": ARCS.pattern, "remedy": "pairs of steps joined by _"})
SEQUENCE = TypeAdapter(Inputs).json_schema() | {"maxItems": MAX_STEPS, "maxLength": MAX_STEPS}
AS_JSON = WithJsonSchema(
    {
        "type": "string",
        "contentMediaType": "application/json",
        "contentSchema": SEQUENCE,
        "remedy": AS_WRITTEN,
    }
)


class Common(PaperWords, BesideWords):
    """What every export names; knobs given here are those to probe with, the weights stay as they are."""

    panel: FilePanel = word(
        "which numbers; view for all panels in one page", "see docs/reference.md", examples=["attention"]
    )
    format: ExportFormat = word("which kind of file", "see docs/reference.md", examples=["csv"])
    example: Annotated[int | None, WHOLE_TEXT] = word(
        "example of the probe batch, the first when left out",
        f"the probe batch holds {PROBE_EXAMPLES} examples",
        default=None,
        ge=0,
        le=PROBE_EXAMPLES - 1,
    )
    loss_step: Annotated[int | None, BeforeValidator(_step)] = word(
        "step whose loss is followed; 'whole' for the whole loss, left out for the task's own step",
        "a step of the sequence, or 'whole'",
        default=None,
        ge=0,
        le=100_000,
    )
    k_top: Annotated[KTop | None, WHOLE_TEXT] = None
    k_trunc: Annotated[KTrunc | None, WHOLE_TEXT] = None
    k_att: Annotated[KAtt | None, WHOLE_TEXT] = None
    phase: Annotated[Phase | None, WHOLE_TEXT] = Field(None, description="shifts the cuts of blocks; 0 when left out")
    cuts: Cuts | None = Field(
        None,
        description="blocks of k_trunc steps, as when left out, or a window: one cut, k_trunc steps back from the loss",
    )
    knocked_out: Annotated[list[Pair] | None, BeforeValidator(_arcs), AS_ARCS] = Field(
        None, max_length=100, description="skip edges to take away before probing, reader-source: 40-0_41-1"
    )
    inputs: Annotated[Inputs | None, BeforeValidator(_sequence), AS_JSON] = Field(
        None,
        max_length=MAX_STEPS,
        description="a sequence of your own instead of an example, as JSON: what POST /api/probe takes as inputs",
    )
    share: Annotated[float | None, BeforeValidator(_share)] = word(
        f"share of the skip credit that the shown paths hold, {DEFAULT_SHARE} when left out",
        "0.95 shows the fewest paths that hold 95 % of the skip credit",
        default=None,
        ge=0,
        le=1,
    )
    cell: Annotated[bool, BeforeValidator(flag)] = word(
        "gradients of the cell state c instead of h, in panel gradients and in the view",
        "write true or false",
        default=False,
    )
    updates: Annotated[
        list[tuple[int, int]] | None,
        BeforeValidator(_spans),
        WithJsonSchema({"type": "string", "pattern": SPANS.pattern, "remedy": "as 0,400,1000-2000"}),
    ] = Field(
        None,
        description="stored pictures that a page holds beside the newest, as 0,400,1000-2000; all, or evenly fewer"
        " where they have no room, when left out",
    )
    state: Annotated[str, StringConstraints(pattern=HASH)] | None = word(
        "the view as a link of the page spells it, without #; an exported page shows it",
        "what stands behind # in the address of the page, at most 2000 characters",
        default=None,
    )

    def asked(self) -> dict[str, Any]:
        """What was given of the words that a probe understands too."""
        return self.model_dump(include=self.model_fields_set - NOT_ASKED)

    @model_validator(mode="after")
    def _gradients_are_of_c(self) -> Self:
        if self.cell and self.panel not in ("gradients", "view"):
            raise ValueError(f"cell = true: panel {self.panel} shows no gradient; leave it out, or take gradients")
        return self

    @model_validator(mode="after")
    def _only_curves_stand_beside_others(self) -> Self:
        for name in BesideWords.model_fields:
            if getattr(self, name) is not None and (self.panel != "curves" or self.format not in PICTURES):
                raise ValueError(f"{name} = {getattr(self, name)}: only in a picture of panel curves; leave it out")
        return self

    @model_validator(mode="after")
    def _a_page_holds_many(self) -> Self:
        if self.updates is not None and self.format != "html":
            raise ValueError(f"updates = {len(self.updates)} of them: only html holds several; leave it out")
        return self

    @model_validator(mode="after")
    def _a_view_is_a_page(self) -> Self:
        if self.panel == "view" and self.format != "html":
            raise ValueError(f"format = {self.format}: the whole view is html; choose html, or a single panel")
        return self


class RunQuery(Common):
    """GET /api/runs/{id}/export."""

    update: Annotated[int | None, WHOLE_TEXT] = word(
        "update whose snapshot is wanted, the latest when left out",
        "an update that has a snapshot",
        default=None,
        ge=0,
        le=LARGEST_UPDATE,
    )


class NetworkQuery(Common):
    """GET /api/export: a bundled or uploaded network."""

    preset: Identifier | None = Field(None, description="name of a preset", examples=["copy"])
    checkpoint: Identifier | None = Field(None, description="sha256 of a stored checkpoint")
    update: Annotated[int | None, WHOLE_TEXT] = word(
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
        if self.panel in OF_TRAINING and self.preset is None:
            raise ValueError(f"panel = {self.panel}: {NO_CURVES}")
        if self.update is not None and self.preset is None:
            raise ValueError(f"update = {self.update}: only beside preset; leave it out")
        return self


def no_history(preset: str | None, panel: str) -> UserError:
    """What is said when a preset without a history is asked for curves or health."""
    allowed = f"attention, gradients or paths: preset {preset} came without the history of its training"
    return field_error("panel", panel, allowed, "choose one of these, or name a run")


def parse_run(query: dict[str, str]) -> RunQuery:
    """The query of a run's export.

    Raises:
        UserError: Status 422, one FieldProblem per bad field.
    """
    return validate(RunQuery, query)


def parse_network(query: dict[str, str]) -> NetworkQuery:
    """The query of a preset's or checkpoint's export.

    Raises:
        UserError: Status 422, one FieldProblem per bad field.
    """
    return validate(NetworkQuery, query)
