"""What the file is called that a worker leaves when its server is gone: of which run, from which time that a worker had
it, of which update, and the sha256 of its bytes. Pure, no I/O.
"""

from __future__ import annotations

import re
from typing import NamedTuple, Protocol

from sab_visualiser.app.runs.run import Run

NAME = re.compile(
    r"(?P<run>r[0-9a-f]{1,64})-(?P<attempt>\d{1,9})-(?P<life>\d{1,9})-(?P<update>\d{1,9})-(?P<sha256>[0-9a-f]{64})"
    r"\.safetensors"
)


class Leaves(Protocol):
    """Who leaves a file: a session."""

    run: str
    attempt: int
    life: int


class Left(NamedTuple):
    """A file that a worker left, by its name."""

    run: str
    attempt: int
    life: int
    update: int
    sha256: str

    def refused(self, run: Run, sha256: str) -> str | None:
        """Why it is not taken up, in words; None where it is.

        Args:
            run: That it says it is of.
            sha256: Of the bytes that it holds.
        """
        if sha256 != self.sha256:
            return "its bytes are not those that were written: it is cut short, or was changed"
        if (self.attempt, self.life) != (run.attempt, run.life):
            return "it was written when another worker had the run already, or the run had begun anew"
        return None


def left_name(session: Leaves, update: int, sha256: str) -> str:
    """The name under which a worker leaves a checkpoint."""
    return f"{session.run}-{session.attempt}-{session.life}-{update}-{sha256}.safetensors"


def left_of(name: str) -> Left | None:
    """What a name says; None for one that is none of ours."""
    found = NAME.fullmatch(name)
    if found is None:
        return None
    return Left(found["run"], int(found["attempt"]), int(found["life"]), int(found["update"]), found["sha256"])
