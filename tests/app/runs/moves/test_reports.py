from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sab_visualiser.app.runs.moves.commands import accept, lost
from sab_visualiser.app.runs.moves.reports import BadReportError, observe
from sab_visualiser.app.runs.run import Run, new_run, revived
from sab_visualiser.app.store.writing.rows import run_state
from sab_visualiser.app.wire.requests import Command, RunSpec
from sab_visualiser.app.wire.views import RunView
from sab_visualiser.model.contract import HEALTH


def run() -> Run:
    return replace(new_run("r1", RunSpec(), "2026"), status="running", assigned=True, attempt=3)


def figures(**changes: Any) -> dict[str, Any]:
    base = {
        "update": np.array([4, 5], np.int32),
        "loss": np.array([0.5, 0.25], np.float32),
        "gradient_norm": np.array([1.0, math.inf], np.float32),
        "learning_rate": np.array([0.1, 0.1], np.float32),
        "skipped": np.array([0, 1], np.uint8),
        "values": {"accuracy": np.array([0.75, math.nan], np.float32)},
    }
    return {**base, **changes}


def test_metrics_leave_the_newest_finite_values_in_the_view() -> None:
    after, draft = observe(run(), "metrics", 5, figures())
    assert after.metrics == {"loss": 0.25, "gradient_norm": None, "accuracy": 0.75}
    assert (after.update, after.skipped) == (5, 1)
    assert draft.kind == "metrics"


def test_a_metric_measured_now_and_then_keeps_its_last_value() -> None:
    after, _ = observe(run(), "metrics", 5, figures())
    later, _ = observe(after, "metrics", 7, figures(values={"accuracy": np.array([math.nan, math.nan], np.float32)}))
    assert later.metrics["accuracy"] == 0.75


def test_a_loss_that_is_not_finite_is_null_in_the_view() -> None:
    after, _ = observe(run(), "metrics", 5, figures(loss=np.array([1.0, math.nan], np.float32)))
    assert after.metrics["loss"] is None


def test_a_status_event_is_completed_from_what_the_server_knows() -> None:
    after, draft = observe(run(), "status", 9, {"status": "paused", "parameters": {"k_top": 2}})
    assert (after.status, after.update, after.assigned) == ("paused", 9, True)
    assert draft.data["parameters"]["k_top"] == 2
    assert draft.data["parameters"]["k_att"] == 2
    assert set(draft.data) >= {"reason", "params_version", "metrics", "updates_per_s", "skipped"}


def look(update: int, accuracy: float | None, dead: float = 0.0) -> dict[str, Any]:
    def column(value: float) -> Any:
        return np.array([value], np.float32)

    health = {name: column(0.25) for name in HEALTH} | {"dead": column(dead), "norm_p99": column(math.inf)}
    fresh = {} if accuracy is None else {"accuracy": column(accuracy), "loss": column(0.1)}
    return {"update": np.array([update], np.int32), "health": health, "fresh": fresh}


def test_a_look_leaves_health_and_verdict_in_the_view_and_the_verdict_in_the_event() -> None:
    after, draft = observe(run(), "look", 125, look(125, 1.0))
    assert after.view()["health"] == dict.fromkeys(HEALTH, 0.25) | {"dead": 0.0, "norm_p99": None}
    after, draft = observe(after, "look", 250, look(250, 1.0))
    assert (draft.kind, draft.data["verdict"]) == ("look", after.view()["verdict"])
    assert after.view()["verdict"]["label"] == "learned at 250"
    RunView.model_validate(after.view(), strict=True)


def test_a_look_at_health_alone_changes_no_verdict() -> None:
    first, _ = observe(run(), "look", 40, look(40, None, dead=1.0))
    assert first.view()["verdict"] is None
    assert first.health is not None
    assert first.health["dead"] == 1.0
    after, _ = observe(observe(run(), "look", 125, look(125, 0.5))[0], "look", 160, look(160, None, dead=1.0))
    again, _ = observe(after, "look", 170, look(170, None, dead=1.0))
    assert again.view()["verdict"]["word"] == "learning"


def test_a_checkpoint_keeps_what_looks_came_to_by_then() -> None:
    learned, _ = observe(observe(run(), "look", 125, look(125, 1.0))[0], "look", 250, look(250, 1.0))
    saved, _ = observe(learned, "checkpoint", 250, {"checkpoint": "c", "size_bytes": 1, "update": 250})
    lost, _ = observe(observe(saved, "look", 375, look(375, 0.1))[0], "look", 500, look(500, 0.1))
    assert lost.view()["verdict"]["word"] == "lost again"
    again = accept(replace(lost, status="failed", assigned=False), Command(type="resume")).run
    assert again.view()["verdict"]["label"] == "learned at 250", "what came after the checkpoint is void"
    anew = accept(replace(lost, status="failed", assigned=False), Command(type="reset")).run
    assert (anew.view()["verdict"], anew.view()["health"]) == (None, None)


@pytest.mark.parametrize("status", ["finished", "stopped", "failed", "diverged"])
def test_an_end_frees_the_worker(status: str) -> None:
    after, _ = observe(run(), "status", 9, {"status": status, "reason": "why"})
    assert (after.status, after.reason, after.assigned, after.updates_per_s) == (status, "why", False, None)


def test_what_its_updates_took_adds_up_over_a_loss_and_goes_with_a_new_attempt() -> None:
    told = {"update": np.array([5], np.int32)}
    after, _ = observe(run(), "metrics", 5, {**told, "seconds": 1.5})
    after, _ = observe(lost(after, "failed", "killed")[0], "metrics", 5, {**told, "seconds": 0.25})
    late, _ = observe(after, "metrics", 6, {**told, "seconds": None})
    assert late.trained_s == 1.75
    assert revived(json.loads(run_state(late))).trained_s == 1.75
    assert accept(replace(late, status="failed", assigned=False), Command(type="reset")).run.trained_s == 0


def test_the_last_rate_of_its_training_outlives_the_run_and_goes_with_a_new_attempt() -> None:
    told = {"update": np.array([5], np.int32)}
    after, _ = observe(run(), "metrics", 5, {**told, "updates_per_s": 81.5})
    assert (after.updates_per_s, after.trained_per_s) == (81.5, 81.5)
    waits, _ = observe(after, "status", 5, {"status": "paused", "updates_per_s": None})
    assert (waits.updates_per_s, waits.trained_per_s) == (None, 81.5)
    ended, _ = observe(after, "status", 9, {"status": "finished", "updates_per_s": 90.0})
    assert (ended.updates_per_s, ended.trained_per_s) == (None, 90.0)
    late, _ = observe(ended, "metrics", 9, told)
    assert late.trained_per_s == 90.0
    assert revived(json.loads(run_state(ended))).trained_per_s == 90.0, "a restart keeps it"
    assert lost(after, "failed", "killed")[0].trained_per_s == 81.5
    assert accept(ended, Command(type="reset")).run.trained_per_s is None


def test_what_computes_a_run_is_what_its_worker_said_last_and_is_open_until_the_next_one_has_it() -> None:
    said = "cuda, kernels on a card; auto takes it where batch_size × hidden_size is 30,000 or more"
    after, _ = observe(run(), "status", 5, {"status": "running", "engine": said})
    ended, _ = observe(after, "status", 9, {"status": "failed", "reason": "the GPU failed"})
    assert (ended.engine, ended.view()["engine"]) == (said, said)
    assert revived(json.loads(run_state(ended))).engine == said, "a restart keeps it"
    assert accept(ended, Command(type="resume")).run.engine is None
    assert accept(ended, Command(type="reset")).run.engine is None
    assert observe(after, "status", 9, {"status": "paused", "engine": 7})[0].engine == said


def test_parameters_are_in_force_once_the_worker_says_so() -> None:
    before = replace(run(), accepted_version=2)
    after, draft = observe(
        before, "parameters", 3, {"command_id": "c", "params_version": 2, "parameters": {"k_top": 1}}
    )
    assert (after.parameters["k_top"], after.params_version) == (1, 2)
    assert draft.data["params_version"] == 2
    assert draft.data["parameters"]["k_trunc"] == 5


def test_an_older_checkpoint_does_not_turn_the_run_back() -> None:
    before = replace(run(), update=90)
    after, draft = observe(before, "checkpoint", 50, {"checkpoint": "c" * 64, "size_bytes": 3, "update": 50})
    assert (after.update, after.checkpoint_update) == (90, 50)
    assert draft.data == {"checkpoint": "c" * 64, "size_bytes": 3, "update": 50}


@pytest.mark.parametrize(
    ("kind", "data"), [("rewound", {}), ("runs", {}), ("status", {"status": "queued"}), ("status", {})]
)
def test_what_workers_do_not_say_is_refused(kind: str, data: dict[str, Any]) -> None:
    with pytest.raises(BadReportError):
        observe(run(), kind, 0, data)
