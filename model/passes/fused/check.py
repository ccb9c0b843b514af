"""The smallest compiled function there is: a Numba that can be imported but cannot compile shows itself here."""

from __future__ import annotations

import numba
from numba import njit


@njit(cache=True)
def double(x: int) -> int:
    """2·x, compiled; the cache on disk makes every call after the first of a machine cheap."""
    return x + x


def switched_off() -> bool:
    """Whether Numba was told to compile nothing (NUMBA_DISABLE_JIT): Python would run the loops, or fail at them."""
    return bool(getattr(getattr(numba, "config", None), "DISABLE_JIT", 0))
