"""Viewers who come, go and break off leave nothing behind (C18)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks.ends import at_rest, break_off, come_and_go, held
from tests.fakes.server import eventually, in_process

POOL = min(32, (os.cpu_count() or 1) + 4)


@pytest.mark.server
def test_C18_files_threads_and_viewers_are_as_before_once_two_hundred_came_and_two_hundred_broke_off(
    tmp_path: Path,
) -> None:
    with in_process(tmp_path / "data") as live:
        live.reach(live.start(training={"updates": 3}), "finished")
        come_and_go(live, 20)
        before = at_rest(live)
        come_and_go(live, 200)
        break_off(live, 200)
        # The loop's own pool of threads fills up when it is asked; it ends far below one a viewer.
        most = {**before, "threads": before["threads"] + POOL}
        eventually(lambda: all(value <= most[name] for name, value in held(live).items()))
