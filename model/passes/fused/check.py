"""The smallest compiled function there is: an installation of Numba that imports but cannot compile shows itself here.

Deliberately not here: anything useful (model/passes/fused/loops.py).
"""

from __future__ import annotations

from numba import njit


@njit(cache=True)
def double(x: int) -> int:
    """2·x, compiled; the cache on disk makes every call after the first of a machine cheap."""
    return x + x
