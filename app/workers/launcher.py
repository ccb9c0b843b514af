"""What an engine is: something that can start a worker process and tell when it has ended.

Deliberately not here: what workers do; they dial in over the socket, whoever started them.
"""

from __future__ import annotations

from typing import Protocol


class Handle(Protocol):
    """A worker process that an engine started."""

    pid: int

    async def wait(self) -> str:
        """Return once the process has ended, with the reason in words."""

    def terminate(self) -> None:
        """Ask it to end (SIGTERM)."""

    def kill(self) -> None:
        """End it now (SIGKILL)."""


class Engine(Protocol):
    """Starts workers on this machine or elsewhere."""

    async def start(self, worker_id: str, url: str, token: str) -> Handle:
        """Start one worker that will dial `url` and say `worker_id`; the token goes by the environment."""
