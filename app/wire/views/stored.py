"""Lists of what is stored of a run or preset, and its curves."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from sab_visualiser.app.wire.requests import (
    RunSpec,
)
from sab_visualiser.app.wire.views.runs import RunParameters


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
    """What looks saw, one entry a look: the figures of NetworkHealth, and metrics where unseen examples were due."""

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
