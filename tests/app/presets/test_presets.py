from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from typing import Any

import pytest

from benchmarks.learn import same
from benchmarks.learn_table import rates as rates_of
from sab_visualiser.app.page.files import page_folder
from sab_visualiser.app.presets.bundled import Presets
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.wire.packing import to_bytes
from sab_visualiser.app.wire.requests import RunSpec
from sab_visualiser.app.wire.trace_json import trace_json
from tests.fakes.server import in_thread
from tests.fakes.traces import trace

LIVE = [
    {"name": "first", "title": "First", "description": "d", "spec": {"task": {"T": 20}}},
    {"name": "second", "title": "Second", "description": "d", "spec": {}},
]


@pytest.fixture
def presets(tmp_path: Path) -> Presets:
    (tmp_path / "live.json").write_text(json.dumps(LIVE))
    config = {"task": {"T": 30}, "model": {"k_trunc": None}, "training": {}}
    made = {"title": "Trained", "description": "d", "config": config, "metrics": {"accuracy": 1.0}, "update": 9}
    (tmp_path / "trained.json").write_text(json.dumps(made))
    (tmp_path / "trained.safetensors").write_bytes(b"x")
    (tmp_path / "trained.trace").write_bytes(to_bytes(trace(9)))
    return Presets(tmp_path)


def test_a_preset_says_how_surely_it_learns_where_that_was_measured(presets: Presets, tmp_path: Path) -> None:
    assert [preset.view()["learning"] for preset in presets] == [None, None, None]
    rates = {"first": {"reached": 9, "held": 8, "of": 10, "seconds": [12.5, 20.0], "updates": [500, 750]}}
    rates["second"] = {"reached": 0, "held": 0, "of": 10, "seconds": None, "updates": None}
    (tmp_path / "rates.json").write_text(json.dumps(rates))
    told = {preset.name: preset.view()["learning"] for preset in Presets(tmp_path)}
    assert told == {
        "trained": None,
        "first": {"reached": 9, "of": 10, "seconds": 12.5},
        "second": {"reached": 0, "of": 10, "seconds": None},
    }


def test_a_rate_is_told_only_of_a_run_that_trains_exactly_the_preset(presets: Presets, tmp_path: Path) -> None:
    rate = {"reached": 9, "held": 8, "of": 10, "seconds": [12.5, 20.0], "updates": [500, 750]}
    (tmp_path / "rates.json").write_text(json.dumps({"first": rate}))
    known = Presets(tmp_path)

    def rate_of(**changes: Any) -> Any:
        return known.rate_of(RunSpec.model_validate(known.fill({"preset": "first", **changes})))

    assert rate_of() == {"reached": 9, "of": 10, "median": 500, "slowest": 750}
    assert rate_of(training={"seed": 77}, name="mine") == rate_of()
    assert rate_of(training={"clip_norm": 0.1}) is None
    assert rate_of(model={"k_top": 1}) is None
    assert rate_of(task={"T": 7}) is None
    assert known.rate_of(RunSpec()) is None
    assert presets.rate_of(RunSpec.model_validate(presets.fill({"preset": "first"}))) is None, "nobody measured it"


def test_rates_are_those_of_the_last_measurement_and_of_presets_that_are_there() -> None:
    folder = page_folder() / "static" / "presets"
    told = json.loads((folder / "rates.json").read_text())
    measured = json.loads((page_folder() / "docs" / "learning.json").read_text())
    assert told == rates_of(measured)
    assert set(told) <= {preset.name for preset in Presets(folder)}
    specs = {preset.name: dict(preset.spec) for preset in Presets(folder)}
    changed = [name for name in told if not same(measured["specs"].get(name), specs[name])]
    assert not changed, "their settings are not those that were measured: run sab bench learn --preset NAME"


def test_the_command_that_made_a_bundled_network_can_be_called() -> None:
    commands = [preset.command for preset in Presets(page_folder() / "static" / "presets") if preset.command]
    assert commands
    for command in commands:
        module = re.fullmatch(r"python -m ([\w.]+)", command)
        assert module, command
        assert importlib.util.find_spec(module[1]), command


def test_pretrained_presets_come_first_and_are_complete(presets: Presets) -> None:
    views = [preset.view() for preset in presets]
    assert [(view["name"], view["pretrained"]) for view in views] == [
        ("trained", True),
        ("first", False),
        ("second", False),
    ]
    assert views[0]["spec"]["model"]["k_trunc"] == 0, "no cut is 0 on the wire"
    told = {"name", "title", "description", "spec", "pretrained", "history", "learning", "metrics", "command", "update"}
    told |= {"verdict", "health", "chance"}
    assert set(views[0]) == told
    assert not views[0]["history"], "none came along"


@pytest.mark.parametrize(
    ("asked", "steps", "k_top", "name"),
    [
        ({}, 20, 5, "first"),
        ({"preset": "trained"}, 30, 5, "trained"),
        ({"preset": "first", "model": {"k_top": 1}}, 20, 1, "first"),
        ({"preset": "first", "task": {"T": 7}}, 7, 5, "first"),
        ({"task": {"T": 7}}, 7, 5, None),
    ],
)
def test_explicit_fields_win_over_the_preset(
    presets: Presets, asked: dict[str, Any], steps: int, k_top: int, name: str | None
) -> None:
    spec = RunSpec.model_validate(presets.fill(asked))
    assert (spec.task.T, spec.model.k_top, spec.preset) == (steps, k_top, name)


def test_an_unknown_preset_names_those_there_are(presets: Presets) -> None:
    with pytest.raises(UserError, match="trained, first, second"):
        presets.fill({"preset": "none"})


def test_a_bundled_preset_that_is_not_valid_stops_the_server_with_a_reason(tmp_path: Path) -> None:
    bad = [{**LIVE[0], "spec": {"task": {"T": 0}}}]
    (tmp_path / "live.json").write_text(json.dumps(bad))
    with pytest.raises(ValueError, match=r"task\.T"):
        Presets(tmp_path)


def test_the_presets_of_this_project_are_valid_and_the_default_is_a_live_one() -> None:
    presets = Presets(page_folder() / "static" / "presets")
    assert {"copy-50", "copy-10", "recall-5", "adding-50"} <= {preset.name for preset in presets}
    assert presets.default == "copy-50"


def test_the_page_opens_with_the_copy_network() -> None:
    assert next(iter(Presets(page_folder() / "static" / "presets"))).name == "copy"


def test_the_trace_that_came_with_a_preset_needs_no_worker(tmp_path: Path, presets: Presets) -> None:
    bundled = trace_json(trace(9, loss_step=4))
    with in_thread(tmp_path / "data") as live:
        preset = presets.find("trained")
        assert preset.trace is not None
        preset.trace.write_bytes(to_bytes(trace(9, loss_step=4)))
        live.app.state.probes._presets = presets
        live.app.state.supervisor.find_prober = pytest.fail
        answer = live.http.post("/api/probe", json={"preset": "trained", "loss_step": 4})
        assert answer.status_code == 200, answer.text
        assert {**answer.json(), "run": None, "preset": None, "checkpoint": None} == {
            **bundled,
            "run": None,
            "preset": None,
            "checkpoint": None,
        }
