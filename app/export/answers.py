"""What an export asks for, of a server (app/control/answers.py) or of files (app/export/sources.py)."""

from __future__ import annotations

from typing import Protocol

from sab_visualiser.app.runs.curves import Curves
from sab_visualiser.app.runs.named import Described, Named, Shown
from sab_visualiser.app.runs.shapes import Spec
from sab_visualiser.app.wire.packing import SentTrace
from sab_visualiser.app.wire.requests import ProbeRequest


class Weights(Protocol):
    """A network that no server and no store knows: in a file, or in the memory of this process."""

    @property
    def name(self) -> str:
        """What it is called in a picture of it."""

    def probe(self, request: ProbeRequest) -> bytes:
        """The packed trace that answers; a UserError where a field does not suit the network."""

    def spec(self) -> Spec | None:
        """What the network was made from, where that is known."""


class Answers(Protocol):
    """Who knows the numbers of networks; an unknown one is a UserError that names it."""

    async def probe(self, request: ProbeRequest) -> SentTrace:
        """The trace of a network that is asked now."""

    async def snapshot(self, run_id: str, update: int | None) -> SentTrace:
        """The trace that a run left at an update (None: the latest); a UserError with status 404 without one."""

    async def metrics(self, run_id: str, after: int = -1) -> Curves:
        """The curves of a run's current attempt, for updates above `after`."""

    async def described(self, network: Named) -> Described:
        """What a caption says of the network."""

    async def shown(self, network: Named) -> Shown:
        """The network as the page lists it, for a file that needs no server."""

    async def preset_snapshot(self, preset: str, update: int | None) -> SentTrace:
        """The trace that a preset left at an update (None: the last) of its training."""

    async def preset_metrics(self, preset: str) -> Curves | None:
        """The curves of a preset's training; None when it came without."""

    async def runs_of(self, group: str) -> list[str]:
        """Ids of the runs of a group, oldest first; none where nothing is called so."""
