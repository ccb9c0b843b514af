"""What a launcher is: something that can start a worker process and tell when it has ended.

Workers dial in over the socket, whoever started them.
"""

from __future__ import annotations

from typing import Protocol


class Handle(Protocol):
    """A worker process that a launcher started."""

    pid: int

    async def wait(self) -> str:
        """Return once the process has ended, with the reason in words."""

    def terminate(self) -> None:
        """Ask it to end (SIGTERM)."""

    def kill(self) -> None:
        """End it now (SIGKILL)."""


class Launcher(Protocol):
    """Starts workers on this machine or elsewhere."""

    async def start(self, worker_id: str, url: str, token: str) -> Handle:
        """Start one worker that will dial `url` and say `worker_id`; its arguments never show the token."""

    async def close(self) -> None:
        """End what is kept beside the workers; the server ends, and they have."""
