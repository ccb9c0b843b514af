"""`sab bench learn`: rates over seeds are counted as they are told, and the table is made from the figures alone."""

from __future__ import annotations

import json
import subprocess
from typing import Any, cast

import pytest

from benchmarks import learn
from benchmarks.learn import learn as learn_one
from benchmarks.learn import presets
from benchmarks.learn_table import Outcome, rate, rates, spikes_of, table
from sab_visualiser.app.commands import bench
from sab_visualiser.app.commands.shared.common import CommandError

ABOUT = {"processor": "a processor", "cores": 2, "python": "3.11", "torch": "2.13", "commit": "abc", "time": "now"}
TINY: dict[str, dict[str, Any]] = {
    "task": {"name": "copy", "T": 3, "items": 1},
    "model": {"hidden_size": 4, "attention_size": 2, "k_top": 2, "k_att": 1},
    "training": {"batch_size": 2, "updates": 300, "until": "ce ≤ 100"},
}


def outcome(seed: int, reached: int | None, seconds: float | None = 1.0, **more: Any) -> Outcome:
    base = {"held": reached is not None, "end": 1.0, "spikes": 0, "dead": 0.0, "skipped": 0, "updates": 500}
    told = {"seed": seed, "reached": reached, "seconds": None if reached is None else seconds, **base, **more}
    return cast(Outcome, told)


FOUND = [
    outcome(1000, 250, 2.0),
    outcome(1001, None, end=0.4, dead=0.2),
    outcome(1002, 500, 4.0, held=False, spikes=3),
    outcome(1003, 375, 9.0),
]


def test_a_rate_counts_reached_and_held_apart_and_tells_median_and_worst() -> None:
    found = rate(FOUND)
    assert (found["reached"], found["held"], found["of"]) == (3, 2, 4)
    assert found["updates"] == [375, 500]
    assert found["seconds"] == [4.0, 9.0]
    assert (found["spikes"], found["dead"]) == (3, 1)


def test_a_preset_that_no_seed_learns_has_no_time() -> None:
    found = rate([outcome(1, None), outcome(2, None)])
    assert (found["reached"], found["updates"], found["seconds"]) == (0, None, None)


def test_the_table_holds_the_figures_and_names_every_seed_that_failed() -> None:
    text = table({"machine": ABOUT, "goals": {"one": "accuracy ≥ 0.99"}, "threads": {"1": {"one": FOUND}}})
    assert "| one | accuracy ≥ 0.99 | 1000–1003 | 3 of 4 | 2 of 4 | 375, 500 | 4, 9 | 3 | 1 |" in text
    assert "- one, not reached: seed 1001 ends at 0.4." in text
    assert text.count("not reached") == 1


def test_the_page_is_told_the_rate_of_one_thread() -> None:
    report = {"threads": {"2": {"one": [outcome(1, None)]}, "1": {"one": FOUND}}}
    assert rates(report)["one"]["of"] == 4


def test_a_spike_is_a_look_far_above_the_one_before_it_and_not_a_ripple_near_zero() -> None:
    assert spikes_of([2.0, 1.0, 2.1, 0.5, 0.01, 0.1, 0.15, 0.4]) == 2


def test_one_seed_is_trained_to_its_last_update_although_its_goal_was_reached() -> None:
    found = learn_one(TINY, 7, 1)
    assert found["seed"] == 7
    assert (found["reached"], found["updates"]) == (250, 300)
    assert found["held"]
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_every_preset_with_a_goal_is_measured_and_another_is_refused() -> None:
    assert {"copy-10", "copy-50"} <= set(presets())
    assert "release" not in presets(), "it is there for what its formula cannot do"
    with pytest.raises(ValueError, match=r"--preset = chess: one of copy, copy-50"):
        presets(["chess"])


def test_the_command_passes_its_options_on(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[list[str]] = []

    def run(words: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        called.append(words[1:])
        return subprocess.CompletedProcess(words, 0)

    monkeypatch.setattr(subprocess, "run", run)
    bench.bench("learn", seeds=3, threads=2, preset=["copy-10"], as_json=True)
    options = ["--seeds", "3", "--first", "2000", "--threads", "2", "--preset", "copy-10", "--json"]
    assert called == [["-m", "benchmarks.learn", *options]]


def test_a_measurement_that_fails_ends_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", lambda words, **_: subprocess.CompletedProcess(words, 2))
    with pytest.raises(CommandError, match="bench learn ended with exit code 2"):
        bench.bench("learn")


def test_seeds_of_the_measurement_played_no_part_in_any_search() -> None:
    assert learn.FIRST_SEED >= 2000


def test_outcomes_of_other_settings_and_of_presets_that_are_gone_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"one": TINY, "two": {**TINY, "task": {**TINY["task"], "T": 4}}}
    monkeypatch.setattr(learn, "presets", lambda names=(): known)
    reseeded = {**TINY, "training": {**TINY["training"], "seed": 9}}
    before = {
        "threads": {"1": {"one": FOUND, "two": FOUND, "gone": FOUND}, "2": {"two": FOUND}},
        "specs": {"one": reseeded, "two": TINY, "gone": TINY},
    }
    report = learn.merged(before, {"two": FOUND}, 2)
    assert report["threads"] == {"1": {"one": FOUND}, "2": {"two": FOUND}}
    assert (report["specs"], list(report["goals"])) == (known, ["one", "two"])
    assert not learn.same(None, TINY)


def test_a_report_without_settings_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learn, "presets", lambda names=(): {"one": TINY, "two": TINY})
    report = learn.merged({"threads": {"1": {"one": FOUND}}}, {"two": FOUND}, 1)
    assert report["threads"] == {"1": {"two": FOUND}}
