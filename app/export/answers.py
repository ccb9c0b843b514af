"""What the export addresses ask the server for; they never touch its store, workers or files themselves."""

from __future__ import annotations

from typing import Annotated, Any, Protocol, cast

from fastapi import Depends, Request

from sab_visualiser.app.wire.requests import ProbeRequest

Columns = dict[str, Any]
"""A trace or curves in columns: app/wire/columns.py."""


class Answers(Protocol):
    """Who knows the numbers of runs and presets."""

    async def probe(self, request: ProbeRequest) -> Columns:
        """The trace of a network that is asked now."""

    async def snapshot(self, run_id: str, update: int | None) -> Columns | None:
        """The trace that a run left at an update (None: the newest); None when there is none."""

    async def metrics(self, run_id: str, after: int = -1) -> Columns:
        """The curves of a run's current attempt, for updates above `after`."""

    async def spec(self, run_id: str | None, preset: str | None) -> dict[str, Any] | None:
        """The RunSpec of a run or a preset; None for a checkpoint, which has no name that a caption could use."""

    async def preset_snapshot(self, preset: str, update: int | None) -> Columns:
        """The trace that a preset left at an update (None: the last) of its training."""

    async def preset_metrics(self, preset: str) -> Columns | None:
        """The curves of a preset's training; None when it came without."""


def answers_of(request: Request) -> Answers:
    """Who answers on this server."""
    return cast(Answers, request.app.state.answers)


Asked = Annotated[Answers, Depends(answers_of)]
