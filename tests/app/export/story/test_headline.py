"""The story and the numbers of an exported page are those of the page, word by word."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sab_visualiser.app.export.content.geometry import arcs, credits_of
from sab_visualiser.app.export.content.look import weight_colours
from sab_visualiser.app.export.content.words import readable
from sab_visualiser.app.export.story.headline import headline
from sab_visualiser.app.export.story.path import labelled
from sab_visualiser.app.wire.packing import from_bytes
from sab_visualiser.app.wire.trace_json import trace_json
from tests.app.export.traces import made_up
from tests.oracles import story_traces

SCRIPT = Path(__file__).parent / "headline.mjs"
PRESETS = Path(__file__).resolve().parents[4] / "static" / "presets"
SAID: dict[str, Any] = {"targets": [0] * 30, "predictions": [0] * 30, "inputs": [0] * 30, "loss_T": [0.0] * 30}
HOPS = {"steps": [29, 13, 12, 2], "kinds": ["skip", "local", "skip"], "strength": 0.1}
MANY = {"steps": [29, 13, 9, 3], "kinds": ["skip", "skip", "skip"], "strength": 0.1}
LOCALLY = {"steps": [29, 13, 12, 9, 3], "kinds": ["skip", "local", "skip", "skip"], "strength": 0.1}
VERY_MANY = {"steps": [29, 24, 19, 14, 9, 4, 1], "kinds": ["skip"] * 6, "strength": 0.1}
REACH = {"sab": [[29, 29]], "truncated": [], "full": [[0, 29]]}
NOTHING: dict[str, Any] = {"reader": [], "source": [], "weight": []}
CHANGES: list[dict[str, Any]] = [
    {},
    {"loss_step": None},
    {"predictions": [1] * 30, "task": {"name": "copy", "symbols": ["A", "B"]}},
    {"task": {"name": "adding"}, "true_sources": {"29": [3, 13]}},
    {"task": {"name": "recall"}},
    {"true_sources": {}, "paths": [HOPS]},
    {"true_sources": {}, "paths": [MANY]},
    {"true_sources": {"29": [1]}, "memories": [-1, 2, 13]},
    {"parameters": {"k_top": 0, "k_att": 1}, "reach": REACH},
    {"parameters": {"k_top": 2, "k_att": 30}, "memories": [-1], "reach": REACH},
    {"paths": [], "attention": NOTHING},
    {"paths": [], "attention": {"reader": [29, 29], "source": [-1, 3], "weight": [0.9, 0.1]}},
    {"paths": [], "attention": {"reader": [29], "source": [3], "weight": [0.0]}},
    {"paths": [], "attention": {"reader": [29], "source": [3], "weight": [0.5]}},
    {"paths": [], "paths_hidden": 3, "attention": {"reader": [29], "source": [13], "weight": [0.5]}},
    {"task": {"name": "adding"}, "true_sources": {"29": [3, 13]}, "predictions": [0.5] * 30},
    {"true_sources": {}, "paths": [LOCALLY]},
    {"true_sources": {}, "paths": [VERY_MANY]},
    {"loss_step": None, "reach": {**REACH, "sab": [[at, at] for at in (2, 5, 9, 13, 17, 21)]}},
]
RANDOM = 1500
VALUES = (0, None, 1, 0.1, 123456.7, 99999.4, 0.00099951, 0.001, 1e-30, -2.5, 1 / 3)
NUMBERS = [(value, digits) for value in VALUES for digits in (2, 3, 6)]


def test_page_and_export_say_the_same() -> None:
    node = shutil.which("node")
    if node is None:
        assert not os.environ.get("SAB_REQUIRE_ALL"), "node is missing"
        pytest.skip("node is not installed: the page's own words are not compared")
    traces = [made_up(**{"task": {"name": "copy"}, **SAID, **change}) for change in CHANGES]
    bundled = (from_bytes((PRESETS / f"{name}.trace").read_bytes()) for name in ("copy", "release"))
    traces += [json.loads(json.dumps(trace_json(record))) for record in bundled]
    traces += [story_traces.made_up(seed) for seed in range(RANDOM)]
    question = json.dumps({"traces": traces, "numbers": NUMBERS}).encode()
    answer = json.loads(subprocess.run([node, str(SCRIPT)], input=question, capture_output=True, check=True).stdout)
    for trace, said in zip(traces, answer["said"], strict=True):
        known = credits_of(trace)  # some of these made-up paths take edges that are not there
        named = labelled(trace, [arc for arc in arcs(trace) if ("skip", arc.reader, arc.source) in known])
        assert [*headline(trace), named and [named.reader, named.source]] == said
    assert answer["colours"] == [list(weight_colours(9)), list(weight_colours(9, dark=True))]
    assert [readable(value, digits) for value, digits in NUMBERS] == answer["numbers"]
