"""What of a network has room in one file, and what the file says where not all of it has.

A file stays below 16 MB as long as a picture has less than 2.5 MB, which is one of 150,000 readings; a larger one is in
it nevertheless: the newest, and that of the view.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np

from sab_visualiser.app.runs.curves import Curves
from sab_visualiser.app.runs.stored import no_snapshot

MOST_PICTURES = 8_000_000
MOST_ANSWERS = 3_000_000
"""Bytes before they are compressed; in the file half of it remains, or a little more."""
MOST_TABLE = 1_000_000
"""Letters of a panel's table as JSON and CSV together."""
MOST_UPDATES = 20_000
"""Of the curves; where updates were skipped, these besides."""
LEAST_PICTURES = 2
"""However large they are."""
MOST_STEPS = 160
"""Steps of a sequence of which each gets its own answer; of longer ones, those that ask for an answer."""


def thinned(updates: Sequence[int], most: int, beside: int | None = None) -> list[int]:
    """At most so many of them, ≥ 2, evenly spaced, the first and the last among them; and `beside`, if it is one."""
    if len(updates) <= most:
        return list(updates)
    kept = {updates[round(place * (len(updates) - 1) / (most - 1))] for place in range(most)}
    return sorted(kept.union(update for update in updates if update == beside))


def chosen(given: Sequence[tuple[int, int]] | None, stored: Sequence[int], name: str) -> list[int]:
    """Stored updates in one of the spans that were given, all where none was; always with the newest.

    Raises:
        UserError: Nothing is stored in a span (404); it names the nearest.
    """
    if given is None:
        return list(stored)
    for low, high in given:
        if not any(low <= update <= high for update in stored):
            raise no_snapshot(name, stored, low, "leave updates out for all of them")
    return [each for each in stored if each == stored[-1] or any(low <= each <= high for low, high in given)]


def fewer_pictures(held: Sequence[int], wanted: Sequence[int], stored: Sequence[int]) -> str:
    """What the file says where it has not all stored pictures."""
    if len(held) < len(wanted):
        of = f"{len(wanted)} chosen" if len(wanted) < len(stored) else f"{len(stored)} stored"
        return f"{len(held)} of {of} pictures, evenly spaced: more would make the file too large"
    return f"the {len(held)} of {len(stored)} stored pictures that were chosen" if len(held) < len(stored) else ""


def coarse(curves: Curves | None) -> tuple[Curves | None, str]:
    """The curves at as many updates as have room, evenly spaced, and what the file says where these are not all."""
    if curves is None or (updates := len(curves["update"])) <= MOST_UPDATES:
        return curves, ""
    even = np.linspace(0, updates - 1, MOST_UPDATES).round().astype(np.int64)
    kept = np.union1d(even, np.flatnonzero(curves["skipped"]))

    def fewer(columns: Mapping[str, Any]) -> dict[str, Any]:
        return {name: fewer(part) if name == "values" else part[kept] for name, part in columns.items()}

    every = fewer({name: curves[name] for name in (*_OF_UPDATES, "values")})  # type: ignore[literal-required]
    words = f"curves at {len(kept):,} of {updates:,} updates, evenly spaced: more would make the file too large"
    return cast(Curves, {**curves, **every}), words


_OF_UPDATES = ("update", "loss", "gradient_norm", "learning_rate", "skipped")
