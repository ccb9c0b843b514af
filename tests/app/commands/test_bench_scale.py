"""What a trial sent is played again under other names, and only run, update and time differ."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.recording import RUN, frames_of, record
from benchmarks.scale import lost_of, sent_while_training
from sab_visualiser.app.wire.codec import decode
from sab_visualiser.app.wire.requests import RunSpec

TINY: dict[str, Any] = {
    "task": {"name": "copy", "T": 6, "items": 2},
    "model": {"hidden_size": 8, "attention_size": 4},
    "training": {"batch_size": 4, "updates": 20_000},
}


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recording") / "one"
    pace = record(RunSpec.model_validate(TINY).model_dump(mode="json"), 0.5, 1.0, folder, 130)
    assert pace["updates_per_s"] > 0
    return folder


def test_a_trial_is_recorded_with_all_that_it_sends_while_it_trains(recorded: Path) -> None:
    frames, seconds, updates = frames_of(recorded)
    assert {"metrics", "look"} <= {frame.kind for frame in frames}
    assert [frame.at_s for frame in frames] == sorted(frame.at_s for frame in frames)
    assert frames[-1].at_s <= seconds
    assert updates >= 130
    told = sum(len(decode(frame.content)["data"]["update"]) for frame in frames if frame.kind == "metrics")
    assert 0 < told <= updates + 1, "figures of the update before it begins may come along with its first ones"


def test_a_frame_that_is_played_says_another_run_update_and_time_and_the_same_numbers(recorded: Path) -> None:
    frames, _, _ = frames_of(recorded)
    for frame in frames:
        before = decode(frame.content)
        played = decode(frame.played("r0123456789abcdef", 23_456, 1_800_000_000.5))
        assert (played["run"], played["update"], played["kind"]) == ("r0123456789abcdef", 23_456, before["kind"])
        if frame.kind == "metrics":
            assert played["data"]["sent"] == 1_800_000_000.5
            np.testing.assert_array_equal(played["data"]["loss"], before["data"]["loss"])
            shift = 23_456 - frame.update
            np.testing.assert_array_equal(played["data"]["update"], before["data"]["update"] + shift)
        if frame.kind == "snapshot":
            np.testing.assert_array_equal(played["trace"], before["trace"])
    assert RUN.encode() in frames[0].content, "the recording itself stays as it is"


def test_what_a_worker_sent_and_the_store_has_not_is_lost_and_nothing_else() -> None:
    played = [{"run": "r1", "sent": {"metrics": 5, "status": 2, "snapshot": 1}}, {"run": "r2", "sent": {"metrics": 3}}]
    whole = {("r1", "metrics"): 5, ("r1", "status"): 3, ("r1", "snapshot"): 1, ("r2", "metrics"): 3}
    assert lost_of(played, whole) == {}
    assert sent_while_training(played) == 9
    assert lost_of(played, {**whole, ("r2", "metrics"): 1, ("r1", "status"): 2}) == {"metrics": 2, "status": 1}
    assert lost_of(played, {}) == {"metrics": 8, "status": 2, "snapshot": 1}
