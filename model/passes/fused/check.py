"""The smallest compiled function there is: a Numba that can be imported but cannot compile shows itself here."""

from __future__ import annotations

from numba import njit


@njit(cache=True)
def double(x: int) -> int:
    """2·x, compiled; the cache on disk makes every call after the first of a machine cheap."""
    return x + x
