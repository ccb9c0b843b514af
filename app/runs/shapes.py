"""The plain values in which a run is told: to the store, to workers, in events. They are JSON as they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NotRequired, TypedDict

from sab_visualiser.app.wire.requests import CommandType, RunStatus

ENDED: tuple[RunStatus, ...] = ("finished", "stopped", "failed", "diverged", "interrupted")
RECENT = ".metrics"
"""Ending of the file beside a checkpoint that a worker left behind: a metrics frame of the seconds before it."""
SILENCE_S = 120.0
"""So long server and worker wait for an answer to a ping. It stands in line behind all that was sent before it, so a
server that is behind by less than that loses no worker."""
BEAT_S = 1.0
"""Between two words of a worker that has nothing else to say."""
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
    """The text frame that gives a run to a worker.

    `checkpoint` is the sha256 of the one to go on from, `turns` are knobs to set again at their updates.
    """

    type: Literal["assign"]
    run: str
    attempt: int
    spec: Spec
    checkpoint: str | None
    update: int
    life: int
    paused: bool
    parameters: Parameters
    params_version: int
    turns: list[Order]


class Order(TypedDict):
    """A command as a worker gets it: Command, and for set_parameters the version it leads to."""

    type: CommandType
    command_id: NotRequired[str]
    parameters: NotRequired[Parameters]
    params_version: NotRequired[int]
    owners: NotRequired[dict[str, str]]
    applied: NotRequired[list[str]]
    superseded: NotRequired[list[str]]
    """Of an order made of several (runs/moves/turns.py): which command each knob is from, and how the others end."""
    at: NotRequired[int]
    """Of knobs that a resumed run comes to again: the update that they are set after."""


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
    limit: NotRequired[int]
    unread: NotRequired[bool]
    """Of `inspect`: the data set of the run is nowhere, so that only the header of its checkpoint can be judged."""
