"""Knobs that were turned after the checkpoint that a run goes on from: each is set again after the same update."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any


class Again:
    """Orders to set knobs that are still to come.

    Args:
        orders: By rising `at`, the update that each is set after.
    """

    def __init__(self, orders: Iterable[dict[str, Any]]) -> None:
        self._orders = deque(orders)

    def due(self, update: int) -> Iterator[dict[str, Any]]:
        """Those that are to be set now that so many updates are made; each comes once."""
        while self._orders and self._orders[0]["at"] <= update:
            yield self._orders.popleft()

    def newer(self, turned: Mapping[str, Any]) -> None:
        """Somebody sets these knobs now: what was to come for them does not come any more."""
        left = [{**order, "parameters": _less(order["parameters"], turned)} for order in self._orders]
        self._orders = deque(order for order in left if order["parameters"])


def _less(values: Mapping[str, Any], turned: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in turned}
