"""A clock that jumps (C17): lists keep their order, through a restart too, and nothing that is measured takes note."""

from __future__ import annotations

import ast
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sab_visualiser.app.runs.kin.births import Births
from tests.fakes.server import Live, in_thread

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
JUMPS = [timedelta(0), timedelta(days=-1), timedelta(days=3652), timedelta(hours=-1), timedelta(days=-40)]


class Clock:
    """A clock of ours."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


@given(st.lists(st.timedeltas(timedelta(days=-9000), timedelta(days=9000)), max_size=30))
def test_C17_every_run_is_younger_than_those_before_it_whatever_the_clock_says(jumps: list[timedelta]) -> None:
    clock = Clock()
    births = Births(clock)
    made = []
    for jump in jumps:
        clock.at = NOW + jump
        made.append(births.next().created)
    assert made == sorted(set(made))


def test_C17_a_clock_that_goes_on_is_believed() -> None:
    clock = Clock()
    births = Births(clock)
    births.seen("2026-11-29T11:59:59.000000+00:00")
    births.seen("no moment")
    births.seen("2026-11-29T11:00:00")
    assert births.next().created == "2026-11-29T12:00:00.000000+00:00"
    assert births.next().created == "2026-11-29T12:00:00.000001+00:00"


def listed(live: Live) -> list[str]:
    return [view["id"] for view in live.http.get("/api/runs").json()]


def test_C17_the_list_keeps_its_order_when_the_clock_jumps_and_after_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, begun = Clock(), []
    for part in (JUMPS[:3], JUMPS[3:]):
        with in_thread(tmp_path) as live, live.viewer() as viewer:
            monkeypatch.setattr(live.app.state.conductor.journal, "births", births := Births(clock))
            for run in live.app.state.conductor.runs.values():
                births.seen(run.created)
            for jump in part:
                clock.at = NOW + jump
                begun.append(live.start(training={"updates": 6}))
                live.reach(begun[-1], "finished")
                view = viewer.until(lambda f: f["kind"] == "row" and f["run"] == begun[-1])["view"]
                assert view["created"] == max(row["created"] for row in live.http.get("/api/runs").json())
                assert view["trained_s"] >= 0
            assert listed(live) == begun[::-1]
    with in_thread(tmp_path) as live:
        assert listed(live) == begun[::-1]
        oldest_first = live.http.get("/api/runs", params={"sort": "created"}).json()
        assert [view["id"] for view in oldest_first] == begun


def test_C17_nothing_that_is_measured_asks_the_clock_on_the_wall() -> None:
    files = [*(ROOT / "app").rglob("*.py"), *(ROOT / "model").rglob("*.py")]
    read = {f"{path.relative_to(ROOT)}:{node.lineno}": ast.unparse(node) for path in files for node in attributes(path)}
    assert read, "the search finds something"
    assert {place for place, what in read.items() if what in ("time.time", "time.time_ns")} == set()


def attributes(path: Path) -> list[ast.Attribute]:
    return [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)]
