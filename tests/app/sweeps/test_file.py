"""A sweep is written as TOML; what cannot be read or is not known is named, with its line or its field."""

from __future__ import annotations

from pathlib import Path

import pytest

from sab_visualiser.app.sweeps.file import read_sweep
from sab_visualiser.app.wire.errors import UserError

WHOLE = """
name = "memories"
seeds = [3, 4]
[base]
preset = "copy-10"
[base.training]
updates = 50
[grid]
model.k_top = [1, 2]
"training.learning_rate" = [1e-3, 2e-3]
"""


def written(folder: Path, words: str | bytes, name: str = "try.toml") -> Path:
    path = folder / name
    path.write_bytes(words if isinstance(words, bytes) else words.encode())
    return path


def test_a_file_says_base_grid_and_seeds(tmp_path: Path) -> None:
    sweep = read_sweep(written(tmp_path, WHOLE))
    assert sweep.name == "memories"
    assert sweep.base == {"preset": "copy-10", "training": {"updates": 50}}
    assert sweep.grid == {"model.k_top": [1, 2], "training.learning_rate": [1e-3, 2e-3]}
    assert sweep.seeds == [3, 4]


def test_a_file_without_a_name_is_called_by_its_own(tmp_path: Path) -> None:
    assert read_sweep(written(tmp_path, "", "my grid.toml")).name == "my grid"


def test_seeds_may_be_counted(tmp_path: Path) -> None:
    assert read_sweep(written(tmp_path, "[seeds]\nfirst = 7\ncount = 3")).seeds == [7, 8, 9]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("[grid\nx = 1", "line 1"),
        ("seeds = [1, 1.5]", "seeds"),
        ("seeds = {first = 1, number = 2}", "number"),
        ("gird = 1", "gird"),
        ("seeds = {first = 0, count = 1000000}", "count = 1000000: 1 … 200"),
        ("seeds = {first = 0, count = 0}", "count = 0: 1 … 200"),
        ('parts = "a"', "parts"),
        ("[search]\ntrials = 5", "space"),
        ('[search.space]\n"model.k_top" = {low = 3, high = 1}', "low = 3 must be below high = 1"),
        ('[search.space]\n"model.k_top" = {low = 0, high = 1, log = true}', "log needs low above 0"),
        ('[search.space]\n"model.k_top" = {choices = [1], low = 0, high = 1}', "leave one of them out"),
        ('[grid]\nmodel.k_top = [1]\n[search.space]\n"model.k_top" = {choices = [1]}', "leave grid and parts out"),
        ("name = 1979-05-27", "date"),
        (b'name = "\xff"', "UTF-8"),
    ],
)
def test_C23_what_cannot_be_read_is_named(tmp_path: Path, words: str | bytes, told: str) -> None:
    with pytest.raises(UserError) as error:
        read_sweep(written(tmp_path, words))
    assert told in error.value.problem.detail
    assert "\n" not in error.value.problem.detail


def test_a_file_that_is_not_there_or_is_a_folder_is_one_line(tmp_path: Path) -> None:
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(UserError) as error:
            read_sweep(path)
        assert error.value.problem.detail.startswith("FILE = ")  # a long path is cut
        assert "a TOML file" in error.value.problem.detail
