"""Whether a step attends to where its answer is: the hit of spec section 6."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

import numpy as np

from sab_visualiser.model.probe.credit import Floats, Ints


def hits(
    reader_E: Ints,
    source_E: Ints,
    weight_E: Floats,
    memory_steps: Sequence[int],
    true_sources: Mapping[int, Sequence[int]],
) -> dict[int, bool | None]:
    """Compare the strongest memory of each reader that has a true source with where it should look.

    Args:
        reader_E: Attention rows: reader step, source_E source step, weight_E weight.
        memory_steps: Source steps of all memories, ascending; none of a method that reads none.
        true_sources: Reader step → the steps that hold its answer; one of them is enough.

    Returns:
        Reader → whether the memory with the largest positive weight (the initial one aside; of equals the earlier)
        is the first one written at or after a true source; None where no such memory existed yet.

    Source: spec section 6.
    """
    found: dict[int, bool | None] = {}
    for reader, sources in true_sources.items():
        written = [step for step in memory_steps if 0 <= step < reader]
        places = [bisect_left(written, source) for source in sources]
        wanted = {written[place] for place in places if place < len(written)}
        rows = (reader_E == reader) & (source_E >= 0) & (weight_E > 0)
        if not wanted:
            found[reader] = None
        elif not rows.any():
            found[reader] = False
        else:
            found[reader] = int(source_E[rows][np.argmax(weight_E[rows])]) in wanted
    return found


def hit_rate(found: Mapping[int, bool | None]) -> float | None:
    """Share of hits among the readers that could have had one, 0 to 1; None when there is none such."""
    known = [hit for hit in found.values() if hit is not None]
    return sum(known) / len(known) if known else None
