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
from collections.abc import Awaitable, Callable, Sequence

WORKER_COMMAND = (sys.executable, "-P", "-m", "sab_visualiser.app.worker")
"""`-P`: the folder that somebody started the server in is no place to import from."""
TOKEN_VARIABLE = "SAB_WORKER_TOKEN"  # noqa: S105 (the name of a variable, not a secret)
KEPT_LINES = 20


class LocalHandle:
    """One worker process of this machine.

    Args:
        pid: Of the process, which leads a group of its own.
        errors: What it writes to standard error.
        ended: Its exit code once there is one, negative for a signal; None where nobody can tell any more, and the end
            of `errors` is its end.
        close: Called when it has ended.
    """

    def __init__(
        self,
        pid: int,
        errors: asyncio.StreamReader,
        ended: Awaitable[int | None],
        close: Callable[[], object] = lambda: None,
    ) -> None:
        self.pid = pid
        self._errors, self._close = errors, close
        self._code = asyncio.ensure_future(ended)
        self._gone = False
        self._lines: deque[str] = deque(maxlen=KEPT_LINES)
        self._reader = asyncio.create_task(self._read_errors())

    async def wait(self) -> str:
        """Return once the process has ended, with the reason in words."""
        code = await asyncio.shield(self._code)
        try:  # a grandchild may hold the pipe open; the exit itself must not wait for it
            await asyncio.wait_for(asyncio.shield(self._reader), None if code is None else 0.2)
        except TimeoutError:
            self._reader.cancel()
        self._gone = True
        self._close()
        reason = f"worker ended{_how(code)}"
        return f"{reason}: {self._lines[-1]}" if self._lines else reason

    def terminate(self) -> None:
        """Ask the process group to end (SIGTERM)."""
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """End the process group now (SIGKILL)."""
        self._send(signal.SIGKILL)

    def _send(self, number: signal.Signals) -> None:
        if not self._gone and (not self._code.done() or self._code.result() is None):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)

    async def _read_errors(self) -> None:
        async for raw in _lines(self._errors):
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
        assert process.stderr is not None
        return LocalHandle(process.pid, process.stderr, process.wait())

    async def close(self) -> None:
        """Nothing is kept beside the workers."""


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


def _how(code: int | None) -> str:
    if code is None:
        return ""
    return f" with exit code {code}" if code >= 0 else f" with signal {-code} ({_signal_name(-code)})"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"
