"""What may be asked for: runs, commands, probes.

One validator serves REST, the socket, the command line and sweeps: these classes. The fields of a run, their ranges and
remedies are those of model/contract; static/js/wire/wire.d.ts is made from this module (app/wire/generate). What is
answered: views/, trace.py. Nothing here knows torch, files or sockets.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from sab_visualiser.app.wire.fields import limits, model_of, null_is_zero
from sab_visualiser.model import contract
from sab_visualiser.model.contract import DEFAULT_SHARE, KNOBS, LARGEST_UPDATE, MAX_STEPS, PROBE_EXAMPLES
from sab_visualiser.model.contract import Cuts as Cuts
from sab_visualiser.model.contract import TaskName as TaskName

Role = Literal["viewer", "controller"]
Rule = Literal["sab", "truncated", "full"]
RunStatus = Literal["queued", "running", "paused", "finished", "stopped", "failed", "diverged", "interrupted"]
VerdictWord = Literal[
    "learning",
    "learned",
    "lost again",
    "at chance",
    "standing still",
    "attention dead",
    "scorer saturated",
    "diverged",
]
CommandType = Literal["set_parameters", "pause", "resume", "step", "stop", "checkpoint", "reset", "reseed"]
Panel = Literal["attention", "gradients", "paths", "curves", "health"]
ExportFormat = Literal["png", "svg", "pdf", "pgf", "html", "csv", "json", "npz", "parquet"]


class Strict(BaseModel):
    """Base of all input: no unknown key, no silent conversion, no NaN."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


def _number(default: Any, low: float, high: float, remedy: str, **more: Any) -> Any:
    return Field(default, ge=low, le=high, json_schema_extra={"remedy": remedy}, **more)


KTop = Annotated[int, limits("model.k_top")]
KTrunc = Annotated[int, limits("model.k_trunc"), null_is_zero("model.k_trunc")]
KAtt = Annotated[int, limits("model.k_att")]
LearningRate = Annotated[float, limits("training.learning_rate")]
ClipNorm = Annotated[float, limits("training.clip_norm")]
Name = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
MOST_TAGS, LONGEST_TAG, LONGEST_NOTE = 20, 40, 2000
Note = Annotated[
    str,
    StringConstraints(max_length=LONGEST_NOTE, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"),
    Field(
        json_schema_extra={
            "form": f"text, at most {LONGEST_NOTE} characters",
            "remedy": "shorten it; longer text belongs in a file beside the bundle of the run",
        }
    ),
]
Tag = Annotated[
    str,
    StringConstraints(max_length=LONGEST_TAG, pattern=r"^[\p{L}\p{N}][\p{L}\p{N} ._:+/=-]*$"),
    Field(
        json_schema_extra={
            "form": f"1 … {LONGEST_TAG} letters, digits, spaces or . _ : + / = -, the first a letter or digit",
            "remedy": "a tag is a short word; put more into the note",
        }
    ),
]
MOST_IN_A_GROUP = 200
Seed = Annotated[int, limits("training.seed")]
GridValues = Annotated[
    list[Any],
    Field(
        min_length=1, max_length=MOST_IN_A_GROUP, json_schema_extra={"remedy": "name the values that are to be tried"}
    ),
]
Identifier = Annotated[str, StringConstraints(pattern=r"^[0-9a-z_-]{1,64}$")]


Phase = Annotated[int, Field(ge=0, lt=MAX_STEPS, json_schema_extra={"remedy": "0 cuts where the release does"})]

LEFT_OUT: Any = None
"""A knob that nobody named; null itself is refused, but for k_trunc, where it means no cut."""


class _Task(Strict):
    @model_validator(mode="before")
    @classmethod
    def _length(cls, values: Any) -> Any:
        """A data set has its full name; what was left out is what suits the task: its images have one length."""
        if isinstance(values, dict) and isinstance(values.get("data"), str):
            values = {**values, "data": contract.resolved(values["data"])}
        if not isinstance(values, dict) or "T" in values:
            return values
        return {**values, "T": contract.usual_T(values.get("name", contract.Task.name), values.get("data"))}

    @model_validator(mode="after")
    def _rules(self) -> Self:
        contract.task_rules(self)  # type: ignore[arg-type]  # its fields are made from the contract
        return self


class _Model(Strict):
    @model_validator(mode="after")
    def _rules(self) -> Self:
        contract.model_rules(self)  # type: ignore[arg-type]  # its fields are made from the contract
        return self


if TYPE_CHECKING:

    class TaskSpec(contract.Task, Strict):
        """The fields of contract.Task; null items mean the task's own number."""

        def __init__(self, **fields: Any) -> None: ...

    class ModelSpec(contract.Model, Strict):
        """The fields of contract.Model; k_trunc = 0 or null means no cut, and is kept as 0."""

        k_trunc: int

        def __init__(self, **fields: Any) -> None: ...

    class TrainingSpec(contract.Training, Strict):
        """The fields of contract.Training."""

        def __init__(self, **fields: Any) -> None: ...
else:
    TaskSpec = model_of("TaskSpec", "task", _Task)
    ModelSpec = model_of("ModelSpec", "model", _Model)
    TrainingSpec = model_of("TrainingSpec", "training", Strict)


class RunSpec(Strict):
    """All that determines a run. Every field has a default; an empty body is the default preset."""

    name: Name | None = None
    preset: Identifier | None = None
    task: TaskSpec = TaskSpec()
    model: ModelSpec = ModelSpec()
    training: TrainingSpec = TrainingSpec()

    @model_validator(mode="after")
    def _until_fits_the_task(self) -> Self:
        if self.training.until is not None:
            contract.parse_until(self.training.until, self.task.name)
        return self


class Parameters(Strict):
    """The knobs that may change while a run trains; those left out stay as they are."""

    k_top: KTop = LEFT_OUT
    k_trunc: KTrunc = LEFT_OUT
    k_att: KAtt = LEFT_OUT
    learning_rate: LearningRate = LEFT_OUT
    clip_norm: ClipNorm = LEFT_OUT

    def given(self) -> dict[str, Any]:
        """Only the knobs that were named."""
        return self.model_dump(exclude_unset=True)


class Command(Strict):
    """A request to a run; it takes effect between two updates and is acknowledged by an event."""

    type: CommandType
    parameters: Parameters | None = None
    command_id: Identifier | None = None
    base_version: int | None = _number(None, 0, 2**53, "the params_version you last saw")

    @model_validator(mode="after")
    def _parameters_belong(self) -> Self:
        given = self.parameters.given() if self.parameters else {}
        if self.type == "set_parameters" and not given:
            raise ValueError(f"parameters = {{}}: set_parameters needs a knob; name at least one of {', '.join(KNOBS)}")
        if self.type != "set_parameters" and given:
            raise ValueError(f"parameters: {self.type} takes none; send set_parameters instead")
        return self


class RunPatch(Strict):
    """What a person writes on a run; what is left out stays as it is."""

    name: Name | None = LEFT_OUT
    note: Note = LEFT_OUT
    tags: list[Tag] = Field(LEFT_OUT, max_length=MOST_TAGS, json_schema_extra={"remedy": "take some away"})
    starred: bool = Field(LEFT_OUT, json_schema_extra={"remedy": "true or false"})

    @model_validator(mode="after")
    def _said_once(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("body = {}: nothing to change; give at least one of name, note, tags, starred")
        twice = [tag for tag, times in Counter(self.tags or ()).items() if times > 1]
        if twice:
            raise ValueError(f"tags = {twice[0]}: each tag once; leave the second out")
        return self


class GroupRequest(Strict):
    """Runs to be compared: a base, and by dotted names the values that are tried in every combination.

    With `group` they join the runs that it has; one that trains the same as a run of it is not started again.
    """

    name: Name | None = None
    group: Identifier | None = Field(
        None, json_schema_extra={"remedy": "the id of a group, or 1 … 64 of a-z 0-9 _ - for a new one"}
    )
    base: dict[str, Any] = Field({}, json_schema_extra={"remedy": "the body of POST /api/runs"})
    grid: dict[str, GridValues] = Field(
        {}, max_length=8, json_schema_extra={"remedy": 'dotted names: {"model.method": ["sab", "tbptt"]}'}
    )
    seeds: list[Seed] = Field([], max_length=MOST_IN_A_GROUP, json_schema_extra={"remedy": "whole numbers, each once"})


class BranchModel(Strict):
    """The knobs of the network that a branch may begin with otherwise."""

    k_top: KTop = LEFT_OUT
    k_trunc: KTrunc = LEFT_OUT
    k_att: KAtt = LEFT_OUT

    def given(self) -> dict[str, Any]:
        """Only those that were named."""
        return self.model_dump(exclude_unset=True)


class BranchTraining(Strict):
    """What of the training a branch may have otherwise; `updates` are counted from the parent's beginning."""

    learning_rate: LearningRate = LEFT_OUT
    clip_norm: ClipNorm = LEFT_OUT
    updates: Annotated[int, limits("training.updates")] = LEFT_OUT
    until: Annotated[str, limits("training.until")] | None = LEFT_OUT

    def knobs(self) -> dict[str, Any]:
        """Only the knobs that were named."""
        return self.model_dump(exclude_unset=True, include=set(KNOBS))


class BranchRequest(Strict):
    """A run that goes on from stored weights of another; what is left out is as it was there."""

    update: int | None = _number(None, 0, LARGEST_UPDATE, "an update with a checkpoint; leave it out for the latest")
    name: Name | None = None
    model: BranchModel = BranchModel()
    training: BranchTraining = BranchTraining()


Pair = tuple[Annotated[int, Field(ge=0, le=100_000)], Annotated[int, Field(ge=-1, le=100_000)]]


Inputs = list[list[float]] | list[int] | list[float] | str
"""A sequence of one's own: one entry a step, or a text."""


class LinkWish(Strict):
    """A link to come in by, and for how many minutes it is good."""

    role: Role = "controller"
    minutes: int | None = _number(None, 1, 10_080, "leave it out for 1 as a controller, 720 as a viewer")


class ProbeRequest(Strict):
    """A question to a network: which way does credit go? Its weights are never touched."""

    run: Identifier | None = None
    checkpoint: Identifier | None = None
    preset: Identifier | None = None
    update: int | None = _number(None, 0, LARGEST_UPDATE, "an update with a checkpoint; leave it out for the latest")
    example: int = _number(0, 0, PROBE_EXAMPLES - 1, f"the probe batch holds {PROBE_EXAMPLES} examples")
    inputs: Inputs | None = Field(None, max_length=MAX_STEPS)
    loss_step: int | None = _number(
        None, 0, 100_000, "a step, null for the whole loss, left out for the task's own step"
    )
    k_top: KTop = LEFT_OUT
    k_trunc: KTrunc = LEFT_OUT
    k_att: KAtt = LEFT_OUT
    knocked_out: list[Pair] = Field([], max_length=10_000, strict=False)
    phase: Phase = 0
    cuts: Cuts = "blocks"
    rules: list[Rule] = Field(["sab", "truncated", "full"], min_length=1, max_length=3)
    share: float = _number(DEFAULT_SHARE, 0, 1, "0.95 shows the fewest paths that hold 95 % of the skip credit")

    @model_validator(mode="after")
    def _one_network(self) -> Self:
        named = [name for name in ("run", "checkpoint", "preset") if getattr(self, name) is not None]
        if len(named) != 1:
            raise ValueError(f"run, checkpoint, preset = {named}: name exactly one of them")
        if self.cuts == "window" and self.loss_step is None and "loss_step" in self.model_fields_set:
            raise ValueError("cuts = window: the whole loss has no last k_trunc steps; name a loss_step, or use blocks")
        return self
