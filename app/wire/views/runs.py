"""A run as the API shows it, and what is answered to a command."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from sab_visualiser.app.wire.requests import (
    CommandType,
    RunSpec,
    RunStatus,
    VerdictWord,
)


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


class BestView(BaseModel):
    """The best that a run came to on unseen examples, and at which update."""

    metric: str
    value: float
    update: int


class ParentView(BaseModel):
    """The run and update whose weights a run began with; `name` is null where that run is not on this server."""

    run: str
    name: str | None = None
    update: int


class BornView(BaseModel):
    """The run that one is a copy of, on the server where it was started, and when; null where nobody knows."""

    run: str
    started: str | None


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
    engine: str | None = None
    """Device and code of its updates, in words, and why it is these; null where no worker has said."""
    updates_per_s: float | None = None
    """Of now, the median over the last seconds; null where it does not train."""
    trained_per_s: float | None = None
    """The last rate that was measured while it trained, updates/s; it stays when the run ends."""
    trained_s: float = 0.0
    """What its updates took, seconds; updates made again after a loss count again."""
    snapshots: int = 0
    checkpoint: str | None = None
    checkpoint_update: int | None = None
    waits: str | None = None
    """What a queued run waits for, in words."""
    stalled: str | None = None
    """That the worker of a run stands still, in words; null where it does not."""
    missing: str | None = None
    """That the data set of a run is not here, as of one that was brought in, in words; null where it is."""
    created: str
    """When the run came to be on this server, ISO 8601; `imported` has when a copy was started."""
    imported: BornView | None = None
    """Set where the run came in a bundle."""
    verdict: VerdictView | None = None
    health: NetworkHealth | None = None
    chance: dict[str, float] = {}
    """What guessing gives, by metric, and `loss`."""
    best: BestView | None = None
    fresh: dict[str, float | None] = {}
    """All metrics of the last look at unseen examples; null where one is not finite."""
    group: str | None = None
    group_name: str | None = None
    """Of runs that were started together, to be compared."""
    parent: ParentView | None = None
    note: str = ""
    tags: list[str] = []
    starred: bool = False


class GroupView(BaseModel):
    """A group that was started, with its runs in the order of the grid."""

    group: str
    name: str
    runs: list[RunView]


class GroupRow(BaseModel):
    """A run of a group: what it has of its own, and what came of it."""

    run: str
    name: str
    attempt: int
    seq: int
    status: RunStatus
    reason: str | None
    update: int
    updates: int
    values: dict[str, bool | int | float | str | None]
    """By dotted name, what not all runs of the group have the same; what its method fixes is as that has it."""
    fresh: dict[str, float | None]
    best: BestView | None
    verdict: VerdictWord | None
    seconds: float
    """What its updates took."""
    steered: bool
    """Whether somebody turned a knob while it trained."""


class GroupMetric(BaseModel):
    """A figure that runs of a group are judged by."""

    name: str
    unit: str
    better: Literal["higher", "lower"]


class GroupResults(BaseModel):
    """What came of a group: `axes` are the dotted names in which its runs differ, in the order of a run's form."""

    group: str
    name: str
    axes: list[str]
    metrics: list[GroupMetric]
    rows: list[GroupRow]
    """Oldest first."""


class CommandAnswer(BaseModel):
    """A command that was accepted; the run says by an event when it is done."""

    run: str
    type: CommandType
    command_id: str
    status: RunStatus
    params_version: int
