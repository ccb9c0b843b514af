"""What travels over `/ws` (docs/protocol.md): every frame of the server, and every message of a page.

A test holds frames of the real server against these types, and static/js/wire/wire.d.ts is made from them
(app/wire/generate/typescript.py). Nothing is checked with them while the server runs: it writes the frames itself.
Bytes: app/wire/codec.py.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sab_visualiser.app.wire.columns import F32, I32, U8, Part
from sab_visualiser.app.wire.requests import Command, RunStatus
from sab_visualiser.app.wire.views import Problem, RunParameters, RunView, VerdictView
from sab_visualiser.app.wire.views.kept import AcknowledgedData, QuarantinedData, SupersededData


class HelloFrame(Part):
    """The first frame of a connection; `epoch` names the start of the server."""

    kind: Literal["hello"]
    epoch: str
    version: str


class SubscribedFrame(Part):
    """Answer to subscribe: the run as it is now."""

    kind: Literal["subscribed"]
    run: str
    seq: int
    view: RunView


class _Event(Part):
    run: str
    attempt: int
    seq: int
    update: int


class StatusData(Part):
    """All that may have changed with the status."""

    status: RunStatus
    reason: str | None
    parameters: RunParameters
    params_version: int
    metrics: dict[str, float | None]
    updates_per_s: float | None
    skipped: int


class StatusFrame(_Event):
    """The run is in another status, or says its figures anew."""

    kind: Literal["status"]
    data: StatusData


class MetricsData(Part):
    """Figures of some updates in columns; `values` are those of the task."""

    update: I32
    loss: F32
    gradient_norm: F32
    learning_rate: F32
    skipped: U8
    values: dict[str, F32]
    updates_per_s: float | None
    seconds: float | None = None
    """What these updates took; null where nobody measured it, not there in events of earlier versions."""


class MetricsFrame(_Event):
    """The run made updates."""

    kind: Literal["metrics"]
    data: MetricsData


class LookData(Part):
    """A look at the network: the figures of NetworkHealth, NaN for null; `fresh` is empty unless examples were due."""

    update: I32
    health: dict[str, F32]
    fresh: dict[str, F32]
    verdict: VerdictView | None


class LookFrame(_Event):
    """Somebody looked at the network, and this is what became of the run by now."""

    kind: Literal["look"]
    data: LookData


class ParametersData(Part):
    """The knobs in force, and the command that brought them; of those that came with it, which count and which do not.

    Knobs that are turned faster than a worker takes them come together: `applied` has a value in it, `superseded` none.
    """

    command_id: str
    parameters: RunParameters
    params_version: int
    applied: list[str] = Field(default_factory=list)
    superseded: list[str] = Field(default_factory=list)


class ParametersFrame(_Event):
    """Knobs were turned: in force from `update` + 1 on."""

    kind: Literal["parameters"]
    data: ParametersData


class AcknowledgedFrame(_Event):
    """A command is carried out."""

    kind: Literal["acknowledged"]
    data: AcknowledgedData


class SupersededFrame(_Event):
    """What came after them, or the end of the run, took the place of commands."""

    kind: Literal["superseded"]
    data: SupersededData


class QuarantinedFrame(_Event):
    """A checkpoint was refused and put aside; the run goes on from the one before."""

    kind: Literal["quarantined"]
    data: QuarantinedData


class CheckpointData(Part):
    """Where the weights of an update are."""

    checkpoint: str
    size_bytes: int
    update: int


class CheckpointFrame(_Event):
    """Weights are stored; those of a diverged run are of an earlier update than the frame."""

    kind: Literal["checkpoint"]
    data: CheckpointData


class RewoundData(Part):
    """The attempt that begins, and the run that keeps the one before; null where that had made no update."""

    command_id: str
    attempt: int
    seed: int
    kept: str | None


class RewoundFrame(_Event):
    """Reset or reseed: everything before is void."""

    kind: Literal["rewound"]
    data: RewoundData


class SnapshotFrame(_Event):
    """The newest picture, packed in bytes of its own; it has no seq of its own and carries the last one."""

    kind: Literal["snapshot"]
    trace: U8


class TraceFrame(Part):
    """A trace that a page asked for over HTTP: which network it is of, and the bytes of its packed form."""

    kind: Literal["trace"]
    run: str | None
    preset: str | None
    checkpoint: str | None
    trace: U8


class RejectedFrame(Part):
    """A message that was not obeyed, to its sender only."""

    kind: Literal["rejected"]
    run: str | None
    command_id: str | None
    problem: Problem


class GapFrame(Part):
    """Events that could not be sent."""

    kind: Literal["gap"]
    run: str
    first: int = Field(alias="from")
    last: int = Field(alias="to")
    reason: str


class AcceptedFrame(Part):
    """The server has taken a command, to its sender only; what it did comes as events of the run."""

    kind: Literal["accepted"]
    run: str
    command_id: str
    params_version: int


class PongFrame(Part):
    """Answer to a ping: the connection holds."""

    kind: Literal["pong"]


class RunsFrame(Part):
    """The newest runs, newest first, and how many there are in all; those beyond are asked for over HTTP."""

    kind: Literal["runs"]
    runs: list[RunView]
    total: int


class RowFrame(Part):
    """One row of the list of runs is new or another one now; null for a run that was deleted."""

    kind: Literal["row"]
    run: str
    view: RunView | None


RunEvent = (
    StatusFrame
    | MetricsFrame
    | LookFrame
    | ParametersFrame
    | AcknowledgedFrame
    | SupersededFrame
    | CheckpointFrame
    | QuarantinedFrame
    | RewoundFrame
    | SnapshotFrame
)
Frame = Annotated[
    HelloFrame
    | SubscribedFrame
    | RunEvent
    | AcceptedFrame
    | RejectedFrame
    | GapFrame
    | RunsFrame
    | RowFrame
    | PongFrame,
    Field(discriminator="kind"),
]
"""Whatever the server sends."""


class Subscribe(Part):
    """Send every event of a run above `after`, null for all, then those that come."""

    type: Literal["subscribe"]
    run: str
    after: int | None


class Unsubscribe(Part):
    """Send no more of a run."""

    type: Literal["unsubscribe"]
    run: str


class CommandMessage(Part):
    """A command to a run."""

    type: Literal["command"]
    run: str
    command: Command


class Ping(Part):
    """Is anybody there? A page asks when it has heard nothing for a while."""

    type: Literal["ping"]


Message = Annotated[Subscribe | Unsubscribe | CommandMessage | Ping, Field(discriminator="type")]
"""Whatever a page sends."""
