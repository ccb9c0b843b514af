"""C13, C3: of knobs that storm in, the newest of each counts; every command ends as applied or superseded."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sab_visualiser.app.runs.moves.turns import due, kept_with, merged, settled, without
from sab_visualiser.app.runs.run import new_run
from sab_visualiser.app.runs.shapes import Order
from sab_visualiser.app.wire.requests import RunSpec, RunStatus

VALUES = st.dictionaries(st.sampled_from(["k_top", "k_att", "clip_norm"]), st.integers(1, 9), min_size=1)


def order(number: int, values: dict[str, Any]) -> Order:
    return {"type": "set_parameters", "command_id": f"c{number}", "parameters": values, "params_version": number}


@given(st.lists(VALUES, min_size=1, max_size=12))
def test_C13_the_newest_value_of_each_knob_counts_and_every_command_has_one_end(turned: list[dict[str, Any]]) -> None:
    whole = reduce(merged, (order(number, values) for number, values in enumerate(turned)))
    last: dict[str, Any] = {}
    owner: dict[str, str] = {}
    for number, values in enumerate(turned):
        last |= values
        owner |= dict.fromkeys(values, f"c{number}")
    assert whole["parameters"] == last
    assert (whole["command_id"], whole["params_version"]) == (f"c{len(turned) - 1}", len(turned) - 1)
    ends = [whole["command_id"], *whole.get("applied", []), *whole.get("superseded", [])]
    assert sorted(ends) == sorted(f"c{number}" for number in range(len(turned)))
    for name in whole.get("applied", []):
        assert name in owner.values()
    for name in whole.get("superseded", []):
        assert name not in owner.values()


def test_C13_knobs_that_are_turned_while_a_run_waits_are_one_order_and_other_commands_keep_their_place() -> None:
    step: Order = {"type": "step", "command_id": "s"}
    kept: tuple[Order, ...] = ()
    for each in (order(1, {"k_top": 1}), order(2, {"k_top": 2}), step, order(3, {"k_top": 3}), order(4, {"k_att": 4})):
        kept = kept_with(kept, each)
    assert [one["command_id"] for one in kept] == ["c2", "s", "c4"]
    assert kept[0]["superseded"] == ["c1"]
    assert (kept[2]["parameters"], kept[2]["applied"]) == ({"k_top": 3, "k_att": 4}, ["c3"])


def test_C13_one_order_is_on_its_way_and_the_next_goes_when_it_is_answered() -> None:
    first, sent = kept_with((), order(1, {"k_top": 1})), {"c1"}
    assert due(first, ()) == list(first)
    kept = kept_with(kept_with(first, order(2, {"k_top": 2}), sent), order(3, {"k_top": 3}), sent)
    assert [one["command_id"] for one in kept] == ["c1", "c3"], "what is on its way stays as it is"
    assert due(kept, sent) == [], "knobs wait"
    (left,) = without(kept, "c1")
    assert left["superseded"] == ["c2"]
    assert due((left,), (), resting=True) == []
    assert due((left,), ()) == [left]


def test_C13_a_command_of_another_kind_takes_the_knobs_before_it_along() -> None:
    kept = kept_with(kept_with((), order(1, {"k_top": 1})), order(2, {"k_top": 2}), {"c1"})
    pause: Order = {"type": "pause", "command_id": "p"}
    assert [one["command_id"] for one in due(kept_with(kept, pause, {"c1"}), {"c1"})] == ["c2", "p"]


def test_C4_a_hand_on_a_knob_is_newer_than_what_a_resumed_run_has_still_to_set() -> None:
    again: Order = {**order(1, {"k_top": 1, "k_att": 2}), "at": 80}
    kept = kept_with((again,), order(2, {"k_top": 7}))
    assert kept[0]["parameters"] == {"k_att": 2}
    assert kept[1]["parameters"] == {"k_top": 7}
    (newest,) = kept_with((again,), order(3, {"k_top": 7, "k_att": 7}))
    assert (newest["command_id"], newest["superseded"]) == ("c3", ["c1"])


@pytest.mark.parametrize(("status", "stays"), [("interrupted", True), ("stopped", True), ("finished", False)])
def test_C3_what_a_worker_did_not_come_to_waits_for_the_next_or_is_superseded(status: RunStatus, stays: bool) -> None:
    step: Order = {"type": "step", "command_id": "s"}
    run = new_run("r1", RunSpec(), "2026")
    kept = (order(1, {"k_top": 9}), step, order(2, {"k_att": 9}))
    run, drafts = settled(replace(run, status=status, update=40, kept=kept), "it ended")
    assert [(one["command_id"], one["at"]) for one in run.kept] == ([("c1", 40), ("c2", 40)] if stays else [])
    (told,) = drafts
    assert told.data == {"commands": ["s"] if stays else ["c1", "s", "c2"], "why": "it ended"}
