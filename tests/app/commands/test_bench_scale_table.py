"""The tables of docs/scale.md are computed: other measurements make another page."""

from __future__ import annotations

import json
from typing import Any

import pytest

from benchmarks import scale_table
from benchmarks.scale_table import (
    FIGURES,
    MARKS,
    PAGE,
    TRIALS_OF,
    Load,
    Stop,
    Trial,
    lines_of,
    load_of,
    nodes_table,
    stop_of,
    stop_words,
    taken_from,
    trial_of,
)

TRIAL = Trial(seconds=98.0, updates=4000, most=20_000)


def level(workers: int, sent: float, committed: float, p99: float) -> dict[str, Any]:
    seen = {"cpu": 0.5, "resident_mib": 100.0, "written_per_s": 1e6, "grown_per_s": 10.0 * workers, "page_ms": 5.0}
    told = {"what": f"{workers} workers: frames committed", "workers": workers, "value": committed, "row_ms": 9.0}
    sizes = {"sent_frames_per_s": sent, "sent_bytes_per_s": 1000.0 * workers, "age_ms": {"p50": 1.0, "p99": p99}}
    return {**told, **seen, **sizes}


LEVELS = [level(10, 20.0, 20.0, 5.0), level(100, 200.0, 199.0, 50.0), level(1000, 2000.0, 900.0, 9000.0)]


def cells(lines: list[str], name: str) -> list[str]:
    (line,) = [line for line in lines if line.startswith(f"| {name} |")]
    return [cell.strip() for cell in line.strip("|").split("|")[1:]]


def test_what_trials_cost_follows_from_seconds_and_cores() -> None:
    lines = nodes_table(TRIAL, Load(2.0, 1000.0, 10.0), Stop(100, 1000, 900.0))
    assert cells(lines, "at a time, one a core") == ["16", "160", "1,000"]
    assert cells(lines, "processor hours, as they ended") == ["27.8 h"] * 3
    assert cells(lines, "wall time, as they ended") == ["105 min", "11.7 min", "1.67 min"]  # 63, 7 and 1 times 100 s
    assert cells(lines, "wall time, if each makes all 20,000 updates") == ["8.61 h", "57.4 min", "8.20 min"]
    assert cells(lines, "frames to the server") == ["32.0/s", "320/s", "2,000/s"]
    assert cells(lines, "of what one server took in here") == ["3.56 %", "35.6 %", "222 %"]
    assert cells(lines, "servers like this one") == ["1", "1", "3"]
    assert cells(lines, "disk, all trials, most") == ["0.000980 GB"] * 3
    assert cells(lines, "network into the server") == ["0.0160 MB/s", "0.160 MB/s", "1.00 MB/s"]


def test_a_server_stops_where_it_commits_less_than_is_sent_or_is_late() -> None:
    assert stop_of(LEVELS) == Stop(100, 1000, 900.0)
    assert stop_of(LEVELS[:2]) == Stop(100, None, 199.0)
    assert stop_of([level(10, 20.0, 20.0, 5000.0)]) == Stop(0, 10, 20.0), "late is behind"
    assert load_of(LEVELS) == Load(2.0, 1000.0, 10.0)


@pytest.mark.parametrize(
    ("levels", "told", "not_told"),
    [
        (LEVELS, "no longer with 1,000: 900 frames/s", "all of"),
        (LEVELS[:2], "It kept up with all of 100 workers, at 199 frames/s", "no longer"),
        ([level(10, 20.0, 9.0, 5.0)], "It kept up with none of these numbers, and no longer with 10", "all of"),
    ],
)
def test_where_it_stops_is_said_by_what_was_measured(levels: list[Any], told: str, not_told: str) -> None:
    words = stop_words(stop_of(levels), levels)
    assert told in words
    assert not_told not in words


def test_a_trial_is_the_mean_of_the_seeds_that_came_to_their_end() -> None:
    rows = [
        {"status": "finished", "seconds": 100.0, "updates": 1000, "most_updates": 4000},
        {"status": "diverged", "seconds": 50.0, "updates": 500, "most_updates": 4000},
        {"status": "failed", "seconds": 1.0, "updates": 1, "most_updates": 4000},
    ]
    trial = trial_of({"rows": rows})
    assert trial == Trial(75.0, 750.0, 4000)
    assert trial.whole_s == 400.0


def test_what_was_not_measured_is_said_to_be_missing() -> None:
    lines = lines_of({}, json.loads(TRIALS_OF.read_text()))
    assert "Not measured yet: `sab bench scale`." in lines
    assert cells(lines, "server, network, disk") == ["not measured yet"] * 3


def test_reports_take_the_place_of_what_was_known_and_a_quick_one_is_refused() -> None:
    report = {"quick": False, "machine": {"cores": 2}, "stream": [{"what": "start"}, {"what": "4,000 runs: a page"}]}
    found = taken_from([report], {"stream": "old", "sweeps": "kept"})
    assert found["sweeps"] == "kept"
    assert [each["what"] for each in found["stream"]["figures"]] == ["4,000 runs: a page"]
    with pytest.raises(ValueError, match="quick"):
        taken_from([{**report, "quick": True}], {})


def test_the_page_says_what_its_figures_say() -> None:
    text = PAGE.read_text("utf-8")
    written = text[text.index(MARKS[0]) + len(MARKS[0]) : text.index(MARKS[1])].strip("\n")
    expected = lines_of(json.loads(FIGURES.read_text("utf-8")), json.loads(TRIALS_OF.read_text("utf-8")))
    assert written == "\n".join(expected), "run python -m benchmarks.scale_table"


def test_other_measurements_are_another_page(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, path in (("FIGURES", FIGURES), ("PAGE", PAGE)):
        (tmp_path / path.name).write_text(path.read_text("utf-8"))
        monkeypatch.setattr(scale_table, name, tmp_path / path.name)
    machine = {"cores": 2, "load_before": [0.1], "time": "2026-01-02T", "commit": "abc", "processor": "P"}
    lost = [{"what": f"{each['workers']} workers: frames lost", "value": 0.0, "budget": "0"} for each in LEVELS]
    report = {"quick": False, "machine": machine, "scale": [*LEVELS, *lost]}
    (tmp_path / "report.json").write_text(json.dumps(report))
    assert scale_table.main([str(tmp_path / "report.json")]) == 0
    page = (tmp_path / PAGE.name).read_text("utf-8")
    assert "| 1,000 | 2,000 | 900 | 1.00, 9,000 ms |" in page
    assert "at commit abc" in page
    assert page.startswith("# Scale")
