"""What a real server sends, with real workers, is what app/protocol_*.py says: nothing missing, nothing more.

static/js/wire/wire.d.ts is made from those types, so the page is checked against what really travels.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from sab_visualiser.app.wire.frames import Frame, Message
from sab_visualiser.app.wire.trace import BatchHits, SelfCheck, Trace
from sab_visualiser.app.wire.views import (
    CommandAnswer,
    EngineView,
    PresetCurves,
    PresetSnapshots,
    PresetView,
    RunCurves,
    RunSnapshots,
    RunView,
)
from tests.fakes.server import Live, Viewer, in_process

FRAME = TypeAdapter[Any](Frame)
SEEN_ELSEWHERE = {"quarantined"}
"""Of runs with a damaged file: tests/faults/test_checkpoints.py."""
SPEC = {
    "task": {"name": "copy", "T": 5, "items": 2},
    "model": {"hidden_size": 8, "attention_size": 4, "k_top": 2, "k_att": 1, "k_trunc": 2},
    "training": {"batch_size": 4, "updates": 1_000_000},
}


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with in_process(tmp_path_factory.mktemp("frames"), "--real") as live:
        yield live


@pytest.fixture(scope="module")
def lived(real: Live) -> tuple[str, list[dict[str, Any]]]:
    """A run that went through everything, and all frames that a viewer of it got."""
    with real.viewer() as viewer:
        run = real.start(**SPEC)
        viewer.say(type="subscribe", run=run, after=10**6)
        _await(viewer, "gap")
        _await(viewer, "metrics")
        for kind, more in (("pause", {}), ("set_parameters", {"parameters": {"k_top": 1}}), ("checkpoint", {})):
            viewer.say(type="command", run=run, command={"type": kind, **more})
        _await(viewer, "parameters")
        _await(viewer, "checkpoint")
        for kind in (*["step"] * 40, "reseed"):
            viewer.say(type="command", run=run, command={"type": kind})
        _await(viewer, "superseded")
        _await(viewer, "rewound")
        _await(viewer, "snapshot")
        viewer.say(type="ping")
        _await(viewer, "pong")
        viewer.say(type="command", run=run, command={"type": "pause", "base_version": 99})
        viewer.say(type="subscribe", run=7)
        _await(viewer, "rejected")
        _await(viewer, "rejected")
        viewer.say(type="command", run=run, command={"type": "stop"})
        viewer.until(lambda frame: frame["kind"] == "status" and frame["data"]["status"] == "stopped", 20)
        viewer.until(lambda frame: frame["kind"] == "row" and frame["view"]["status"] == "stopped", 20)
        return run, viewer.frames


def _await(viewer: Viewer, kind: str) -> None:
    """The first of them; the time is that of a worker whose loops are compiled for the first time."""
    viewer.until(lambda frame: frame["kind"] == kind, 90)


def test_every_frame_of_a_real_run_is_of_its_type(lived: tuple[str, list[dict[str, Any]]]) -> None:
    for frame in lived[1]:
        exact(FRAME, frame)


def test_no_kind_of_frame_is_left_unseen(lived: tuple[str, list[dict[str, Any]]]) -> None:
    types = get_args(get_args(Frame)[0])
    kinds = {get_args(each.model_fields["kind"].annotation)[0] for each in types}
    assert {frame["kind"] for frame in lived[1]} == kinds - SEEN_ELSEWHERE


def test_a_field_too_many_or_too_few_anywhere_in_a_frame_is_noticed(lived: tuple[str, list[dict[str, Any]]]) -> None:
    for frame in {frame["kind"]: frame for frame in lived[1]}.values():
        for wrong in (*_without_a_field(frame), {**frame, "more": 1}, *_with_more_data(frame)):
            with pytest.raises((ValidationError, AssertionError)):
                exact(FRAME, wrong)


def test_the_routes_that_the_page_asks_answer_by_their_types(
    real: Live, lived: tuple[str, list[dict[str, Any]]]
) -> None:
    run = lived[0]
    preset = next(each["name"] for each in real.http.get("/api/presets").json() if each["history"])
    for route, answer in {
        "/api/presets": list[PresetView],
        "/api/runs": list[RunView],
        f"/api/runs/{run}": RunView,
        f"/api/runs/{run}/metrics": RunCurves,
        f"/api/presets/{preset}/metrics": PresetCurves,
        f"/api/runs/{run}/snapshots": RunSnapshots,
        f"/api/presets/{preset}/snapshots": PresetSnapshots,
        f"/api/runs/{run}/snapshots/latest": Trace,
        f"/api/runs/{run}/snapshots/latest?example=3": Trace,
        f"/api/presets/{preset}/snapshots/latest": Trace,
        f"/api/selfcheck?run={run}": SelfCheck,
        "/api/engine": EngineView,
    }.items():
        exact(TypeAdapter(answer), real.http.get(route).json())
    for network in ({"run": run}, {"preset": preset}):
        exact(TypeAdapter(Trace), real.http.post("/api/probe", json={**network, "example": 1}).json())
        exact(TypeAdapter(Trace), real.http.post("/api/probe", json=network).json())
        exact(TypeAdapter(BatchHits), real.http.post("/api/hits", json=network).json())
    exact(TypeAdapter(RunView), real.http.post("/api/runs", json={**SPEC, "training": {"updates": 1}}).json())
    exact(TypeAdapter(CommandAnswer), real.command(run, "reset").json())
    real.http.delete(f"/api/runs/{run}")


def test_what_a_page_says_has_a_type_too() -> None:
    message = TypeAdapter[Any](Message)
    for said in (
        {"type": "subscribe", "run": "r1", "after": None},
        {"type": "unsubscribe", "run": "r1"},
        {"type": "command", "run": "r1", "command": {"type": "pause", "command_id": "page-1"}},
    ):
        assert message.validate_json(json.dumps(said)).model_dump(exclude_unset=True) == said
        with pytest.raises(ValidationError):
            message.validate_json(json.dumps({**said, "more": 1}))


def exact(adapter: TypeAdapter[Any], value: Any) -> None:
    """The value is of the type, without a field more, and no default had to fill a field in."""
    _whole(adapter.validate_python(value, extra="forbid"))


def _whole(found: Any) -> None:
    if isinstance(found, BaseModel):
        missing = set(type(found).model_fields) - found.model_fields_set
        assert not missing, f"{type(found).__name__} came without {missing}"
        found = vars(found)
    if isinstance(found, dict):
        found = list(found.values())
    if isinstance(found, list):
        for part in found:
            _whole(part)


def _without_a_field(frame: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name in frame:
        yield {key: value for key, value in frame.items() if key != name}
    for name in frame.get("data", {}):
        yield {**frame, "data": {key: value for key, value in frame["data"].items() if key != name}}


def _with_more_data(frame: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name in ("data", "view", "problem"):
        if name in frame:
            yield {**frame, name: {**frame[name], "more": 1}}
