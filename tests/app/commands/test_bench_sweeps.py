"""Ratios of sweeps are those of rounds side by side, and each says what its seconds went into."""

from __future__ import annotations

import re

from benchmarks.sweeps import Taken, judged, why

SERIAL = [Taken(100.0, 110.0, 80.0, 4.0), Taken(200.0, 220.0, 160.0, 6.0), Taken(100.0, 110.0, 80.0, 4.0)]
LOCAL = [Taken(55.0, 105.0, 90.0, 4.0), Taken(100.0, 200.0, 170.0, 6.0), Taken(70.0, 105.0, 90.0, 5.0)]


def test_a_ratio_is_the_median_of_rounds_and_a_missed_budget_is_said() -> None:
    found = {entry["what"]: entry for entry in judged({"serial": SERIAL, "local": LOCAL}, 16)}
    local = found["sweep of 16 trials: 2 local workers over one worker"]
    assert (local["value"], local["holds"], local["spread"]["range"]) == (0.55, True, [0.5, 0.7])
    missed = judged({"serial": SERIAL, "local": [Taken(61.0, 105.0, 90.0, 4.0)] * 3}, 16)
    assert [entry["holds"] for entry in missed if entry.get("value") == 0.61] == [False]


def test_without_dask_its_ratio_is_not_measured_and_says_why() -> None:
    dask = judged({"serial": SERIAL, "local": LOCAL}, 16)[-1]
    assert (dask["value"], dask["reason"]) == (None, "the extra [dask] is not installed")


def test_the_reason_adds_up_to_what_was_taken() -> None:
    words = why([Taken(60.0, 90.0, 88.0, 4.0)], [Taken(100.0, 110.0, 80.0, 4.0)], 2)
    assert words.startswith("60.0 s: 44.0 s of updates on each worker (an update takes 1.10 × that of the serial sweep")
    wall, updates, idle, rest = (float(number) for number in re.findall(r"([\d.]+) s\b", words))
    assert (updates, idle, rest) == (44.0, 4.0, 12.0)
    assert updates + idle + rest == wall
    assert "processors 1.50 busy" in words
