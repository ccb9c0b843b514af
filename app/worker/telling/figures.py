"""The figures of updates on their way to the server, and those of the last seconds, which a killed server had no time
to keep.
"""

from __future__ import annotations

import statistics
from collections import deque
from typing import Any

from sab_visualiser.app.worker.record import curve_columns
from sab_visualiser.model.training.trainer import UpdateResult

RECENT_S = 3.0
"""Figures of so many seconds are held for a server that is killed before it has kept them."""
RATE_OVER_S = 5.0
"""The rate that is told is the median over so many seconds: one long update, or a probe, does not change it."""


class Figures:
    """Of one run.

    Args:
        now: When it begins, seconds that never go back.

    Attributes:
        told_at: When figures were told last, seconds that never go back.
    """

    def __init__(self, now: float) -> None:
        self.told_at = now
        self._untold: list[UpdateResult] = []
        self._recent: deque[tuple[float, UpdateResult]] = deque()
        self._turns: deque[tuple[float, dict[str, Any]]] = deque()
        self._rates: deque[tuple[float, float]] = deque()

    def begin(self, now: float) -> None:
        """The training begins, or stands still, from now on: what it did before says nothing of its rate."""
        self._rates.clear()
        self.told_at = now

    def note(self, now: float, result: UpdateResult) -> None:
        """An update ended."""
        self._untold.append(result)
        self._recent.append((now, result))
        while now - self._recent[0][0] > RECENT_S:
            self._recent.popleft()

    def turned(self, now: float, update: int, said: dict[str, Any]) -> None:
        """Knobs were turned after an update."""
        self._turns.append((now, {"update": update, "data": said}))
        while now - self._turns[0][0] > RECENT_S:
            self._turns.popleft()

    def recent(self) -> dict[str, Any]:
        """Of the last seconds: `data`, columns of updates, and `turns` of knobs."""
        figures = curve_columns([result for _, result in self._recent])
        return {"data": figures, "turns": [turn for _, turn in self._turns]}

    def take(self, now: float) -> dict[str, Any] | None:
        """Columns of what was not told yet, with rate and seconds; None where there is nothing."""
        since, self.told_at = self.told_at, now
        results, self._untold = self._untold, []
        if not results:
            return None
        self._rates.append((now, len(results) / max(now - since, 1e-6)))
        while now - self._rates[0][0] > RATE_OVER_S:
            self._rates.popleft()
        spent = sum(result.seconds for result in results)
        return {**curve_columns(results), "updates_per_s": self.rate(), "seconds": spent}

    def rate(self) -> float | None:
        """Updates a second of the last seconds; None where none was measured."""
        return round(statistics.median(rate for _, rate in self._rates), 1) if self._rates else None
