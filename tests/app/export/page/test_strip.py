"""The sequence in words: answers are counted, blanks are not."""

from __future__ import annotations

import re

import pytest

from sab_visualiser.app.export.page.draw.strip import sentence
from tests.oracles.story_traces import made_up

TRACES = [made_up(seed) for seed in range(800)]


@pytest.mark.parametrize("kind", ["nothing", "one right", "one wrong", "1 of several", "several"])
def test_each_way_of_counting_answers_is_so_when_it_is_counted_anew(kind: str) -> None:
    met = 0
    for trace in TRACES:
        readers = [] if trace["task"]["name"] == "adding" else [int(at) for at in trace["true_sources"]]
        good = [at for at in readers if trace["targets"][at] == trace["predictions"][at]]
        said = sentence(trace).removeprefix(f"A sequence of {trace['steps']} steps")
        told = {
            "nothing": (said == ".", len(readers) == 0),
            "one right": (said == "; its one answer is right.", len(readers) == len(good) == 1),
            "one wrong": (said == "; its one answer is wrong.", len(readers) == 1 and not good),
            "1 of several": (said == f"; 1 of {len(readers)} answers is right.", len(readers) > 1 == len(good)),
            "several": (
                re.fullmatch(rf"; {len(good)} of {len(readers)} answers are right\.", said) is not None,
                len(readers) > 1 != len(good),
            ),
        }
        claimed, so = told[kind]
        assert claimed == so, (said, readers, good)
        met += so
    assert 0 < met < len(TRACES)
