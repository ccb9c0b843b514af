"""What may be asked for: runs, commands, probes.

One validator serves REST, the socket, the command line and sweeps: these classes. Ranges and remedies stand
beside the fields, so that an error can name them (errors.py). static/js/wire/wire.d.ts is made from this module
(typescript.py). What is answered: views.py, trace.py. Nothing here knows torch, files or sockets.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

TaskName = Literal["copy", "adding", "recall", "denoise"]
Rule = Literal["sab", "truncated", "full"]
RunStatus = Literal["queued", "running", "paused", "finished", "stopped", "failed", "diverged", "interrupted"]
CommandType = Literal["set_parameters", "pause", "resume", "step", "stop", "checkpoint", "reset", "reseed"]
Panel = Literal["attention", "gradients", "paths", "curves"]
ExportFormat = Literal["png", "svg", "pdf", "html", "csv", "json", "npz"]

MAX_STEPS = 1000
"""Longest sequence the page and the store accept, in steps."""


class Strict(BaseModel):
    """Base of all input: no unknown key, no silent conversion, no NaN."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


def _number(default: Any, low: float, high: float, remedy: str, **more: Any) -> Any:
    return Field(default, ge=low, le=high, json_schema_extra={"remedy": remedy}, **more)


KTop = Annotated[int, Field(ge=0, le=10_000, json_schema_extra={"remedy": "0 reads no memory, 5 is the paper's"})]
KTrunc = Annotated[int, Field(ge=0, le=100_000, json_schema_extra={"remedy": "0 means no cut (full backpropagation)"})]
KAtt = Annotated[int, Field(ge=1, le=10_000, json_schema_extra={"remedy": "1 stores every step as a memory"})]
# So wide that a student can watch a run diverge for real; below 1e23, which is always a slip of the keyboard.
LearningRate = Annotated[float, Field(gt=0, le=1e22, json_schema_extra={"remedy": "0.002 is a good start"})]
ClipNorm = Annotated[
    float, Field(ge=0, le=1e6, json_schema_extra={"remedy": "0.5 is a good start, 0 switches clipping off"})
]
Name = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Identifier = Annotated[str, StringConstraints(pattern=r"^[0-9a-z_-]{1,64}$")]


class TaskSpec(Strict):
    """Which toy task: its length knob T in steps, and how many symbols or pairs to remember."""

    name: TaskName = Field("copy", json_schema_extra={"remedy": "see GET /api/tasks"})
    T: int = _number(50, 1, MAX_STEPS, "20 to 200 is comfortable")
    items: int | None = _number(None, 1, 50, "leave it out for the task's own default")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        least = {"adding": 2, "denoise": self.items or 10}.get(self.name, 1)
        if least > self.T:
            raise ValueError(f"task.T = {self.T}: {self.name} needs {least} … {MAX_STEPS}; choose a longer sequence")
        if self.name == "adding" and self.items is not None:
            raise ValueError(f"task.items = {self.items}: adding always marks two numbers; leave items out")
        if self.name == "recall" and (self.items or 0) > 8:
            raise ValueError(f"task.items = {self.items}: recall has 8 keys; choose 1 … 8")
        return self


class ModelSpec(Strict):
    """The network: method, sizes and the SAB knobs; k_trunc = 0 means no cut."""

    method: Literal["sab", "tbptt", "bptt", "attention"] = "sab"
    hidden_size: int = _number(128, 1, 1024, "32 to 256 suits the toy tasks")
    attention_size: int = _number(32, 1, 512, "16 to 128 suits the toy tasks")
    k_top: KTop = 5
    k_trunc: KTrunc = 5
    k_att: KAtt = 2
    normalizer: Literal["shift", "softmax"] = "shift"
    variant: Literal["paper", "release"] = "paper"
    initial_memory: bool = True

    @model_validator(mode="after")
    def _release_has_one_normalizer(self) -> Self:
        if self.variant == "release" and self.normalizer != "shift":
            raise ValueError("model.normalizer = softmax: the release variant has shift only; choose variant paper")
        if self.variant == "release" and self.method == "attention":
            raise ValueError("model.method = attention: needs a softmax, which variant release has not; choose paper")
        return self


class TrainingSpec(Strict):
    """Optimiser and length of the run."""

    batch_size: int = _number(32, 1, 1024, "32 suits the toy tasks")
    learning_rate: LearningRate = 0.002
    clip_norm: ClipNorm = 0.5
    updates: int = _number(10_000, 1, 10_000_000, "a copy run needs about 10,000")
    seed: int = _number(0, 0, 2**31 - 1, "any whole number in the range")
    phase: Literal["fixed", "random"] = "fixed"


class RunSpec(Strict):
    """All that determines a run. Every field has a default; an empty body is the default preset."""

    name: Name | None = None
    preset: Identifier | None = None
    task: TaskSpec = TaskSpec()
    model: ModelSpec = ModelSpec()
    training: TrainingSpec = TrainingSpec()


class Parameters(Strict):
    """The knobs that may change while a run trains; those left out stay as they are."""

    k_top: KTop | None = None
    k_trunc: KTrunc | None = None
    k_att: KAtt | None = None
    learning_rate: LearningRate | None = None
    clip_norm: ClipNorm | None = None

    def given(self) -> dict[str, Any]:
        """Only the knobs that were named."""
        return self.model_dump(exclude_none=True)


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
            raise ValueError(
                "parameters = {}: set_parameters needs a knob; "
                "name at least one of k_top, k_trunc, k_att, learning_rate, clip_norm"
            )
        if self.type != "set_parameters" and given:
            raise ValueError(f"parameters: {self.type} takes none; send set_parameters instead")
        return self


Pair = tuple[Annotated[int, Field(ge=0, le=100_000)], Annotated[int, Field(ge=-1, le=100_000)]]


class ProbeRequest(Strict):
    """A question to a network: which way does credit go? Its weights are never touched."""

    run: Identifier | None = None
    checkpoint: Identifier | None = None
    preset: Identifier | None = None
    update: int | None = _number(None, 0, 10_000_000, "an update that has a checkpoint; leave it out for the latest")
    example: int = _number(0, 0, 15, "the probe batch holds 16 examples")
    inputs: list[list[float]] | list[int] | None = Field(None, max_length=MAX_STEPS)
    loss_step: int | None = _number(
        None, 0, 100_000, "a step, null for the whole loss, left out for the task's own step"
    )
    k_top: KTop | None = None
    k_trunc: KTrunc | None = None
    k_att: KAtt | None = None
    knocked_out: list[Pair] = Field([], max_length=10_000, strict=False)
    rules: list[Rule] = Field(["sab", "truncated", "full"], min_length=1, max_length=3)
    share: float = _number(0.95, 0, 1, "0.95 shows the fewest paths that hold 95 % of the skip credit")

    @model_validator(mode="after")
    def _one_network(self) -> Self:
        named = [name for name in ("run", "checkpoint", "preset") if getattr(self, name) is not None]
        if len(named) != 1:
            raise ValueError(f"run, checkpoint, preset = {named}: name exactly one of them")
        return self
