"""What the server has: presets, tasks, an engine."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from sab_visualiser.app.wire.requests import (
    ModelSpec,
    Role,
    TaskSpec,
    TrainingSpec,
)
from sab_visualiser.app.wire.views.runs import NetworkHealth, VerdictView


class Health(BaseModel):
    """That the server answers at all."""

    status: Literal["ok"] = "ok"


class LinkView(BaseModel):
    """An address that lets a browser in: once as a controller, and any browser as a viewer, until its time is over."""

    url: str
    role: Role
    minutes: int


class EngineView(BaseModel):
    """How workers compute; null where no worker could say yet. `as_wished` is false when faster code should run there
    and cannot; `backend` alone is null where the device is there and cannot be used now.

    `cores` are those of the worker's machine, `threads` those that one run keeps busy.
    """

    device: str | None
    backend: str | None
    why: str
    as_wished: bool
    cores: int | None = None
    threads: int | None = None


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
    """A task as the API shows it; `fields` are those of `task` that a run of it may set, beside the name."""

    name: str
    title: str
    description: str
    kind: Literal["classes", "values"]
    inputs: str
    fields: list[str]
    parameters: list[TaskParameter]
    metrics: list[TaskMetric]
    chance: dict[str, float]
    true_sources: str
