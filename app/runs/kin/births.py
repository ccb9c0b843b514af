"""When runs came to be: in the order in which they did, whatever the clock of the machine says.

Lists are ordered by that moment, on the server, in the store and on the page. So a clock that is set back makes a new
run a microsecond younger than the one before, and never older.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sab_visualiser.app.runs.kin.branch import Birth

AFTER = timedelta(microseconds=1)


class Births:
    """Ids and moments of runs to be.

    Args:
        now: Tells the time.
    """

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now
        self._newest: datetime | None = None

    def seen(self, created: str) -> None:
        """There is a run of that moment, ISO 8601; one that is none is passed over."""
        try:
            at = datetime.fromisoformat(created)
        except ValueError:
            return
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        self._newest = at if self._newest is None else max(self._newest, at)

    def next(self) -> Birth:
        """A new id, and now; later than all that were seen."""
        now = self._now()
        self._newest = now if self._newest is None else max(now, self._newest + AFTER)
        return Birth("r" + secrets.token_hex(8), self._newest.astimezone(UTC).isoformat(timespec="microseconds"))
