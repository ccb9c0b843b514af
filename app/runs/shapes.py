"""The plain values in which a run is told: to the store, to workers, in events. They are JSON as they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NotRequired, TypedDict

from sab_visualiser.app.wire.requests import CommandType, RunStatus

ENDED: tuple[RunStatus, ...] = ("finished", "stopped", "failed", "diverged", "interrupted")
RECENT = ".metrics"
"""Ending of the file beside a checkpoint that a worker left behind: a metrics frame of the seconds before it."""
RESUMABLE: tuple[RunStatus, ...] = ("stopped", "failed", "interrupted")


class Spec(TypedDict):
    """A RunSpec as plain values (app/wire/requests.py); a preset's has neither name nor preset."""

    task: dict[str, Any]
    model: dict[str, Any]
    training: dict[str, Any]
    name: NotRequired[str | None]
    preset: NotRequired[str | None]


Parameters = dict[str, int | float | str | None]
"""The knobs in force, and what of the spec a caption needs, by name (KNOBS and TOLD of model/contract)."""


@dataclass(frozen=True)
class Stored:
    """A checkpoint that the store has; `spec` is that of its run or of its upload, where it was asked for."""

    sha256: str
    size_bytes: int
    update: int
    spec: Spec | None = None


class Rate(TypedDict):
    """How surely a preset learns (`sab bench learn`); updates are those of the seeds that did, None where none did."""

    reached: int
    of: int
    median: int | None
    slowest: int | None


class Parent(TypedDict):
    """Where a run branched off: of which run, and the checkpoint and knobs that it began with."""

    run: str
    update: int
    checkpoint: str
    size_bytes: int
    parameters: Parameters


class Born(TypedDict):
    """Where a run was started that came in a bundle: its first id, and when, ISO 8601; None where nobody knows."""

    run: str
    started: str | None


class Best(TypedDict):
    """The best that a run came to on fresh examples, and at which update."""

    metric: str
    value: float
    update: int


class News(TypedDict):
    """What a `status` event says."""

    status: RunStatus
    reason: str | None
    parameters: Parameters
    params_version: int
    metrics: dict[str, float | None]
    updates_per_s: float | None
    skipped: int


class Assignment(TypedDict):
    """The text frame that gives a run to a worker; `checkpoint` is the sha256 of the one to go on from."""

    type: Literal["assign"]
    run: str
    attempt: int
    spec: Spec
    checkpoint: str | None
    paused: bool
    parameters: Parameters
    params_version: int


class Order(TypedDict):
    """A command as a worker gets it: Command, and for set_parameters the version it leads to."""

    type: CommandType
    command_id: NotRequired[str]
    parameters: NotRequired[Parameters]
    params_version: NotRequired[int]


class Forwarded(TypedDict):
    """The text frame that brings a command to the worker that has the run."""

    type: Literal["command"]
    run: str
    command: Order


class Label(TypedDict):
    """Which network an answer is about; exactly one of the three was asked for, a run may have the other beside it."""

    run: str | None
    preset: str | None
    checkpoint: str | None


class Question(TypedDict):
    """The text frame that asks a worker: about its own run, or about the network of a checkpoint or of a spec."""

    type: Literal["probe", "hits", "selfcheck", "inspect"]
    request: NotRequired[int]
    probe: NotRequired[dict[str, object]]
    spec: NotRequired[Spec | None]
    checkpoint: NotRequired[str | None]
