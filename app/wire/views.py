"""What the server answers: runs, presets, tasks, lists of what is stored, curves, an accepted command, problems.

What may be asked is in requests.py, traces are in trace.py.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict

from sab_visualiser.app.wire.requests import (
    CommandType,
    ModelSpec,
    RunSpec,
    RunStatus,
    TaskSpec,
    TrainingSpec,
    VerdictWord,
)

PROBLEM_EXAMPLE: JsonDict = {
    "type": "about:blank",
    "title": "Value not accepted",
    "status": 422,
    "detail": "model.k_top = -1: 0 … 10000, whole number; 0 reads no memory, 5 is the paper's",
    "errors": [
        {
            "field": "model.k_top",
            "value": -1,
            "range": "0 … 10000, whole number",
            "remedy": "0 reads no memory, 5 is the paper's",
        }
    ],
}


class RunParameters(BaseModel):
    """The knobs in force, and what of the spec a caption needs; k_trunc = 0 means no cut."""

    k_top: int
    k_trunc: int
    k_att: int
    learning_rate: float
    clip_norm: float
    normalizer: Literal["shift", "softmax"]
    variant: Literal["paper", "release"]
    phase: Literal["fixed", "random"]


class VerdictView(BaseModel):
    """What became of a run, by the rule of docs/verdict.md; `update` is that of which the label speaks."""

    word: VerdictWord
    label: str
    sentence: str
    advice: str
    update: int | None


class NetworkHealth(BaseModel):
    """Health at the last look (docs/verdict.md); null where a network has no such thing, or it is not finite."""

    saturated: float | None
    dead: float | None
    near_tied: float | None
    largest_state: float | None
    moved_recurrent: float | None
    moved_scorer: float | None
    moved_readout: float | None
    norm_median: float | None
    norm_p99: float | None


class RunView(BaseModel):
    """A run as the API shows it."""

    id: str
    name: str
    status: RunStatus
    reason: str | None = None
    update: int
    updates: int
    attempt: int
    parameters: RunParameters
    params_version: int
    metrics: dict[str, float | None]
    spec: RunSpec
    preset: str | None = None
    seq: int
    skipped: int = 0
    updates_per_s: float | None = None
    snapshots: int = 0
    checkpoint: str | None = None
    checkpoint_update: int | None = None
    waits: str | None = None
    """What a queued run waits for, in words."""
    created: str
    verdict: VerdictView | None = None
    health: NetworkHealth | None = None
    chance: dict[str, float] = {}
    """What guessing gives, by metric, and `loss`."""


class FieldProblem(BaseModel):
    """What is wrong with one field, and how to mend it."""

    field: str
    value: Any = None
    range: str
    remedy: str


class Health(BaseModel):
    """That the server answers at all."""

    status: Literal["ok"] = "ok"


class EngineView(BaseModel):
    """How workers compute; null where no worker could say yet. `as_wished` is false when the fused loops cannot run.

    `cores` are those of the worker's machine, `threads` those that one run keeps busy.
    """

    device: str | None
    backend: str | None
    why: str
    as_wished: bool
    cores: int | None = None
    threads: int | None = None


class Problem(BaseModel):
    """RFC 9457 problem; `errors` has one entry per bad field."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] = []

    model_config = ConfigDict(json_schema_extra={"examples": [PROBLEM_EXAMPLE]})


class PresetSpec(BaseModel):
    """What a preset trains; a run of it may change any of it."""

    task: TaskSpec
    model: ModelSpec
    training: TrainingSpec


class SeedsThatLearn(BaseModel):
    """How surely a preset learns, measured by `sab bench learn`; `seconds` is the median of the seeds that did."""

    reached: int
    of: int
    seconds: float | None


class PresetView(BaseModel):
    """A preset as the API shows it; `history`: snapshots and curves of its training came along."""

    name: str
    title: str
    description: str
    spec: PresetSpec
    metrics: dict[str, float | None]
    command: str | None
    update: int | None
    learning: SeedsThatLearn | None
    verdict: VerdictView | None
    health: NetworkHealth | None
    chance: dict[str, float]
    pretrained: bool
    history: bool


class TaskParameter(BaseModel):
    """A number that a task takes, with its range."""

    name: str
    default: int
    minimum: int
    maximum: int
    unit: str
    description: str


class TaskMetric(BaseModel):
    """A figure that a task is judged by."""

    name: str
    unit: str
    better: Literal["higher", "lower"]
    description: str


class TaskView(BaseModel):
    """A task as the API shows it."""

    name: str
    title: str
    description: str
    kind: Literal["classes", "values"]
    inputs: str
    parameters: list[TaskParameter]
    metrics: list[TaskMetric]
    chance: dict[str, float]
    true_sources: str


class UploadedNetwork(BaseModel):
    """A checkpoint that a person sent: the name it is stored under, and what is in it."""

    checkpoint: str
    spec: RunSpec
    update: int
    size_bytes: int


class StoredNetwork(BaseModel):
    """Weights that a run left behind."""

    update: int
    checkpoint: str
    size_bytes: int


class RunSnapshots(BaseModel):
    """Updates of a run's current attempt that have a snapshot, and those that have a checkpoint."""

    run: str
    attempt: int
    updates: list[int]
    checkpoints: list[StoredNetwork]


class PresetSnapshots(BaseModel):
    """Updates of a preset's training that have a snapshot."""

    preset: str
    updates: list[int]


class KnobChange(BaseModel):
    """The knobs in force from `update` + 1 on."""

    update: int
    parameters: RunParameters
    params_version: int


class LookCurves(BaseModel):
    """What looks saw, one entry a look: the figures of NetworkHealth, and metrics where fresh examples were due."""

    update: list[int]
    health: dict[str, list[float | None]]
    fresh: dict[str, list[float | None]]


class Curves(BaseModel):
    """Curves as columns, one entry an update; null where a number is not finite or was not measured."""

    update: list[int]
    loss: list[float | None]
    gradient_norm: list[float | None]
    learning_rate: list[float | None]
    skipped: list[Literal[0, 1]]
    values: dict[str, list[float | None]]
    changes: list[KnobChange]
    looks: LookCurves


class RunCurves(Curves):
    """The curves of a run's current attempt, up to its event `seq`."""

    run: str
    attempt: int
    seq: int


class PresetCurves(Curves):
    """The curves of a preset's training."""

    preset: str


class CommandAnswer(BaseModel):
    """A command that was accepted; the run says by an event when it is done."""

    run: str
    type: CommandType
    command_id: str
    status: RunStatus
    params_version: int
