"""C3, C5: kills at random moments and at named places: nothing that was answered or shown is lost. The long form is
`sab bench trust`, by `make nightly`.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks.kills import left_killed, server_killed, workers_killed
from sab_visualiser.app.crash import POINTS, VARIABLE

pytestmark = pytest.mark.server
NOTHING = {"events": 0, "holes": 0, "commands": 0, "damaged": 0}


@pytest.mark.parametrize("name", POINTS)
def test_C5_nothing_is_lost_where_the_server_is_killed_in_the_middle_of_its_work(tmp_path: Path, name: str) -> None:
    found = server_killed(tmp_path, 8.0, **{VARIABLE: f"{name}:4"})
    assert {kind: found[kind] for kind in NOTHING} == NOTHING


@pytest.mark.parametrize("name", ["left figures", "left kept"])  # the other four: `sab bench trust`
def test_C5_nothing_is_lost_where_what_a_worker_leaves_is_cut_short(tmp_path: Path, name: str) -> None:
    found = left_killed(tmp_path, name)
    assert found["answered"] > 0
    assert {kind: found[kind] for kind in (*NOTHING, "left")} == {**NOTHING, "left": 0}


def test_C3_nothing_is_lost_where_the_worker_is_killed_again_and_again(tmp_path: Path) -> None:
    found = workers_killed(tmp_path, 3, random.Random(2))
    assert found["answered"] > 0
    assert {kind: found[kind] for kind in NOTHING} == NOTHING
