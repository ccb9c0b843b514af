"""The default launcher: worker processes on this machine, watched by their process handle.

Each gets its own process group, so that Ctrl-C in the terminal reaches the server alone, which then lets its
workers save what they have.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections import deque
from collections.abc import Sequence

WORKER_COMMAND = (sys.executable, "-P", "-m", "sab_visualiser.app.worker")
"""`-P`: the folder that somebody started the server in is no place to import from."""
TOKEN_VARIABLE = "SAB_WORKER_TOKEN"  # noqa: S105 (the name of a variable, not a secret)
KEPT_LINES = 20


class LocalHandle:
    """One spawned worker."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.pid = process.pid
        self._process = process
        self._lines: deque[str] = deque(maxlen=KEPT_LINES)
        self._reader = asyncio.create_task(self._read_errors())

    async def wait(self) -> str:
        """Return once the process has ended, with the reason in words."""
        code = await self._process.wait()
        try:  # a grandchild may hold the pipe open; the exit itself must not wait for it
            await asyncio.wait_for(asyncio.shield(self._reader), 0.2)
        except TimeoutError:
            self._reader.cancel()
        if code < 0:
            reason = f"worker ended with signal {-code} ({_signal_name(-code)})"
        else:
            reason = f"worker ended with exit code {code}"
        return f"{reason}: {self._lines[-1]}" if self._lines else reason

    def terminate(self) -> None:
        """Ask the process group to end (SIGTERM)."""
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """End the process group now (SIGKILL)."""
        self._send(signal.SIGKILL)

    def _send(self, number: signal.Signals) -> None:
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)

    async def _read_errors(self) -> None:
        assert self._process.stderr is not None
        async for raw in _lines(self._process.stderr):
            text = raw.decode("utf-8", "replace").strip()
            if text:
                self._lines.append(text[:300])


class LocalLauncher:
    """Starts workers as child processes.

    Args:
        command: Program and arguments to which `--server URL --id ID` is added.
    """

    def __init__(self, command: Sequence[str] = WORKER_COMMAND) -> None:
        self.command = tuple(command)

    async def start(self, worker_id: str, url: str, token: str) -> LocalHandle:
        """Spawn one worker; the token travels in its environment, never in its arguments."""
        process = await asyncio.create_subprocess_exec(
            *self.command,
            "--server",
            url,
            "--id",
            worker_id,
            env={**os.environ, TOKEN_VARIABLE: token},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        return LocalHandle(process)


async def _lines(stream: asyncio.StreamReader):  # type: ignore[no-untyped-def]
    """Lines of any length: one that is too long for the buffer comes in parts."""
    while True:
        try:
            line = await stream.readline()
        except ValueError:
            continue
        if not line:
            return
        yield line


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"
