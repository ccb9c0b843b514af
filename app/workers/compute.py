"""How workers compute, as the first of them said: device, backend, and why. The server itself knows no torch.

Each worker chooses when it starts (model/devices.py).
"""

from __future__ import annotations

import asyncio

from pydantic import ValidationError

from sab_visualiser.app.wire.views import EngineView

UNKNOWN = EngineView(device=None, backend=None, why="no worker has started yet", as_wished=True)


class Computing:
    """What is known so far; the newest word counts."""

    def __init__(self) -> None:
        self._view = UNKNOWN
        self._known = asyncio.Event()

    def told(self, said: object) -> None:
        """A worker said hello; one that says nothing about it changes nothing."""
        try:
            self._view = EngineView.model_validate(said)
        except ValidationError:
            return
        self._known.set()

    @property
    def fused(self) -> bool:
        """Whether workers are known to run the fused loops."""
        return self._view.backend == "numba"

    def failed(self, reason: str) -> None:
        """A worker ended before any had said how it computes."""
        if self._view.device is None:
            self._view = EngineView(device=None, backend=None, why=reason, as_wished=False)
            self._known.set()

    async def view(self, timeout_s: float) -> EngineView:
        """What is known, after waiting at most `timeout_s` for the first word."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._known.wait()
        except TimeoutError:
            pass
        return self._view
