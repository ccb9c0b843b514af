"""Events and snapshots that would lead a reader astray: refused in words, and nothing is kept of the bundle."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sab_visualiser.app.bundle.manifest import EVENTS, SNAPSHOTS
from tests.app.bundle.zips import (
    events_of,
    forged,
    refusal,
    unzipped,
    with_frames,
    with_trace,
)
from tests.fakes.server import Live

pytestmark = pytest.mark.usefixtures("nothing_is_kept")


def test_frames_of_another_run_or_attempt_are_refused(server: Live, bundle: bytes) -> None:
    events, pictures = events_of(bundle), events_of(bundle, SNAPSHOTS)
    other = [{**each, "run": "rother"} for each in events]
    assert "of run rother" in refusal(server, with_frames(bundle, other))
    later = [{**each, "attempt": 2} for each in pictures]
    assert "attempt 2" in refusal(server, with_frames(bundle, later, SNAPSHOTS))


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "runs"},
        {"kind": "snapshot"},
        {"kind": None},
        {"data": 5},
        {"data": {}},
        {"update": -1},
        {"update": "5"},
        {"more": 1},
    ],
)
def test_an_event_that_the_protocol_does_not_know_is_refused(
    server: Live, bundle: bytes, change: dict[str, Any]
) -> None:
    events = events_of(bundle)
    events[2] = {**events[2], **change}
    assert "event 3" in refusal(server, with_frames(bundle, events))


def of_kind(bundle: bytes, kind: str) -> tuple[list[dict[str, Any]], int]:
    events = events_of(bundle)
    return events, next(place for place, each in enumerate(events) if each["kind"] == kind)


@pytest.mark.parametrize(
    "change",
    [
        {"loss": np.zeros(3, np.float32)},
        {"update": np.array([-4], np.int32)},
        {"values": {"magic": np.zeros(1, np.float32)}},
        {"values": {"accuracy": np.zeros(2, np.float32)}},
        {"skipped": np.zeros(1, np.float32)},
    ],
)
def test_columns_that_do_not_fit_are_refused(server: Live, bundle: bytes, change: dict[str, Any]) -> None:
    events, place = of_kind(bundle, "metrics")
    events[place]["data"] |= change
    assert f"event {place + 1}" in refusal(server, with_frames(bundle, events))


def test_a_checkpoint_event_must_name_a_hash(server: Live, bundle: bytes) -> None:
    events, place = of_kind(bundle, "checkpoint")
    events[place]["data"] |= {"checkpoint": "../../x"}
    assert "sha256" in refusal(server, with_frames(bundle, events))


@pytest.mark.parametrize("cut", [1, 2, 7, 100])
def test_frames_that_end_early_are_refused(server: Live, bundle: bytes, cut: int) -> None:
    short = unzipped(bundle)[EVENTS][:-cut]
    assert "in the middle of a frame" in refusal(server, forged(bundle, {EVENTS: short}))


def test_two_snapshots_of_one_update_are_refused(server: Live, bundle: bytes) -> None:
    pictures = events_of(bundle, SNAPSHOTS)
    assert "one of another update" in refusal(server, with_frames(bundle, [*pictures, pictures[0]], SNAPSHOTS))


def endless(trace: dict[str, Any]) -> None:
    trace["paths"]["parent"] = np.array([1, 0], np.int32)


def blown_up(trace: dict[str, Any]) -> None:
    trace["attention"]["counts"] = np.full(5, 65_535, np.uint16)


def too_many(trace: dict[str, Any]) -> None:
    trace["attention"]["counts"] = np.full(200_000, 65_535, np.uint16)


def set_to(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    *above, name = path.split(".")

    def change(trace: dict[str, Any]) -> None:
        place = trace
        for step in above:
            place = place[step]
        place[name] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        endless,
        blown_up,
        too_many,
        set_to("format", 9),
        set_to("steps", 10**9),
        set_to("steps", 0),
        set_to("update", 77),
        set_to("paths.end", np.array([99], np.int32)),
        set_to("paths.step", np.array([4, 77], np.uint16)),
        set_to("paths.kind", np.array([0, 7], np.uint8)),
        set_to("attention.source", np.array([-1, 0, 0, 999], np.int16)),
        set_to("attention.weight", np.zeros(3, np.float32)),
        set_to("edges.credit", {"at": np.array([-1], np.int32), "value": np.zeros(1, np.float32)}),
        set_to("edges.credit", np.zeros(1, np.float32)),
        set_to("edges.local.reader", np.array([0], np.uint16)),
        set_to("edges.local.credit", np.zeros(2, np.float32)),
        set_to("edges.rest.weight", np.zeros(1, np.float32)),
        set_to("loss_T", np.zeros(50_000, np.float32)),
        set_to("gradient_norm.sab", np.zeros(2, np.float32)),
        set_to("cuts", np.array([5], np.uint16)),
        set_to("inputs", ["<img src=x>"] * 5),
        set_to("parameters", {}),
        set_to("reach.magic", [[0, 1]]),
        set_to("metrics", {"<b>": 1.0}),
        set_to("true_sources", {"9": [0]}),
        set_to("task.name", "<script>"),
        set_to("task.symbols", ["x" * 21]),
        lambda trace: trace.pop("edges"),
    ],
)
def test_a_trace_that_would_lead_a_reader_astray_is_refused(
    server: Live, bundle: bytes, change: Callable[[dict[str, Any]], None]
) -> None:
    assert "snapshot 1" in refusal(server, with_trace(bundle, change))
