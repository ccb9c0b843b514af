"""What the routes answer beside runs and traces: presets, lists of what is stored, curves, an accepted command.

Deliberately not here: what may be asked, runs and problems (app/wire/protocol.py), traces (app/wire/trace.py).
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from sab_visualiser.app.wire.protocol import CommandType, ModelSpec, RunParameters, RunStatus, TaskSpec, TrainingSpec


class PresetSpec(BaseModel):
    """What a preset trains; a run of it may change any of it."""

    task: TaskSpec
    model: ModelSpec
    training: TrainingSpec


class PresetView(BaseModel):
    """A preset as the API shows it; `history`: snapshots and curves of its training came along."""

    name: str
    title: str
    description: str
    spec: PresetSpec
    metrics: dict[str, float | None]
    command: str | None
    update: int | None
    pretrained: bool
    history: bool


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


class Curves(BaseModel):
    """Curves as columns, one entry an update; null where a number is not finite or was not measured."""

    update: list[int]
    loss: list[float | None]
    gradient_norm: list[float | None]
    learning_rate: list[float | None]
    skipped: list[Literal[0, 1]]
    values: dict[str, list[float | None]]
    changes: list[KnobChange]


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
