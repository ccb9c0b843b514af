from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sab_visualiser.app.runs.curves import Curves, binned, concatenate
from sab_visualiser.app.wire.codec import encode


def metrics(seq: int, *updates: int, **values: list[float]) -> bytes:
    size = len(updates)
    data = {
        "update": np.array(updates, np.int32),
        "loss": np.array([each + seq / 100 for each in updates], np.float32),
        "gradient_norm": np.zeros(size, np.float32),
        "learning_rate": np.full(size, 0.5, np.float32),
        "skipped": np.zeros(size, np.uint8),
        "values": {name: np.array(column, np.float32) for name, column in values.items()},
        "updates_per_s": 3.0,
    }
    return encode({"kind": "metrics", "seq": seq, "update": updates[-1] if updates else 0, "data": data})


def other(seq: int, kind: str, update: int, **data: Any) -> bytes:
    return encode({"kind": kind, "seq": seq, "update": update, "data": data})


def changed(seq: int, update: int) -> bytes:
    return other(seq, "parameters", update, parameters={"k_top": seq}, params_version=seq)


def test_columns_are_joined_and_a_missing_metric_is_nan() -> None:
    joined = concatenate([metrics(1, 1, 2, accuracy=[0.1, 0.2]), metrics(2, 3), metrics(3, 4, ce=[9.0])])
    assert joined["update"].tolist() == [1, 2, 3, 4]
    np.testing.assert_array_equal(joined["values"]["accuracy"], np.array([0.1, 0.2, np.nan, np.nan], np.float32))
    np.testing.assert_array_equal(joined["values"]["ce"], np.array([np.nan, np.nan, np.nan, 9.0], np.float32))
    assert joined["seq"] == 3


def test_updates_made_again_after_a_resume_count_once() -> None:
    frames = [
        metrics(1, 1, 2, 3, 4, 5),
        changed(2, 2),
        changed(3, 5),
        other(4, "status", 3, status="queued"),
        metrics(5, 4, 5),
    ]
    joined = concatenate(frames)
    assert joined["update"].tolist() == [1, 2, 3, 4, 5]
    np.testing.assert_allclose(joined["loss"], [1.01, 2.01, 3.01, 4.05, 5.05], rtol=1e-6)
    assert [each["update"] for each in joined["changes"]] == [2]


def test_C3_figures_that_were_lost_are_one_row_without_any_so_that_no_line_goes_across() -> None:
    joined = concatenate([metrics(1, 1, 2, accuracy=[0.1, 0.2]), metrics(2, 40, 41), metrics(3, 42)])
    assert joined["update"].tolist() == [1, 2, 3, 40, 41, 42]
    nothing = [joined[name][2] for name in ("loss", "gradient_norm", "learning_rate")] + [
        joined["values"]["accuracy"][2]
    ]
    assert np.isnan(nothing).all()
    assert joined["skipped"][2] == 0
    assert concatenate([metrics(1, 1, 2), metrics(2, 40)], after=2)["update"].tolist() == [40]


def test_a_pause_voids_nothing() -> None:
    assert concatenate([metrics(1, 1, 2, 3), other(2, "status", 2, status="paused")])["update"].tolist() == [1, 2, 3]


def test_only_updates_after_the_asked_one_are_given() -> None:
    joined = concatenate([metrics(1, 1, 2, accuracy=[0.1, 0.2]), metrics(2, 3), changed(3, 3)], after=2)
    assert joined["update"].tolist() == [3]
    assert len(joined["values"]["accuracy"]) == 1
    assert len(joined["changes"]) == 1


def test_no_events_give_empty_columns() -> None:
    joined = concatenate([])
    assert joined["update"].tolist() == []
    assert joined["values"] == {}
    assert joined["seq"] == 0


def whole(count: int) -> Curves:
    losses = np.arange(1, count + 1, dtype=np.float32)
    losses[::7] = np.nan
    frames = [metrics(1, *range(1, count + 1), accuracy=list(losses))]
    curves = concatenate(frames)
    curves["loss"] = losses
    return curves


@given(st.integers(1, 400), st.integers(1, 60))
@settings(max_examples=60, deadline=None)
def test_bins_hold_every_update_once_and_give_the_mean_of_what_is_finite(count: int, points: int) -> None:
    curves = whole(count)
    thin = binned(curves, points)
    assert len(thin["update"]) <= points
    assert thin["update"][-1] == count
    begin = 0
    for row, end in enumerate(thin["update"]):
        inside = [each for each in curves["loss"][begin:end] if np.isfinite(each)]
        wanted = sum(map(float, inside)) / len(inside) if inside else float("nan")
        np.testing.assert_allclose(thin["loss"][row], wanted, rtol=1e-6)
        np.testing.assert_allclose(thin["values"]["accuracy"][row], wanted, rtol=1e-6)
        begin = int(end)


def test_runs_of_other_lengths_share_their_bins() -> None:
    longer, shorter = binned(whole(400), 20)["update"], binned(whole(390), 20)["update"]
    assert list(shorter[:-1]) == list(longer[: len(shorter) - 1])
    assert set(np.diff(longer)) == {20}


def test_curves_that_are_short_enough_stay_as_they_are() -> None:
    curves = whole(20)
    assert binned(curves, 20) is curves
