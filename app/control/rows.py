"""The list of runs as viewers have it: a first page of it, then one row at a time, as each changes.

Latest wins: of a row that changed twice before a viewer was ready for it, only the newest is sent. A viewer that missed
more changes than are remembered gets the first page again.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from sab_visualiser.app.wire.codec import encode

FIRST_PAGE = 100
"""Newest runs that a viewer gets when it comes; it asks for others page by page."""
REMEMBERED = 1000
"""Rows whose last change is remembered."""
View = dict[str, Any]


class Rows:
    """Which row changed when, counted in versions of the list.

    Args:
        newest: So many of the newest runs as the API shows them, and how many there are in all.
        row: One run as the API shows it; None for one that was deleted.
    """

    def __init__(
        self, newest: Callable[[int], tuple[list[View], int]], row: Callable[[str], View | None], kept: int = REMEMBERED
    ) -> None:
        self._newest, self._row, self._kept = newest, row, kept
        self._version = 0
        self._forgotten = 0
        """The newest version of which a change is no longer remembered."""
        self._changed: OrderedDict[str, int] = OrderedDict()
        self._frames: dict[str, bytes] = {}
        self._first: tuple[int, bytes] = (-1, b"")

    def changed(self, run_id: str) -> None:
        """The row of a run is another one now, or gone."""
        self._version += 1
        self._changed[run_id] = self._version
        self._changed.move_to_end(run_id)
        self._frames.pop(run_id, None)
        if len(self._changed) > self._kept:
            oldest, self._forgotten = self._changed.popitem(last=False)
            self._frames.pop(oldest, None)

    def since(self, version: int) -> tuple[int, list[bytes]]:
        """The version of now, and the frames that bring a viewer there; a negative version has nothing yet."""
        if version < self._forgotten or version < 0:
            return self._version, [self._first_page()]
        missed = []
        for run_id, at in reversed(self._changed.items()):
            if at <= version:
                break
            missed.append(run_id)
        return self._version, [self._frame(run_id) for run_id in reversed(missed)]

    def _first_page(self) -> bytes:
        if self._first[0] != self._version:
            runs, total = self._newest(FIRST_PAGE)
            self._first = (self._version, encode({"kind": "runs", "runs": runs, "total": total}))
        return self._first[1]

    def _frame(self, run_id: str) -> bytes:
        if run_id not in self._frames:
            self._frames[run_id] = encode({"kind": "row", "run": run_id, "view": self._row(run_id)})
        return self._frames[run_id]
