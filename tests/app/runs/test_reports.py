from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sab_visualiser.app.runs.reports import BadReportError, observe
from sab_visualiser.app.runs.run import Run, new_run
from sab_visualiser.app.wire.requests import RunSpec


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


@pytest.mark.parametrize("status", ["finished", "stopped", "failed", "diverged"])
def test_an_end_frees_the_worker(status: str) -> None:
    after, _ = observe(run(), "status", 9, {"status": status, "reason": "why"})
    assert (after.status, after.reason, after.assigned, after.updates_per_s) == (status, "why", False, None)


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
