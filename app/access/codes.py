"""Codes of links: what a link holds in place of a token. One for a controller lets one browser in, once; one for
viewers lets in a class, until its time is over. They live in memory, and end with the server.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from sab_visualiser.app.access.rights import Role

CODE_BYTES = 24
MOST_CODES = 1000
"""Codes that may be open at a time; the oldest goes."""
SECONDS: dict[Role, float] = {"controller": 60.0, "viewer": 12 * 3600.0}
"""How long a link is good when nobody says otherwise."""


@dataclass(frozen=True)
class Open:
    """A code that may still be used."""

    role: Role
    until: float
    once: bool


class Codes:
    """Those that were given out.

    Args:
        clock: Seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._open: dict[str, Open] = {}

    def give(self, role: Role, seconds: float | None = None) -> str:
        """A new code.

        Args:
            role: Of whoever comes with it.
            seconds: For which it is good; those of the role when left out.
        """
        now = self._clock()
        self._open = {name: code for name, code in self._open.items() if code.until > now}
        while len(self._open) >= MOST_CODES:
            del self._open[next(iter(self._open))]
        code = secrets.token_urlsafe(CODE_BYTES)
        self._open[_name(code)] = Open(role, now + (SECONDS[role] if seconds is None else seconds), role != "viewer")
        return code

    def take(self, code: str) -> Role | None:
        """The role that a code gives; None for one that is unknown, too old, or used up."""
        name = _name(code)
        found = self._open.get(name)
        if found is None or found.until <= self._clock():
            return None
        if found.once:
            del self._open[name]
        return found.role

    def forget(self) -> None:
        """None of them is good any more."""
        self._open.clear()


def _name(code: str) -> str:
    """Codes are looked up by a hash: how long that takes tells nothing of the code."""
    return hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()
