"""Enter in the terminal that a server was started in asks for a new link."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable

STDIN = 0
AWAY_S = 1.0
"""So long another program has the terminal before it is looked at again."""


class Enter:
    """Calls back for each Enter, while the server is in the foreground of a terminal.

    A server in the background must not read from the terminal: the system would stop it.

    Args:
        pressed: What is done.
    """

    def __init__(self, pressed: Callable[[], object]) -> None:
        self._pressed = pressed
        self._later: asyncio.TimerHandle | None = None
        self._watching = False

    @property
    def can_ask(self) -> bool:
        """Whether there is a terminal to press it in."""
        return sys.stdin is not None and os.isatty(STDIN) and _in_front()

    def watch(self) -> None:
        """Begin; without effect where there is no terminal."""
        if sys.stdin is None or not os.isatty(STDIN):
            return
        with contextlib.suppress(ValueError):  # not the main thread: then nobody presses anything here either
            signal.signal(signal.SIGTTIN, signal.SIG_IGN)
            self._begin()

    def leave(self) -> None:
        """End; without effect when it has ended."""
        if self._later is not None:
            self._later.cancel()
        if self._watching:
            self._watching = False
            asyncio.get_running_loop().remove_reader(STDIN)

    def _begin(self) -> None:
        self._watching = True
        asyncio.get_running_loop().add_reader(STDIN, self._read)

    def _read(self) -> None:
        try:
            said = os.read(STDIN, 1024) if _in_front() else None
        except OSError:
            said = None
        if said:
            self._pressed()
            return
        self.leave()
        if said is None:  # another program has the terminal; an empty answer is its end
            self._later = asyncio.get_running_loop().call_later(AWAY_S, self._begin)


def _in_front() -> bool:
    """Whether what is typed in the terminal is for this process."""
    try:
        return os.tcgetpgrp(STDIN) == os.getpgrp()
    except OSError:
        return False
