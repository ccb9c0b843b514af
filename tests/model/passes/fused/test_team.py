"""Torch's own threads run the parts of a pass: each part once, errors included."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from sab_visualiser.model.passes.fused import team as team_module
from sab_visualiser.model.passes.fused.team import Team, torch_team


@pytest.fixture
def team() -> Team:
    found = torch_team()
    if found is None:
        pytest.skip("torch does not run on GNU OpenMP here")
    return found


@pytest.mark.parametrize("count", [1, 2, 3, 9])
def test_every_part_is_done_exactly_once(team: Team, count: int) -> None:
    done: list[int] = []
    team(done.append, count)
    assert sorted(done) == list(range(count))


def test_an_error_of_a_part_comes_out_and_the_others_are_still_done(team: Team) -> None:
    done: list[int] = []

    def work(part: int) -> None:
        if part == 1:
            raise ValueError("part 1")
        done.append(part)

    with pytest.raises(ValueError, match="part 1"):
        team(work, 3)
    assert sorted(done) == [0, 2]


def test_without_gnu_openmp_there_is_no_team(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert team_module._library() is None
    monkeypatch.setattr(team_module, "_library", lambda: Path("/nowhere/libgomp.so"))
    torch_team.cache_clear()
    try:
        assert torch_team() is None
    finally:
        torch_team.cache_clear()
