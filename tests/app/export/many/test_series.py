"""A mean over trainings is what a plain loop says, and what the page says; thinning keeps spikes."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sab_visualiser.app.export.many.series import Mean, Points, fewer_from, mean_of, points_of, thin

PAGE = Path(__file__).parent / "mean.mjs"
TRAININGS = st.lists(
    st.dictionaries(st.integers(0, 12), st.floats(-1e3, 1e3), max_size=9).map(lambda one: sorted(one.items())),
    max_size=5,
)


def loop(trainings: list[list[tuple[int, float]]]) -> list[tuple[int, float, float, float, int]]:
    """An update counts where every training that came so far has a value there."""
    there = [dict(one) for one in trainings if one]
    rows = []
    for update in sorted({update for one in there for update in one}):
        still = [one for one in there if max(one) >= update]
        values = [one[update] for one in still if update in one]
        if len(values) == len(still):
            rows.append((update, math.fsum(values) / len(values), min(values), max(values), len(values)))
    return rows


def rows_of(mean: Mean) -> list[tuple[int, float, float, float, int]]:
    return [*zip(mean.x.tolist(), mean.mean, mean.low, mean.high, mean.n.tolist(), strict=True)]


@given(TRAININGS)
def test_the_mean_is_that_of_a_plain_loop(trainings: list[list[tuple[int, float]]]) -> None:
    mean = mean_of([points_of([x for x, _ in one], [y for _, y in one]) for one in trainings])
    assert mean.of == sum(bool(one) for one in trainings)
    assert rows_of(mean) == [pytest.approx(row) for row in loop(trainings)]
    assert fewer_from(mean) == next((place for place, n in enumerate(mean.n) if n < mean.of), len(mean.x))


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed: the page is not compared")
def test_the_page_says_the_same() -> None:
    trainings = [[(1, 2.0), (2, 3.0), (4, 1.0)], [(1, 4.0), (2, 5.0), (3, 9.0), (4, 0.5), (6, 7.0)], []]
    points = [{"x": [x for x, _ in one], "y": [y for _, y in one]} for one in trainings]
    command = ["node", str(PAGE)]
    done = subprocess.run(command, input=json.dumps(points).encode(), capture_output=True, check=True)
    told = json.loads(done.stdout)
    mean = mean_of([points_of(one["x"], one["y"]) for one in points])
    assert told == {name: np.asarray(getattr(mean, name)).tolist() for name in ("x", "mean", "low", "high", "n", "of")}


def test_what_is_not_finite_is_no_point() -> None:
    points = points_of([1, 2, 3, 4], [1.0, math.nan, math.inf, 2.0])
    assert (points.x.tolist(), points.y.tolist()) == ([1, 4], [1.0, 2.0])


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=400), st.integers(2, 20))
def test_thinning_keeps_the_ends_the_smallest_and_the_largest(values: list[float], buckets: int) -> None:
    points = Points(np.arange(len(values)), np.array(values))
    few = thin(points, buckets)
    assert len(few.x) <= max(2 * buckets, len(values) if len(values) <= 2 * buckets else 0)
    assert (few.y.min(), few.y.max()) == (points.y.min(), points.y.max())
    assert few.x[-1] == points.x[-1]
    assert (np.diff(few.x) > 0).all()
    assert few.y.tolist() == points.y[few.x].tolist()
